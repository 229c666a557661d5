/** The cost of changes: what a plan asks of the NAS, what the server adds to a reversible change, and what the level costs at the start. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { openRawConnection } from './baseline/raw-connection.ts';
import { type Bench, compare, type Measurement, nasEnvironment, type Row } from './measurement.ts';
import { type ServerProcess, startServer } from './process.ts';
import { summarise } from './statistics.ts';

/** Plans whose calls to the NAS are counted. */
const PLANS = [
  { tool: 'create_snapshot', arguments: { dataset: 'tank/media', name: 'bench' } },
  { tool: 'update_dataset', arguments: { dataset: 'tank/media', quota: '40T' } },
  { tool: 'delete_dataset', arguments: { dataset: 'tank/home/carol', recursive: true } },
  { tool: 'create_share', arguments: { kind: 'smb', path: 'tank/media', name: 'bench' } },
] as const;

/** As with calls, what is compared has been compiled; the first changes of a process are told apart. */
const FIRST_CHANGES = 50;
const WARM_UP_CHANGES = 300;
const CHANGES = 20;

type RecordedCall = ReturnType<Simulator['calls']>[number];

export const changes: Measurement = {
  title: 'Changes',
  method: [
    'Calls to the NAS of a plan, asked for a second time, against those of them that differ: nothing is asked twice. `create_snapshot`,',
    'planned, applied and verified in one call with a key for changes, against its calls and flushes by hand in the same order: the reads',
    'of the plan at once, the intent in one file and then in another, a look at the thing, the call in both files, the write, its answer in one file',
    'while the thing is read back, the end in both (each opened for each line, as other processes write and rotate them too). The connections',
    `are open, so that no sign-in is in it; ${FIRST_CHANGES + WARM_UP_CHANGES} changes went before.`,
    'The start at access `destroy` against `read`, to the hello and to the list of tools.',
  ].join(' '),
  async measure(bench) {
    const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-bench-changes-'));
    const nas = await startSimulator({
      roles: ['READONLY_ADMIN', 'SNAPSHOT_WRITE'],
      anonymousCallsPerMinute: 1_000_000,
    });
    const { server } = await startServer([bench.cli, 'serve'], {
      ...nasEnvironment(nas),
      TRUENAS_ACCESS: 'destroy',
      TRUENAS_STATE_DIR: folder,
      TRUENAS_WRITE_API_KEY: nas.apiKey,
    });
    try {
      return [
        ...(await planned(server, nas)),
        ...(await applied(server, nas, { folder, rounds: bench.rounds })),
        ...(await started(bench, folder)),
      ];
    } finally {
      await server.stop();
      await nas.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function planned(server: ServerProcess, nas: Simulator): Promise<Row[]> {
  const rows: Row[] = [];
  for (const plan of PLANS) {
    await call(server, 'plan_change', plan);
    const made = await recorded(nas, () => call(server, 'plan_change', plan));
    const distinct = new Set(made.map(({ method, params }) => JSON.stringify([method, params])));
    const name = `plan of ${plan.tool}`;
    const [ours, different] = [summarise([made.length]), summarise([distinct.size])];
    rows.push(compare(name, 'calls', ours, 'that differ', different, '1'));
  }
  return rows;
}

async function applied(
  server: ServerProcess,
  nas: Simulator,
  { folder, rounds }: { readonly folder: string; readonly rounds: number },
): Promise<Row[]> {
  let last = 0;
  const change = (): Promise<unknown> => {
    last += 1;
    return call(server, 'create_snapshot', { dataset: 'tank/iso', name: `bench-${last}` });
  };
  const firstMs = await repeat(change, FIRST_CHANGES);
  await repeat(change, WARM_UP_CHANGES);
  const before = linesIn(folder);
  const made = await recorded(nas, change);
  const flushes = linesIn(folder) - before;
  const raw = await openRawConnection(nas);
  const byHand = byHandOf(made, folder, (method, params) => raw.call(method, params));
  if (flushes !== byHand.flushes) throw new Error(`${flushes} lines were flushed, by hand ${byHand.flushes}`);
  const samples = { ours: [] as number[], byHand: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    samples.ours.push(await repeat(change));
    samples.byHand.push(await repeat(() => byHand.run()));
  }
  raw.close();
  const added = samples.ours.map((ms, index) => ms - (samples.byHand[index] ?? ms));
  return [
    { name: 'a reversible change: calls to the NAS', unit: 'calls', ours: summarise([made.length]) },
    { name: 'a reversible change: lines flushed to disk', unit: 'lines', ours: summarise([flushes]) },
    compare(
      'a reversible change',
      'ms',
      summarise(samples.ours),
      'its calls and flushes by hand',
      summarise(samples.byHand),
    ),
    { name: 'added to a reversible change', unit: 'ms', ours: summarise(added), goal: '≤ 3 ms' },
    { name: `one of the first ${FIRST_CHANGES} of a process`, unit: 'ms', ours: summarise([firstMs]) },
  ];
}

/**
 * The same calls and flushed lines by hand, in the order that makes a change safe: the intent on disk in one file and then in the other, the
 * thing looked at again, the call on disk in both, the call, its answer on disk while the thing is read back, the end in both.
 */
function byHandOf(
  made: readonly RecordedCall[],
  folder: string,
  send: (method: string, params: readonly unknown[]) => Promise<unknown>,
) {
  const writeAt = made.findIndex(({ method }) => method === 'pool.snapshot.create');
  if (writeAt < 1) throw new Error('no snapshot was taken');
  const [planning, look, back] = [
    made.slice(0, writeAt - 1),
    made.slice(writeAt - 1, writeAt),
    made.slice(writeAt + 1),
  ];
  const all = (calls: readonly RecordedCall[]) =>
    Promise.all(calls.map(({ method, params }) => send(method, params)));
  const flushed = async (name: string): Promise<void> => {
    const file = await open(join(folder, name), 'a');
    await file.appendFile(`${'x'.repeat(300)}\n`);
    await file.datasync();
    await file.close();
  };
  const both = () => Promise.all([flushed('audit-by-hand.txt'), flushed('journal-by-hand.txt')]);
  let last = 0;
  return {
    flushes: 7,
    async run() {
      await all(planning);
      await flushed('audit-by-hand.txt');
      await flushed('journal-by-hand.txt');
      await all(look);
      await both();
      last += 1;
      await send('pool.snapshot.create', [{ dataset: 'tank/iso', name: `by-hand-${last}` }]);
      await Promise.all([all(back), flushed('audit-by-hand.txt')]);
      await both();
    },
  };
}

async function started({ cli, nas, rounds }: Bench, folder: string): Promise<Row[]> {
  const levels = { read: {}, destroy: { TRUENAS_ACCESS: 'destroy', TRUENAS_STATE_DIR: folder } };
  const samples = { hello: { read: [], destroy: [] }, list: { read: [], destroy: [] } } as Record<
    'hello' | 'list',
    Record<keyof typeof levels, number[]>
  >;
  for (let round = 0; round < rounds; round += 1) {
    for (const level of ['read', 'destroy'] as const) {
      const startedMs = performance.now();
      const { server, startMs } = await startServer([cli, 'serve'], {
        ...nasEnvironment(nas),
        ...levels[level],
      });
      samples.hello[level].push(startMs);
      await server.request('tools/list');
      samples.list[level].push(performance.now() - startedMs);
      await server.stop();
    }
  }
  const row = (name: string, { read, destroy }: Record<keyof typeof levels, number[]>): Row =>
    compare(name, 'ms', summarise(destroy), 'at access read', summarise(read));
  return [
    row('process start → initialize, at access destroy', samples.hello),
    row('process start → tools/list, at access destroy', samples.list),
  ];
}

/** A call of a tool. @throws Error when it fails: a measurement of failures says nothing */
async function call(
  server: ServerProcess,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<void> {
  const result = await server.request('tools/call', { name, arguments: args });
  if (result.isError === true) throw new Error(`${name} failed: ${JSON.stringify(result)}`);
}

async function recorded(nas: Simulator, work: () => Promise<unknown>): Promise<RecordedCall[]> {
  const before = nas.calls().length;
  await work();
  return nas.calls().slice(before);
}

/** Milliseconds for one of them. */
async function repeat(work: () => Promise<unknown>, times = CHANGES): Promise<number> {
  const startedMs = performance.now();
  for (let index = 0; index < times; index += 1) await work();
  return (performance.now() - startedMs) / times;
}

function linesIn(folder: string): number {
  return ['audit.jsonl', 'journal.jsonl'].reduce(
    (total, name) => total + readFileSync(join(folder, name), 'utf8').split('\n').length - 1,
    0,
  );
}
