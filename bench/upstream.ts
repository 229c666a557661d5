/** The cost of list calls, and the bytes they fetch, on a NAS that holds little and one that holds a lot. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { openRawConnection } from './baseline/raw-connection.ts';
import { compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { residentMiB, startServer } from './process.ts';
import { summarise } from './statistics.ts';

const CASES = [
  { tool: 'list_datasets', what: 'datasets', few: { datasets: 100 }, many: { datasets: 10_000 } },
  { tool: 'list_snapshots', what: 'snapshots', few: { snapshots: 1000 }, many: { snapshots: 100_000 } },
] as const;

/** The dearest page of each list, and the overview of it all. */
const DEAREST: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  list_datasets: [
    { name: 'list_datasets', arguments: { limit: 500, sort: 'used' } },
    { name: 'system_overview', arguments: {} },
  ],
  list_snapshots: [
    {
      name: 'list_snapshots',
      arguments: { limit: 500, sort: 'used', fields: ['created', 'used', 'referenced'] },
    },
    { name: 'system_overview', arguments: {} },
  ],
};

const REPEATS = 9;

interface Cost {
  readonly bytes: number;
  readonly tokens: number;
  readonly latencyMs: number[];
  /** The same calls to the NAS by hand: what of the latency is the NAS's. */
  readonly byHandMs: number[];
  readonly peakMiB: number;
  /** The most that one call to the NAS answered, over all calls. */
  readonly largestBytes: number;
}

export const upstream: Measurement = {
  title: 'Many datasets and snapshots',
  method: [
    'The first page (50 rows) of a list against the same of a small NAS: bytes the NAS sent, tokens of the answer and, after',
    'pages of 500 rows and overviews, the peak resident memory of the server and the largest answer of the NAS to one call;',
    'and its latency against the same calls by hand, which is what the simulated NAS takes to search.',
  ].join(' '),
  async measure({ cli }) {
    const rows: Row[] = [];
    for (const { tool, what, few, many } of CASES) {
      const small = await cost(cli, tool, few);
      const big = await cost(cli, tool, many);
      const label = `${Object.values(few)[0]?.toLocaleString('en')} ${what}`;
      const name = `${Object.values(many)[0]?.toLocaleString('en')} ${what}`;
      const row = (part: string, unit: string, of: (each: Cost) => number[], goal?: string) =>
        compare(`${name}: ${part}`, unit, summarise(of(big)), label, summarise(of(small)), goal);
      rows.push(
        row('fetched', 'bytes', ({ bytes }) => [bytes], 'about 1'),
        row('answer', 'tokens', ({ tokens }) => [tokens], 'about 1'),
        row('largest answer of the NAS', 'KiB', ({ largestBytes }) => [largestBytes / 1024], '≤ 256 KiB'),
        row('peak memory', 'MiB', ({ peakMiB }) => [peakMiB], 'at most 20 MiB more'),
        latencyRow(label, small),
        latencyRow(name, big),
      );
    }
    return rows;
  },
};

function latencyRow(name: string, { latencyMs, byHandMs }: Cost): Row {
  const byHand = summarise(byHandMs);
  return compare(`${name}: latency`, 'ms', summarise(latencyMs), 'the same calls by hand', byHand);
}

async function cost(
  cli: string,
  tool: string,
  options: { datasets?: number; snapshots?: number },
): Promise<Cost> {
  const nas = await startSimulator(options);
  const { server } = await startServer([cli, 'serve'], nasEnvironment(nas));
  const ask = (call: Readonly<Record<string, unknown>>) => server.request('tools/call', call);
  const page = { name: tool, arguments: { limit: 50 } };
  await ask(page);
  const before = nas.calls().length;
  const answer = await ask(page);
  const made = nas.calls().slice(before);
  const bytes = sum(bytesSince(nas, before));
  const raw = await openRawConnection(nas);
  const byHand = () => Promise.all(made.map(({ method, params }) => raw.call(method, params)));
  const [latencyMs, byHandMs]: [number[], number[]] = [[], []];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    latencyMs.push(await timed(() => ask(page)));
    byHandMs.push(await timed(byHand));
  }
  raw.close();
  for (const call of DEAREST[tool] ?? []) for (let repeat = 0; repeat < REPEATS; repeat += 1) await ask(call);
  const peakMiB = residentMiB(server.pid, 'VmHWM') ?? Number.NaN;
  const largestBytes = Math.max(...bytesSince(nas, 0));
  await server.stop();
  await nas.close();
  const [content] = answer.content as { text?: string }[];
  const tokens = countTokens(content?.text ?? '');
  return { bytes, tokens, latencyMs, byHandMs, peakMiB, largestBytes };
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await call();
  return performance.now() - startedMs;
}

function bytesSince(nas: Simulator, index: number): number[] {
  return nas
    .calls()
    .slice(index)
    .map((call) => call.bytesOut);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
