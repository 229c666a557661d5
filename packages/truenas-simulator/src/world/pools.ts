/** The pools: their layout of vdevs and disks, their health, and the scrub or resilver that runs or ran. */
import type { Disk, DiskPlan } from './disks.ts';
import { guidOf, type Random } from './random.ts';
import { finishedScrub, type Scan, scanProgress } from './scans.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './units.ts';

export type VdevClass = 'data' | 'log' | 'cache' | 'spare' | 'special' | 'dedup';
export type VdevState = 'ONLINE' | 'DEGRADED' | 'FAULTED' | 'OFFLINE' | 'UNAVAIL' | 'REMOVED' | 'AVAIL';

/** A disk as a member of a vdev. */
export interface Member {
  readonly disk: Disk;
  readonly guid: string;
  readonly partUuid: string;
  state: VdevState;
  readErrors: number;
  writeErrors: number;
  checksumErrors: number;
  /** The disk that takes over once the resilver has ended. */
  replacement: Member | null;
}

/** A top-level vdev; `DISK` stands alone, as logs, caches and spares often do. */
export interface Vdev {
  readonly class: VdevClass;
  readonly type: 'DISK' | 'MIRROR' | 'RAIDZ2';
  readonly name: string;
  readonly guid: string;
  readonly members: Member[];
}

/** One pool. `rawBytes` counts parity, `usableBytes` is what datasets can fill. */
export interface Pool {
  readonly id: number;
  readonly name: string;
  readonly guid: string;
  readonly vdevs: readonly Vdev[];
  readonly rawBytes: number;
  readonly usableBytes: number;
  readonly isBoot: boolean;
  readonly fragmentationPercent: number;
  /** How full the world fills it, 0 to 1. */
  readonly fill: number;
  readonly autotrim: boolean;
  scan: Scan | null;
  isUpgraded: boolean;
}

export interface PoolStore {
  /** The data pools, in the order of their ids. */
  readonly all: readonly Pool[];
  readonly boot: Pool;
  byName(name: string): Pool | undefined;
  byId(id: number): Pool | undefined;
  /** Lets a pool go, and its disks with it. */
  remove(pool: Pool, isWiped: boolean): void;
  /** Takes a pool that was let go back under an id that no pool ever had, and maybe another name. */
  takeBack(pool: Pool, name: string): Pool;
}

/** A data pool to make. */
export interface PoolPlan {
  readonly name: string;
  /** How full it is to be, 0 to 1. */
  readonly fill: number;
  readonly vdevs: readonly VdevSpec[];
  /** The disk that has failed in it. */
  readonly failed?: string;
  /** The scan that runs or ran last. */
  readonly scan: (nowMs: number) => Scan;
  /** False for one whose features are older than the release. */
  readonly isUpgraded?: boolean;
}

/** The pools of the mixed world: healthy, degraded, nearly full and just being scrubbed. */
export const MIXED_POOLS: readonly PoolPlan[] = [
  {
    name: 'tank',
    fill: 0.38,
    vdevs: [
      ['data', 'RAIDZ2', ['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf']],
      ['special', 'MIRROR', ['nvme2n1', 'nvme3n1']],
      ['log', 'DISK', ['nvme4n1']],
      ['cache', 'DISK', ['nvme5n1']],
      ['spare', 'DISK', ['sdg']],
    ],
    scan: (nowMs) => finishedScrub(nowMs - 3 * DAY_MS - 5 * HOUR_MS, 11 * HOUR_MS + 42 * MINUTE_MS, 0),
  },
  {
    name: 'backup',
    fill: 0.56,
    vdevs: [['data', 'MIRROR', ['sdh', 'sdi']]],
    failed: 'sdi',
    scan: (nowMs) => finishedScrub(nowMs - 6 * DAY_MS - 2 * HOUR_MS, 7 * HOUR_MS + 13 * MINUTE_MS, 12),
    isUpgraded: false,
  },
  {
    name: 'fast',
    fill: 0.935,
    vdevs: [
      ['data', 'MIRROR', ['sdj', 'sdk']],
      ['data', 'MIRROR', ['sdl', 'sdm']],
    ],
    scan: (nowMs) => ({
      kind: 'SCRUB',
      startedMs: nowMs - 74 * MINUTE_MS,
      expectedEndMs: nowMs + 106 * MINUTE_MS,
      canceledMs: null,
      pausedMs: null,
      errors: 0,
    }),
  },
];

/** Lays out the pools on the disks, and the boot pool on a disk or a mirror of two. */
export function createPools(
  random: Random,
  disks: DiskPlan,
  { pools: plans, bootDisks }: { readonly pools: readonly PoolPlan[]; readonly bootDisks: readonly string[] },
  now: () => number,
): PoolStore {
  const nowMs = now();
  const all = plans.map(({ name, fill, vdevs }, index) =>
    layPool(random, index + 1, name, fill, disks, vdevs),
  );
  const bootType = bootDisks.length > 1 ? 'MIRROR' : 'DISK';
  const boot = layPool(random, 0, 'boot-pool', 0.07, disks, [['data', bootType, bootDisks]], true);
  boot.scan = finishedScrub(nowMs - 5 * DAY_MS, 44 * SECOND_MS, 0);
  for (const [index, plan] of plans.entries()) {
    const pool = all[index];
    if (pool === undefined) continue;
    if (plan.failed !== undefined) failMember(random, pool, disks.named(plan.failed).name);
    pool.scan = plan.scan(nowMs);
    pool.isUpgraded = plan.isUpgraded ?? true;
  }

  let lastId = all.length;
  // A replacement ends by the clock, so whoever looks finds it ended. Not by name: every dataset asks for its pool so.
  const settled = (): readonly Pool[] => {
    for (const pool of all) settleReplacements(pool, now());
    return all;
  };
  return {
    get all() {
      return settled();
    },
    boot,
    byName: (name) => all.find((pool) => pool.name === name),
    byId: (id) => settled().find((pool) => pool.id === id),
    remove(pool, isWiped) {
      all.splice(all.indexOf(pool), 1);
      for (const disk of disks.all) {
        if (disk.pool !== pool.name) continue;
        disk.exportedPool = isWiped ? null : pool.name;
        disk.pool = null;
        disk.zfsGuid = null;
      }
    },
    takeBack(pool, name) {
      lastId += 1;
      const back: Pool = { ...pool, id: lastId, name };
      for (const { members } of back.vdevs) for (const member of members) rejoin(member, name);
      all.push(back);
      return back;
    },
  };
}

/** True while a scrub or resilver is under way (a paused one counts). */
export function isScanning(pool: Pool, nowMs: number): boolean {
  return pool.scan !== null && scanProgress(pool.scan, nowMs).state === 'SCANNING';
}

/** Starts a scan whose length follows from how much there is to read: about 1.5 GB/s, at least half a minute. */
export function startScan(pool: Pool, kind: Scan['kind'], usedBytes: number, nowMs: number): void {
  const lengthMs = Math.max(30 * SECOND_MS, (usedBytes / 1.5e9) * SECOND_MS);
  const expectedEndMs = nowMs + lengthMs;
  pool.scan = { kind, startedMs: nowMs, expectedEndMs, canceledMs: null, pausedMs: null, errors: 0 };
}

/** State of a vdev, from its members. */
export function vdevState(vdev: Vdev): VdevState {
  const bad = vdev.members.filter((member) => member.state !== 'ONLINE' && member.state !== 'AVAIL');
  if (bad.length === 0) return vdev.class === 'spare' ? 'AVAIL' : 'ONLINE';
  const tolerated = vdev.type === 'RAIDZ2' ? 2 : vdev.type === 'MIRROR' ? vdev.members.length - 1 : 0;
  return bad.length <= tolerated ? 'DEGRADED' : 'FAULTED';
}

/** State of a pool, from its vdevs. */
export function poolState(pool: Pool): VdevState {
  const states = pool.vdevs
    .filter((vdev) => vdev.class === 'data' || vdev.class === 'special')
    .map(vdevState);
  if (states.includes('FAULTED')) return 'FAULTED';
  return states.includes('DEGRADED') ? 'DEGRADED' : 'ONLINE';
}

/** Names of a pool's disks, in the order of its layout. */
export function diskNames(pool: Pool): string[] {
  return pool.vdevs.flatMap(({ members }) =>
    members.flatMap(({ disk, replacement }) =>
      replacement === null ? [disk.name] : [disk.name, replacement.disk.name],
    ),
  );
}

/** A vdev to make. */
export type VdevSpec = readonly [vdevClass: VdevClass, type: Vdev['type'], diskNames: readonly string[]];

function layPool(
  random: Random,
  id: number,
  name: string,
  fill: number,
  disks: DiskPlan,
  specs: readonly VdevSpec[],
  isBoot = false,
): Pool {
  let rawBytes = 0;
  let usableBytes = 0;
  const vdevs = specs.map(([vdevClass, type, names], index): Vdev => {
    const members = names.map((diskName) => newMember(random, name, disks.named(diskName)));
    if (vdevClass === 'spare') for (const member of members) member.state = 'AVAIL';
    const first = members[0];
    if (first === undefined) throw new Error(`vdev of ${name} without disks`);
    if (vdevClass === 'data') {
      const each = Math.floor((first.disk.sizeBytes * 0.9935) / 2 ** 20) * 2 ** 20;
      const dataDisks = type === 'MIRROR' ? 1 : type === 'RAIDZ2' ? members.length - 2 : 1;
      rawBytes += each * (type === 'RAIDZ2' ? members.length : 1);
      usableBytes += Math.floor(each * dataDisks * 0.968);
    }
    const number = index === 0 ? 0 : index;
    const vdevName = type === 'DISK' ? first.partUuid : `${type.toLowerCase()}-${String(number)}`;
    return { class: vdevClass, type, name: vdevName, guid: guidOf(`${name}/${vdevName}`), members };
  });
  return {
    id,
    name,
    guid: guidOf(name),
    vdevs,
    rawBytes,
    usableBytes,
    isBoot,
    fragmentationPercent: Math.round(fill * fill * 60) + random.int(0, 3),
    fill,
    autotrim: name === 'fast',
    scan: null,
    isUpgraded: true,
  };
}

/** Puts a disk into a pool. */
export function newMember(random: Random, poolName: string, disk: Disk): Member {
  const guid = guidOf(`${poolName}/${disk.serial}`);
  disk.pool = poolName;
  disk.exportedPool = null;
  disk.zfsGuid = guid;
  const errors = { readErrors: 0, writeErrors: 0, checksumErrors: 0 };
  return { disk, guid, partUuid: random.uuid(), state: 'ONLINE', ...errors, replacement: null };
}

function rejoin({ disk, guid, replacement }: Member, poolName: string): void {
  disk.pool = poolName;
  disk.exportedPool = null;
  disk.zfsGuid = guid;
  if (replacement !== null) rejoin(replacement, poolName);
}

/** Lets disks go whose replacement has been filled. */
function settleReplacements(pool: Pool, nowMs: number): void {
  if (isScanning(pool, nowMs)) return;
  for (const { members } of pool.vdevs) {
    for (const [index, { disk, replacement }] of members.entries()) {
      if (replacement === null) continue;
      disk.pool = null;
      disk.zfsGuid = null;
      members[index] = replacement;
    }
  }
}

function failMember(random: Random, pool: Pool, diskName: string): void {
  for (const vdev of pool.vdevs) {
    for (const member of vdev.members) {
      if (member.disk.name !== diskName) continue;
      member.state = 'FAULTED';
      member.readErrors = random.int(40, 300);
      member.writeErrors = random.int(5, 80);
      member.checksumErrors = random.int(3, 40);
    }
  }
}
