/** The dataset tree: filesystems and zvols with what is set on them, and how space adds up along the tree. */
import type { Directory } from './directories.ts';
import type { Pool, PoolStore } from './pools.ts';
import { guidOf } from './random.ts';
import { keepGuid, type Snapshot } from './snapshots.ts';

/** The key of an encryption root. */
export interface EncryptionKey {
  format: 'HEX' | 'PASSPHRASE';
  /** The hex key or the passphrase: secret. */
  secret: string;
  isLoaded: boolean;
  readonly algorithm: string;
  pbkdf2iters: number;
}

/** A filesystem or zvol. Sizes in bytes. */
export interface Dataset {
  readonly id: string;
  readonly pool: string;
  readonly type: 'FILESYSTEM' | 'VOLUME';
  readonly parent: Dataset | null;
  readonly children: Dataset[];
  readonly createdMs: number;
  /** With the guid what makes it the same dataset under another name, and another one under the same name. */
  readonly createTxg: number;
  readonly guid: string;
  /** What its own files or blocks occupy, snapshots apart. */
  dataBytes: number;
  /** Sum of what its snapshots alone hold. */
  snapshotBytes: number;
  /** Oldest first. */
  snapshots: Snapshot[];
  /** ZFS properties set on it, by ZFS name, as raw text. */
  readonly local: Map<string, string>;
  /** User properties set on it (names with a colon). */
  readonly userProperties: Map<string, string>;
  /** Its key when it is an encryption root. */
  key: EncryptionKey | null;
  /** The snapshot it was cloned from. */
  origin: string | null;
  /** Everything below and including it; kept by the store. */
  usedBytes: number;
  compressRatio: number;
  /** What was made in it, by the path inside; null where nothing was. */
  directories: Map<string, Directory> | null;
  /** It is there, and could not be mounted. */
  isUnmounted?: boolean;
}

/** What a new dataset is made from. */
export interface DatasetSpec {
  readonly id: string;
  readonly type?: Dataset['type'];
  readonly createdMs: number;
  /** Of one that was there before; a new one gets its own. */
  readonly identity?: Pick<Dataset, 'createTxg' | 'guid'>;
  readonly dataBytes?: number;
  readonly local?: Readonly<Record<string, string>>;
  readonly userProperties?: Readonly<Record<string, string>>;
  readonly key?: EncryptionKey | null;
  readonly origin?: string | null;
  readonly compressRatio?: number;
}

/** All datasets. Iteration goes down each tree, parents before children. */
export interface DatasetStore {
  get(id: string): Dataset | undefined;
  /** Adds one below an existing parent (or as the root of a pool). */
  add(spec: DatasetSpec): Dataset;
  /** Removes one and everything below it; answers what went, children first. */
  remove(id: string): Dataset[];
  /** Puts a pool's root that was removed back, with everything below it. */
  restore(root: Dataset): void;
  /** Moves one (and everything below) to a new name with an existing parent. */
  rename(id: string, newId: string): Dataset;
  /** One after the other, parents first, siblings in order of creation. */
  walk(root?: Dataset): Generator<Dataset>;
  count(): number;
  /** A transaction group that no snapshot was taken in yet, at least `txg`. */
  newTxg(txg: number): number;
  /** Must be called after a change of sizes, reservations or snapshots. */
  touch(): void;
  /** Total of a dataset, everything below it included. */
  usedBytes(dataset: Dataset): number;
  /** What it could still take: the pool's rest, cut by quotas on the way up. */
  availableBytes(dataset: Dataset): number;
  /** What its refreservation holds beyond its data. */
  refreservedBytes(dataset: Dataset): number;
  poolOf(dataset: Dataset): Pool;
}

/** An empty store over these pools. */
export function createDatasetStore(pools: PoolStore): DatasetStore {
  const byId = new Map<string, Dataset>();
  const roots: Dataset[] = [];
  let isStale = true;
  const birthsById = new Map<string, number>();
  let nextTxg = 40;
  let lastSnapshotTxg = 0;

  function add(spec: DatasetSpec): Dataset {
    const slash = spec.id.lastIndexOf('/');
    const parent = slash === -1 ? null : byId.get(spec.id.slice(0, slash));
    if (parent === undefined) throw new Error(`no parent for ${spec.id}`);
    nextTxg += 11;
    const births = (birthsById.get(spec.id) ?? 0) + 1;
    birthsById.set(spec.id, births);
    const guid = guidOf(births === 1 ? spec.id : `${spec.id}#${births}`);
    const dataset: Dataset = {
      id: spec.id,
      pool: slash === -1 ? spec.id : spec.id.slice(0, spec.id.indexOf('/')),
      type: spec.type ?? 'FILESYSTEM',
      parent,
      children: [],
      createdMs: spec.createdMs,
      ...(spec.identity ?? { createTxg: nextTxg, guid }),
      dataBytes: spec.dataBytes ?? 0,
      snapshotBytes: 0,
      snapshots: [],
      local: new Map(Object.entries(spec.local ?? {})),
      userProperties: new Map(Object.entries(spec.userProperties ?? {})),
      key: spec.key ?? null,
      origin: spec.origin ?? null,
      usedBytes: 0,
      compressRatio: spec.compressRatio ?? 1,
      directories: null,
    };
    byId.set(dataset.id, dataset);
    (parent?.children ?? roots).push(dataset);
    isStale = true;
    return dataset;
  }

  function remove(id: string): Dataset[] {
    const dataset = byId.get(id);
    if (dataset === undefined) return [];
    const gone = [...walk(dataset)].reverse();
    for (const each of gone) byId.delete(each.id);
    const siblings = dataset.parent?.children ?? roots;
    siblings.splice(siblings.indexOf(dataset), 1);
    isStale = true;
    return gone;
  }

  function restore(root: Dataset): void {
    for (const each of walk(root)) byId.set(each.id, each);
    roots.push(root);
    isStale = true;
  }

  function rename(id: string, newId: string): Dataset {
    const old = byId.get(id);
    if (old === undefined) throw new Error(`no dataset ${id}`);
    const moved = [...walk(old)];
    remove(id);
    for (const each of moved) {
      const fresh = add({
        id: newId + each.id.slice(id.length),
        type: each.type,
        createdMs: each.createdMs,
        identity: { createTxg: each.createTxg, guid: each.guid },
        dataBytes: each.dataBytes,
        local: Object.fromEntries(each.local),
        userProperties: Object.fromEntries(each.userProperties),
        key: each.key,
        origin: each.origin,
        compressRatio: each.compressRatio,
      });
      fresh.snapshotBytes = each.snapshotBytes;
      fresh.directories = each.directories;
      fresh.snapshots = each.snapshots;
      for (const snapshot of fresh.snapshots) {
        keepGuid(snapshot);
        snapshot.dataset = fresh;
      }
    }
    followOrigins(id, newId);
    const root = byId.get(newId);
    if (root === undefined) throw new Error(`rename lost ${newId}`);
    return root;
  }

  /** Clones name the snapshots they came from by where those are now. */
  function followOrigins(id: string, newId: string): void {
    for (const each of byId.values()) {
      const { origin } = each;
      if (origin === null || !(origin.startsWith(`${id}@`) || origin.startsWith(`${id}/`))) continue;
      each.origin = newId + origin.slice(id.length);
    }
  }

  function* walk(root?: Dataset): Generator<Dataset> {
    const open = root === undefined ? [...roots].reverse() : [root];
    for (let dataset = open.pop(); dataset !== undefined; dataset = open.pop()) {
      yield dataset;
      for (let index = dataset.children.length - 1; index >= 0; index--) {
        const child = dataset.children[index];
        if (child !== undefined) open.push(child);
      }
    }
  }

  function refresh(): void {
    if (!isStale) return;
    isStale = false;
    for (const dataset of [...walk()].reverse()) {
      let total = dataset.dataBytes + dataset.snapshotBytes + refreservedBytes(dataset);
      for (const child of dataset.children) total += Math.max(child.usedBytes, number(child, 'reservation'));
      dataset.usedBytes = total;
    }
  }

  function usedBytes(dataset: Dataset): number {
    refresh();
    return dataset.usedBytes;
  }

  function availableBytes(dataset: Dataset): number {
    refresh();
    const root = byId.get(dataset.pool);
    let available = poolOf(dataset).usableBytes - (root?.usedBytes ?? 0);
    for (let each: Dataset | null = dataset; each !== null; each = each.parent) {
      const quota = number(each, 'quota');
      if (quota > 0) available = Math.min(available, quota - each.usedBytes);
    }
    const refquota = number(dataset, 'refquota');
    if (refquota > 0) available = Math.min(available, refquota - dataset.dataBytes);
    return Math.max(0, available) + refreservedBytes(dataset);
  }

  function poolOf(dataset: Dataset): Pool {
    const pool = pools.byName(dataset.pool) ?? pools.boot;
    return pool;
  }

  function newTxg(txg: number): number {
    lastSnapshotTxg = Math.max(lastSnapshotTxg + 1, txg);
    return lastSnapshotTxg;
  }

  return {
    newTxg,
    get: (id) => byId.get(id),
    add,
    remove,
    restore,
    rename,
    walk,
    count: () => byId.size,
    touch() {
      isStale = true;
    },
    usedBytes,
    availableBytes,
    refreservedBytes,
    poolOf,
  };
}

/** The dataset whose key unlocks this one; null when it is not encrypted. */
export function encryptionRoot(dataset: Dataset): Dataset | null {
  for (let each: Dataset | null = dataset; each !== null; each = each.parent) {
    if (each.key !== null) return each;
    if (each.local.get('encryption') === 'off') return null;
  }
  return null;
}

/** True while its key is not loaded: it is there, but nothing of it can be read. */
export function isLocked(dataset: Dataset): boolean {
  return encryptionRoot(dataset)?.key?.isLoaded === false;
}

/** True for what the system keeps for itself and `pool.dataset.query` leaves out. */
export function isInternal(id: string): boolean {
  return (
    id.includes('/.system') ||
    id.includes('/ix-applications') ||
    id.includes('/ix-apps') ||
    id.includes('/.ix-virt') ||
    id === 'boot-pool' ||
    id.startsWith('boot-pool/')
  );
}

/** Where it is mounted; null for a zvol. */
export function mountpointOf(dataset: Dataset): string | null {
  return dataset.type === 'VOLUME' ? null : (dataset.local.get('mountpoint') ?? `/mnt/${dataset.id}`);
}

/** Bytes that a numeric property reserves or limits; 0 when it is not set. */
export function number(dataset: Dataset, property: string): number {
  const raw = dataset.local.get(property);
  return raw === undefined || raw === 'none' ? 0 : Number(raw);
}

function refreservedBytes(dataset: Dataset): number {
  return Math.max(0, number(dataset, 'refreservation') - dataset.dataBytes);
}
