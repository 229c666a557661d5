/** `doctor` where all is well, its warnings, its report and its command line. */
import { writeFileSync, mkdtempSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from 'truenas-simulator';
import { describe, expect, it } from 'vitest';
import { doctor } from '../../../src/cli/doctor/doctor.ts';
import { closers } from '../../truenas/support/client.ts';
import { diagnose, envOf, named, printed } from './support.ts';

async function simulated(options: SimulatorOptions = {}): Promise<Simulator> {
  const nas = await startSimulator({ delayScale: 0.01, ...options });
  closers.push(() => nas.close());
  return nas;
}

const READER = { roles: ['READONLY_ADMIN'] };

describe('truenas-mcp doctor', () => {
  it.each(['25.04', '25.10', '27.0'] as const)(
    'finds nothing wrong with a READONLY_ADMIN on %s, signs in once and changes nothing',
    async (release) => {
      const nas = await simulated({ release, ...READER });
      const { code, checks } = await diagnose(envOf(nas));
      expect([
        ...named(checks, 'failed'),
        ...named(checks, 'warning'),
        ...named(checks, 'not-tried'),
      ]).toEqual([]);
      expect(code).toBe(0);
      // SCRAM is a sign-in in two calls.
      expect(nas.control.logins().total).toBe(release === '27.0' ? 2 : 1);
      expect(nas.calls().filter(({ isMutating }) => isMutating)).toEqual([]);
    },
  );

  it('leaves no session behind', async () => {
    const nas = await simulated(READER);
    await diagnose(envOf(nas));
    await expect.poll(() => nas.control.connectionCount()).toBe(0);
  });

  it('warns of a pinned certificate that has expired, and of a full administrator, and still says that it works', async () => {
    const nas = await simulated();
    const fingerprint = nas.control.changeCertificate({ isExpired: true });
    const { code, checks } = await diagnose({ ...envOf(nas), TRUENAS_TLS_FINGERPRINT: fingerprint });
    expect(named(checks, 'warning')).toEqual(['TLS', 'roles']);
    expect(checks.find(({ name }) => name === 'TLS')?.fix).toMatch(/Renew it/);
    expect(code).toBe(0);
  });

  it('names each check that an earlier failure makes moot', async () => {
    const nas = await simulated(READER);
    await nas.control.refuse();
    const { checks } = await diagnose(envOf(nas));
    expect(named(checks, 'not-tried')).toEqual([
      'TLS',
      'HTTP',
      'WebSocket',
      'sign-in',
      'release',
      'roles',
      'key',
      'clock',
      'latency',
    ]);
  });

  it('ends a line for each check with a verdict', async () => {
    const nas = await simulated(READER);
    const { text } = await printed([], envOf(nas));
    expect(text).toMatch(/^ok +sign-in +Signed in as /m);
    expect(text).toMatch(/All is well\.\n$/);
  });

  it.each([[['--jsn']], [['--demo']], [['something']]])('%j is no command line', async (args) => {
    expect(await doctor(args, {}, { print: () => undefined })).toBe(2);
  });
});

describe('truenas-mcp doctor --report', () => {
  it('tells release, mechanism and what the API lacks, and no name, address, key or path', async () => {
    const nas = await simulated({ release: '27.0', ...READER });
    const path = join(mkdtempSync(join(tmpdir(), 'doctor-')), 'ca.pem');
    writeFileSync(path, nas.certificatePem, { mode: 0o600 });
    const env = { ...envOf(nas), TRUENAS_CA_FILE: path, TRUENAS_ACESS: 'manage' };
    const { code, text } = await printed(['--report'], env);
    expect(code).toBe(1);
    expect(text).toMatch(/^release: (?:TrueNAS-)?27\.0/m);
    expect(text).toMatch(/^sign-in: SCRAM/m);
    expect(text).toMatch(/^API: \d{3,} methods/m);
    expect(text).toMatch(/^methods missing: none$/m);
    expect(text).toMatch(/^settings: .*TRUENAS_CA_FILE/m);
    for (const private_ of [nas.url, '127.0.0.1', nas.apiKey, nas.fingerprint, path, 'ACESS', hostname()])
      expect(text).not.toContain(private_);
    expect(text).not.toMatch(new RegExp(`(?<!truenas-)\\b${nas.username}\\b`));
  });

  it('names methods that the account is not offered', async () => {
    const nas = await simulated();
    nas.control.setRoles(['POOL_READ']);
    const { text } = await printed(['--report', '--json'], envOf(nas));
    const { api, rolesLacking } = JSON.parse(text) as { api: { missing: string[] }; rolesLacking: string[] };
    expect(api.missing).toContain('sharing.smb.query');
    expect(api.missing).not.toContain('pool.query');
    expect(rolesLacking).toContain('SHARING_SMB_READ');
  });

  it('says what it knows of a NAS that cannot be reached', async () => {
    const { code, text } = await printed(['--report'], { TRUENAS_URL: 'nas.invalid' });
    expect(code).toBe(1);
    expect(text).toMatch(/^release: not told$/m);
    expect(text).not.toContain('nas.invalid');
  });
});
