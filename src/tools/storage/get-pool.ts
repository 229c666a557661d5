import * as z from 'zod';
import { InputProblem } from '../../output/problem.ts';
import { factLines } from '../../output/table.ts';
import { formatDuration } from '../../output/time.ts';
import { formatBytes, formatPercent } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { clockOf } from '../support/clock.ts';
import { datasetName, render } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';
import { bootPoolNamed } from './boot-pool.ts';
import { unknownPool } from './find.ts';
import { poolPicture } from './pool-picture.ts';
import {
  describeScan,
  isKnownTrouble,
  poolProblems,
  poolRow,
  poolScanShape,
  readScan,
  unknownFacts,
  usedPercent,
} from './pool-state.ts';
import { namedByGuid } from './gone-members.ts';
import {
  describeErrors,
  disksInUse,
  identityText,
  isTroubled,
  type LayoutEntry,
  layoutOf,
  poolTopology,
} from './topology.ts';
import { usableSpace } from './usable-space.ts';

const POOL = {
  ...poolRow,
  fragmentation: field.integer,
  autotrim: field.object({ value: field.text }),
  scan: readScan({ ...poolScanShape, total_secs_left: field.number }),
  expand: field.object({
    state: field.text,
    percentage: field.number,
    total_secs_left: field.number,
    waiting_for_resilver: field.number,
  }),
  topology: poolTopology,
};

/** Layout lines shown; of a larger pool only the vdevs and what is troubled. */
const MAX_LAYOUT_LINES = 80;

/** One pool in detail. The disks that are in trouble are named with model and serial, as one needs them in hand. */
export const getPool = defineTool({
  name: 'get_pool',
  toolset: 'storage',
  title: 'Get pool',
  words: 'zpool vdev raidz mirror resilver degraded faulted topology layout',
  description: 'One pool: vdevs, disks with their state and error counts, space, scrub or resilver.',
  input: z.strictObject({ pool: z.string().describe('e.g. tank; boot-pool too'), render }),
  output: factsOutput,
  view: 'pool-map',
  uses: ['pool.query', 'pool.dataset.query', 'disk.query', 'boot.get_state', 'system.info'],
  mayLack: [{ method: 'pool.dataset.query' }, { method: 'system.info' }],
  examples: [
    { args: { pool: 'tank' }, why: 'a pool' },
    { args: { pool: '/mnt/backup' }, why: 'a path, and a pool with a failed disk' },
    { args: { pool: 'tank', render: 'image' }, why: 'a picture beside the text' },
    { args: { pool: 'boot-pool' }, why: 'the pool that pool.query does not know' },
    { args: { pool: 'nothing' }, why: 'a pool that is not there' },
  ],
  async run(nas, input, context) {
    const [{ pool, layout: members }, usable, clock] = await Promise.all([
      readPool(nas, input.pool),
      usableSpace(nas),
      clockOf(nas, context.now()),
    ]);
    const { layout, read: records } = await namedByGuid(nas, members);
    const troubled = layout.filter(isTroubled);
    const disks = troubled.flatMap((entry) => entry.disk ?? []);
    const [found, viewData] = await Promise.all([
      readPart(nas, (limited) => identify(limited, disks)),
      context.showsViews === true ? drawnDisks(nas, layout) : undefined,
    ]);
    const identities = valueOr(found, new Map<string, string>());
    // Of a disk that is out of service the pool itself tells.
    const isUnnamed = troubled.some(({ disk, identity }) => disk !== undefined && identity === undefined);
    const shown =
      layout.length > MAX_LAYOUT_LINES
        ? layout.filter((entry) => entry.depth === 0 || isTroubled(entry))
        : layout;
    const problems = poolProblems(pool, layout, clock.nowMs).map((problem) => safeCell(problem, 300));
    const unknown = unknownFacts(pool, pool.topology && layout);
    const available = valueOr(usable, undefined)?.get(pool.name) ?? null;
    const left =
      pool.scan?.state === 'SCANNING' && pool.scan.pause === null ? pool.scan.total_secs_left : null;

    const text = [
      `pool ${safeCell(pool.name ?? '-')}: ${pool.status ?? 'UNKNOWN'}`,
      ...problems.map((problem) => `problem: ${problem}`),
      ...(unknown.length > 0 ? [`not known: ${unknown.slice(0, MAX_UNKNOWN).join(', ')}`] : []),
      ...factLines([
        ['raw space, parity included', rawSpace(pool)],
        ['available', gapText(usable) ?? bytes(available)],
        ['fragmentation', pool.fragmentation === null ? undefined : formatPercent(pool.fragmentation)],
        ['autotrim', pool.autotrim?.value ?? undefined],
        [
          'scan',
          `${describeScan(pool.scan) ?? (pool.size === null ? 'unknown' : 'never')}${left === null ? '' : `, ${formatDuration(left * 1000)} left`}`,
        ],
        ['expansion of a RAIDZ', describeExpansion(pool.expand)],
      ]),
      ...layoutLines(shown, identities),
      ...('gap' in records ? [`names of disks that are gone ${gapText(records)}`] : []),
      ...('gap' in found && isUnnamed ? [`models and serials ${gapText(found)}`] : []),
      ...clock.notes,
      ...(shown.length < layout.length ? [`(${layout.length - shown.length} healthy disks not shown)`] : []),
    ].join('\n');

    return {
      text,
      ...(input.render === 'image' ? { drawable: poolPicture(pool, layout, rawSpace(pool) ?? '') } : {}),
      data: {
        name: safeCell(pool.name ?? '-'),
        status: pool.status ?? 'UNKNOWN',
        problems,
        ...(unknown.length > 0 ? { unknown } : {}),
        sizeBytes: pool.size ?? undefined,
        usedBytes: pool.allocated ?? undefined,
        freeBytes: pool.free ?? undefined,
        availableBytes: available ?? undefined,
        fragmentationPercent: pool.fragmentation ?? undefined,
        autotrim: pool.autotrim?.value ?? undefined,
        scan: describeScan(pool.scan),
        vdevs: vdevsOf(shown),
        troubled: troubled.map((entry) => ({
          name: entry.name,
          status: entry.status,
          errors: describeErrors(entry),
          identity: entry.identity ?? identities.get(entry.disk ?? ''),
        })),
        ...(shown.length < layout.length ? { hiddenDisks: layout.length - shown.length } : {}),
      },
      ...(viewData === undefined ? {} : { viewData }),
    };
  },
});

/** A pool, and its layout among the others. */
export interface PoolRead {
  readonly pool: RowOf<typeof POOL>;
  readonly layout: readonly LayoutEntry[];
}

/**
 * The pool of this name, the boot pool too. Calls `pool.query`, and `boot.get_state` for one that it does not know.
 * @throws InputProblem naming near ones when there is none
 */
export async function readPool(nas: ReadClient, wanted: string): Promise<PoolRead> {
  const name = datasetName(wanted);
  const parameters = query({ filters: [['name', '=', name]], select: Object.keys(POOL) });
  const rows = rowsOf(await nas.call('pool.query', parameters), POOL);
  const pool = rows[0] ?? (await theBootPool(nas, name));
  return { pool, layout: await layoutAmongPools(nas, pool) };
}

/** Facts that could not be read, named in the text. */
const MAX_UNKNOWN = 8;

/** The layout. A spare that this pool cannot open may be in use by another pool, which is then looked for: calls `pool.query`. */
async function layoutAmongPools(
  nas: ReadClient,
  { name, topology }: RowOf<typeof POOL>,
): Promise<LayoutEntry[]> {
  const layout = layoutOf(topology);
  if (!layout.some((entry) => entry.vdevClass === 'spare' && isKnownTrouble(entry))) return layout;
  const shape = { name: field.text, topology: poolTopology };
  const parameters = query({ select: Object.keys(shape) });
  const pools = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('pool.query', parameters), shape),
  );
  return layoutOf(topology, disksInUse(valueOr(pools, []), name));
}

/** @throws InputProblem when it has another name, TrueNasError when it cannot be read and no pool has this name */
async function theBootPool(nas: ReadClient, name: string): Promise<RowOf<typeof POOL>> {
  const boot = await bootPoolNamed(nas, name, POOL);
  const [pool] = valueOr(boot, []);
  if (pool !== undefined) return { ...pool, name: pool.name ?? name };
  const problem = await unknownPool(nas, 'pool', name);
  // `pool.query` does not know the boot pool: that it lists no such pool proves nothing while the other cannot be read.
  const gap = gapText(boot);
  if (gap === undefined || !/boot/iu.test(name)) throw problem;
  throw new InputProblem(
    'pool',
    `names no data pool, and the boot pool ${gap}: ${JSON.stringify(safeCell(name))}`,
    problem.nextStep,
  );
}

/** The vdevs with the names of their members; those of the troubled ones are told in full beside them. */
function vdevsOf(entries: readonly LayoutEntry[]): Record<string, unknown>[] {
  const vdevs: { class: string; name: string; status: string; members: string[] }[] = [];
  for (const { vdevClass, depth, name, status } of entries) {
    if (depth === 0) vdevs.push({ class: vdevClass, name, status, members: [] });
    else vdevs.at(-1)?.members.push(name);
  }
  return vdevs.map(({ members, ...vdev }) => (members.length > 0 ? { ...vdev, members } : vdev));
}

function layoutLines(entries: readonly LayoutEntry[], identities: ReadonlyMap<string, string>): string[] {
  let vdevClass = '';
  return entries.flatMap((entry) => {
    const isNewClass = entry.vdevClass !== vdevClass;
    vdevClass = entry.vdevClass;
    const identity = entry.identity ?? identities.get(entry.disk ?? '');
    const words = [
      entry.name,
      entry.status,
      entry.usedBy && `by pool ${entry.usedBy}`,
      entry.disk !== undefined || isTroubled(entry) ? describeErrors(entry) : undefined,
      identity && `[${identity}]`,
    ].filter(Boolean);
    return [...(isNewClass ? [`${vdevClass}:`] : []), `${'  '.repeat(entry.depth + 1)}${words.join(' ')}`];
  });
}

const DISK = { name: field.text, model: field.text, serial: field.text };

async function identify(nas: ReadClient, names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const parameters = query({ filters: [['name', 'in', names]], select: Object.keys(DISK), limit: 100 });
  const rows = rowsOf(await nas.call('disk.query', parameters), DISK);
  return new Map(rows.map((disk) => [disk.name ?? '', identityText(disk)]));
}

const DRAWN_DISK = { ...DISK, enclosure: field.object({ number: field.number, slot: field.number }) };

/** What a view draws of each disk besides: model, serial, and its bay where the NAS tells one. Calls `disk.query`. */
async function drawnDisks(nas: ReadClient, layout: readonly LayoutEntry[]): Promise<Record<string, unknown>> {
  const names = layout.flatMap(({ disk }) => disk ?? []);
  const parameters = query({ filters: [['name', 'in', names]], select: Object.keys(DRAWN_DISK), limit: 500 });
  const read = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('disk.query', parameters), DRAWN_DISK),
  );
  if ('gap' in read) return { disksUnread: gapText(read) };
  const disks = read.value.map(({ name, model, serial, enclosure }) => ({
    name: safeCell(name ?? '-', 60),
    model: safeCell(model ?? '-', 40),
    serial: safeCell(serial ?? '-', 40),
    enclosure: enclosure?.number ?? null,
    slot: enclosure?.slot ?? null,
  }));
  return { disks };
}

/** `42 %, 3 h left` while a RAIDZ vdev takes in another disk; nothing before and afterwards. */
function describeExpansion(expand: RowOf<typeof POOL>['expand']): string | undefined {
  if (expand?.state !== 'SCANNING') return undefined;
  const left =
    expand.total_secs_left === null ? '' : `, ${formatDuration(expand.total_secs_left * 1000)} left`;
  const wait = expand.waiting_for_resilver ? ', waits for a resilver' : '';
  return `${formatPercent(expand.percentage ?? 0)}${left}${wait}`;
}

/** `35.5 TiB of 86.7 TiB used (41 %), 51.3 TiB free`; nothing for a pool that is not imported. */
function rawSpace(pool: RowOf<typeof POOL>): string | undefined {
  const { size, allocated, free } = pool;
  const percent = usedPercent(pool);
  if (percent === undefined) return undefined;
  return `${bytes(allocated)} of ${bytes(size)} used (${formatPercent(percent)}), ${bytes(free) ?? '-'} free`;
}

function bytes(value: number | null): string | undefined {
  return value === null ? undefined : formatBytes(value);
}
