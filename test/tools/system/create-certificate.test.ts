/** `create_certificate`: proven by DNS, agreed to by a person, and seen on the NAS; its secrets pass no text. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeNas } from '../../changes/support/change-nas.ts';
import { applied, planTextWith, planWith, undone } from '../../changes/support/plan-and-apply.ts';

const RELEASES = ['25.04', '25.10', '27.0'] as const;
const ONE = { name: 'web', domains: ['NAS.example.org.'], authenticator: 'example.org' };
const NEW = {
  name: 'web',
  domains: ['example.net', '*.example.net'],
  authenticator: 'ours',
  provider: 'cloudflare',
};
/** What the person of these tests types. */
const TYPED = 'Correct-Horse-7';

describe('create_certificate', () => {
  it('says what the person agrees to, what becomes public, and what is typed, and sends nothing', async () => {
    const nas = await changeNas();
    const text = await planTextWith(nas, 'create_certificate', NEW);
    expect(text).toContain('risk: exposes');
    expect(text).toContain(
      "agrees to the terms of service of Let's Encrypt (https://letsencrypt.org/repository/)",
    );
    expect(text).toContain(
      'public for good, as every certificate is logged in public: *.example.net, example.net',
    );
    expect(text).toContain('secret: api_token of DNS authenticator ours: a person types it at the approval');
    expect(text).toContain("revoke certificate web at Let's Encrypt, and delete it");
    expect(nas.writes()).toEqual([]);
  });

  it.each(RELEASES)(
    'makes it, sees who issued it and until when, and takes all of it back (%s)',
    async (release) => {
      const nas = await changeNas({ simulator: { release } });
      const before = nas.simulator.control.worldState();
      const plan = await planWith(nas, 'create_certificate', NEW);
      const done = await applied(nas, plan);
      expect(done.outcome.kind).toBe('applied');
      expect(done.text).toMatch(/certificate web, besides what was sent: until none -> \w{3} \w{3}/);
      expect(nas.writes().map(({ method }) => method)).toEqual([
        'acme.dns.authenticator.create',
        'certificate.create',
        'certificate.create',
      ]);
      expect((await undone(nas, plan)).outcome.kind).toBe('applied');
      expect(nas.simulator.control.worldState()).toEqual(before);
    },
  );

  it('writes the token that a person typed into no text, audit or journal', async () => {
    const nas = await changeNas();
    const plan = await planWith(nas, 'create_certificate', NEW);
    const done = await applied(nas, plan);
    expect(nas.writes()[0]?.params).toEqual([
      { name: 'ours', attributes: { authenticator: 'cloudflare', api_token: TYPED } },
    ]);
    const files = await Promise.all(
      ['audit.jsonl', 'journal.jsonl'].map((name) => readFile(join(nas.folder, name), 'utf8')),
    );
    expect(files[0]).toContain('certificate.create');
    expect([done.text, JSON.stringify(done.undo), ...files].join('\n')).not.toContain(TYPED);
    expect([done.text, ...files].join('\n')).not.toContain('PRIVATE KEY');
  });

  it('is done in part when the order fails, says why, and offers the way back for what was made', async () => {
    const nas = await changeNas();
    const plan = await planWith(nas, 'create_certificate', NEW);
    const before = nas.simulator.control.worldState();
    nas.simulator.control.next('certificate.create', { kind: 'delay', ms: 0 });
    nas.simulator.control.next('certificate.create', {
      kind: 'job-fails',
      error:
        '[EFAULT] Certificate request for final order failed: Authorization for identifier example.net failed.',
    });
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('partly');
    expect(done.text).toContain('Authorization for identifier example.net failed');
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
    expect(nas.simulator.control.worldState()).toEqual(before);
  });

  it.each([
    [['192.0.2.10'], 'is an address'],
    [['nas.local'], 'no public authority vouches'],
    [['nas'], 'no public authority vouches'],
    [['nas.home.arpa'], 'no public authority vouches'],
    [['a.*.example.org'], 'is no name of a host'],
    [['-a.example.org'], 'is no name of a host'],
    [['a b.example.org'], 'is no name of a host'],
    [['nas.example.org', '*.example.org'], 'is covered by *.example.org'],
  ])('refuses %j: %s', async (domains, why) => {
    const nas = await changeNas();
    expect(await planTextWith(nas, 'create_certificate', { ...ONE, domains })).toContain(why);
  });

  it('asks for names in one form, each once, also for those of other scripts', async () => {
    const nas = await changeNas();
    const domains = ['bücher.example.org', 'NAS.example.org', 'nas.example.org.'];
    const text = await planTextWith(nas, 'create_certificate', { ...ONE, domains });
    expect(text).toContain('"san":["nas.example.org","xn--bcher-kva.example.org"]');
  });

  it('makes no authenticator that runs a script, and tells of one that may', async () => {
    const nas = await changeNas();
    expect(() => planWith(nas, 'create_certificate', { ...NEW, provider: 'shell' })).toThrow('provider');
    const text = await planTextWith(nas, 'create_certificate', ONE);
    expect(text).toContain('one of the kind shell runs its script on the NAS');
  });

  it('names the authenticators that there are, and does not take a name twice', async () => {
    const nas = await changeNas();
    const none = await planTextWith(nas, 'create_certificate', { ...ONE, authenticator: 'exmple.org' });
    expect(none).toContain('did you mean "example.org"?');
    const twice = await planTextWith(nas, 'create_certificate', { ...NEW, authenticator: 'example.org' });
    expect(twice).toContain('DNS authenticator example.org exists already');
    const taken = await planTextWith(nas, 'create_certificate', { ...ONE, name: 'truenas_default' });
    expect(taken).toContain('certificate truenas_default exists already');
    const endpoint = await planTextWith(nas, 'create_certificate', { ...NEW, provider: 'OVH' });
    expect(endpoint).toContain('"ovh_endpoint" is missing');
  });

  it('is no success when the job of the order succeeds and there is no certificate', async () => {
    const nas = await changeNas();
    const plan = await planWith(nas, 'create_certificate', ONE);
    nas.simulator.control.next('certificate.create', { kind: 'delay', ms: 0 });
    nas.simulator.control.next('certificate.create', { kind: 'pretend' });
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('differs');
  });
});
