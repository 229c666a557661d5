/** What the pools hold: a home and small-office NAS, as data, and its multiplication to any number of datasets. */
import type { Dataset, DatasetSpec, DatasetStore, EncryptionKey } from './datasets.ts';
import { isInternal } from './datasets.ts';
import type { Pool, PoolStore } from './pools.ts';
import type { Random } from './random.ts';
import { DAILY, HOURLY, type SnapshotPlan, WEEKLY } from './snapshots.ts';
import { DAY_MS, GIB, TIB } from './units.ts';

/** How a planned dataset differs from a plain one. */
export interface DatasetPlan {
  /** Share of the pool's fill; a plain filesystem weighs 1. */
  readonly weight?: number;
  /** Fixed size instead of a share. */
  readonly bytes?: number;
  readonly set?: Readonly<Record<string, string>>;
  readonly note?: string;
  readonly user?: Readonly<Record<string, string>>;
  readonly key?: 'HEX' | 'PASSPHRASE' | 'LOCKED';
  readonly zvol?: { readonly sizeBytes: number; readonly isSparse: boolean };
  readonly snapshots?: 'hourly' | 'daily' | 'weekly';
  readonly ratio?: number;
}

const text = String;

/** Path → plan; a path comes after its parent. */
export type Tree = Readonly<Record<string, DatasetPlan>>;

/** The datasets of the mixed world. */
export const MIXED_TREE: Tree = {
  tank: { bytes: 200_704, set: { compression: 'lz4', atime: 'off' } },
  'tank/.system': { bytes: 1.4 * GIB },
  'tank/media': {
    weight: 3,
    snapshots: 'daily',
    note: 'Films, series and music',
    set: { recordsize: text(2 ** 20) },
  },
  'tank/media/movies': { weight: 46, snapshots: 'daily', ratio: 1 },
  'tank/media/series': { weight: 31, snapshots: 'daily', ratio: 1 },
  'tank/media/music': { weight: 7, snapshots: 'daily', ratio: 1.01 },
  'tank/media/photos': {
    weight: 12,
    snapshots: 'hourly',
    set: { copies: '2' },
    note: 'Family photos, two copies',
  },
  'tank/home': { bytes: 262_144, snapshots: 'hourly', note: 'Home directories' },
  'tank/home/alice': { weight: 2, snapshots: 'hourly', set: { quota: text(2 * TIB) } },
  'tank/home/bob': { weight: 1.4, snapshots: 'hourly', set: { quota: text(2 * TIB) } },
  'tank/home/carol': { bytes: 413 * GIB, snapshots: 'hourly', set: { quota: text(500 * GIB) } },
  'tank/home/dave': {
    weight: 0.2,
    snapshots: 'hourly',
    set: { refquota: text(TIB), refreservation: text(800 * GIB) },
  },
  'tank/projects': { bytes: 262_144, snapshots: 'hourly', user: { 'org.example:owner': 'engineering' } },
  'tank/projects/apollo': { weight: 4, snapshots: 'hourly', set: { compression: 'zstd' }, ratio: 2.31 },
  'tank/projects/gemini': { weight: 2.2, snapshots: 'hourly', set: { compression: 'zstd' }, ratio: 1.87 },
  'tank/projects/archive': {
    weight: 6,
    snapshots: 'weekly',
    set: { compression: 'zstd-9', readonly: 'on' },
    ratio: 2.94,
  },
  'tank/documents': {
    weight: 0.9,
    snapshots: 'hourly',
    set: { quota: text(4 * TIB), reservation: text(TIB) },
  },
  'tank/documents/scans': { weight: 0.2, snapshots: 'hourly', ratio: 1.12 },
  'tank/finance': { weight: 0.3, key: 'HEX', snapshots: 'daily', note: 'Encrypted with a key' },
  'tank/finance/2025': { weight: 0.2, snapshots: 'daily' },
  'tank/finance/2026': { weight: 0.2, snapshots: 'daily' },
  'tank/vault': {
    weight: 0.8,
    key: 'LOCKED',
    snapshots: 'weekly',
    note: 'Locked: the passphrase is with the notary',
  },
  'tank/vault/contracts': { weight: 0.3, snapshots: 'weekly' },
  'tank/medical': { weight: 0.5, key: 'PASSPHRASE', snapshots: 'daily' },
  'tank/backups': { bytes: 262_144, note: 'Targets of other machines' },
  'tank/backups/timemachine': { weight: 5, set: { quota: text(6 * TIB) } },
  'tank/backups/laptops': { weight: 3, set: { dedup: 'on' } },
  'tank/iso': { weight: 0.3, set: { readonly: 'on', recordsize: text(2 ** 20) } },
  'tank/iscsi': { bytes: 196_608 },
  'tank/iscsi/esx-datastore': {
    weight: 2,
    zvol: { sizeBytes: 4 * TIB, isSparse: true },
    snapshots: 'hourly',
  },
  'tank/ix-apps': { weight: 0.1, set: { mountpoint: '/mnt/.ix-apps' } },
  backup: { bytes: 98_304, set: { compression: 'zstd' } },
  'backup/replica': { bytes: 98_304, set: { readonly: 'on' }, note: 'Written by replication, do not touch' },
  'backup/replica/home': { weight: 6, set: { readonly: 'on' }, snapshots: 'daily', ratio: 1.4 },
  'backup/replica/documents': { weight: 3, set: { readonly: 'on' }, snapshots: 'daily', ratio: 1.3 },
  'backup/replica/projects': { weight: 7, set: { readonly: 'on' }, snapshots: 'daily', ratio: 2 },
  'backup/offsite': { weight: 4, key: 'HEX', snapshots: 'weekly' },
  'backup/old-server': { weight: 2, note: 'Copy of the server retired in 2024' },
  fast: { bytes: 98_304, set: { compression: 'lz4', atime: 'off' } },
  'fast/vms': { bytes: 131_072, note: 'Disks of virtual machines' },
  'fast/vms/web01': { bytes: 61 * GIB, zvol: { sizeBytes: 100 * GIB, isSparse: false }, snapshots: 'hourly' },
  'fast/vms/db01': { bytes: 344 * GIB, zvol: { sizeBytes: 400 * GIB, isSparse: false }, snapshots: 'hourly' },
  'fast/vms/win11': { bytes: 88 * GIB, zvol: { sizeBytes: 250 * GIB, isSparse: true }, snapshots: 'hourly' },
  'fast/containers': { weight: 1.2, snapshots: 'daily', ratio: 1.6 },
  'fast/databases': {
    weight: 0.4,
    set: { recordsize: text(16_384), logbias: 'throughput' },
    snapshots: 'hourly',
  },
  'fast/databases/postgres': { weight: 3, set: { recordsize: text(8_192) }, snapshots: 'hourly', ratio: 2.2 },
  'fast/scratch': { weight: 9, set: { sync: 'disabled' }, note: 'Work in progress, not backed up' },
  'fast/scratch/render': { weight: 12, set: { sync: 'disabled' } },
  'fast/scratch/ml-datasets': { weight: 8 },
};

const CADENCES = { hourly: HOURLY, daily: DAILY, weekly: WEEKLY } as const;

/** How many datasets of a tree the NAS shows (the system's own do not count). */
export function shownDatasets(tree: Tree): number {
  return Object.keys(tree).filter((id) => !isInternal(id)).length;
}

/** How many the mixed world shows. */
export const DEFAULT_DATASETS = shownDatasets(MIXED_TREE);

/**
 * Plants the tree and as many datasets more as asked for; answers which of them are snapshotted, and when. A NAS without a
 * pool has no place for more.
 */
export function seedDatasets(
  random: Random,
  store: DatasetStore,
  pools: PoolStore,
  { tree, count }: { readonly tree: Tree; readonly count?: number | undefined },
  nowMs: number,
): SnapshotPlan[] {
  const snapshots: SnapshotPlan[] = [];
  const shares = [...pools.all].map((pool) => [pool.name, bytesPerWeight(tree, pool)] as const);
  const perWeight = new Map(shares);
  for (const [id, plan] of Object.entries(tree)) {
    const pool = id.split('/')[0] ?? id;
    const share = (plan.weight ?? 0) * (perWeight.get(pool) ?? 0) * random.between(0.93, 1.07);
    const dataset = store.add({
      id,
      ...specOf(plan, random),
      createdMs: nowMs - random.int(200, 900) * DAY_MS,
      dataBytes: Math.floor(plan.bytes ?? share),
      compressRatio: plan.ratio ?? random.int(100, 165) / 100,
    });
    if (plan.snapshots !== undefined) snapshots.push({ dataset, cadence: CADENCES[plan.snapshots] });
  }
  seedBoot(store, pools.boot, nowMs);
  const [first] = pools.all;
  if (first !== undefined) multiply(random, store, first.name, (count ?? 0) - shownDatasets(tree), nowMs);
  return snapshots;
}

/** Gives each weight its bytes, so that data, snapshots and fixed sizes together fill the pool as planned. */
function bytesPerWeight(tree: Tree, pool: Pool): number {
  let weight = 0;
  let fixed = 0;
  for (const [id, plan] of Object.entries(tree)) {
    if (id !== pool.name && !id.startsWith(`${pool.name}/`)) continue;
    const withSnapshots = plan.snapshots === undefined ? 1 : 1.12;
    weight += (plan.weight ?? 0) * withSnapshots;
    const { zvol, bytes = 0 } = plan;
    fixed += zvol === undefined || zvol.isSparse ? bytes * withSnapshots : zvol.sizeBytes + bytes * 0.12;
  }
  return Math.max(0, pool.usableBytes * pool.fill - fixed) / weight;
}

function specOf(plan: DatasetPlan, random: Random): Omit<DatasetSpec, 'id' | 'createdMs'> {
  const local: Record<string, string> = { ...plan.set };
  if (plan.zvol !== undefined) {
    local.volsize = text(plan.zvol.sizeBytes);
    local.volblocksize = '16384';
    if (!plan.zvol.isSparse) local.refreservation = text(plan.zvol.sizeBytes);
  }
  const user: Record<string, string> = { ...plan.user };
  if (plan.note !== undefined) user['org.freenas:description'] = plan.note;
  if (local.quota !== undefined) user['org.freenas:quota_warning'] = '80';
  return {
    type: plan.zvol === undefined ? 'FILESYSTEM' : 'VOLUME',
    local,
    userProperties: user,
    key: plan.key === undefined ? null : keyOf(plan.key, random),
  };
}

function keyOf(kind: 'HEX' | 'PASSPHRASE' | 'LOCKED', random: Random): EncryptionKey {
  const isHex = kind === 'HEX';
  return {
    format: isHex ? 'HEX' : 'PASSPHRASE',
    secret: isHex ? random.hex(64) : `passphrase-${random.hex(10)}`,
    isLoaded: kind !== 'LOCKED',
    algorithm: 'aes-256-gcm',
    pbkdf2iters: isHex ? 0 : 1_300_000,
  };
}

function seedBoot(store: DatasetStore, boot: Pool, nowMs: number): void {
  const createdMs = nowMs - 700 * DAY_MS;
  const bytes = Math.floor((boot.usableBytes * boot.fill) / 3);
  store.add({ id: boot.name, createdMs, dataBytes: 98_304, local: { mountpoint: 'none' } });
  store.add({ id: `${boot.name}/ROOT`, createdMs, dataBytes: 98_304, local: { mountpoint: 'none' } });
  store.add({ id: `${boot.name}/grub`, createdMs, dataBytes: 8_651_776, local: { mountpoint: 'legacy' } });
  for (const name of ['25.04.2.6', 'current']) {
    store.add({
      id: `${boot.name}/ROOT/${name}`,
      createdMs,
      dataBytes: bytes,
      local: { mountpoint: 'legacy' },
    });
  }
}

const TEAMS = ['astro', 'design', 'finance', 'lab', 'marketing', 'research', 'sales', 'support'] as const;

/** Small filesystems below `teams` of a pool, a few hundred in each folder, as a hosting NAS has them. */
function multiply(random: Random, store: DatasetStore, pool: string, count: number, nowMs: number): void {
  if (count <= 0) return;
  let left = count;
  const folders: Dataset[] = [];

  function add(spec: Omit<DatasetSpec, 'createdMs'>): Dataset {
    left -= 1;
    return store.add({ ...spec, createdMs: nowMs - random.int(1, 700) * DAY_MS });
  }

  add({ id: `${pool}/teams`, dataBytes: 262_144 });
  for (const team of TEAMS)
    if (left > 0) folders.push(add({ id: `${pool}/teams/${team}`, dataBytes: 262_144 }));
  for (let index = 0; left > 0; index++) {
    const folder = folders[index % folders.length];
    if (folder === undefined) break;
    const name = `share-${String(Math.floor(index / folders.length)).padStart(5, '0')}`;
    const dataBytes = Math.floor(random.between(0.01, 1) ** 4 * 4 * GIB) + 98_304;
    add({ id: `${folder.id}/${name}`, dataBytes, compressRatio: random.int(100, 220) / 100 });
  }
}
