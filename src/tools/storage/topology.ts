/** A pool's layout as TrueNAS reports it: vdevs of each class, their members, and the errors each has counted. */
import { safeCell } from '../../output/untrusted.ts';
import { field, type Fields, type Reader, type RowOf } from '../support/rows.ts';

const STATS = field.object({
  read_errors: field.number,
  write_errors: field.number,
  checksum_errors: field.number,
});
const MEMBER = {
  name: field.text,
  guid: field.text,
  type: field.text,
  status: field.text,
  disk: field.text,
  device: field.text,
  stats: STATS,
  // The disk that was here, from the NAS's own records; only of what is not ONLINE. A disk that is gone has no other name.
  unavail_disk: field.object({ model: field.text, serial: field.text }),
};
// Members of a spared disk may be a disk that is being replaced, which has members of its own: spare-0 > replacing-0 > sda.
const PAIRED = nodesOf({ ...MEMBER, children: nodesOf(MEMBER) });
const VDEVS = nodesOf({ ...MEMBER, children: nodesOf({ ...MEMBER, children: PAIRED }) });

/** The `topology` of a pool's row. */
export const poolTopology = field.object({
  data: VDEVS,
  special: VDEVS,
  dedup: VDEVS,
  log: VDEVS,
  cache: VDEVS,
  spare: VDEVS,
});
export type Topology = ReturnType<typeof poolTopology>;

/** Vdevs or members. In place of one that is of another form, or of a whole list that is none, stands one of which nothing is known. */
function nodesOf<Shape extends Fields>(shape: Shape): Reader<RowOf<Shape>[]> {
  const read = field.nullable(shape);
  return (value) => {
    const nodes = Array.isArray(value) ? value : value === null || value === undefined ? [] : [undefined];
    return nodes.flatMap((node): RowOf<Shape>[] => {
      const known = read(node ?? undefined);
      return known === null ? [] : [known];
    });
  };
}

/** One line of a pool's layout. */
export interface LayoutEntry {
  /** `data`, `special`, `log`, … */
  readonly vdevClass: string;
  /** 0 for a vdev, 1 for its members. */
  readonly depth: number;
  /** `mirror-0`, `sda`, `a disk that is gone (gptid …)`. */
  readonly name: string;
  /** As ZFS has it, for members without the name of a disk. */
  readonly guid: string | undefined;
  /** True for a disk out of service that FreeBSD knows by no more than the label of its partition. */
  readonly isNameless: boolean;
  readonly type: string;
  readonly status: string;
  /** The disk's name; undefined for a vdev that is more than one disk. */
  readonly disk: string | undefined;
  readonly hasMembers: boolean;
  /** Model and serial of a disk that is out of service, as the NAS remembers it. */
  readonly identity: string | undefined;
  /** Errors that ZFS has counted; undefined where the NAS does not say. */
  readonly readErrors: number | undefined;
  readonly writeErrors: number | undefined;
  readonly checksumErrors: number | undefined;
  /** Of a spare that stands in for a disk of another pool: that pool. */
  readonly usedBy?: string;
}

type Node = RowOf<typeof MEMBER> & { readonly children?: readonly Node[] };

/** The status of a vdev or member of which the NAS says none that could be read. */
export const UNKNOWN_STATUS = 'UNKNOWN';

/**
 * The layout as lines, in the order a person reads `zpool status`.
 * @param others disks that other pools use outside their spares, with the pool: a spare may belong to several pools
 */
export function layoutOf(topology: Topology, others: ReadonlyMap<string, string> = new Map()): LayoutEntry[] {
  if (topology === null) return [];
  const entries = Object.entries(topology).flatMap(([vdevClass, vdevs]) =>
    vdevs.flatMap((vdev: Node) => entriesOf(vdevClass, vdev, 0)),
  );
  // ZFS says of a spare that stands in for a disk that it cannot be opened as a spare: it works, and must not be pulled.
  const inUse = new Set(usedDisks(entries));
  return entries.map((entry) => {
    if (entry.vdevClass !== 'spare' || entry.disk === undefined) return entry;
    if (inUse.has(entry.disk)) return { ...entry, status: 'INUSE', identity: undefined };
    const usedBy = others.get(entry.disk);
    return usedBy === undefined ? entry : { ...entry, status: 'INUSE', identity: undefined, usedBy };
  });
}

/** Disks that do something in the pool, unlike a spare that waits. */
function usedDisks(entries: readonly LayoutEntry[]): string[] {
  return entries.flatMap(({ vdevClass, disk }) => (vdevClass === 'spare' ? [] : (disk ?? [])));
}

/** Disks that pools use outside their spares, each with its pool; the pool named is left out. */
export function disksInUse(
  pools: readonly { readonly name: string | null; readonly topology: Topology }[],
  but: string | null,
): Map<string, string> {
  const inUse = new Map<string, string>();
  for (const { name, topology } of pools) {
    if (name === null || name === but) continue;
    for (const disk of usedDisks(layoutOf(topology))) inUse.set(disk, safeCell(name, 60));
  }
  return inUse;
}

/** Types of vdevs that are made of others. */
const COMPOUND = /^(?:MIRROR|D?RAIDZ?\d?|SPARE|REPLACING)\b/iu;

/** True for a vdev whose members the NAS does not tell: it is no disk itself. */
export function isWithoutMembers({ type, disk, hasMembers }: LayoutEntry): boolean {
  return disk === undefined && !hasMembers && COMPOUND.test(type);
}

/** True when an entry needs attention: not in service, or with errors. */
export function isTroubled(entry: LayoutEntry): boolean {
  return !isInService(entry) || errorsOf(entry) > 0;
}

/** True for what works, and for a spare that waits. */
export function isInService({ status }: LayoutEntry): boolean {
  return IN_SERVICE.has(status);
}

const IN_SERVICE: ReadonlySet<string> = new Set(['ONLINE', 'AVAIL', 'INUSE']);

/** All errors that are known of. */
export function errorsOf({ readErrors = 0, writeErrors = 0, checksumErrors = 0 }: LayoutEntry): number {
  return readErrors + writeErrors + checksumErrors;
}

/** What of an entry could not be read, and decides about it: `status of sda`, `errors of sda`. A spare that waits has no errors. */
export function unknownOf(entry: LayoutEntry): string[] {
  if (isWithoutMembers(entry)) return [`members of ${entry.name}`];
  if (entry.status === UNKNOWN_STATUS) return [`status of ${entry.name} (${entry.vdevClass})`];
  const isCounted = entry.disk !== undefined && entry.vdevClass !== 'spare' && entry.status === 'ONLINE';
  return isCounted && countsOf(entry).includes(undefined) ? [`errors of ${entry.name}`] : [];
}

const COUNTERS = ['read', 'write', 'checksum'] as const;

/** `3 read, 0 write, 12 checksum errors`; undefined when there are none. A count that could not be read is unknown, never 0. */
export function describeErrors(entry: LayoutEntry): string | undefined {
  const counts = countsOf(entry);
  const named = counts.map((count, index) => ({ count, name: COUNTERS[index] ?? '-' }));
  const unread = named.filter(({ count }) => count === undefined).map(({ name }) => name);
  const known = unread.length === 0 ? named : named.filter(({ count }) => (count ?? 0) > 0);
  const words = [
    ...(errorsOf(entry) === 0
      ? []
      : [`${known.map(({ count, name }) => `${count} ${name}`).join(', ')} errors`]),
    ...(unread.length === 0
      ? []
      : [`${unread.length === counts.length ? '' : `${unread.join(' and ')} `}errors unknown`]),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}

function countsOf({ readErrors, writeErrors, checksumErrors }: LayoutEntry): (number | undefined)[] {
  return [readErrors, writeErrors, checksumErrors];
}

/** `ST16000NM001G, serial ZL2ABCDE`: what one reads on the disk in one's hand. */
export function identityText({ model, serial }: { model: string | null; serial: string | null }): string {
  return `${safeCell(model ?? '-', 40)}, serial ${safeCell(serial ?? '-', 40)}`;
}

function entriesOf(vdevClass: string, node: Node, depth: number): LayoutEntry[] {
  const children = node.children ?? [];
  const disk = node.disk || diskOfDevice(node.device) || diskOfDevice(node.name);
  const name = disk ?? node.type ?? '-';
  const label = children.length === 0 ? GPTID.exec(name)?.groups?.['label'] : undefined;
  const isNameless = label !== undefined && !IN_SERVICE.has(node.status ?? '');
  const shown = children.length > 0 ? (node.name ?? name) : name;
  return [
    {
      vdevClass,
      depth,
      name: isNameless ? `a disk that is gone (gptid ${label})` : safeCell(shown, 60),
      guid: node.guid ?? undefined,
      isNameless,
      type: safeCell(node.type ?? '-', 20),
      status: safeCell(node.status || UNKNOWN_STATUS, 20),
      disk: children.length > 0 || COMPOUND.test(node.type ?? '') ? undefined : safeCell(name, 60),
      hasMembers: children.length > 0,
      identity: node.unavail_disk?.serial ? identityText(node.unavail_disk) : undefined,
      readErrors: node.stats?.read_errors ?? undefined,
      writeErrors: node.stats?.write_errors ?? undefined,
      checksumErrors: node.stats?.checksum_errors ?? undefined,
    },
    ...children.flatMap((child) => entriesOf(vdevClass, child, depth + 1)),
  ];
}

/** A partition as FreeBSD labels it; where a disk is there, the NAS tells its name besides. */
const GPTID = /^gptid\/(?<label>[0-9a-f-]{1,40})(?:\.eli)?$/iu;

/** A partition as Linux names it: a number behind letters, or behind `p` where the disk's own name ends in a number. */
const PARTITION =
  /^(?:(?<lettered>(?:sd|vd|hd|xvd)[a-z]+)\d+|(?<numbered>(?:nvme|mmcblk|md|nbd)\d\w*)p\d+)$/u;

/** The disk of a partition, `sda` of `sda1` and `nvme0n1` of `nvme0n1p2`; any other name stays. */
function diskOfDevice(device: string | null): string | undefined {
  if (!device) return undefined;
  const name = device.replace(/^\/dev\//u, '');
  const { lettered, numbered } = PARTITION.exec(name)?.groups ?? {};
  return lettered ?? numbered ?? name;
}
