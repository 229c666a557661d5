/** Faults of a single call, as the MCP client and the executor of changes see them. */
import { describe, expect, it } from 'vitest';
import type { Fault } from 'truenas-simulator';
import { MAX_IN_FLIGHT, NAS_WORKERS } from '../../src/truenas/connection/call-queue.ts';
import { isTrueNasError } from '../../src/truenas/index.ts';
import { askUnder, READ, READ_METHOD, startProgram, WRITE_METHOD } from './harness.ts';

interface Row {
  readonly fault: Fault;
  /** How often the read goes out; it is answered all the same. */
  readonly reads: number;
  /** Connections opened on top of the first. */
  readonly connections: number;
  /** The end of a write: its error, and whether the NAS applied it. */
  readonly write: 'unknown' | 'answered' | 'protocol';
  readonly isApplied: boolean;
}

/** A release of each protocol: the older one is that of 24.10 and of CORE. */
const DIALECTS = ['25.10', '24.10', 'core-13.3'] as const;

const lost = (fault: Fault, isApplied: boolean): Row => ({
  fault,
  reads: 2,
  connections: 1,
  write: 'unknown',
  isApplied,
});
const harmless = (fault: Fault, reads = 1): Row => ({
  fault,
  reads,
  connections: 0,
  write: 'answered',
  isApplied: true,
});

const ROWS: readonly (readonly [name: string, row: Row])[] = [
  ['the NAS dies as the call arrives', lost({ kind: 'drop-before' }, false)],
  ['the NAS dies after it executed the call', lost({ kind: 'drop-after' }, true)],
  ['the answer breaks off in the middle of its frame', lost({ kind: 'half-frame' }, true)],
  ['the answer is cut-off JSON', lost({ kind: 'malformed' }, true)],
  ['close code 1000', lost({ kind: 'close', code: 1000 }, false)],
  ['close code 1001, going away', lost({ kind: 'close', code: 1001 }, false)],
  ['close code 1006, no goodbye', lost({ kind: 'close', code: 1006 }, false)],
  ['close code 1007', lost({ kind: 'close', code: 1007, reason: 'max message length is 8 kB' }, false)],
  ['close code 1008, address refused', lost({ kind: 'close', code: 1008 }, false)],
  ['close code 1011, a fault in the NAS', lost({ kind: 'close', code: 1011 }, false)],
  ['an answer that nobody asked for comes first', harmless({ kind: 'answer-to-nobody' })],
  ['the answer comes twice', harmless({ kind: 'duplicate' })],
  ['the call was one too many', harmless({ kind: 'too-many-calls' }, 2)],
  ['the answer is slow', harmless({ kind: 'slow-answer', ms: 30 })],
];

describe.each(ROWS)('%s', (_name, row) => {
  it.each(DIALECTS)('a tool answers all the same, and so does the next: %s', async (release) => {
    const program = await startProgram({ simulator: { release } });
    const { seen, sent, connections } = await askUnder(program, row.fault);
    expect(seen.isError).toBe(false);
    expect(seen.text).toContain('cifs');
    expect({ sent, connections }).toEqual({ sent: row.reads, connections: row.connections });
    expect(await program.ask(READ)).toEqual(seen);
    expect(program.nas.status()).toMatchObject({ state: 'ready', inFlight: 0, queued: 0 });
    expect(program.nas.status().signIns).toBe(1 + row.connections);
  });

  it(`a write is sent once and ends as ${row.write}`, async () => {
    const program = await startProgram();
    await program.nas.read.release();
    const isEnabled = () =>
      program.nas.read
        .call('service.query', [[['service', '=', 'ftp']], { get: true }])
        .then((ftp) => (ftp as { enable: boolean }).enable);
    const before = await isEnabled();
    program.simulator.control.next(WRITE_METHOD, row.fault);
    const outcome = await program.nas.write.write(WRITE_METHOD, ['ftp', { enable: !before }]).then(
      () => 'answered',
      (error: unknown) => (isTrueNasError(error, 'outcome-unknown') ? 'unknown' : String(error)),
    );
    expect(outcome).toBe(row.write);
    // One too many is refused by the dispatcher of the NAS before it runs: the only case in which it goes out again.
    expect(program.sent(WRITE_METHOD)).toHaveLength(row.fault.kind === 'too-many-calls' ? 2 : 1);
    expect((await isEnabled()) !== before).toBe(row.isApplied);
    expect(program.sent(READ_METHOD).length).toBeGreaterThan(1);
  });
});

describe('an answer that would not fit', () => {
  it('close code 1009 is not tried again, and explained', async () => {
    const program = await startProgram();
    const { seen, sent } = await askUnder(program, { kind: 'close', code: 1009 });
    expect(seen).toMatchObject({ isError: true });
    expect(seen.text).toMatch(/too large[\s\S]*What to do:/);
    expect(sent).toBe(1);
    expect(await program.ask(READ)).toMatchObject({ isError: false });
  });
});

describe('a call that is never answered', () => {
  it('ends with its time, and the slot it holds on the NAS disturbs nobody', async () => {
    const program = await startProgram({ timeoutMs: 100 });
    const { seen, sent, connections } = await askUnder(program, { kind: 'silence' });
    expect(seen).toMatchObject({ isError: true });
    expect(seen.text).toMatch(/no answer within 0\.1 s[\s\S]*What to do:/);
    expect({ sent, connections }).toEqual({ sent: 1, connections: 0 });
    expect(await program.ask(READ)).toMatchObject({ isError: false });
  });

  it('ends when the MCP client cancels it, without an answer, and is not sent again', async () => {
    const program = await startProgram();
    await program.ask(READ);
    program.simulator.control.next(READ_METHOD, { kind: 'silence' });
    const abort = new AbortController();
    const call = program.ask(READ, {}, abort.signal).catch((error: unknown) => String(error));
    await program.reached(READ_METHOD, 2);
    const answersBefore = program.output.length;
    abort.abort('changed my mind');
    expect(await call).toContain('changed my mind');
    expect(await program.ask(READ)).toMatchObject({ isError: false });
    expect(program.sent(READ_METHOD)).toHaveLength(3);
    expect(program.output.length).toBe(answersBefore + 1);
  });

  it('a write that is never answered is unknown, and sent once', async () => {
    const program = await startProgram();
    program.simulator.control.next(WRITE_METHOD, { kind: 'silence' });
    await program.nas.read.release();
    const write = program.nas.write.write(WRITE_METHOD, ['ftp', { enable: true }], { timeoutMs: 50 });
    await expect(write).rejects.toMatchObject({ kind: 'outcome-unknown' });
    await program.reached(WRITE_METHOD);
    await program.ask(READ);
    expect(program.sent(WRITE_METHOD)).toHaveLength(1);
  });

  it.each([
    ['workers', NAS_WORKERS],
    ['places', MAX_IN_FLIGHT],
  ])('as many of them as the NAS has %s do not block it for those who come after', async (_name, hung) => {
    const program = await startProgram({ timeoutMs: 400 });
    await program.ask(READ);
    program.simulator.control.next(READ_METHOD, { kind: 'silence' }, hung);
    const seen = await Promise.all(Array.from({ length: hung }, () => program.ask(READ)));
    expect(seen.every((each) => each.isError)).toBe(true);
    expect(program.nas.status()).toMatchObject({ connections: 1, inFlight: hung });
    expect(await program.ask(READ)).toMatchObject({ isError: false });
    expect(program.nas.status()).toMatchObject({ connections: 2, inFlight: 0 });
  });

  it('a write is not sent into a NAS whose workers all hang', async () => {
    const program = await startProgram({ timeoutMs: 400 });
    await program.ask(READ);
    program.simulator.control.next(READ_METHOD, { kind: 'silence' }, NAS_WORKERS);
    await Promise.all(Array.from({ length: NAS_WORKERS }, () => program.ask(READ)));
    const write = () => program.nas.write.write(WRITE_METHOD, ['ftp', { enable: true }]);
    await expect(write()).rejects.toMatchObject({ kind: 'unreachable' });
    expect(program.sent(WRITE_METHOD)).toHaveLength(0);
    expect(await write()).toBeDefined();
    expect(program.sent(WRITE_METHOD)).toHaveLength(1);
  });
});

describe('answers in any order', () => {
  it('forty calls whose answers overtake each other each get their own', async () => {
    const program = await startProgram();
    await program.ask(READ);
    const { control } = program.simulator;
    for (let call = 0; call < 40; call += 1) {
      control.next(READ_METHOD, { kind: 'slow-answer', ms: ((call * 7) % 10) + 1 });
    }
    const names = ['cifs', 'nfs', 'ssh', 'ftp', 'ups'];
    const asked = Array.from({ length: 40 }, (_, index) => names[index % names.length] ?? 'cifs');
    const seen = await Promise.all(asked.map((name) => program.ask(READ, { name })));
    for (const [index, { text }] of seen.entries()) {
      for (const name of names) expect(text.includes(`${name} `)).toBe(name === asked[index]);
    }
    expect(program.sent(READ_METHOD)).toHaveLength(41);
  });
});
