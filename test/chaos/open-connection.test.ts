/** Faults of a session while its connection stays open, or as a new one begins. */
import { describe, expect, it, vi } from 'vitest';
import { problemOf } from '../truenas/support/client.ts';
import {
  BEATS_BY_HAND,
  beatUntilLost,
  type Program,
  READ,
  READ_METHOD,
  startProgram,
  stopHeartbeats,
  until,
  WRITE_METHOD,
} from './harness.ts';

const write = (program: Program) => program.nas.write.write(WRITE_METHOD, ['ftp', { enable: true }]);

describe('a key that ends while its session is open', () => {
  it.each([
    ['revoked', (program: Program) => program.simulator.control.revokeKey()],
    ['expired', (program: Program) => program.simulator.control.expireKey()],
    ['of a locked user', (program: Program) => program.simulator.control.expireUser()],
  ])('%s: each call is explained, and the NAS is asked once', async (_name, end) => {
    const program = await startProgram();
    expect(await program.ask(READ)).toMatchObject({ isError: false });
    end(program);
    const asked = Array.from({ length: 20 }, () => program.ask(READ));
    for (const seen of await Promise.all(asked)) {
      expect(seen.isError).toBe(true);
      expect(seen.text).toMatch(/(?:expired|revoked|not accept)[\s\S]*What to do:/);
    }
    expect(program.simulator.control.logins().total).toBe(2);
    await expect(write(program)).rejects.toMatchObject({ kind: 'signin' });
    expect(program.sent(WRITE_METHOD)).toHaveLength(0);
  });

  it('a write that meets the ended session is refused, sent once and not applied', async () => {
    const program = await startProgram();
    await program.ask(READ);
    program.simulator.control.revokeKey();
    expect(await problemOf(write(program))).toMatchObject({ kind: 'not-authorized' });
    expect((await program.ask(READ)).text).toMatch(/expired|revoked|not accept/);
    expect(program.sent(WRITE_METHOD)).toMatchObject([{ errorCode: -32001 }]);
    expect(program.simulator.control.logins().total).toBe(2);
  });
});

describe('an answer that stops halfway', () => {
  it('and is followed by silence: it is noticed, and the read sent again', async () => {
    stopHeartbeats();
    const program = await startProgram({ hasProxy: true, timings: BEATS_BY_HAND });
    // Enough for the sign-in, and too little for the answer.
    program.proxy.hop = { kind: 'stall', afterBytes: 200_000 };
    program.simulator.control.next(READ_METHOD, { kind: 'giant', megabytes: 1 });
    const asked = program.ask(READ);
    await program.reached(READ_METHOD);
    program.proxy.hop = { kind: 'pass' };
    await beatUntilLost(program);
    expect(await asked).toMatchObject({ isError: false });
    expect(program.sent(READ_METHOD)).toHaveLength(2);
    expect(program.nas.status()).toMatchObject({ connections: 2, signIns: 2, inFlight: 0, queued: 0 });
  });

  it('a write is unknown then, and not sent again', async () => {
    stopHeartbeats();
    const program = await startProgram({ hasProxy: true, timings: BEATS_BY_HAND });
    program.proxy.hop = { kind: 'stall', afterBytes: 200_000 };
    program.simulator.control.next(WRITE_METHOD, { kind: 'giant', megabytes: 1 });
    const outcome = problemOf(write(program));
    await program.reached(WRITE_METHOD);
    program.proxy.hop = { kind: 'pass' };
    await beatUntilLost(program);
    expect(await outcome).toMatchObject({ kind: 'outcome-unknown' });
    expect(await program.ask(READ)).toMatchObject({ isError: false });
    expect(program.sent(WRITE_METHOD)).toHaveLength(1);
  });
});

describe('a message that was too large for one side', () => {
  it('close code 1009 leaves a write unknown, and it is not sent again', async () => {
    const program = await startProgram();
    program.simulator.control.next(WRITE_METHOD, { kind: 'close', code: 1009 });
    expect(await problemOf(write(program))).toMatchObject({ kind: 'outcome-unknown' });
    expect(await program.ask(READ)).toMatchObject({ isError: false });
    expect(program.sent(WRITE_METHOD)).toHaveLength(1);
  });
});

/** How long a refused sign-in is not tried again: longer than any test takes. */
const PAUSE_MS = 600_000;

describe('a sign-in', () => {
  it.each(['25.10', '27.0'] as const)(
    '%s: that is never answered is explained, and tried anew',
    async (release) => {
      const program = await startProgram({ simulator: { release }, timings: { signInTimeoutMs: 1_000 } });
      const { control } = program.simulator;
      control.next('auth.login_ex', { kind: 'silence' });
      const seen = await program.ask(READ);
      expect(seen.text).toMatch(/did not answer auth\.login_ex[\s\S]*What to do:/);
      await expect.poll(() => program.ask(READ), { timeout: 10_000 }).toMatchObject({ isError: false });
      expect(program.nas.status()).toMatchObject({ state: 'ready', signIns: 2 });
      await until(() => control.connectionCount() === 1, 'the first connection is gone');
    },
  );

  it('that is refused for its rate in mid-session is left for a while, then the session is back', async () => {
    const program = await startProgram({
      simulator: { anonymousCallsPerMinute: 1 },
      timings: { signInPauseMs: PAUSE_MS, signInPauseMaxMs: PAUSE_MS },
    });
    expect(await program.ask(READ)).toMatchObject({ isError: false });
    program.simulator.control.dropConnections();
    await until(() => program.nas.status().state !== 'ready', 'the loss is noticed');
    const seen = await Promise.all(Array.from({ length: 20 }, () => program.ask(READ)));
    for (const { text } of seen) expect(text).toMatch(/takes no more sign-ins/);
    const tried = program.nas.status().signIns;
    expect(tried).toBe(2);
    program.simulator.control.resetRateLimit();
    // The pause ends by the clock of the program, however long the calls above have taken.
    const now = performance.now.bind(performance);
    const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + PAUSE_MS);
    try {
      await expect.poll(() => program.ask(READ), { timeout: 10_000 }).toMatchObject({ isError: false });
    } finally {
      later.mockRestore();
    }
    expect(program.nas.status()).toMatchObject({ state: 'ready', signIns: 3 });
  });
});

describe('an upgrade between two calls', () => {
  it('a write whose method has a new name is applied once', async () => {
    const program = await startProgram({ simulator: { release: '25.04' } });
    expect(await program.nas.read.release()).toMatchObject({ family: '25.04' });
    program.simulator.control.restart('25.10');
    await until(() => program.nas.status().state !== 'ready', 'the loss is noticed');
    const created = program.nas.write.write('pool.snapshot.create', [{ dataset: 'tank', name: 'upgrade' }]);
    expect(await created).toMatchObject({ id: 'tank@upgrade' });
    expect(program.sent('pool.snapshot.create')).toHaveLength(1);
    expect(await program.nas.read.release()).toMatchObject({ family: '25.10' });
  });
});
