/** From the start of the process to the answer to a client's hello, in either protocol era. */
import { compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { type HELLOS, runBareNode, startServer } from './process.ts';
import { summarise } from './statistics.ts';

export const startup: Measurement = {
  title: 'Start',
  method:
    'From starting the process to the answer to `initialize` (2025-11-25) or `server/discover` (2026-07-28), on stdio; `node -e 0` from start to end.',
  async measure({ cli, bareServer, nas, rounds }) {
    const rows: Row[] = [];
    for (const hello of ['initialize', 'server/discover'] as const) {
      const samples = { ours: [] as number[], bare: [] as number[], node: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        samples.ours.push(await startOnce([cli, 'serve'], nasEnvironment(nas), hello));
        samples.bare.push(await startOnce([bareServer], {}, hello));
        samples.node.push(await runBareNode());
      }
      const name = `process start → ${hello}`;
      const [ours, bare, node] = [samples.ours, samples.bare, samples.node].map(summarise);
      if (ours === undefined || bare === undefined || node === undefined) continue;
      rows.push(
        compare(name, 'ms', ours, 'bundled bare SDK server', bare, '≤ 1.25'),
        compare(name, 'ms', ours, '`node -e 0`', node),
      );
    }
    return rows;
  },
};

async function startOnce(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  hello: keyof typeof HELLOS,
): Promise<number> {
  const { server, startMs } = await startServer(args, env, hello);
  await server.stop();
  return startMs;
}
