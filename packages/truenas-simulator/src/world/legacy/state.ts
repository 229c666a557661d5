/** What only the older releases have: log files that can be followed, and the things that FreeBSD does its own way. */
import { isCore, type LegacyRelease } from '../../releases.ts';
import type { Random } from '../random.ts';
import { type SambaLines, sambaLines } from './samba.ts';
import { type CorePlan, type CoreState, createCoreState } from './core-state.ts';

/** A log file. */
export interface LogFile {
  readonly lines: string[];
}

/** State of an older release. */
export interface LegacyState {
  readonly release: LegacyRelease;
  /** Log files by path. */
  readonly logFiles: ReadonlyMap<string, LogFile>;
  readonly samba: SambaLines;
  /** What FreeBSD has; null on Linux. */
  readonly core: CoreState | null;
}

/** Makes it. */
export function createLegacyState(
  release: LegacyRelease,
  random: Random,
  nowMs: number,
  plan: CorePlan,
): LegacyState {
  const line = `${new Date(nowMs).toISOString().slice(0, 19)} nas kernel: ready`;
  return {
    release,
    logFiles: new Map([['/var/log/messages', { lines: [line] }]]),
    samba: sambaLines(plan.hasTroubles),
    core: isCore(release) ? createCoreState(random, plan) : null,
  };
}
