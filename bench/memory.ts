/** Resident memory after the start, and after many calls of all kinds. */
import { compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { residentMiB, type ServerProcess, startServer } from './process.ts';
import { summarise } from './statistics.ts';

const CALLS = 10_000;
const SAMPLE_EVERY = 2000;
const IN_FLIGHT = 8;

type Request = readonly [method: string, params: Record<string, unknown>];

const call = (name: string, args: Record<string, unknown> = {}): Request => [
  'tools/call',
  { name, arguments: args },
];

/**
 * A mixed diet: lists and single things, the overview, the generic tools, resources, prompts and completions, and what is
 * wrong. Some ask for something new each time: what is remembered by the words of a client must have an end.
 */
const MIX: readonly ((index: number) => Request)[] = [
  () => call('list_pools'),
  () => call('list_datasets', { limit: 10 }),
  () => call('get_pool', { pool: 'tank' }),
  () => call('list_alerts'),
  () => call('list_snapshots', { limit: 10 }),
  () => call('list_disks'),
  () => call('get_dataset', { dataset: 'tank/home' }),
  () => call('list_services'),
  () => call('list_jobs'),
  () => call('list_shares'),
  () => call('system_overview'),
  (index) => call('get_dataset', { dataset: `tank/nowhere-${index}` }),
  () => call('search_api', { query: 'who is connected over smb' }),
  (index) => call('search_api', { query: `what is number ${index}` }),
  () => call('call_api_read', { method: 'system.info' }),
  (index) => call('call_api_read', { method: 'pool.query', params: [[['name', '=', `pool-${index}`]]] }),
  () => call('list_pools', { nonsense: true }),
  (index) => call(`tool_${index}`),
  () => ['resources/read', { uri: 'truenas://pool/tank' }],
  (index) => ['resources/read', { uri: `truenas://pool/none-${index}` }],
  (index) => ['prompts/get', { name: 'capacity_plan', arguments: { pool: `pool-${index}` } }],
  (index) => [
    'completion/complete',
    {
      ref: { type: 'ref/prompt', name: 'capacity_plan' },
      argument: { name: 'pool', value: `t${index % 3 === 0 ? 'a' : index}` },
    },
  ],
];

export const memory: Measurement = {
  title: 'Memory',
  method: [
    `Resident memory after the hello and \`tools/list\`; then over ${CALLS.toLocaleString('en')} mixed requests (${MIX.length} kinds: tools, resources, prompts, completions, and failing ones among`,
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
      const index = next;
      next += 1;
      const [method, params] = MIX[index % MIX.length]?.(index) ?? call('list_pools');
      // Some ask for what does not exist, and are refused.
      await server.request(method, params).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}
