/**
 * Directories: mount points of datasets, and what was made inside them. Files and what is in them are not simulated,
 * nor are `.zfs` directories; a rollback leaves directories as they are.
 */
import { posix } from 'node:path';
import type { Acl } from './acl.ts';
import { type Dataset, type DatasetStore, isLocked, mountpointOf } from './datasets.ts';

/** Who owns a directory, and who may do what in it. */
export interface Directory {
  /** The permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly createdMs: number;
  /** Absent or null when the mode says it all. */
  readonly acl?: Acl | null;
}

/** Where a path leads. */
export interface Place {
  /** Absolute, without `.`, `..` and a slash at the end. */
  readonly path: string;
  /** The filesystem it lies in. */
  readonly dataset: Dataset;
  /** The rest of the path inside of it, empty for its mount point. */
  readonly inside: string;
  /** Null for a mount point of which nobody has changed owner or access, and for one of a dataset that is locked. */
  readonly directory: Directory | null;
  /** The locked dataset that is not mounted here; its mount point stays behind, empty and immutable. */
  readonly lockedDataset: Dataset | null;
}

/** The boot environment that runs: it holds what is outside of all pools. */
const BOOT = 'boot-pool/ROOT/current';

type Owner = Pick<Directory, 'mode' | 'uid' | 'gid' | 'acl'>;

/** Directories of one owner in one dataset; the empty path is its mount point. */
export type DirectoryPlan = readonly [dataset: string, owner: Owner, paths: readonly string[]];

/** What the boot device holds, as far as somebody may ask for it. */
const BOOT_DIRECTORIES: readonly DirectoryPlan[] = [
  [BOOT, { mode: 0o755, uid: 0, gid: 0 }, ['etc', 'home', 'mnt', 'usr', 'var', 'var/empty', 'var/log']],
  [BOOT, { mode: 0o700, uid: 0, gid: 0 }, ['root']],
  [BOOT, { mode: 0o700, uid: 950, gid: 950 }, ['home/truenas_admin']],
];

/** Who may use the family's documents: the family, and the backup service to read. */
const DOCUMENTS: Acl = {
  kind: 'POSIX1E',
  entries: [
    { tag: 'USER_OBJ', bits: 7, isDefault: false, id: -1 },
    { tag: 'USER', bits: 5, isDefault: false, id: 3002 },
    { tag: 'GROUP_OBJ', bits: 7, isDefault: false, id: -1 },
    { tag: 'MASK', bits: 7, isDefault: false, id: -1 },
    { tag: 'OTHER', bits: 0, isDefault: false, id: -1 },
  ],
};

/** What people of the mixed world have made in their datasets. */
export const MIXED_DIRECTORIES: readonly DirectoryPlan[] = [
  ['tank/home/alice', { mode: 0o755, uid: 3000, gid: 3000 }, ['Documents', 'Documents/letters', 'Pictures']],
  ['tank/home/bob', { mode: 0o755, uid: 3001, gid: 3000 }, ['Documents']],
  ['tank/documents', { mode: 0o770, uid: 0, gid: 3000 }, ['contracts', 'manuals']],
  ['tank/projects/apollo', { mode: 0o755, uid: 0, gid: 0 }, ['docs', 'src']],
  ['tank/documents', { mode: 0o770, uid: 0, gid: 3000, acl: DOCUMENTS }, ['']],
];

/** Makes the directories of the boot device and those planned. */
export function seedDirectories(store: DatasetStore, plans: readonly DirectoryPlan[]): void {
  for (const [id, owner, paths] of [...BOOT_DIRECTORIES, ...plans]) {
    const dataset = store.get(id);
    if (dataset === undefined) continue;
    const { createdMs } = dataset;
    for (const path of paths) addDirectory(dataset, path, { ...owner, createdMs });
  }
}

/** A directory of root's that everybody may read. */
export function rootOwned(createdMs: number): Directory {
  return { mode: 0o755, uid: 0, gid: 0, createdMs };
}

/** Makes a directory inside a dataset. */
export function addDirectory(dataset: Dataset, inside: string, directory: Directory): void {
  dataset.directories ??= new Map();
  dataset.directories.set(inside, directory);
}

/** Where an absolute path leads; null when nothing is there. */
export function placeAt(store: DatasetStore, given: string): Place | null {
  const path = normalized(given);
  const parts = path.split('/').filter((part) => part !== '');
  const pool = parts[0] === 'mnt' && parts[1] !== undefined ? mounted(store, parts[1]) : null;
  let dataset = pool ?? store.get(BOOT);
  if (dataset === undefined) return null;
  let rest = pool === null ? parts : parts.slice(2);
  for (let [next] = rest; next !== undefined && pool !== null; [next] = rest) {
    const child = mounted(store, `${dataset.id}/${next}`);
    if (child === null) break;
    rest = rest.slice(1);
    if (isLocked(child)) {
      if (rest.length > 0) return null;
      return { path, dataset, inside: next, directory: null, lockedDataset: child };
    }
    dataset = child;
  }
  const inside = rest.join('/');
  const directory = dataset.directories?.get(inside) ?? null;
  if (inside !== '' && directory === null) return null;
  return { path, dataset, inside, directory, lockedDataset: null };
}

/** Names of the directories in a place. */
export function namesIn(store: DatasetStore, { path, dataset, inside, lockedDataset }: Place): string[] {
  if (lockedDataset !== null) return [];
  const prefix = inside === '' ? '' : `${inside}/`;
  const names = new Set<string>();
  if (path === '/mnt') for (const { id, parent } of store.walk()) if (parent === null) names.add(id);
  if (inside === '') for (const { id } of dataset.children) names.add(id.slice(dataset.id.length + 1));
  for (const made of dataset.directories?.keys() ?? []) {
    const name = made.slice(prefix.length);
    if (made.startsWith(prefix) && name !== '' && !name.includes('/')) names.add(name);
  }
  return [...names].filter((name) => placeAt(store, posix.join(path, name)) !== null);
}

/** The same path in its shortest form. */
export function normalized(path: string): string {
  const short = posix.normalize(path);
  return short.length > 1 && short.endsWith('/') ? short.slice(0, -1) : short;
}

/** A filesystem that is mounted where its name says, or would be if it were not locked. */
function mounted(store: DatasetStore, id: string): Dataset | null {
  const dataset = store.get(id);
  return dataset !== undefined && mountpointOf(dataset) === `/mnt/${id}` ? dataset : null;
}
