/** What `setup` sends, and does not send, before the certificate and the person are settled. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLAGS } from '../../../src/cli/setup/options.ts';
import { page } from '../../docs/pages.ts';
import { accountsOn, bench, openAsAdministrator } from './support.ts';

const flags = (nas: { url: string }) => ['--yes', '--url', nas.url, '--admin', 'truenas_admin'];

describe('the certificate', () => {
  it('is shown with both fingerprints, issuer, names and dates', async () => {
    const there = await bench();
    const { text } = await there.run();
    const digits = there.nas.fingerprint.toUpperCase().match(/../g)?.join(':') ?? '';
    expect(text).toContain(`SHA-256  ${digits}`);
    expect(text).toMatch(/SHA-1 {4}(?:[0-9A-F]{2}:){19}[0-9A-F]{2}\n/);
    expect(text).toMatch(/names DNS:localhost/);
    expect(text).toMatch(/issuer {3}itself/);
    expect(text).toMatch(/valid {4}\d{4}-\d\d-\d\d/);
  });

  it('that nobody has compared is not trusted by --yes: nothing is sent', async () => {
    const there = await bench();
    const { code, text } = await there.bare(flags(there.nas));
    expect(code).toBe(1);
    expect(text).toContain(`--tls-fingerprint ${there.nas.fingerprint}`);
    expect(there.nas.calls()).toEqual([]);
  });

  it('that is not the expected one ends it: nothing is sent', async () => {
    const there = await bench();
    const { code, text } = await there.bare([...flags(there.nas), '--tls-fingerprint', 'ab'.repeat(32)]);
    expect(code).toBe(1);
    expect(text).toMatch(/NOT the expected certificate/);
    expect(there.nas.calls()).toEqual([]);
  });

  it('that has changed since the last run ends it', async () => {
    const there = await bench();
    await there.run();
    there.nas.control.changeCertificate();
    there.nas.control.clearCalls();
    const { code, text } = await there.bare(flags(there.nas));
    expect(code).toBe(1);
    expect(text).toMatch(/NOT the expected certificate/);
    expect(there.nas.calls()).toEqual([]);
  });

  it('of an authority that is named is trusted without a pin', async () => {
    const there = await bench();
    const file = join(mkdtempSync(join(tmpdir(), 'ca-')), 'ca.pem');
    writeFileSync(file, there.nas.certificatePem);
    const { code, text } = await there.bare([...flags(there.nas), '--ca-file', file]);
    expect(text).toContain('An authority that this computer trusts has issued it');
    expect(code).toBe(0);
    expect((await there.record())?.settings).toMatchObject({ TRUENAS_CA_FILE: file });
  });
});

describe('the administrator', () => {
  it('with a wrong password is refused once, and nothing is made', async () => {
    const there = await bench();
    const { code, text } = await there.bare(
      [...flags(there.nas), '--tls-fingerprint', there.nas.fingerprint],
      {},
      { TRUENAS_ADMIN_PASSWORD: 'not-the-password' },
    );
    expect(code).toBe(1);
    expect(text).toMatch(/does not accept this user name and password/);
    expect(text).not.toContain('not-the-password');
    expect(there.nas.calls().filter(({ method }) => method === 'auth.login_ex')).toHaveLength(1);
    expect((await accountsOn(openAsAdministrator(there))).users).toEqual([]);
  });

  it.each(['25.10', '27.0'] as const)(
    'with a second factor gives the code of the moment (%s)',
    async (release) => {
      const there = await bench({ release });
      const { username, password } = there.nas.person;
      there.nas.control.requireSecondFactor(username, 'JBSWY3DPEHPK3PXP');
      const without = await there.run();
      expect(without.text).toMatch(/"One-time code" has no answer/);
      const file = join(mkdtempSync(join(tmpdir(), 'admin-')), 'secret');
      writeFileSync(file, `${password}\n${there.nas.control.oneTimeCode(username)}\n`);
      const { code, text } = await there.run('--admin-password-file', file);
      expect(text).toMatch(/The key works/);
      expect(code).toBe(0);
    },
  );

  it('who is no full administrator cannot make it', async () => {
    const there = await bench();
    const nas = openAsAdministrator(there);
    const groupId = await nas.write.write('group.create', [{ name: 'lookers' }]);
    const [group] = (await nas.read.call('group.query', [[['name', '=', 'lookers']]])) as { gid: number }[];
    await nas.write.write('privilege.create', [
      { name: 'lookers', roles: ['READONLY_ADMIN'], local_groups: [group?.gid], web_shell: false },
    ]);
    await nas.write.write('user.create', [
      { username: 'looker', full_name: 'Looker', group: groupId, groups: [], password: 'looks-only-1' },
    ]);
    const { code, text } = await there.bare(
      ['--yes', '--url', there.nas.url, '--tls-fingerprint', there.nas.fingerprint, '--admin', 'looker'],
      {},
      { TRUENAS_ADMIN_PASSWORD: 'looks-only-1' },
    );
    expect(text).toMatch(/looker is no full administrator/);
    expect(code).toBe(1);
  });
});

describe('a key that exists', () => {
  it('is tried and stored, and nothing is made on the NAS', async () => {
    const there = await bench({ roles: ['READONLY_ADMIN'] });
    const file = join(mkdtempSync(join(tmpdir(), 'key-')), 'key');
    writeFileSync(file, `${there.nas.apiKey}\n`);
    const args = [
      '--yes',
      '--url',
      there.nas.url,
      '--tls-fingerprint',
      there.nas.fingerprint,
      '--api-key-file',
      file,
    ];
    const { code, text } = await there.bare([...args, '--username', there.nas.username]);
    expect(text).toContain(`The key works: signed in as ${there.nas.username}.`);
    expect(code).toBe(0);
    expect(there.nas.calls().filter(({ method }) => /\.create$/.test(method))).toEqual([]);
  });
});

describe('the command line', () => {
  it.each([
    [['--password', 'hunter22'], /secret on a command line/],
    [['--api-key=1-abc'], /secret on a command line/],
    [['--admin', 'a', '--api-key-file', 'b', '--yes'], /keep one of them/],
    [['--client-config', 'x', '--yes'], /exactly one --client/],
    [['--url', 'http://nas', '--yes'], /revokes an API key/],
    [['--tls-fingerprint', 'abc', '--yes'], /64 hexadecimal digits/],
    [[], /asks questions: run it in a terminal/],
  ])('%j is refused with a reason', async (args, reason) => {
    const errors: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = ((text: string) => errors.push(text)) as unknown as typeof write;
    try {
      expect((await (await bench()).bare(args)).code).toBe(2);
    } finally {
      process.stderr.write = write;
    }
    expect(errors.join('')).toMatch(reason);
    expect(errors.join('')).not.toContain('hunter22');
  });
});

describe('the documentation', () => {
  it('names every flag, and no other', () => {
    const text = page('docs/setup.md');
    const named = new Set((text.match(/--[a-z][a-z-]+/g) ?? []).map((flag) => flag.slice(2)));
    const known = new Set([...Object.keys(FLAGS), 'help']);
    expect([...named].filter((flag) => !known.has(flag))).toEqual([]);
    expect([...known].filter((flag) => !named.has(flag))).toEqual([]);
  });
});
