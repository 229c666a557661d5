/** Reads a pool's health, scan and fullness as a person needs them. Shared by the pool tools and the overview. */
import { formatAge, formatInstant } from '../../output/time.ts';
import { formatPercent, percentOf, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { field, isObject, type Reader, type RowOf } from '../support/rows.ts';
import {
  errorsOf,
  isInService,
  isTroubled,
  type LayoutEntry,
  UNKNOWN_STATUS,
  unknownOf,
} from './topology.ts';

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
  scan: readScan(poolScanShape),
};

/**
 * Reads the last or running scrub or resilver; null when there never was one. A NAS says so with null, or with a scan whose
 * facts are all null. One that is missing or of another form is a scan of which nothing is known.
 */
export function readScan<Shape extends typeof poolScanShape>(shape: Shape): Reader<RowOf<Shape> | null> {
  const read = field.nullable(shape);
  return (value) => {
    const facts = isObject(value) ? [value['function'], value['state'], value['end_time']] : [undefined];
    return facts.every((fact) => fact === null) ? null : read(value);
  };
}

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

/** Bytes of all disks of a pool, parity counted. */
interface Space {
  readonly size: number | null;
  readonly allocated: number | null;
}

/**
 * `scrub 2026-03-01 04:05Z, 0 errors`, `resilver 42 %`, `scrub paused at 42 %`, `unknown`; undefined when there never was
 * one.
 */
export function describeScan(scan: PoolScan | null): string | undefined {
  if (scan === null || scan.state === 'NONE') return undefined;
  if (scan.state === null) return 'unknown';
  const kind = (scan.function ?? 'scan').toLowerCase();
  if (scan.state === 'SCANNING') {
    return `${kind}${scan.pause === null ? '' : ' paused at'} ${scan.percentage === null ? 'running, progress unknown' : formatPercent(scan.percentage)}`;
  }
  const when = scan.end_time === null ? '' : ` ${formatInstant(scan.end_time)}`;
  if (scan.state === 'CANCELED') return `${kind} canceled${when}`;
  const how = scan.state === 'FINISHED' ? '' : ` ${safeCell(scan.state.toLowerCase(), 20)}`;
  return `${kind}${how}${when}, ${scan.errors ?? 'unknown'} errors`;
}

/** True while disks are being filled again: until it ends the pool has less redundancy than it should. */
export function isResilvering(scan: PoolScan | null): boolean {
  return scan?.state === 'SCANNING' && scan.function === 'RESILVER';
}

/** A pool's problems, worst first; empty when nothing is. Fullness is judged by the overview. */
export function poolProblems(pool: PoolHealth, layout: readonly LayoutEntry[], nowMs: number): string[] {
  const detail = pool.status_detail ?? '';
  const problems: string[] = [];
  if (pool.status !== 'ONLINE') problems.push(detail || `status ${pool.status ?? 'unknown'}`);
  else if (pool.healthy === false || isWarned(pool)) problems.push(detail || 'not healthy');
  else problems.push(...deniedTroubles(layout));
  if ((pool.scan?.errors ?? 0) > 0)
    problems.push(`last ${(pool.scan?.function ?? 'scan').toLowerCase()} found ${pool.scan?.errors} errors`);
  const stale = staleScan(pool.scan, nowMs);
  if (stale !== undefined) problems.push(stale);
  return problems;
}

/** Troubled members of a pool that calls itself healthy; of spares nothing is said here. */
function deniedTroubles(layout: readonly LayoutEntry[]): string[] {
  const troubled = troubledText(layout);
  return troubled === undefined ? [] : [`calls itself healthy, yet ${troubled}`];
}

/** Troubled disks named of each pool. */
const MAX_DISKS = 3;

/** `sdi FAULTED [ST16000NM001G, serial ZL2ABCDE], sdk 3 errors`, spares left out; undefined when no disk is in trouble. */
export function troubledText(layout: readonly LayoutEntry[]): string | undefined {
  const troubled = layout.filter((entry) => entry.vdevClass !== 'spare' && isKnownTrouble(entry));
  if (troubled.length === 0) return undefined;
  const words = troubled.slice(0, MAX_DISKS).map((entry) => {
    const what = entry.status === 'ONLINE' ? plural(errorsOf(entry), 'error') : entry.status;
    const kind = WITH_DATA.has(entry.vdevClass) ? '' : `${entry.vdevClass} `;
    return `${kind}${entry.name} ${what}${entry.identity === undefined ? '' : ` [${entry.identity}]`}`;
  });
  return `${words.join(', ')}${troubled.length > MAX_DISKS ? ', …' : ''}`;
}

/** True for a disk of which it is known that something is wrong with it. */
export function isKnownTrouble(entry: LayoutEntry): boolean {
  return entry.disk !== undefined && entry.status !== UNKNOWN_STATUS && isTroubled(entry);
}

/** Classes of vdevs that hold data which exists nowhere else in the pool. */
const WITH_DATA: ReadonlySet<string> = new Set(['data', 'special', 'dedup']);

/** True when data is at risk or lost. TrueNAS itself judges so: ONLINE and not healthy is a device that fails, or data that is gone. */
export function isCritical(pool: PoolHealth, layout: readonly LayoutEntry[]): boolean {
  if (pool.status !== 'ONLINE' || pool.healthy === false) return true;
  return layout.some(
    (entry) => WITH_DATA.has(entry.vdevClass) && isKnownTrouble(entry) && !isInService(entry),
  );
}

/** How full a pool is, parity counted; undefined where that is unknown. */
export function usedPercent({ allocated, size }: Space): number | undefined {
  return percentOf(allocated, size);
}

/** Scan states of which the end and the errors may be missing. */
const SCAN_STATES: ReadonlySet<string> = new Set(['NONE', 'SCANNING', 'FINISHED', 'CANCELED']);

/**
 * Facts that decide about a pool and could not be read, in words. One that is not in service is judged by that alone.
 */
export function unknownFacts(pool: PoolHealth & Space, layout: readonly LayoutEntry[] | null): string[] {
  if (pool.status === null) return ['status'];
  if (pool.status !== 'ONLINE') return [];
  return [
    ...(pool.healthy === null ? ['healthy'] : []),
    ...(pool.warning === null ? ['warning'] : []),
    ...(usedPercent(pool) === undefined ? ['space'] : []),
    ...unknownOfScan(pool.scan),
    ...(layout === null ? ['layout'] : layout.flatMap(unknownOf)),
  ];
}

/** The worst problem of a pool whose layout was not asked for, else what could not be read; undefined when all is well. */
export function worstProblem(pool: PoolHealth & Space, nowMs: number): string | undefined {
  const [problem] = poolProblems(pool, [], nowMs);
  if (problem !== undefined) return problem;
  const unknown = unknownFacts(pool, []);
  return unknown.length === 0 ? undefined : `unknown: ${unknown.join(', ')}`;
}

function unknownOfScan(scan: PoolScan | null): string[] {
  if (scan === null) return [];
  if (scan.state === null) return ['scan'];
  if (!SCAN_STATES.has(scan.state)) return [`scan state ${safeCell(scan.state, 20)}`];
  if (scan.state !== 'FINISHED') return [];
  return [
    ...(scan.errors === null ? ['errors of the last scan'] : []),
    ...(scan.end_time === null ? ['end of the last scan'] : []),
  ];
}

/** Planned monthly with the default threshold of 35 days, scrubs happen every second month: past this, they do not any more. */
const STALE_SCAN_MS = 70 * 86_400_000;

function staleScan(scan: PoolScan | null, nowMs: number): string | undefined {
  if (!scan || scan.state === 'SCANNING' || scan.end_time === null) return undefined;
  if (nowMs - scan.end_time < STALE_SCAN_MS) return undefined;
  return `no scrub for long: the last scan is ${describeScan(scan) ?? 'unknown'} (${formatAge(scan.end_time, nowMs)})`;
}

/** A pool whose features were not upgraded carries a warning for years and lacks nothing; TrueNAS itself raises no alert. */
function isWarned({ warning, status_code }: PoolHealth): boolean {
  return warning === true && status_code !== 'FEAT_DISABLED';
}
