/** How a pool looks in the API: sizes, health, scan and the tree of vdevs. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Member, Pool, Vdev } from '../world/pools.ts';
import type { Scan } from '../world/scans.ts';
import { poolState, vdevState } from '../world/pools.ts';
import { scanProgress } from '../world/scans.ts';
import { guidOf } from '../world/random.ts';
import { wholeSeconds } from '../world/units.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';
import { diskRow } from './disk.ts';
import { poolHealth } from './pool-health.ts';

const CLASSES = ['data', 'log', 'cache', 'spare', 'special', 'dedup'] as const;

/** Bytes that a pool has given out, parity included. */
export function allocatedBytes(world: World, pool: Pool): number {
  const root = world.datasets.get(pool.name);
  const used = root === undefined ? 0 : world.datasets.usedBytes(root);
  return Math.min(pool.rawBytes, Math.round(used * (pool.rawBytes / pool.usableBytes)));
}

/** A row of `pool.query`; `boot.get_state` shows the same without an id. */
export function poolRow(world: World, pool: Pool): ApiRow {
  const { release } = world;
  const allocated = allocatedBytes(world, pool);
  const free = pool.rawBytes - allocated;
  return {
    ...(pool.isBoot ? {} : { id: pool.id, guid: pool.guid }),
    name: pool.name,
    path: pool.isBoot ? '/' : `/mnt/${pool.name}`,
    status: poolState(pool),
    scan: pool.scan === null ? noScan(release) : scanRow(pool.scan, allocated, world.now()),
    expand: isAtLeast(release, '25.10') ? null : {},
    topology: topologyRow(world, pool),
    ...poolHealth(release, pool, world.now()),
    size: pool.rawBytes,
    allocated,
    free,
    freeing: 0,
    dedup_table_size: pool.name === 'tank' ? 1_245_184 : 0,
    dedup_table_quota: 'auto',
    fragmentation: String(pool.fragmentationPercent),
    size_str: String(pool.rawBytes),
    allocated_str: String(allocated),
    free_str: String(free),
    freeing_str: '0',
    autotrim: {
      parsed: pool.autotrim ? 'on' : 'off',
      rawvalue: pool.autotrim ? 'on' : 'off',
      source: pool.autotrim ? 'LOCAL' : 'DEFAULT',
      value: pool.autotrim ? 'on' : 'off',
    },
    ...(isAtLeast(release, '27.0') ? { all_sed: false } : {}),
  };
}

/** A vdev and its members as `topology` nests them. */
export function topologyRow(world: World, pool: Pool): Record<(typeof CLASSES)[number], ApiRow[]> {
  const entries = CLASSES.map((name): [string, ApiRow[]] => [
    name,
    pool.vdevs.filter((vdev) => vdev.class === name).map((vdev) => vdevRow(world, pool, vdev)),
  ]);
  return Object.fromEntries(entries) as Record<(typeof CLASSES)[number], ApiRow[]>;
}

/** A finished, stopped or running scrub or resilver. */
export function scanRow(scan: Scan, allocated: number, nowMs: number): ApiRow {
  const { state, percent, endedMs, secondsLeft } = scanProgress(scan, nowMs);
  const examined = Math.round((allocated * percent) / 100);
  return {
    function: scan.kind,
    state,
    start_time: wholeSeconds(scan.startedMs),
    end_time: endedMs === null ? null : wholeSeconds(endedMs),
    percentage: percent,
    // The API has these two the wrong way round since its beginnings; clients rely on it.
    bytes_to_process: examined,
    bytes_processed: allocated,
    bytes_issued: Math.round(examined * 0.98),
    pause: scan.pausedMs === null ? null : wholeSeconds(scan.pausedMs),
    errors: scan.errors,
    total_secs_left: secondsLeft,
  };
}

function noScan(release: SimRelease): ApiRow | null {
  return isAtLeast(release, '25.10') ? null : {};
}

function vdevRow(world: World, pool: Pool, vdev: Vdev): ApiRow {
  const [first] = vdev.members;
  if (vdev.type === 'DISK' && first !== undefined) {
    return first.replacement === null ? memberRow(world, first, true) : childRow(world, first, 0);
  }
  const each = first === undefined ? 0 : first.disk.sizeBytes;
  const size = vdev.type === 'RAIDZ2' ? each * vdev.members.length : each;
  const used = vdev.class === 'data' ? allocatedBytes(world, pool) / pool.rawBytes : 0.12;
  const sum = (field: 'readErrors' | 'writeErrors' | 'checksumErrors'): number =>
    vdev.members.reduce((total, member) => total + member[field], 0);
  return {
    name: vdev.name,
    type: vdev.type,
    path: null,
    guid: vdev.guid,
    status: vdevState(vdev),
    stats: stats(world, size, Math.round(size * used), [0, 0, sum('checksumErrors')]),
    children: vdev.members.map((member, index) => childRow(world, member, index)),
    device: null,
    disk: null,
    unavail_disk: null,
  };
}

/** A disk, or the pair of a disk and the one that takes its place. */
function childRow(world: World, member: Member, index: number): ApiRow {
  const { replacement } = member;
  if (replacement === null) return memberRow(world, member, false);
  return {
    name: `replacing-${String(index)}`,
    type: 'REPLACING',
    path: null,
    guid: guidOf(`${member.guid}/${replacement.guid}`),
    status: member.state === 'ONLINE' ? 'ONLINE' : 'DEGRADED',
    stats: stats(world, 0, 0, [0, 0, 0]),
    children: [memberRow(world, member, false), memberRow(world, replacement, false)],
    device: null,
    disk: null,
    unavail_disk: null,
  };
}

function memberRow(world: World, member: Member, isAlone: boolean): ApiRow {
  const { disk } = member;
  const partition = disk.bus === 'NVME' ? `${disk.name}p1` : `${disk.name}1`;
  const errors = [member.readErrors, member.writeErrors, member.checksumErrors] as const;
  const size = isAlone ? disk.sizeBytes : 0;
  return {
    name: member.partUuid,
    type: 'DISK',
    path: `/dev/disk/by-partuuid/${member.partUuid}`,
    guid: member.guid,
    status: member.state === 'AVAIL' ? 'ONLINE' : member.state,
    stats: stats(world, size, Math.round(size * 0.02), errors),
    children: [],
    device: partition,
    disk: disk.name,
    // Of a disk that is out of service the NAS adds what it remembers of it.
    unavail_disk: member.state === 'ONLINE' || member.state === 'AVAIL' ? null : diskRow(world, disk, {}),
  };
}

function stats(
  world: World,
  size: number,
  allocated: number,
  [reads, writes, checksums]: readonly [number, number, number],
): ApiRow {
  const uptimeMs = world.now() - world.system.bootedMs;
  const operations = Math.floor(uptimeMs / 40);
  return {
    timestamp: uptimeMs * 1_000_000,
    read_errors: reads,
    write_errors: writes,
    checksum_errors: checksums,
    ops: [0, operations, operations * 2, 0, 0, 0, 0],
    bytes: [0, operations * 61_440, operations * 45_056, 0, 0, 0, 0],
    size,
    allocated,
    fragmentation: 3,
    self_healed: checksums * 4096,
    configured_ashift: 12,
    logical_ashift: 9,
    physical_ashift: 12,
  };
}
