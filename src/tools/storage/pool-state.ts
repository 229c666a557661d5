/** Reads a pool's health, scan and fullness as a person needs them. Shared by the pool tools and the overview. */
import { formatAge, formatInstant } from '../../output/time.ts';
import { formatPercent } from '../../output/units.ts';
import { field } from '../support/rows.ts';

/** The parts of `scan` that are shown. */
export const poolScanShape = {
  function: field.text,
  state: field.text,
  percentage: field.number,
  errors: field.number,
  end_time: field.time,
  pause: field.time,
};

/** The fields of a pool that every answer reads. Space is raw: see usable-space.ts. */
export const poolRow = {
  name: field.text,
  status: field.text,
  healthy: field.flag,
  warning: field.flag,
  status_code: field.text,
  status_detail: field.text,
  size: field.integer,
  allocated: field.integer,
  free: field.integer,
  scan: field.object(poolScanShape),
};

/** The last or running scrub or resilver. */
export interface PoolScan {
  readonly function: string | null;
  readonly state: string | null;
  readonly percentage: number | null;
  readonly errors: number | null;
  readonly end_time: number | null;
  readonly pause: number | null;
}

/** The fields that decide about a pool's health. */
export interface PoolHealth {
  readonly status: string | null;
  readonly healthy: boolean | null;
  readonly warning: boolean | null;
  readonly status_code: string | null;
  readonly status_detail: string | null;
  readonly scan: PoolScan | null;
}

/** `scrub 2026-03-01 04:05Z, 0 errors`, `resilver 42 %`, `scrub paused at 42 %`; undefined when there never was one. */
export function describeScan(scan: PoolScan | null): string | undefined {
  if (!scan?.state) return undefined;
  const kind = (scan.function ?? 'scan').toLowerCase();
  if (scan.state === 'SCANNING') {
    return `${kind}${scan.pause === null ? '' : ' paused at'} ${scan.percentage === null ? 'running, progress unknown' : formatPercent(scan.percentage)}`;
  }
  const when = scan.end_time === null ? '' : ` ${formatInstant(scan.end_time)}`;
  if (scan.state === 'CANCELED') return `${kind} canceled${when}`;
  return `${kind}${when}${scan.errors === null ? '' : `, ${scan.errors} errors`}`;
}

/** True while disks are being filled again: until it ends the pool has less redundancy than it should. */
export function isResilvering(scan: PoolScan | null): boolean {
  return scan?.state === 'SCANNING' && scan.function === 'RESILVER';
}

/** A pool's problems, worst first; empty when nothing is. Fullness is judged by the overview. */
export function poolProblems(pool: PoolHealth, nowMs: number): string[] {
  const detail = pool.status_detail ?? '';
  const problems: string[] = [];
  if (pool.status !== 'ONLINE') problems.push(detail || `status ${pool.status ?? 'unknown'}`);
  else if (pool.healthy === false || isWarned(pool)) problems.push(detail || 'not healthy');
  if ((pool.scan?.errors ?? 0) > 0)
    problems.push(`last ${(pool.scan?.function ?? 'scan').toLowerCase()} found ${pool.scan?.errors} errors`);
  const stale = staleScan(pool.scan, nowMs);
  if (stale !== undefined) problems.push(stale);
  return problems;
}

/** Planned monthly with the default threshold of 35 days, scrubs happen every second month: past this, they do not any more. */
const STALE_SCAN_MS = 70 * 86_400_000;

function staleScan(scan: PoolScan | null, nowMs: number): string | undefined {
  if (!scan || scan.state === 'SCANNING' || scan.end_time === null) return undefined;
  if (nowMs - scan.end_time < STALE_SCAN_MS) return undefined;
  return `no scrub for long: the last scan is ${describeScan(scan)} (${formatAge(scan.end_time, nowMs)})`;
}

/** A pool whose features were not upgraded carries a warning for years and lacks nothing; TrueNAS itself raises no alert. */
function isWarned({ warning, status_code }: PoolHealth): boolean {
  return warning === true && status_code !== 'FEAT_DISABLED';
}
