/** What the list calls fetch from a NAS that holds little and one that holds a lot. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { startSimulator } from '../src/simulator/index.ts';
import { compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { residentMiB, startServer } from './process.ts';
import { summarise } from './statistics.ts';

const CASES = [
  { tool: 'list_datasets', what: 'datasets', few: { datasets: 100 }, many: { datasets: 10_000 } },
  { tool: 'list_snapshots', what: 'snapshots', few: { snapshots: 1000 }, many: { snapshots: 100_000 } },
] as const;

const REPEATS = 5;

interface Cost {
  readonly bytes: number;
  readonly tokens: number;
  readonly latencyMs: number[];
  readonly peakMiB: number;
}

export const upstream: Measurement = {
  title: 'Many datasets and snapshots',
  method: `The first page (50 rows) of a list: bytes the NAS sent, tokens of the answer, latency, and peak resident memory of the server; against the small NAS. Latency contains the simulated NAS's own search.`,
  async measure({ cli }) {
    const rows: Row[] = [];
    for (const { tool, what, few, many } of CASES) {
      const small = await cost(cli, tool, few);
      const big = await cost(cli, tool, many);
      const label = `${Object.values(few)[0]} ${what}`;
      const name = `${Object.values(many)[0]?.toLocaleString('en')} ${what}`;
      rows.push(
        compare(
          `${name}: fetched`,
          'bytes',
          summarise([big.bytes]),
          label,
          summarise([small.bytes]),
          'about 1',
        ),
        compare(
          `${name}: answer`,
          'tokens',
          summarise([big.tokens]),
          label,
          summarise([small.tokens]),
          'about 1',
        ),
        compare(`${name}: latency`, 'ms', summarise(big.latencyMs), label, summarise(small.latencyMs)),
        compare(
          `${name}: peak memory`,
          'MiB',
          summarise([big.peakMiB]),
          label,
          summarise([small.peakMiB]),
          'about 1',
        ),
      );
    }
    return rows;
  },
};

async function cost(
  cli: string,
  tool: string,
  options: { datasets?: number; snapshots?: number },
): Promise<Cost> {
  const nas = await startSimulator(options);
  const { server } = await startServer([cli, 'serve'], nasEnvironment(nas));
  const ask = () => server.request('tools/call', { name: tool, arguments: { limit: 50 } });
  await ask();
  const before = nas.calls().length;
  const answer = await ask();
  const bytes = nas
    .calls()
    .slice(before)
    .reduce((total, call) => total + call.bytesOut, 0);
  const latencyMs: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const startedMs = performance.now();
    await ask();
    latencyMs.push(performance.now() - startedMs);
  }
  const peakMiB = residentMiB(server.pid, 'VmHWM') ?? Number.NaN;
  await server.stop();
  await nas.close();
  const [content] = answer.content as { text?: string }[];
  return { bytes, tokens: countTokens(content?.text ?? ''), latencyMs, peakMiB };
}
