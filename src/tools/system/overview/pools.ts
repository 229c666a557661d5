/** Pools and the boot pool: their state, the disks that cause it, and how full they are. */
import { formatBytes, formatPercent, percentOf, plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { WireValue } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { describeScan, isResilvering, poolProblems, poolRow } from '../../storage/pool-state.ts';
import { isTroubled, layoutOf, poolTopology } from '../../storage/topology.ts';
import { usableSpace } from '../../storage/usable-space.ts';
import { valueOr } from '../../support/part.ts';
import { objectOf, oddFields, type RowOf, rowsOf } from '../../support/rows.ts';
import type { Finding } from './finding.ts';
import { QUOTE_LENGTH, type Subject } from './subject.ts';

/** The identity of the pool that TrueNAS starts from, whatever it is called. */
export const BOOT_POOL = 'boot-pool';
/** A pool this full slows down or stops: TrueNAS itself warns from 85 and is critical from 95. */
const POOL_FULL_PERCENT = { warning: 85, critical: 95 };
/** Troubled disks named of each pool. */
const MAX_DISKS = 3;

const POOL = { ...poolRow, topology: poolTopology };
type Pool = RowOf<typeof poolRow>;

/** What a finding about a pool is called and identified by. */
interface PoolName {
  readonly noun: string;
  readonly about: readonly string[];
  readonly next: string;
}

/** Pools with their spares. The usable space is read only of those that are full. */
export const pools: Subject = {
  name: 'pools',
  uses: ['pool.query', 'pool.dataset.query'],
  async read(context) {
    const parameters = query({ select: Object.keys(POOL), orderBy: ['name'] });
    const answer = await context.nas.call('pool.query', parameters);
    const rows = rowsOf(answer, POOL);
    const isAnyFull = rows.some((pool) => (usedPercent(pool) ?? 0) >= POOL_FULL_PERCENT.warning);
    const usable = isAnyFull ? valueOr(await usableSpace(context.nas), undefined) : undefined;
    const findings = rows.flatMap((pool) => {
      const layout = readLayout(pool.topology);
      const name = nameOf(pool);
      return [
        ...stateFinding(pool, name, context.nowMs, layout.troubled),
        ...spareFinding(pool, name, layout.spares),
        ...fullFinding(pool, name, usable?.get(pool.name)),
      ];
    });
    const raw = Array.isArray(answer) ? answer : [];
    return {
      findings,
      summary: plural(rows.length, 'pool'),
      unknown: rows.flatMap((pool, index) => unknownOf(pool, raw[index] ?? null)),
    };
  },
};

/** The pool that TrueNAS starts from: without it there is no NAS. */
export const bootPool: Subject = {
  name: 'boot pool',
  uses: ['boot.get_state'],
  async read({ nas, nowMs }) {
    const answer = await nas.call('boot.get_state', []);
    const pool = objectOf(answer, poolRow);
    const name = {
      noun: 'boot pool',
      about: [BOOT_POOL, `pool:${pool.name ?? ''}`],
      next: callOf('get_pool', { pool: pool.name ?? 'boot-pool' }),
    };
    return {
      findings: [...stateFinding(pool, name, nowMs, undefined), ...fullFinding(pool, name, undefined)],
      summary: '',
      unknown: unknownOf(pool, answer),
    };
  },
};

function nameOf({ name }: Pool): PoolName {
  return {
    noun: 'pool',
    about: name === null ? [] : [`pool:${name}`],
    next: name === null ? 'list_pools' : callOf('get_pool', { pool: name }),
  };
}

function callOf(tool: string, args: Readonly<Record<string, string>>): string {
  return `${tool} ${JSON.stringify(args)}`;
}

/** Facts that decide about a pool and are missing or odd. One that is not in service is judged by that alone. */
function unknownOf(pool: Pool, raw: WireValue): string[] {
  const missing = [
    ...(pool.status === null ? ['status'] : []),
    ...(pool.status === 'ONLINE' && pool.healthy === null ? ['healthy'] : []),
    ...(pool.status === 'ONLINE' && usedPercent(pool) === undefined ? ['space'] : []),
    ...oddFields(raw, poolRow).filter((name) => name === 'scan' || name === 'status_detail'),
  ];
  return missing.length === 0 ? [] : [`${safeCell(pool.name ?? '-', 60)}: ${missing.join(', ')}`];
}

function stateFinding(
  pool: Pool,
  { noun, about, next }: PoolName,
  nowMs: number,
  disks: string | undefined,
): Finding[] {
  const problems = poolProblems(pool, nowMs).map((problem) => safeCell(problem, QUOTE_LENGTH));
  if (problems.length === 0) return [];
  const resilver = isResilvering(pool.scan) ? describeScan(pool.scan) : undefined;
  const words = [disks, resilver, ...problems].filter((text) => text !== undefined);
  return [
    {
      // As TrueNAS itself judges: ONLINE and not healthy is a device that fails, or data that is lost already.
      level: pool.status === 'ONLINE' && pool.healthy !== false ? 'WARNING' : 'CRITICAL',
      text: `${noun} ${safeCell(pool.name ?? '-')} ${pool.status ?? 'UNKNOWN'}: ${words.join('; ')}`,
      trouble: 'state',
      about,
      next,
    },
  ];
}

/** A spare that cannot be used is no trouble of the pool's state: TrueNAS says nothing of it until it is needed. */
function spareFinding(pool: Pool, { next }: PoolName, spares: readonly string[]): Finding[] {
  if (spares.length === 0) return [];
  const which = spares.slice(0, MAX_DISKS).join(', ');
  return [
    { level: 'WARNING', text: `pool ${safeCell(pool.name ?? '-')}: spare ${which} cannot be used`, next },
  ];
}

function fullFinding(
  pool: Pool,
  { noun, about, next }: PoolName,
  usableBytes: number | undefined,
): Finding[] {
  const used = usedPercent(pool);
  if (used === undefined || used < POOL_FULL_PERCENT.warning) return [];
  const raw = pool.free === null ? 'free space unknown' : `${formatBytes(pool.free)} raw free`;
  const left = usableBytes === undefined ? raw : `${formatBytes(usableBytes)} available`;
  return [
    {
      level: used >= POOL_FULL_PERCENT.critical ? 'CRITICAL' : 'WARNING',
      text: `${noun} ${safeCell(pool.name ?? '-')} ${formatPercent(used)} full, ${left}`,
      trouble: 'space',
      about,
      next,
    },
  ];
}

/** As it is shown: what reads as 95 % is judged as 95 %. Undefined when the NAS does not say. */
function usedPercent({ allocated, size }: Pool): number | undefined {
  const percent = percentOf(allocated, size);
  return percent === undefined ? undefined : Math.round(percent);
}

interface Layout {
  /** `sdi FAULTED, sdk 3 errors`; undefined when no disk is in trouble. */
  readonly troubled: string | undefined;
  /** Spares that cannot stand in: `sdq UNAVAIL`. */
  readonly spares: readonly string[];
}

function readLayout(topology: Parameters<typeof layoutOf>[0]): Layout {
  const disks = layoutOf(topology).filter((entry) => entry.disk !== undefined && isTroubled(entry));
  const troubled = disks.filter(({ vdevClass }) => vdevClass !== 'spare');
  const words = troubled.slice(0, MAX_DISKS).map(({ disk, identity, status, ...counts }) => {
    const errors = counts.readErrors + counts.writeErrors + counts.checksumErrors;
    const what = status === 'ONLINE' ? plural(errors, 'error') : status;
    return `${disk} ${what}${identity === undefined ? '' : ` [${identity}]`}`;
  });
  if (troubled.length > MAX_DISKS) words.push('…');
  return {
    troubled: words.length === 0 ? undefined : words.join(', '),
    spares: disks
      .filter(({ vdevClass }) => vdevClass === 'spare')
      .map(({ disk, status }) => `${disk} ${status}`),
  };
}
