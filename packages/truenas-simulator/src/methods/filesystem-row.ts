/** How directories look in `filesystem.*`. */
import type { MethodContext } from '../calls/method.ts';
import type { Dataset } from '../world/datasets.ts';
import { mountpointOf } from '../world/datasets.ts';
import { type Directory, namesIn, type Place, rootOwned } from '../world/directories.ts';
import { guidOf } from '../world/random.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';

const DIRECTORY_BITS = 0o40_000;
/** Inode of the root of every ZFS filesystem. */
const ROOT_INODE = 34;

/** What `filesystem.stat` answers. */
export function statRow(context: MethodContext, place: Place): ApiRow {
  const { uid, gid, createdMs } = ownedBy(context, place);
  const { accounts } = context;
  const seconds = createdMs / 1000;
  return {
    realpath: place.path,
    ...common(context, place),
    atime: seconds,
    mtime: seconds,
    ctime: seconds,
    btime: seconds,
    dev: place.dataset.createTxg,
    inode: isMountPoint(place) ? ROOT_INODE : small(`inode ${place.path}`),
    nlink: namesIn(context.world.datasets, place).length + 2,
    user: [...accounts.users.values()].find((row) => row.uid === uid)?.username ?? null,
    group: [...accounts.groups.values()].find((row) => row.gid === gid)?.name ?? null,
  };
}

/** A row of `filesystem.listdir`, and what `filesystem.mkdir` answers; `shownPath` as the caller spelled it. */
export function entryRow(context: MethodContext, place: Place, shownPath: string = place.path): ApiRow {
  const hasAcl = isNfs4(place.dataset);
  return {
    name: place.path.slice(place.path.lastIndexOf('/') + 1),
    path: shownPath,
    realpath: place.path,
    ...common(context, place),
    xattrs: hasAcl ? ['system.nfs4_acl_xdr'] : [],
    zfs_attrs: place.lockedDataset === null ? ['ARCHIVE'] : ['ARCHIVE', 'IMMUTABLE'],
  };
}

/** What `filesystem.statfs` answers. */
export function statfsRow(world: World, { path, dataset }: Place): ApiRow {
  const block = Number(setOn(dataset, 'recordsize') ?? 131_072);
  const free = world.datasets.availableBytes(dataset);
  const total = free + dataset.dataBytes;
  const sizes = {
    total_blocks: Math.floor(total / block),
    free_blocks: Math.floor(free / block),
    avail_blocks: Math.floor(free / block),
    total_bytes: total,
    free_bytes: free,
    avail_bytes: free,
  };
  const isReadOnly = setOn(dataset, 'readonly') === 'on';
  return {
    flags: [
      isReadOnly ? 'RO' : 'RW',
      'XATTR',
      isNfs4(dataset) ? 'NFS4ACL' : 'POSIXACL',
      'CASESENSITIVE',
      'NOATIME',
    ],
    fsid: dataset.createTxg.toString(16),
    fstype: 'zfs',
    source: dataset.id,
    dest: path.startsWith('/mnt/') ? (mountpointOf(dataset) ?? path) : '/',
    blocksize: block,
    ...sizes,
    ...Object.fromEntries(Object.entries(sizes).map(([name, value]) => [`${name}_str`, String(value)])),
    files: 1_000_000,
    free_files: 999_000,
    name_max: 255,
  };
}

/** A ZFS property of a dataset, its own or from above; undefined where it has its default. */
export function setOn(dataset: Dataset, property: string): string | undefined {
  for (let each: Dataset | null = dataset; each !== null; each = each.parent) {
    const raw = each.local.get(property);
    if (raw !== undefined) return raw;
  }
  return undefined;
}

/** What both kinds of answers say. */
function common(context: MethodContext, place: Place): ApiRow {
  const { mode, uid, gid } = ownedBy(context, place);
  const isMounted = isMountPoint(place);
  return {
    type: 'DIRECTORY',
    // ZFS counts entries here, the two dots with them.
    size: namesIn(context.world.datasets, place).length + 2,
    allocation_size: 512,
    mode: DIRECTORY_BITS + mode,
    mount_id: small(`mount ${place.dataset.id}`),
    acl: isNfs4(place.dataset) || hasList(place),
    uid,
    gid,
    is_mountpoint: isMounted,
    is_ctldir: false,
    attributes: isMounted ? ['MOUNT_ROOT'] : place.lockedDataset === null ? [] : ['IMMUTABLE'],
  };
}

/** Who owns a place: who made it, or for the mount point of a dataset the person whose home it is. */
export function ownedBy(
  { accounts }: MethodContext,
  { path, dataset, directory, lockedDataset }: Place,
): Directory {
  if (directory !== null) return directory;
  if (lockedDataset !== null) return rootOwned(lockedDataset.createdMs);
  const home = [...accounts.users.values()].find((row) => row.home === path);
  if (home === undefined) return rootOwned(dataset.createdMs);
  const gid = accounts.groups.get(home.groupId)?.gid ?? 0;
  return { mode: 0o700, uid: home.uid, gid, createdMs: dataset.createdMs };
}

/** True when a list says more than the mode. */
function hasList({ directory }: Place): boolean {
  return directory?.acl !== undefined && directory.acl !== null;
}

function isMountPoint({ inside, lockedDataset }: Place): boolean {
  return inside === '' && lockedDataset === null;
}

function isNfs4(dataset: Dataset): boolean {
  return setOn(dataset, 'acltype') === 'nfsv4';
}

/** A number that stays the same for the same text. */
function small(text: string): number {
  return Number(BigInt(guidOf(text)) % 1_000_000n);
}
