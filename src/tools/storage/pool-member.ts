/** One disk in the layout of a pool, as changes of it name it to the NAS: by the guid of its vdev, never by a name alone. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, isObject, rawRowsOf, rowsOf } from '../support/rows.ts';
import { notFound, unknownPool } from './find.ts';
import { type LayoutEntry, layoutOf, poolTopology } from './topology.ts';
import { failuresSurvived } from './vdev-redundancy.ts';

/** A disk of a pool. */
export interface PoolMember {
  readonly poolId: number;
  readonly pool: string;
  /** `ONLINE`, `DEGRADED`, … */
  readonly poolStatus: string;
  /** Dotted path into the row of `pool.query`: `topology.data.0.children.1`. */
  readonly path: string;
  /** Guid of the vdev that this disk is. */
  readonly guid: string;
  readonly status: string;
  readonly vdevClass: string;
  /** Name of the device; undefined for a disk that is gone. */
  readonly disk: string | undefined;
  readonly serial: string | undefined;
  /** The top-level vdev and what it is made of; the disk itself where it stands alone. */
  readonly vdev: LayoutEntry;
  readonly members: readonly LayoutEntry[];
  /** True when a replacement or a spare stands beside it. */
  readonly isPaired: boolean;
  /** `RESILVER` or `SCRUB` while one runs. */
  readonly scan: string | undefined;
  /** How many more disks its vdev can lose now; undefined where that is not known. */
  readonly survives: number | undefined;
}

const POOL = {
  id: field.integer,
  name: field.rawText,
  status: field.text,
  scan: field.object({ function: field.text, state: field.text }),
};

/**
 * Finds a disk of a pool by its name, serial number, guid or partition.
 * Calls `pool.query` and `disk.query`.
 * @throws InputProblem for a pool or a disk that is none, and for a name that fits several
 */
export async function poolMember(
  nas: ReadClient,
  argument: string,
  poolName: string,
  wanted: string,
): Promise<PoolMember> {
  const [[row], disks] = await Promise.all([
    nas.call('pool.query', query({ filters: [['name', '=', poolName]] })).then(rawRowsOf),
    nas
      .call('disk.query', query({ select: ['name', 'serial'] }))
      .then((answer) => rowsOf(answer, { name: field.rawText, serial: field.rawText })),
  ]);
  if (row === undefined) throw await unknownPool(nas, 'pool', poolName);
  const serials = new Map(disks.flatMap(({ name, serial }) => (name && serial ? [[name, serial]] : [])));
  const leaves = leavesOf(row['topology'], serials);
  const asked = wanted.trim().replace(/^\/dev\/(?:disk\/by-partuuid\/)?/u, '');
  const fitting = leaves.filter(({ names }) => names.has(asked));
  // A spare that stands in for a disk is named in both places.
  const used = fitting.filter(({ vdevClass }) => vdevClass !== 'spare');
  const found = used.length > 0 ? used : fitting;
  const [leaf] = found;
  if (leaf === undefined) {
    const names = leaves.flatMap(({ disk, guid }) => disk ?? guid);
    throw notFound(argument, `disk of pool ${safeCell(poolName)}`, asked, names);
  }
  if (found.length > 1)
    throw new InputProblem(argument, `${safeCell(asked)} is in ${poolName} more than once`, 'Name its guid.');
  return memberOf(row, poolName, leaf);
}

function memberOf(row: Record<string, unknown>, poolName: string, leaf: Leaf): PoolMember {
  const [pool] = rowsOf([row as never], POOL);
  const [vdev, ...members] = vdevOf(row['topology'], leaf);
  if (pool?.id === undefined || pool.id === null || vdev === undefined)
    throw new InputProblem('pool', `the layout of ${poolName} has a form that this program does not know`);
  const { guid, status, vdevClass, path, disk, serial, depth } = leaf;
  const replacing = members.filter(({ type, status: its }) => type === 'REPLACING' && its === 'ONLINE');
  const survives = failuresSurvived(vdev, members);
  return {
    ...{ guid, status, vdevClass, path, disk, serial, vdev, members },
    poolId: pool.id,
    pool: poolName,
    poolStatus: pool.status ?? 'UNKNOWN',
    isPaired: depth > 1 || (depth === 1 && vdev.type === 'REPLACING'),
    scan: pool.scan?.state === 'SCANNING' ? (pool.scan.function ?? undefined) : undefined,
    // The data of a disk that is being replaced is not whole on the new one yet.
    survives: survives === undefined ? undefined : survives - replacing.length,
  };
}

/** `sda (serial ZL2…)`, or by its guid. */
export function memberName({ disk, serial, guid }: Pick<PoolMember, 'disk' | 'serial' | 'guid'>): string {
  const name = disk === undefined ? `disk of guid ${guid}` : safeCell(disk, 30);
  return serial === undefined ? name : `${name} (serial ${safeCell(serial, 40)})`;
}

/** A disk in the raw layout. */
interface Leaf {
  readonly vdevClass: string;
  /** Position of its top-level vdev among those of the class. */
  readonly index: number;
  readonly depth: number;
  readonly path: string;
  readonly guid: string;
  readonly status: string;
  readonly disk: string | undefined;
  readonly serial: string | undefined;
  readonly names: ReadonlySet<string>;
}

function leavesOf(topology: unknown, serials: ReadonlyMap<string, string>): Leaf[] {
  if (!isObject(topology)) return [];
  return Object.entries(topology).flatMap(([vdevClass, vdevs]) =>
    (Array.isArray(vdevs) ? vdevs : []).flatMap((vdev, index) =>
      leavesBelow(vdev, { vdevClass, index, depth: 0, path: `topology.${vdevClass}.${index}` }, serials),
    ),
  );
}

function leavesBelow(
  node: unknown,
  place: Pick<Leaf, 'vdevClass' | 'index' | 'depth' | 'path'>,
  serials: ReadonlyMap<string, string>,
): Leaf[] {
  if (!isObject(node)) return [];
  const children = Array.isArray(node['children']) ? node['children'] : [];
  if (children.length > 0) {
    return children.flatMap((child, index) =>
      leavesBelow(
        child,
        { ...place, depth: place.depth + 1, path: `${place.path}.children.${index}` },
        serials,
      ),
    );
  }
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined;
  const gone = isObject(node['unavail_disk']) ? node['unavail_disk'] : {};
  const guid = text(node['guid']);
  if (guid === undefined) return [];
  const disk = text(node['disk']) ?? text(gone['name']);
  // The name of a disk that is gone may be that of another by now: its own serial number comes first.
  const serial = text(gone['serial']) ?? (disk === undefined ? undefined : serials.get(disk));
  const names = [guid, disk, serial, text(node['name']), text(node['device'])];
  return [
    {
      ...place,
      ...{ guid, disk, serial, status: text(node['status']) ?? 'UNKNOWN' },
      names: new Set(names.filter((name) => name !== undefined)),
    },
  ];
}

/** The lines of its vdev, itself first; none when the layout could not be read as a whole. */
function vdevOf(topology: unknown, { vdevClass, index }: Leaf): LayoutEntry[] {
  const lines = layoutOf(poolTopology(topology)).filter((entry) => entry.vdevClass === vdevClass);
  const starts = lines.flatMap(({ depth }, line) => (depth === 0 ? [line] : []));
  const start = starts[index];
  return start === undefined ? [] : lines.slice(start, starts[index + 1] ?? lines.length);
}
