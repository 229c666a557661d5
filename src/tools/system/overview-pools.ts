/** The parts of the overview that look at pools and the boot pool: their state, the disks that cause it, and how full they are. */
import { formatBytes, formatPercent, percentOf, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { query } from '../../truenas/query.ts';
import { describeScan, isResilvering, poolProblems, poolRow } from '../storage/pool-state.ts';
import { isTroubled, layoutOf, poolTopology } from '../storage/topology.ts';
import { usableSpace } from '../storage/usable-space.ts';
import { valueOr } from '../support/part.ts';
import { field, objectOf, type RowOf, rowsOf } from '../support/rows.ts';
import { type Part, type PartContext, QUOTE_LENGTH } from './overview-part.ts';
import type { Finding } from './verdict.ts';

/** A pool this full slows down or stops: TrueNAS itself warns from 85 and is critical from 95. */
const POOL_FULL_PERCENT = { warning: 85, critical: 95 };
/** Troubled disks named of each pool. */
const MAX_DISKS = 3;

type Pool = RowOf<typeof poolRow>;

/** Pools. The layout and the usable space are read only of those in trouble. */
export const POOLS_PART: Part = {
  name: 'pools',
  uses: ['pool.query'],
  async read(context) {
    const parameters = query({ select: Object.keys(poolRow), orderBy: ['name'] });
    const pools = rowsOf(await context.nas.call('pool.query', parameters), poolRow);
    const ill = pools.flatMap((pool) =>
      poolProblems(pool, context.nowMs).length > 0 ? (pool.name ?? []) : [],
    );
    const isAnyFull = pools.some((pool) => usedPercent(pool) >= POOL_FULL_PERCENT.warning);
    const [disks, usable] = await Promise.all([
      ill.length > 0 ? troubledDisks(ill, context) : new Map<string | null, string>(),
      isAnyFull ? usableOf(context) : new Map<string | null, number>(),
    ]);
    const findings = pools.flatMap((pool) => [
      ...stateFinding(pool, context.nowMs, disks.get(pool.name)),
      ...fullFinding(pool, usable.get(pool.name)),
    ]);
    return { findings, summary: plural(pools.length, 'pool') };
  },
};

/** The pool that TrueNAS starts from: without it there is no NAS. */
export const BOOT_PART: Part = {
  name: 'boot pool',
  uses: ['boot.get_state'],
  async read({ nas, nowMs }) {
    const boot = objectOf(await nas.call('boot.get_state', []), poolRow);
    const findings = [
      // As its alert calls it: that one never says the pool's name.
      ...stateFinding(boot, nowMs, undefined, 'boot pool').map((finding) => ({
        ...finding,
        pool: 'boot pool',
      })),
      ...fullFinding(boot, undefined, 'boot pool'),
    ];
    return { findings, summary: '' };
  },
};

function stateFinding(pool: Pool, nowMs: number, disks: string | undefined, noun = 'pool'): Finding[] {
  const problems = poolProblems(pool, nowMs).map((problem) => safeCell(problem, QUOTE_LENGTH));
  if (problems.length === 0) return [];
  const name = safeCell(pool.name ?? '-');
  const resilver = isResilvering(pool.scan) ? describeScan(pool.scan) : undefined;
  const words = [disks, resilver, ...problems].filter((text) => text !== undefined);
  return [
    {
      // As TrueNAS itself judges: ONLINE and not healthy is a device that fails, or data that is lost already.
      level: pool.status === 'ONLINE' && pool.healthy !== false ? 'WARNING' : 'CRITICAL',
      text: `${noun} ${name} ${pool.status ?? 'UNKNOWN'}: ${words.join('; ')}`,
      pool: name,
    },
  ];
}

function fullFinding(pool: Pool, usableBytes: number | undefined, noun = 'pool'): Finding[] {
  const used = usedPercent(pool);
  if (used < POOL_FULL_PERCENT.warning) return [];
  const name = safeCell(pool.name ?? '-');
  const left =
    usableBytes === undefined
      ? `${formatBytes(pool.free ?? 0)} raw free`
      : `${formatBytes(usableBytes)} available`;
  return [
    {
      level: used >= POOL_FULL_PERCENT.critical ? 'CRITICAL' : 'WARNING',
      text: `${noun} ${name} ${formatPercent(used)} full, ${left}`,
      pool: name,
    },
  ];
}

/** As it is shown: what reads as 95 % is judged as 95 %. */
function usedPercent({ allocated, size }: Pool): number {
  return Math.round(percentOf(allocated, size) ?? 0);
}

const LAYOUT = { name: field.text, topology: poolTopology };

/** `sdi FAULTED, sdk 3 errors` by pool; a detail, so that a failure to read it leaves the rest standing. */
async function troubledDisks(
  names: readonly string[],
  { nas }: PartContext,
): Promise<ReadonlyMap<string | null, string>> {
  try {
    const parameters = query({ filters: [['name', 'in', names]], select: ['name', 'topology'] });
    const rows = rowsOf(await nas.call('pool.query', parameters), LAYOUT);
    return new Map(
      rows.flatMap(({ name, topology }): [string | null, string][] => {
        const disks = layoutOf(topology).filter((entry) => entry.disk !== undefined && isTroubled(entry));
        const words = disks.slice(0, MAX_DISKS).map(({ disk, identity, status, ...counts }) => {
          const errors = counts.readErrors + counts.writeErrors + counts.checksumErrors;
          const what = status === 'ONLINE' ? plural(errors, 'error') : status;
          return `${disk} ${what}${identity === undefined ? '' : ` [${identity}]`}`;
        });
        if (disks.length > MAX_DISKS) words.push('…');
        return words.length === 0 ? [] : [[name, words.join(', ')]];
      }),
    );
  } catch {
    return new Map();
  }
}

/** As {@link troubledDisks}: without it, the raw space is shown. */
async function usableOf({ nas }: PartContext): Promise<ReadonlyMap<string | null, number>> {
  return valueOr(await usableSpace(nas), new Map());
}
