/** Resident memory after the start, and after many calls. */
import { compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { residentMiB, startServer } from './process.ts';
import { summarise } from './statistics.ts';

const CALLS = 1000;

export const memory: Measurement = {
  title: 'Memory',
  method: `Resident memory after \`initialize\` and \`tools/list\`, and its growth over ${CALLS} calls after the first ${CALLS}.`,
  async measure({ cli, bareServer, nas, rounds }) {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < Math.min(rounds, 7); round += 1) {
      ours.push(...(await afterStart([cli, 'serve'], nasEnvironment(nas))));
      bare.push(...(await afterStart([bareServer], {})));
    }
    if (ours.length === 0 || bare.length === 0) return [];
    const rows: Row[] = [
      compare(
        'resident after start',
        'MiB',
        summarise(ours),
        'bundled bare SDK server',
        summarise(bare),
        '≤ 1.2',
      ),
    ];
    const growth = await growthOverCalls([cli, 'serve'], nasEnvironment(nas));
    if (growth !== undefined)
      rows.push({ name: `growth over ${CALLS} calls`, unit: 'MiB', ours: summarise([growth]) });
    return rows;
  },
};

async function afterStart(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number[]> {
  const { server } = await startServer(args, env);
  await server.request('tools/list');
  const used = residentMiB(server.pid);
  await server.stop();
  return used === undefined ? [] : [used];
}

async function growthOverCalls(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  const { server } = await startServer(args, env);
  const callMany = async () => {
    for (let call = 0; call < CALLS; call += 1)
      await server.request('tools/call', { name: 'list_pools', arguments: {} });
  };
  await callMany();
  const before = residentMiB(server.pid);
  await callMany();
  const after = residentMiB(server.pid);
  await server.stop();
  return before === undefined || after === undefined ? undefined : after - before;
}
