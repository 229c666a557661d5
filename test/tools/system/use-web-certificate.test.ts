/** `use_web_certificate` and `keep_web_certificate`: a certificate on trial, which goes again unless somebody keeps it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openTrueNas, silentLog } from '../../../src/truenas/index.ts';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { applied, planTextWith, planWith, undone } from '../../changes/support/plan-and-apply.ts';

type Release = '25.04' | '25.10' | '27.0';
const RELEASES: readonly Release[] = ['25.04', '25.10', '27.0'];

/** A NAS with a real certificate beside its own, and ten minutes of trial in less than a second. */
async function withCertificate(release: Release, delayScale: number): Promise<ChangeNas> {
  const nas = await changeNas({ simulator: { release, delayScale, hasFreshCertificate: true } });
  const order = { name: 'web', domains: ['nas.example.org'], authenticator: 'example.org' };
  const made = await applied(nas, await planWith(nas, 'create_certificate', order));
  expect(made.outcome.kind).toBe('applied');
  return nas;
}

/** Whether a client that pins this fingerprint reaches the NAS. */
async function isServed(nas: ChangeNas, fingerprintSha256: string): Promise<boolean> {
  const { url, apiKey, username } = nas.simulator;
  const client = openTrueNas({
    ...{ url, apiKey, username, tls: { fingerprintSha256 }, timeoutMs: 2000, log: silentLog },
  });
  const answer = await client.read.call('system.general.config').then(
    () => true,
    () => false,
  );
  await client.close();
  return answer;
}

async function untilServed(nas: ChangeNas, fingerprint: string): Promise<void> {
  for (let tries = 0; tries < 100 && !(await isServed(nas, fingerprint)); tries += 1) await sleep(50);
  expect(await isServed(nas, fingerprint)).toBe(true);
}

function toldFingerprint(text: string): string {
  return /Set it to ([0-9a-f]{64}) then/u.exec(text)?.[1] ?? 'none told';
}

describe('use_web_certificate', () => {
  it('says before what is cut off, what to pin afterwards, and that the NAS takes back what nobody keeps', async () => {
    const nas = await withCertificate('27.0', 1);
    const text = await planTextWith(nas, 'use_web_certificate', { certificate: 'web' });
    expect(text).toContain('risk: destroys');
    expect(text).toContain('it is for nas.example.org, until ');
    expect(text).toContain('all who use it or the API are cut off for a moment');
    expect(text).toMatch(/TRUENAS_TLS_FINGERPRINT.* Set it to [0-9a-f]{64} then/);
    expect(text).toContain('on trial for 10 minutes');
    expect(text).toContain('it has truenas_default now');
    expect(nas.writes().map(({ method }) => method)).toEqual(['certificate.create', 'certificate.create']);
  });

  it.each(RELEASES)(
    'serves what it said once the web interface has restarted, and is taken back (%s)',
    async (release) => {
      const nas = await withCertificate(release, 0.005);
      const plan = await planWith(nas, 'use_web_certificate', { certificate: 'web' });
      const fingerprint = toldFingerprint(plan.change.impact.join('\n'));
      const done = await applied(nas, plan);
      expect(done.outcome.kind).toBe('applied');
      await untilServed(nas, fingerprint);
      expect(await isServed(nas, nas.simulator.fingerprint)).toBe(false);
      // Nobody checks in: the trial ends.
      await untilServed(nas, nas.simulator.fingerprint);
      expect(await isServed(nas, fingerprint)).toBe(false);
    },
  );

  it('is on trial until somebody keeps it', async () => {
    const nas = await withCertificate('27.0', 1);
    const done = await applied(nas, await planWith(nas, 'use_web_certificate', { certificate: 'web' }));
    expect(done.outcome.kind).toBe('applied');
    expect(done.text).toContain('settings of the web interface: as planned');
    expect(await nas.person.write('system.general.checkin_waiting', [])).toBeGreaterThan(500);
    const plan = await planWith(nas, 'keep_web_certificate', { certificate: 'web' });
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    expect(await nas.person.write('system.general.checkin_waiting', [])).toBeNull();
  });

  it('is undone by the certificate of before, and the trial ends with it', async () => {
    const nas = await withCertificate('27.0', 1);
    const before = nas.simulator.control.worldState();
    const plan = await planWith(nas, 'use_web_certificate', { certificate: 'web' });
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
    expect(nas.simulator.control.worldState()).toEqual(before);
    expect(await nas.person.write('system.general.checkin_waiting', [])).toBeNull();
  });

  it('says that it cannot see which certificate there is where the NAS hides it', async () => {
    const nas = await withCertificate('25.10', 1);
    const plan = await planWith(nas, 'use_web_certificate', { certificate: 'web' });
    expect(plan.change.impact.join('\n')).toContain('which certificate it has now is UNKNOWN');
    const done = await applied(nas, plan);
    expect(done.text).toContain(
      '(whether it has the certificate is UNKNOWN: the NAS hides that from this server): as planned',
    );
    expect(done.text).toContain('without keep_web_certificate the NAS takes the change back by itself');
  });

  it('is no success where the NAS says yes and changes nothing', async () => {
    const nas = await withCertificate('27.0', 1);
    const plan = await planWith(nas, 'use_web_certificate', { certificate: 'web' });
    nas.simulator.control.next('system.general.update', { kind: 'pretend' });
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('differs');
    expect(done.text).toContain('truenas_default');
  });

  it('says that the outcome is unknown when the answer is lost, and does not send it twice', async () => {
    const nas = await withCertificate('27.0', 1);
    const plan = await planWith(nas, 'use_web_certificate', { certificate: 'web' });
    nas.simulator.control.next('system.general.update', { kind: 'drop-after' });
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('unknown');
    expect(nas.writes().filter(({ method }) => method === 'system.general.update')).toHaveLength(1);
  });

  it.each(RELEASES)('changes no other setting (%s)', async (release) => {
    const nas = await withCertificate(release, 1);
    const before = await nas.nas.read.call('system.general.config', []);
    const plan = await planWith(nas, 'use_web_certificate', { certificate: 'web' });
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    const after = await nas.nas.read.call('system.general.config', []);
    expect({ ...Object(after), ui_certificate: 0, ui_certificate_name: '' }).toEqual({
      ...{ ...Object(before), ui_certificate: 0, ui_certificate_name: '' },
    });
  });

  it.each([
    ['web_request', 'is a request, and no certificate yet'],
    ['wbe', 'did you mean "web"?'],
  ])('refuses %s: %s', async (certificate, why) => {
    const nas = await withCertificate('27.0', 1);
    expect(await planTextWith(nas, 'use_web_certificate', { certificate })).toContain(why);
  });

  it('refuses the one that is in use, and keeps no other', async () => {
    const nas = await withCertificate('27.0', 1);
    const used = await planTextWith(nas, 'use_web_certificate', { certificate: 'truenas_default' });
    expect(used).toContain('is that of the web interface already');
    const other = await planTextWith(nas, 'keep_web_certificate', { certificate: 'web' });
    expect(other).toContain('it has truenas_default');
  });
});
