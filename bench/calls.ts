/** What the server adds to a call: latency one by one, and calls per second in flight, against the same calls by hand. */
import { startSimulator } from '../src/simulator/index.ts';
import { openRawConnection } from './baseline/raw-connection.ts';
import { type Bench, compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { startServer } from './process.ts';
import { summarise } from './statistics.ts';

const TOOL = { name: 'list_pools', arguments: {} };
const LATENCY_CALLS = 100;
const RATE_CALLS = 400;
const IN_FLIGHT = [1, 16, 64];

type Call = () => Promise<unknown>;

export const calls: Measurement = {
  title: 'Calls',
  method: `\`${TOOL.name}\` on stdio, against a bundled SDK server whose one tool makes the same WebSocket calls to the same simulated NAS by hand, and against those calls without any MCP. Taken in turns.`,
  async measure(bench) {
    const upstream = await upstreamCalls(bench);
    const ours = await startServer([bench.cli, 'serve'], nasEnvironment(bench.nas));
    const theirs = await startServer([bench.rawCallServer], {
      ...nasEnvironment(bench.nas),
      RAW_CALLS: JSON.stringify(upstream),
    });
    const raw = await openRawConnection(bench.nas);
    const contestants = {
      ours: () => ours.server.request('tools/call', TOOL),
      byHand: () => theirs.server.request('tools/call', { name: 'raw', arguments: {} }),
      raw: async () => {
        for (const { method, params } of upstream) await raw.call(method, params);
      },
    };
    for (const call of Object.values(contestants)) await repeat(call, LATENCY_CALLS);
    const rows = [
      ...(await latencies(contestants, bench.rounds)),
      ...(await rates(contestants, bench.rounds)),
    ];
    raw.close();
    await Promise.all([ours.server.stop(), theirs.server.stop()]);
    return rows;
  },
};

async function latencies(
  contestants: Record<'ours' | 'byHand' | 'raw', Call>,
  rounds: number,
): Promise<Row[]> {
  const samples = { ours: [] as number[], byHand: [] as number[], raw: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['ours', 'byHand', 'raw'] as const) {
      samples[name].push(await repeat(contestants[name], LATENCY_CALLS));
    }
  }
  const ours = summarise(samples.ours);
  const byHand = summarise(samples.byHand);
  const added = samples.ours.map((ms, index) => ms - (samples.byHand[index] ?? ms));
  return [
    compare('one call', 'ms', ours, 'SDK server by hand', byHand),
    compare('one call', 'ms', ours, 'raw WebSocket', summarise(samples.raw)),
    { name: 'added to one call (goal ≤ 0.15)', unit: 'ms', ours: summarise(added) },
  ];
}

async function rates(contestants: Record<'ours' | 'byHand' | 'raw', Call>, rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const inFlight of IN_FLIGHT) {
    const samples = { ours: [] as number[], byHand: [] as number[] };
    for (let round = 0; round < Math.ceil(rounds / 2); round += 1) {
      for (const name of ['ours', 'byHand'] as const) {
        samples[name].push(await callsPerSecond(contestants[name], inFlight));
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
    );
  }
  return rows;
}

/** Mean milliseconds of one call among `count` in a row: less noisy than timing each. */
async function repeat(call: Call, count: number): Promise<number> {
  const startedMs = performance.now();
  for (let index = 0; index < count; index += 1) await call();
  return (performance.now() - startedMs) / count;
}

async function callsPerSecond(call: Call, inFlight: number): Promise<number> {
  let left = RATE_CALLS;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (RATE_CALLS / (performance.now() - startedMs)) * 1000;
}

/** The API calls that the tool makes once it is warm, read from a recording simulator. */
async function upstreamCalls({ cli }: Bench): Promise<{ method: string; params: readonly unknown[] }[]> {
  const recorder = await startSimulator();
  const { server } = await startServer([cli, 'serve'], nasEnvironment(recorder));
  await server.request('tools/call', TOOL);
  const before = recorder.calls().length;
  await server.request('tools/call', TOOL);
  const recorded = recorder.calls().slice(before);
  await server.stop();
  await recorder.close();
  return recorded.map(({ method, params }) => ({ method, params }));
}
