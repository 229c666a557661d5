/** Faults of a whole NAS, or of the way to it, as the MCP client sees them. */
import { describe, expect, it, vi } from 'vitest';
import { SIM_RELEASES } from 'truenas-simulator';
import { MAX_IN_FLIGHT } from '../../src/truenas/connection/call-queue.ts';
import { DEFAULT_TIMINGS } from '../../src/truenas/connection/timings.ts';
import { problemOf } from '../truenas/support/client.ts';
import {
  BEATS_BY_HAND,
  beat,
  beatUntilLost,
  type Program,
  READ,
  READ_METHOD,
  startProgram,
  stopHeartbeats,
  until,
  WRITE_METHOD,
} from './harness.ts';

/** The text of a failure, which always says what to do. */
async function explanation(program: Program): Promise<string> {
  const { isError, text } = await program.ask(READ);
  return isError && text.includes('What to do:') ? text : `not explained: ${text}`;
}

/** The text of an answer. */
async function answer(program: Program): Promise<string> {
  const { isError, text } = await program.ask(READ);
  return isError ? `an error: ${text}` : text;
}

/** Asks until the NAS has been found again; only the back-off lies in between. */
async function foundAgain(program: Program): Promise<string> {
  await expect.poll(() => program.ask(READ).then(({ isError }) => isError), { timeout: 15_000 }).toBe(false);
  return answer(program);
}

describe('a NAS that cannot be reached when the program starts', () => {
  it('refuses: each call says so at once, and the NAS is found when it comes up', async () => {
    const program = await startProgram();
    await program.simulator.control.refuse();
    expect(await explanation(program)).toMatch(/not reachable.*ECONNREFUSED/);
    expect(await explanation(program)).toMatch(/not reachable/);
    await program.simulator.control.accept();
    expect(await foundAgain(program)).toContain('cifs');
    expect(program.simulator.control.logins().total).toBe(1);
  });

  it('takes TCP connections and says nothing', async () => {
    const program = await startProgram({ hasProxy: true, timings: { connectTimeoutMs: 200 } });
    program.proxy.hop = { kind: 'silent' };
    expect(await explanation(program)).toMatch(/did not answer within/);
    program.proxy.hop = { kind: 'pass' };
    expect(await foundAgain(program)).toContain('cifs');
  });

  it.each([1, 100, 600])('begins a TLS handshake that never ends (%i bytes of it)', async (afterBytes) => {
    const program = await startProgram({ hasProxy: true, timings: { connectTimeoutMs: 200 } });
    program.proxy.hop = { kind: 'stall', afterBytes };
    expect(await explanation(program)).toMatch(/did not answer within/);
    program.proxy.hop = { kind: 'pass' };
    expect(await foundAgain(program)).toContain('cifs');
  });

  it('resets every connection', async () => {
    const program = await startProgram({ hasProxy: true });
    program.proxy.hop = { kind: 'reset' };
    expect(await explanation(program)).toMatch(/not reachable/);
    program.proxy.hop = { kind: 'pass' };
    expect(await foundAgain(program)).toContain('cifs');
  });

  it.each(['handshake', 'everything'] as const)('is silent after TLS (%s)', async (what) => {
    const program = await startProgram({ timings: { connectTimeoutMs: 200 } });
    await program.simulator.control.fallSilent(what);
    expect(await explanation(program)).toMatch(/did not answer within/);
    await program.simulator.control.accept();
    expect(await foundAgain(program)).toContain('cifs');
  });

  it.each([
    [502, /HTTP 502[\s\S]*may be starting/],
    [503, /HTTP 503/],
    [404, /its API at \/api\/current cannot be reached[\s\S]*proxy/],
    [307, /redirects.*307/],
    [200, /HTTP 200/],
  ])('answers the upgrade with HTTP %i', async (status, words) => {
    const program = await startProgram();
    program.simulator.control.refuseUpgrades(status);
    expect(await explanation(program)).toMatch(words);
    await program.simulator.control.accept();
    expect(await foundAgain(program)).toContain('cifs');
  });
});

describe('a NAS that goes away in mid-session', () => {
  it('restarts: calls in flight and new ones wait for it, and none is lost', async () => {
    const program = await startProgram();
    expect(await answer(program)).toContain('cifs');
    program.simulator.control.next(READ_METHOD, { kind: 'delay', ms: 60_000 }, 5);
    const early = Array.from({ length: 5 }, () => program.ask(READ));
    await program.reached(READ_METHOD, 6);
    await program.simulator.control.refuse();
    const late = Array.from({ length: 5 }, () => program.ask(READ));
    program.simulator.control.restart();
    await program.simulator.control.accept();
    for (const seen of await Promise.all([...early, ...late])) expect(seen.isError).toBe(false);
    expect(program.sent(READ_METHOD)).toHaveLength(1 + 5 + 10);
    expect(program.nas.status()).toMatchObject({ connections: 2, signIns: 2 });
  });

  it('stays away: those who wait are told when there is no hope left', async () => {
    const program = await startProgram({ timings: { reconnectWindowMs: 100 } });
    expect(await answer(program)).toContain('cifs');
    await program.simulator.control.refuse();
    expect(await explanation(program)).toMatch(/not reachable/);
    await program.simulator.control.accept();
    expect(await foundAgain(program)).toContain('cifs');
  });

  it('is cut off without a word: silence is noticed, and the read sent again', async () => {
    stopHeartbeats();
    const program = await startProgram({ hasProxy: true, timings: BEATS_BY_HAND });
    expect(await answer(program)).toContain('cifs');
    program.proxy.freeze();
    const asked = answer(program);
    await beatUntilLost(program);
    expect(await asked).toContain('cifs');
    expect(program.nas.status().connections).toBe(2);
  });

  it('a write into a cut cable is unknown, and not sent again', async () => {
    stopHeartbeats();
    const program = await startProgram({ hasProxy: true, timings: BEATS_BY_HAND });
    expect(await answer(program)).toContain('cifs');
    program.proxy.freeze();
    const outcome = problemOf(program.nas.write.write(WRITE_METHOD, ['ftp', { enable: true }]));
    await beatUntilLost(program);
    expect(await outcome).toMatchObject({ kind: 'outcome-unknown' });
    expect(await answer(program)).toContain('cifs');
    expect(program.sent(WRITE_METHOD)).toHaveLength(0);
  });

  it('a connection that is reset under load loses no read', async () => {
    const program = await startProgram({ hasProxy: true });
    expect(await answer(program)).toContain('cifs');
    const asked = Array.from({ length: 100 }, () => program.ask(READ));
    await program.reached(READ_METHOD, 10);
    program.proxy.reset();
    for (const seen of await Promise.all(asked)) expect(seen.isError).toBe(false);
    expect(program.sent(READ_METHOD).length).toBeLessThanOrEqual(1 + 100 + MAX_IN_FLIGHT);
  });

  it('a write that waits for a connection is not sent to a NAS that came back', async () => {
    const program = await startProgram();
    expect(await answer(program)).toContain('cifs');
    program.simulator.control.next(READ_METHOD, { kind: 'delay', ms: 60_000 }, 10);
    const reads = Array.from({ length: MAX_IN_FLIGHT }, () => program.ask(READ));
    await program.reached(READ_METHOD, 1 + MAX_IN_FLIGHT);
    const write = program.nas.write.write(WRITE_METHOD, ['ftp', { enable: true }]);
    const outcome = problemOf(write);
    program.simulator.control.restart();
    expect(await outcome).toMatchObject({ kind: 'unreachable' });
    await Promise.all(reads);
    expect(program.sent(WRITE_METHOD)).toHaveLength(0);
  });
});

describe('an upgrade of the NAS during the session', () => {
  it('methods are called by their new names, and the catalog is that of the new release', async () => {
    const program = await startProgram({ simulator: { release: '25.04' } });
    const snapshots = () => program.ask('list_snapshots', { limit: 1 });
    const search = async (method: string) => (await program.ask('describe_api', { method })).isError;
    expect(await snapshots()).toMatchObject({ isError: false });
    expect(await search('pool.snapshot.query')).toBe(true);
    program.simulator.control.restart('25.10');
    expect(await snapshots()).toMatchObject({ isError: false });
    expect(await search('pool.snapshot.query')).toBe(false);
    expect(program.sent('zfs.snapshot.query').length).toBeGreaterThan(0);
    expect(program.sent('pool.snapshot.query').length).toBeGreaterThan(0);
    program.simulator.control.restart('27.0');
    expect(await snapshots()).toMatchObject({ isError: false });
    expect((await program.ask('system_overview')).text).toContain('27.0');
    expect(program.nas.status().mechanism).toBe('SCRAM-PLUS');
  });
});

describe('trust and credentials that end in mid-session', () => {
  it('a certificate that changed under the pin stops everything, and the key is not sent', async () => {
    const program = await startProgram();
    expect(await answer(program)).toContain('cifs');
    program.simulator.control.changeCertificate();
    program.simulator.control.dropConnections();
    expect(await explanation(program)).toMatch(/certificate is not the pinned one/);
    expect(await explanation(program)).toMatch(/certificate is not the pinned one/);
    expect(program.simulator.control.logins().total).toBe(1);
  });

  it('a certificate that expired, trusted through its authority, is refused as such', async () => {
    const trust = { caPem: '' };
    const program = await startProgram({
      simulator: { hasFreshCertificate: true },
      tls: (simulator) => {
        simulator.control.changeCertificate({ isExpired: true });
        trust.caPem = simulator.control.certificatePem();
        return trust;
      },
    });
    expect(await explanation(program)).toMatch(/certificate is not trusted: it has expired/);
    expect(program.simulator.control.logins().total).toBe(0);
  });

  it.each([
    ['revoked', (program: Program) => program.simulator.control.revokeKey()],
    ['expired', (program: Program) => program.simulator.control.expireKey()],
    ['of a locked user', (program: Program) => program.simulator.control.expireUser()],
  ])('a key that is %s: explained, and the NAS is not asked again and again', async (_name, end) => {
    const program = await startProgram();
    expect(await answer(program)).toContain('cifs');
    end(program);
    program.simulator.control.dropConnections();
    expect(await explanation(program)).toMatch(/expired|revoked|not accept/);
    for (let call = 0; call < 30; call += 1)
      expect(await explanation(program)).toMatch(/expired|revoked|not accept/);
    expect(program.simulator.control.logins().total).toBe(2);
  });

  it('a role taken away is a refusal by name, and does not cost the session', async () => {
    const program = await startProgram();
    expect(await answer(program)).toContain('cifs');
    program.simulator.control.setRoles(['SHARING_READ']);
    expect(await explanation(program)).toMatch(/may not|not allowed|role|privilege/i);
    expect(await program.ask('list_shares')).toMatchObject({ isError: false });
    program.simulator.control.setRoles(['READONLY_ADMIN']);
    expect(await answer(program)).toContain('cifs');
    expect(program.nas.status()).toMatchObject({ connections: 1, signIns: 1 });
  });
});

describe('no storm of sign-ins', () => {
  const earnest = { signInsPerMinute: DEFAULT_TIMINGS.signInsPerMinute };

  it.each(SIM_RELEASES)(
    '%s: a NAS that drops every session gets no more than its budget',
    async (release) => {
      const program = await startProgram({ simulator: { release }, timings: earnest, timeoutMs: 300 });
      const { control } = program.simulator;
      control.next(READ_METHOD, { kind: 'drop-before' }, 1_000);
      for (let call = 0; call < 20; call += 1) expect((await program.ask(READ)).isError).toBe(true);
      expect(await explanation(program)).toMatch(/sign-ins within a minute[\s\S]*Wait \d+ s/);
      // SCRAM takes two calls for one sign-in; the NAS allows 20 of them in a minute.
      expect(control.logins().mostPerMinute).toBeLessThanOrEqual(release === '27.0' ? 12 : 6);
      expect(program.nas.status().signIns).toBe(6);
    },
  );

  it('an outage with clients that keep asking costs one sign-in when it is over', async () => {
    const program = await startProgram({ timings: { ...earnest, reconnectWindowMs: 50 } });
    expect(await answer(program)).toContain('cifs');
    await program.simulator.control.refuse();
    const asked = Array.from({ length: 300 }, () => program.ask(READ));
    for (const seen of await Promise.all(asked)) expect(seen.isError).toBe(true);
    await program.simulator.control.accept();
    expect(await foundAgain(program)).toContain('cifs');
    expect(program.simulator.control.logins()).toMatchObject({ total: 2, mostPerMinute: 2 });
  });

  it('a NAS that takes no more sign-ins is left in peace, however many ask', async () => {
    const program = await startProgram({ simulator: { anonymousCallsPerMinute: 0 }, timings: earnest });
    const texts = await Promise.all(Array.from({ length: 50 }, () => explanation(program)));
    for (const text of texts) expect(text).toMatch(/takes no more sign-ins/);
    for (let call = 0; call < 10; call += 1)
      expect(await explanation(program)).toMatch(/takes no more sign-ins/);
    expect(program.simulator.control.logins().total).toBeLessThanOrEqual(1);
  });

  it('a subscription alone does not hammer a NAS that is away, and hears again when it is back', async () => {
    const program = await startProgram({
      hasProxy: true,
      timings: { backOffFirstMs: 20, backOffMaxMs: 100, signInsPerMinute: 6 },
    });
    const kinds: string[] = [];
    await program.nas.events.subscribe('alert.list', (event) => kinds.push(event.kind));
    const before = program.proxy.taken();
    program.proxy.hop = { kind: 'reset' };
    program.proxy.reset();
    await until(() => program.proxy.taken() >= before + 3, 'three attempts');
    program.proxy.hop = { kind: 'pass' };
    await until(() => kinds.includes('missed'), 'the subscription is back');
    program.simulator.control.flood('alert.list', 1);
    await until(() => kinds.includes('changed'), 'an event');
    expect(program.simulator.control.logins().total).toBe(2);
  });
});

describe('clocks', () => {
  it.each([
    ['a day forward', 86_400_000],
    ['a day back', -86_400_000],
  ])('%s: neither the session nor the budget notices', async (_name, jumpMs) => {
    stopHeartbeats();
    const program = await startProgram({ timings: BEATS_BY_HAND });
    expect(await answer(program)).toContain('cifs');
    const now = Date.now;
    const jumped = vi.spyOn(Date, 'now').mockImplementation(() => now() + jumpMs);
    try {
      for (let beats = 0; beats < 6; beats += 1) {
        beat();
        expect(await answer(program)).toContain('cifs');
      }
      program.simulator.control.dropConnections();
      expect(await answer(program)).toContain('cifs');
      expect(await program.ask('system_overview')).toMatchObject({ isError: false });
    } finally {
      jumped.mockRestore();
    }
    expect(await answer(program)).toContain('cifs');
    expect(program.nas.status()).toMatchObject({ connections: 2, signIns: 2 });
  });
});
