/**
 * Random faults from a seed: readers, writers and cancellers work while the NAS and the way to it fail. Each call carries a
 * mark to the NAS, by which it is checked what became of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LEGACY_RELEASES, type Fault, type SimulatedRelease } from 'truenas-simulator';
import { isTrueNasError } from '../../src/truenas/index.ts';
import { randomFrom } from '../support/random.ts';
import { type Program, READ, startProgram, until } from './harness.ts';

/** How many calls ended in which way. */
export interface FaultReport {
  readonly seed: number;
  answered: number;
  explained: number;
  cancelled: number;
  written: number;
  unknown: number;
  notSent: number;
  connections: number;
  /** Everything that should not have been; empty when all is well. */
  readonly wrong: string[];
}

/** Which faults, and how many steps of work. */
export interface FaultOptions {
  readonly seed: number;
  readonly steps: number;
  /** One that speaks the newer protocol, by chance, when absent. */
  readonly release?: SimulatedRelease | undefined;
}

const FAULTS: readonly Fault[] = [
  { kind: 'drop-before' },
  { kind: 'drop-after' },
  { kind: 'half-frame' },
  { kind: 'malformed' },
  { kind: 'answer-to-nobody' },
  { kind: 'duplicate' },
  { kind: 'too-many-calls' },
  { kind: 'silence' },
  { kind: 'delay', ms: 20 },
  { kind: 'slow-answer', ms: 20 },
  { kind: 'giant', megabytes: 1 },
  { kind: 'result', result: { not: ['what', 'was', 'asked'] } },
  { kind: 'error', code: -32001, message: 'Method call error', data: { error: 207, reason: 'gone' } },
  { kind: 'error', code: -32001, message: 'Method call error', data: { error: 14, reason: 'broken' } },
  ...[1000, 1001, 1006, 1008, 1009, 1011].map((code): Fault => ({ kind: 'close', code })),
];

/** The method that carries marks: harmless, and nothing else calls it. */
const MARKED = 'user.query';
const markOf = (mark: string): unknown[] => [[['username', '=', mark]], { select: ['username'] }];

/** Works on a fresh program for so many steps while faults strike. */
export async function runUnderFaults({ seed, steps, release }: FaultOptions): Promise<FaultReport> {
  const random = randomFrom(seed);
  const realRandom = Math.random;
  // The jitter of the client and the delays of the simulator come from the seed too.
  Math.random = random;
  try {
    return await workUnderFaults({ seed, steps, release }, random);
  } finally {
    Math.random = realRandom;
  }
}

async function workUnderFaults(
  { seed, steps, release: wanted }: FaultOptions,
  random: () => number,
): Promise<FaultReport> {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const isModern = random() < 0.5;
  const newer = pick(['25.04', '25.10', '27.0'] as const);
  const release = wanted ?? newer;
  const isOlder = LEGACY_RELEASES.some((each) => each === release);
  const program = await startProgram({
    hasProxy: true,
    isModern,
    timeoutMs: 1_500,
    simulator: { release, anonymousCallsPerMinute: 1_000_000 },
    timings: {
      signInsPerMinute: 1_000_000,
      signInTimeoutMs: 500,
      signInPauseMs: 10,
      signInPauseMaxMs: 20,
      connectTimeoutMs: 500,
      reconnectWindowMs: 500,
      heartbeatMs: 50,
      silentBeats: 3,
      stuckMs: 100,
    },
  });
  const { control } = program.simulator;
  const report: FaultReport = {
    seed,
    answered: 0,
    explained: 0,
    cancelled: 0,
    written: 0,
    unknown: 0,
    notSent: 0,
    connections: 0,
    wrong: [],
  };
  await expectRecovery(program, report);
  await program.nas.events.subscribe('alert.list', () => undefined, { timeoutMs: 10_000 });

  const strikes: readonly (() => void | Promise<void>)[] = [
    () => control.next('*', pick(FAULTS)),
    () => control.next(MARKED, pick(FAULTS), 1 + Math.floor(random() * 4)),
    () => control.next('core.subscribe', pick(FAULTS)),
    () =>
      control.next(
        isOlder ? 'auth.login_with_api_key' : 'auth.login_ex',
        pick(FAULTS.filter(({ kind }) => kind !== 'result')),
      ),
    () => control.dropConnections(),
    () => control.closeConnections(pick([1000, 1001, 1008, 1011])),
    () => control.restart(),
    () => control.sendRaw(pick(['{', 'null', '[]', '{"id":5}', '{"method":"x","params":[]}'])),
    () => control.flood('alert.list', 200),
    () => control.loseSubscriptions(),
    () => program.proxy.reset(),
    () => program.proxy.freeze(),
    async () => {
      program.proxy.hop = pick([
        { kind: 'reset' },
        { kind: 'silent' },
        { kind: 'stall', afterBytes: Math.floor(random() * 3_000) },
      ] as const);
      program.proxy.reset();
      await sleep(10 + random() * 60);
      program.proxy.hop = { kind: 'pass' };
    },
    async () => {
      await control.refuse();
      await sleep(10 + random() * 60);
      await control.accept();
    },
  ];

  const work: Promise<void>[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (random() < 0.12) await pick(strikes)();
    const calls = 1 + Math.floor(random() * 6);
    for (let call = 0; call < calls; call += 1) {
      const mark = `mark-${step}-${call}`;
      const kind = random();
      if (kind < 0.4) work.push(read(program, mark, report));
      else if (kind < 0.7) work.push(write(program, mark, report, isOlder));
      else if (kind < 0.9) work.push(askTool(program, report));
      else work.push(askAndCancel(program, Math.floor(random() * 20), report));
    }
    await sleep(random() * 20);
  }
  await Promise.all(work);

  await control.accept();
  program.proxy.hop = { kind: 'pass' };
  await expectRecovery(program, report);
  report.connections = program.nas.status().connections;
  // Ending the program runs the leak check and the log check of the harness.
  await program.end();
  return report;
}

/** Without faults calls are answered, no call waits, and one connection is open. */
async function expectRecovery(program: Program, report: FaultReport): Promise<void> {
  const { simulator, nas } = program;
  for (let round = 0; round < 200; round += 1) {
    await simulator.control.reset();
    const { isError } = await program.ask(READ);
    if (!isError) break;
    await sleep(10);
  }
  const last = await program.ask(READ);
  if (last.isError) report.wrong.push(`without a fault: ${last.text}`);
  await until(() => nas.status().queued === 0, 'the queue is empty').catch(note(report));
  await until(() => simulator.control.connectionCount() === 1, 'there is one connection').catch(note(report));
}

async function read(program: Program, mark: string, report: FaultReport): Promise<void> {
  try {
    await program.nas.read.call(MARKED, markOf(mark));
    report.answered += 1;
  } catch (error) {
    if (isTrueNasError(error)) report.explained += 1;
    else report.wrong.push(`a read failed with ${String(error)}`);
  }
  const times = timesRun(program, mark);
  if (times > 2) report.wrong.push(`the read ${mark} was sent ${times} times`);
}

async function write(program: Program, mark: string, report: FaultReport, isOlder: boolean): Promise<void> {
  let least = 0;
  let most = 0;
  let outcome = 'answered';
  try {
    await program.nas.write.write(MARKED, markOf(mark));
    report.written += 1;
    least = most = 1;
  } catch (error) {
    if (!isTrueNasError(error)) {
      report.wrong.push(`a write failed with ${String(error)}`);
      return;
    }
    outcome = error.kind;
    if (error.kind === 'outcome-unknown') {
      report.unknown += 1;
      most = 1;
    } else if (isOlder && error.kind === 'not-authorized') {
      // Nothing that changes anything is sent there.
      report.notSent += 1;
    } else if (error.kind === 'call' || error.kind === 'not-authorized') {
      // The NAS said so itself: it had the call.
      report.written += 1;
      least = most = 1;
    } else {
      report.notSent += 1;
    }
  }
  const times = timesRun(program, mark);
  if (times < least || times > most)
    report.wrong.push(`the write ${mark} ended as ${outcome}, sent ${times} times`);
}

async function askTool(program: Program, report: FaultReport): Promise<void> {
  const { isError, text } = await program.ask(READ);
  if (!isError) report.answered += 1;
  else if (text.includes('What to do:')) report.explained += 1;
  else report.wrong.push(`not explained: ${text}`);
}

async function askAndCancel(program: Program, afterMs: number, report: FaultReport): Promise<void> {
  const abort = new AbortController();
  const call = program.ask(READ, {}, abort.signal);
  const cancelled = sleep(afterMs).then(() => abort.abort('enough'));
  try {
    await call;
    report.answered += 1;
  } catch {
    report.cancelled += 1;
  }
  await cancelled;
}

/** How often the call with this mark was taken by the NAS; those that it refused as one too many were not. */
function timesRun(program: Program, mark: string): number {
  return program
    .sent(MARKED)
    .filter((call) => call.errorCode !== -32_000 && JSON.stringify(call.params).includes(`"${mark}"`)).length;
}

function note(report: FaultReport): (error: unknown) => void {
  return (error) => void report.wrong.push(String(error));
}
