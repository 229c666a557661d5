/** A pool's layout as TrueNAS reports it: vdevs of each class, their members, and the errors each has counted. */
import { safeCell } from '../../output/untrusted.ts';
import { field, type RowOf } from '../support/rows.ts';

const STATS = field.object({
  read_errors: field.number,
  write_errors: field.number,
  checksum_errors: field.number,
});
const MEMBER = {
  name: field.text,
  type: field.text,
  status: field.text,
  disk: field.text,
  device: field.text,
  stats: STATS,
  // The disk that was here, from the NAS's own records; only of what is not ONLINE. A disk that is gone has no other name.
  unavail_disk: field.object({ model: field.text, serial: field.text }),
};
// Members of a spared disk may be a disk that is being replaced, which has members of its own: spare-0 > replacing-0 > sda.
const PAIRED = field.list({ ...MEMBER, children: field.list(MEMBER) });
const VDEVS = field.list({ ...MEMBER, children: field.list({ ...MEMBER, children: PAIRED }) });

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

/** One line of a pool's layout. */
export interface LayoutEntry {
  /** `data`, `special`, `log`, … */
  readonly vdevClass: string;
  /** 0 for a vdev, 1 for its members. */
  readonly depth: number;
  /** `mirror-0`, `sda`. */
  readonly name: string;
  readonly type: string;
  readonly status: string;
  /** The disk's name; undefined for a vdev that is more than one disk. */
  readonly disk: string | undefined;
  /** Model and serial of a disk that is out of service, as the NAS remembers it. */
  readonly identity: string | undefined;
  readonly readErrors: number;
  readonly writeErrors: number;
  readonly checksumErrors: number;
}

type Node = RowOf<typeof MEMBER> & { readonly children?: readonly Node[] };

/** The layout as lines, in the order a person reads `zpool status`. */
export function layoutOf(topology: Topology): LayoutEntry[] {
  if (topology === null) return [];
  const entries = Object.entries(topology).flatMap(([vdevClass, vdevs]) =>
    vdevs.flatMap((vdev: Node) => entriesOf(vdevClass, vdev, 0)),
  );
  // ZFS says of a spare that stands in for a disk that it cannot be opened as a spare: it works, and must not be pulled.
  const inUse = new Set(
    entries.flatMap(({ vdevClass, disk }) => (vdevClass === 'spare' ? [] : (disk ?? []))),
  );
  return entries.map((entry) =>
    entry.vdevClass === 'spare' && inUse.has(entry.disk ?? '')
      ? { ...entry, status: 'INUSE', identity: undefined }
      : entry,
  );
}

/** True when an entry needs attention: not in service, or with errors. */
export function isTroubled(entry: LayoutEntry): boolean {
  const isFine = entry.status === 'ONLINE' || entry.status === 'AVAIL' || entry.status === 'INUSE';
  return !isFine || entry.readErrors + entry.writeErrors + entry.checksumErrors > 0;
}

/** `3 read, 0 write, 12 checksum errors`; undefined when there are none. */
export function describeErrors(entry: LayoutEntry): string | undefined {
  if (entry.readErrors + entry.writeErrors + entry.checksumErrors === 0) return undefined;
  return `${entry.readErrors} read, ${entry.writeErrors} write, ${entry.checksumErrors} checksum errors`;
}

/** `ST16000NM001G, serial ZL2ABCDE`: what one reads on the disk in one's hand. */
export function identityText({ model, serial }: { model: string | null; serial: string | null }): string {
  return `${safeCell(model ?? '-', 40)}, serial ${safeCell(serial ?? '-', 40)}`;
}

function entriesOf(vdevClass: string, node: Node, depth: number): LayoutEntry[] {
  const children = node.children ?? [];
  const name = node.disk ?? node.name ?? node.type ?? '-';
  return [
    {
      vdevClass,
      depth,
      name: safeCell(children.length > 0 ? (node.name ?? name) : name, 60),
      type: safeCell(node.type ?? '-', 20),
      status: safeCell(node.status ?? 'UNKNOWN', 20),
      disk: children.length > 0 ? undefined : safeCell(name, 60),
      identity: node.unavail_disk?.serial ? identityText(node.unavail_disk) : undefined,
      readErrors: node.stats?.read_errors ?? 0,
      writeErrors: node.stats?.write_errors ?? 0,
      checksumErrors: node.stats?.checksum_errors ?? 0,
    },
    ...children.flatMap((child) => entriesOf(vdevClass, child, depth + 1)),
  ];
}
