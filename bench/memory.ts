/** Resident memory after the start, and after many calls of all kinds. */
import { compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { residentMiB, type ServerProcess, startServer } from './process.ts';
import { summarise } from './statistics.ts';

const CALLS = 10_000;
const SAMPLE_EVERY = 2000;
const IN_FLIGHT = 8;

/** A mixed diet: lists and single things, the overview, the generic tools, and arguments that are wrong. */
const MIX: readonly Readonly<Record<string, unknown>>[] = [
  { name: 'list_pools' },
  { name: 'list_datasets', arguments: { limit: 10 } },
  { name: 'get_pool', arguments: { pool: 'tank' } },
  { name: 'list_alerts' },
  { name: 'list_snapshots', arguments: { limit: 10 } },
  { name: 'list_disks' },
  { name: 'get_dataset', arguments: { dataset: 'tank/home' } },
  { name: 'list_services' },
  { name: 'list_jobs' },
  { name: 'list_shares' },
  { name: 'system_overview' },
  { name: 'get_dataset', arguments: { dataset: 'tank/nowhere' } },
  { name: 'search_api', arguments: { query: 'who is connected over smb' } },
  { name: 'call_api_read', arguments: { method: 'system.info' } },
  { name: 'list_pools', arguments: { nonsense: true } },
];

export const memory: Measurement = {
  title: 'Memory',
  method: [
    `Resident memory after the hello and \`tools/list\`; then over ${CALLS.toLocaleString('en')} mixed calls (${MIX.length} kinds, failing ones among`,
    `them, ${IN_FLIGHT} in flight), sampled every ${SAMPLE_EVERY.toLocaleString('en')}: the growth is that from the first sample, when everything is loaded`,
    'and compiled, to the last. The engine sizes the space for young objects by itself, up to 32 MiB.',
  ].join(' '),
  async measure({ cli, bareServer, nas, rounds }) {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < Math.min(rounds, 7); round += 1) {
      ours.push(...(await afterStart([cli, 'serve'], nasEnvironment(nas))));
      bare.push(...(await afterStart([bareServer], {})));
    }
    if (ours.length === 0 || bare.length === 0) return [];
    const samples = await duringCalls([cli, 'serve'], nasEnvironment(nas));
    const [first = Number.NaN, last = Number.NaN] = [samples[0], samples.at(-1)];
    const rows: Row[] = [
      compare(
        'resident after start',
        'MiB',
        summarise(ours),
        'bundled bare SDK server',
        summarise(bare),
        '≤ 1.2',
      ),
      ...samples.map((mib, index) => ({
        name: `resident after ${((index + 1) * SAMPLE_EVERY).toLocaleString('en')} calls`,
        unit: 'MiB',
        ours: summarise([mib]),
      })),
      {
        name: `growth from ${SAMPLE_EVERY.toLocaleString('en')} to ${CALLS.toLocaleString('en')} calls`,
        unit: 'MiB',
        ours: summarise([last - first]),
        goal: '≤ 10 MiB',
      },
    ];
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

async function duringCalls(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number[]> {
  const { server } = await startServer(args, env);
  const samples: number[] = [];
  for (let done = 0; done < CALLS; done += SAMPLE_EVERY) {
    await callMixed(server, done, SAMPLE_EVERY);
    const used = residentMiB(server.pid);
    if (used !== undefined) samples.push(used);
  }
  await server.stop();
  return samples;
}

async function callMixed(server: ServerProcess, from: number, count: number): Promise<void> {
  let next = from;
  const worker = async () => {
    while (next < from + count) {
      const call = MIX[next % MIX.length] ?? {};
      next += 1;
      await server.request('tools/call', call);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
