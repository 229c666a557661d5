/** From the start of the process to the answer to `initialize`. */
import { compare, type Measurement, nasEnvironment } from './measurement.ts';
import { runBareNode, startServer } from './process.ts';
import { summarise } from './statistics.ts';

export const startup: Measurement = {
  title: 'Start',
  method: 'From starting the process to the answer to `initialize`, on stdio; `node -e 0` from start to end.',
  async measure({ cli, bareServer, nas, rounds }) {
    const samples = { ours: [] as number[], bare: [] as number[], node: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      samples.ours.push(await startOnce([cli, 'serve'], nasEnvironment(nas)));
      samples.bare.push(await startOnce([bareServer], {}));
      samples.node.push(await runBareNode());
    }
    const ours = summarise(samples.ours);
    return [
      compare(
        'process start → initialize',
        'ms',
        ours,
        'bundled bare SDK server',
        summarise(samples.bare),
        '≤ 1.25',
      ),
      compare('process start → initialize', 'ms', ours, '`node -e 0`', summarise(samples.node)),
    ];
  },
};

async function startOnce(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const { server, startMs } = await startServer(args, env);
  await server.stop();
  return startMs;
}
