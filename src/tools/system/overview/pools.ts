/** Pools and the boot pool: their state, the disks that cause it, and how full they are. */
import { formatBytes, formatPercent, plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import {
  describeScan,
  isCritical,
  isKnownTrouble,
  isResilvering,
  poolProblems,
  poolRow,
  troubledText,
  unknownFacts,
  usedPercent,
} from '../../storage/pool-state.ts';
import { disksInUse, type LayoutEntry, layoutOf, poolTopology } from '../../storage/topology.ts';
import { usableSpace } from '../../storage/usable-space.ts';
import { gapText, valueOr } from '../../support/part.ts';
import { objectOf, type RowOf, rowsOf } from '../../support/rows.ts';
import type { Finding } from './finding.ts';
import { callText, firstFew, QUOTE_LENGTH, type Subject } from './subject.ts';

/** The identity of the pool that TrueNAS starts from, whatever it is called. */
export const BOOT_POOL = 'boot-pool';
/** A pool this full slows down or stops: TrueNAS itself warns from 85 and is critical from 95. */
const POOL_FULL_PERCENT = { warning: 85, critical: 95 };
const POOL = { ...poolRow, topology: poolTopology };
type Pool = RowOf<typeof POOL>;

/** The name and identity of a pool in its findings. */
interface PoolName {
  readonly noun: string;
  readonly about: readonly string[];
  readonly next: string;
}

/** Pools with their spares. The usable space is read only of those that are full. */
export const pools: Subject = {
  name: 'pools',
  uses: ['pool.query', 'pool.dataset.query'],
  async read({ nas, nowMs }) {
    const parameters = query({ select: Object.keys(POOL), orderBy: ['name'] });
    const rows = rowsOf(await nas.call('pool.query', parameters), POOL);
    const isAnyFull = rows.some((pool) => (shownPercent(pool) ?? 0) >= POOL_FULL_PERCENT.warning);
    const usable = isAnyFull ? await usableSpace(nas) : undefined;
    const findings = rows.flatMap((pool) => {
      const layout = layoutOf(pool.topology, disksInUse(rows, pool.name));
      const name = nameOf(pool);
      return [
        ...stateFinding(pool, name, layout, nowMs),
        ...spareFinding(pool, name, layout),
        ...fullFinding(pool, name, usable),
      ];
    });
    return { findings, summary: plural(rows.length, 'pool'), unknown: rows.flatMap(unknownOf) };
  },
};

/** The pool that TrueNAS starts from: without it there is no NAS. */
export const bootPool: Subject = {
  name: 'boot pool',
  uses: ['boot.get_state'],
  async read({ nas, nowMs }) {
    const pool = objectOf(await nas.call('boot.get_state', []), POOL);
    const name = {
      noun: 'boot pool',
      about: [BOOT_POOL, `pool:${pool.name ?? ''}`],
      next: callText('get_pool', { pool: pool.name ?? 'boot-pool' }),
    };
    return {
      findings: [
        ...stateFinding(pool, name, layoutOf(pool.topology), nowMs),
        ...fullFinding(pool, name, undefined),
      ],
      summary: '',
      unknown: unknownOf(pool),
    };
  },
};

function nameOf({ name }: Pool): PoolName {
  return {
    noun: 'pool',
    about: name === null ? [] : [`pool:${name}`],
    next: name === null ? 'list_pools' : callText('get_pool', { pool: name }),
  };
}

/** Facts that decide about a pool and are missing or odd. */
function unknownOf(pool: Pool): string[] {
  const unknown = unknownFacts(pool, pool.topology && layoutOf(pool.topology));
  return unknown.length === 0 ? [] : [`${safeCell(pool.name ?? '-', 60)}: ${firstFew(unknown)}`];
}

function stateFinding(
  pool: Pool,
  { noun, about, next }: PoolName,
  layout: readonly LayoutEntry[],
  nowMs: number,
): Finding[] {
  const problems = poolProblems(pool, [], nowMs).map((problem) => safeCell(problem, QUOTE_LENGTH));
  const troubled = troubledText(layout);
  if (problems.length === 0 && troubled === undefined) return [];
  const resilver = isResilvering(pool.scan) ? describeScan(pool.scan) : undefined;
  const words = [
    troubled,
    resilver,
    ...(problems.length === 0 ? ['yet it calls itself healthy'] : problems),
  ].filter((text) => text !== undefined);
  return [
    {
      level: isCritical(pool, layout) ? 'CRITICAL' : 'WARNING',
      text: `${noun} ${safeCell(pool.name ?? '-')} ${pool.status ?? 'UNKNOWN'}: ${words.join('; ')}`,
      trouble: 'state',
      about,
      next,
    },
  ];
}

/** Spares named of each pool. */
const MAX_SPARES = 3;

/** A spare that cannot be used is no trouble of the pool's state: TrueNAS says nothing of it until it is needed. */
function spareFinding(pool: Pool, { next }: PoolName, layout: readonly LayoutEntry[]): Finding[] {
  const spares = layout.filter((entry) => entry.vdevClass === 'spare' && isKnownTrouble(entry));
  if (spares.length === 0) return [];
  const which = spares.slice(0, MAX_SPARES).map(({ name, status }) => `${name} ${status}`);
  return [
    {
      level: 'WARNING',
      text: `pool ${safeCell(pool.name ?? '-')}: spare ${which.join(', ')} cannot be used`,
      next,
    },
  ];
}

function fullFinding(
  pool: Pool,
  { noun, about, next }: PoolName,
  usable: Awaited<ReturnType<typeof usableSpace>> | undefined,
): Finding[] {
  const used = shownPercent(pool);
  if (used === undefined || used < POOL_FULL_PERCENT.warning) return [];
  const raw = pool.free === null ? 'free space unknown' : `${formatBytes(pool.free)} raw free`;
  const gap = usable && gapText(usable);
  const usableBytes = usable && valueOr(usable, undefined)?.get(pool.name);
  const left = usableBytes === undefined ? raw : `${formatBytes(usableBytes)} available`;
  return [
    {
      level: used >= POOL_FULL_PERCENT.critical ? 'CRITICAL' : 'WARNING',
      text: `${noun} ${safeCell(pool.name ?? '-')} ${formatPercent(used)} full, ${left}${gap === undefined ? '' : `, usable space ${gap}`}`,
      trouble: 'space',
      about,
      next,
    },
  ];
}

/** As it is shown: what reads as 95 % is judged as 95 %. Undefined when the NAS does not say. */
function shownPercent(pool: Pool): number | undefined {
  const percent = usedPercent(pool);
  return percent === undefined ? undefined : Math.round(percent);
}
