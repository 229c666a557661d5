/** Calls to a server that has just been started: the first answer, and those before the engine has compiled what they run. */
import {
  asking,
  byHandEnvironment,
  type Contestant,
  inFlight,
  RAW_TOOL,
  TOOL,
  upstreamCalls,
} from './contestants.ts';
import { compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { processorMs, startServer } from './process.ts';
import { type Summary, summarise } from './statistics.ts';

const FIRST = [50, 300];
const AT_ONCE = [1, 16];
const WARM_UP_CALLS = 3000;
const WARM_CALLS = 2000;
const WARM_ROUNDS = 3;
const BY_HAND = 'SDK server by hand';

/** How to start a contestant. */
interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly tool: Record<string, unknown>;
}

/** The samples of one contestant; rates in calls per second, by number of calls. */
interface Samples {
  readonly firstAnswerMs: number[];
  readonly firstAnswerProcessorMs: number[];
  readonly rates: ReadonlyMap<number, number[]>;
  readonly processorMs: ReadonlyMap<number, number[]>;
}

export const cold: Measurement = {
  title: 'Cold',
  method: [
    `\`${TOOL.name}\` on stdio by processes that have just been started, taken in turns: from starting the process to its first answer (connection`,
    `and sign-in included), and the first ${FIRST.join(' and ')} calls from the answer to \`initialize\` on, which include that too; against a bundled SDK server that makes the same`,
    `WebSocket calls by hand, and against the own rate after ${WARM_UP_CALLS.toLocaleString('en')} calls. The server by hand connects as it starts.`,
  ].join(' '),
  async measure(bench) {
    const upstream = await upstreamCalls(bench);
    const ours: Start = { args: [bench.cli, 'serve'], env: nasEnvironment(bench.nas), tool: TOOL };
    const byHand: Start = {
      args: [bench.rawCallServer],
      env: byHandEnvironment(bench.nas, upstream),
      tool: RAW_TOOL,
    };
    const rows: Row[] = [];
    for (const atOnce of AT_ONCE) {
      const [own, theirs] = [noSamples(), noSamples()];
      for (let round = 0; round < bench.rounds; round += 1) {
        await startAndCall(ours, atOnce, own);
        await startAndCall(byHand, atOnce, theirs);
      }
      // Of many calls at once the first answer waits for its neighbours.
      if (atOnce === 1) rows.push(...firstAnswer(own, theirs));
      rows.push(...rates(atOnce, own, theirs, await warmRate(ours, atOnce)));
    }
    return rows;
  },
};

function noSamples(): Samples {
  const perCount = () => new Map(FIRST.map((count): [number, number[]] => [count, []]));
  return { firstAnswerMs: [], firstAnswerProcessorMs: [], rates: perCount(), processorMs: perCount() };
}

async function startAndCall({ args, env, tool }: Start, atOnce: number, samples: Samples): Promise<void> {
  const startedMs = performance.now();
  const { server } = await startServer(args, env);
  const contestant = asking(server, tool);
  const used = () => processorMs(server.pid) ?? Number.NaN;
  const [helloMs, helloProcessorMs] = [performance.now(), used()];
  let answered = 0;
  const counted: Contestant = {
    async call() {
      await contestant.call();
      answered += 1;
      if (answered === 1) {
        samples.firstAnswerMs.push(performance.now() - startedMs);
        samples.firstAnswerProcessorMs.push(used());
      }
      samples.rates.get(answered)?.push((answered / (performance.now() - helloMs)) * 1000);
      samples.processorMs.get(answered)?.push((used() - helloProcessorMs) / answered);
    },
  };
  await inFlight(counted, Math.max(...FIRST), atOnce);
  await server.stop();
}

async function warmRate({ args, env, tool }: Start, atOnce: number): Promise<Summary> {
  const { server } = await startServer(args, env);
  const contestant = asking(server, tool);
  await inFlight(contestant, WARM_UP_CALLS, atOnce);
  const samples: number[] = [];
  for (let round = 0; round < WARM_ROUNDS; round += 1) {
    const startedMs = performance.now();
    await inFlight(contestant, WARM_CALLS, atOnce);
    samples.push((WARM_CALLS / (performance.now() - startedMs)) * 1000);
  }
  await server.stop();
  return summarise(samples);
}

function firstAnswer(own: Samples, theirs: Samples): Row[] {
  const name = 'process start → first answer';
  const [ms, theirMs] = [summarise(own.firstAnswerMs), summarise(theirs.firstAnswerMs)];
  return [
    compare(name, 'ms', ms, BY_HAND, theirMs, '≤ 1.3'),
    ...processorRow('processor time until then', own.firstAnswerProcessorMs, theirs.firstAnswerProcessorMs),
  ];
}

function rates(atOnce: number, own: Samples, theirs: Samples, warm: Summary): Row[] {
  return FIRST.flatMap((count) => {
    const name = `first ${count} calls, ${atOnce} at a time`;
    const [rate, theirRate] = [own, theirs].map(({ rates: of }) => summarise(of.get(count) ?? []));
    if (rate === undefined || theirRate === undefined) return [];
    const goal = count === Math.max(...FIRST) ? '≥ 0.8' : undefined;
    return [
      compare(name, '/s', rate, BY_HAND, theirRate, goal),
      compare(name, '/s', rate, 'warm', warm),
      ...processorRow(
        `processor time of one of them`,
        own.processorMs.get(count) ?? [],
        theirs.processorMs.get(count) ?? [],
      ),
    ];
  });
}

/** Nothing where the system does not tell. */
function processorRow(name: string, own: readonly number[], theirs: readonly number[]): Row[] {
  if (![...own, ...theirs].every(Number.isFinite)) return [];
  return [compare(name, 'ms', summarise(own), BY_HAND, summarise(theirs))];
}
