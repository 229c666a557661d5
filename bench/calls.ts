/** The cost that the server adds to a call: latency one by one, and calls per second in flight, against the same calls by hand. */
import { openRawConnection } from './baseline/raw-connection.ts';
import {
  asking,
  byHandEnvironment,
  type Contestant,
  inFlight as callsInFlight,
  RAW_TOOL,
  TOOL,
  upstreamCalls,
} from './contestants.ts';
import { compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { processorMs, startServer } from './process.ts';
import { summarise } from './statistics.ts';

const LATENCY_CALLS = 100;
const RATE_CALLS = 2000;
const IN_FLIGHT = [1, 16, 64];
/** The engine compiles what it runs often for a while: until then a figure says how long it has been running. */
const WARM_UP_CALLS = 3000;

interface Contestants {
  readonly ours: Contestant;
  readonly byHand: Contestant;
  readonly raw: Contestant;
}

export const calls: Measurement = {
  title: 'Calls',
  method: [
    `\`${TOOL.name}\` on stdio, against a bundled SDK server whose one tool makes the same WebSocket calls to the same simulated NAS by hand`,
    `(at most 20 at once, as the NAS demands), and against those calls without any MCP. Taken in turns, after ${WARM_UP_CALLS.toLocaleString('en')} calls each. Processor time is that of the`,
    'server process alone; unlike the rest it hardly depends on what else the machine does.',
  ].join(' '),
  async measure(bench) {
    const upstream = await upstreamCalls(bench);
    const ours = await startServer([bench.cli, 'serve'], nasEnvironment(bench.nas));
    const theirs = await startServer([bench.rawCallServer], byHandEnvironment(bench.nas, upstream));
    const raw = await openRawConnection(bench.nas);
    const contestants: Contestants = {
      ours: asking(ours.server, TOOL),
      byHand: asking(theirs.server, RAW_TOOL),
      raw: {
        call: async () => {
          for (const { method, params } of upstream) await raw.call(method, params);
        },
      },
    };
    for (const contestant of Object.values(contestants) as Contestant[])
      await repeat(contestant, WARM_UP_CALLS);
    const rows = [
      ...(await latencies(contestants, bench.rounds)),
      ...(await rates(contestants, bench.rounds)),
    ];
    raw.close();
    await Promise.all([ours.server.stop(), theirs.server.stop()]);
    return rows;
  },
};

async function latencies(contestants: Contestants, rounds: number): Promise<Row[]> {
  const samples = { ours: [] as number[], byHand: [] as number[], raw: [] as number[] };
  const processor = { ours: [] as number[], byHand: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['ours', 'byHand', 'raw'] as const) {
      const before = usedBy(contestants[name]);
      samples[name].push(await repeat(contestants[name], LATENCY_CALLS));
      if (name !== 'raw') processor[name].push((usedBy(contestants[name]) - before) / LATENCY_CALLS);
    }
  }
  const ours = summarise(samples.ours);
  const byHand = summarise(samples.byHand);
  const added = samples.ours.map((ms, index) => ms - (samples.byHand[index] ?? ms));
  return [
    compare('one call', 'ms', ours, 'SDK server by hand', byHand),
    compare('one call', 'ms', ours, 'raw WebSocket', summarise(samples.raw)),
    { name: 'added to one call', unit: 'ms', ours: summarise(added), goal: '≤ 0.15 ms' },
    ...processorRow('processor time of one call', processor),
  ];
}

async function rates(contestants: Contestants, rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const inFlight of IN_FLIGHT) {
    const samples = { ours: [] as number[], byHand: [] as number[] };
    const processor = { ours: [] as number[], byHand: [] as number[] };
    for (let round = 0; round < Math.ceil(rounds / 2); round += 1) {
      for (const name of ['ours', 'byHand'] as const) {
        const before = usedBy(contestants[name]);
        samples[name].push(await callsPerSecond(contestants[name], inFlight));
        processor[name].push((usedBy(contestants[name]) - before) / RATE_CALLS);
      }
    }
    rows.push(
      compare(
        `calls with ${inFlight} in flight`,
        '/s',
        summarise(samples.ours),
        'SDK server by hand',
        summarise(samples.byHand),
        '≥ 0.85',
      ),
      ...processorRow(`processor time of one of ${inFlight} in flight`, processor),
    );
  }
  return rows;
}

/** Nothing where the system does not tell. */
function processorRow(name: string, used: { ours: number[]; byHand: number[] }): Row[] {
  if (!used.ours.every(Number.isFinite)) return [];
  return [compare(name, 'ms', summarise(used.ours), 'SDK server by hand', summarise(used.byHand))];
}

function usedBy({ pid }: Contestant): number {
  return pid === undefined ? Number.NaN : (processorMs(pid) ?? Number.NaN);
}

/** Mean milliseconds of one call among `count` in a row: less noisy than timing each. */
async function repeat({ call }: Contestant, count: number): Promise<number> {
  const startedMs = performance.now();
  for (let index = 0; index < count; index += 1) await call();
  return (performance.now() - startedMs) / count;
}

async function callsPerSecond(contestant: Contestant, inFlight: number): Promise<number> {
  const startedMs = performance.now();
  await callsInFlight(contestant, RATE_CALLS, inFlight);
  return (RATE_CALLS / (performance.now() - startedMs)) * 1000;
}
