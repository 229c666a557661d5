/** When tasks run, against each other and against what people mean by a schedule. */
import type { Finding, FindingKind } from './finding.ts';

/** A task, as far as its times go. */
export interface ScheduledTask {
  /** `replication home to backup`, as safe text. */
  readonly label: string;
  /** It keeps pools or the network busy while it runs. */
  readonly isHeavy: boolean;
  /** Its runs in the window, in milliseconds since the epoch and in order; null where they are not known. */
  readonly runs: readonly number[] | null;
  /** How long it took the last time, in milliseconds; null where it is not known. */
  readonly tookMs: number | null;
  /** It is switched on, and its schedule never comes. */
  readonly isNever: boolean;
}

const TOGETHER: FindingKind = {
  id: 'schedule.together',
  level: 'NOTE',
  what: 'heavy tasks at the same time',
  means: 'Each takes longer while the other reads the same disks; a scrub gives way to everything else.',
  certainty: 'likely',
  seeAlso: 'Data Protection, to move one of them',
};
const NEVER: FindingKind = {
  id: 'schedule.never',
  level: 'WARNING',
  what: 'switched on, and its schedule never comes',
  means: 'Day, month and weekday of the schedule never meet, so the task looks active and does nothing.',
  certainty: 'sure',
  seeAlso: 'Data Protection, to give it another schedule',
};

const UNSCRUBBED: FindingKind = {
  id: 'schedule.unscrubbed',
  level: 'WARNING',
  what: 'pool that no scrub covers',
  means: 'What rots on a disk is found and mended by scrubs alone, while the other copies are still good.',
  certainty: 'sure',
  seeAlso: 'Data Protection > Scrub Tasks',
};

/** Every kind of finding here. */
export const SCHEDULE_KINDS: readonly FindingKind[] = [NEVER, UNSCRUBBED, TOGETHER];

/** A pool whose scrubs do not come by themselves. */
export interface Unscrubbed {
  /** Safe text. */
  readonly pool: string;
  readonly why: 'no scrub task' | 'its scrub task is switched off';
}

/** Findings about pools that no scrub task looks after. */
export function judgeScrubs(pools: readonly Unscrubbed[]): Finding[] {
  return pools.map(({ pool, why }) => ({ kind: UNSCRUBBED, about: pool, evidence: why }));
}

/** A moment at which heavy tasks run together. */
export interface Together {
  readonly ms: number;
  readonly labels: readonly string[];
}

/**
 * Findings about these tasks.
 * @param timeText how a moment is written
 */
export function judgeSchedules(tasks: readonly ScheduledTask[], timeText: (ms: number) => string): Finding[] {
  return [
    ...tasks.filter(({ isNever }) => isNever).map(({ label }) => ({ kind: NEVER, about: label })),
    ...togetherOf(tasks).map(({ ms, labels }) => ({
      kind: TOGETHER,
      about: `${timeText(ms)} ${labels.slice(0, MAX_NAMED).join(' + ')}${labels.length > MAX_NAMED ? ` + ${labels.length - MAX_NAMED} more` : ''}`,
    })),
  ];
}

const MAX_NAMED = 3;

/** The first moment of each set of heavy tasks that run together; a task that never told how long it takes counts for its start. */
export function togetherOf(tasks: readonly ScheduledTask[]): Together[] {
  const starts = tasks
    .filter(({ isHeavy }) => isHeavy)
    .flatMap((task) =>
      (task.runs ?? []).map((ms) => ({ ms, task, endMs: ms + Math.max(MINUTE_MS, task.tookMs ?? 0) })),
    )
    .toSorted((a, b) => a.ms - b.ms);
  const found = new Map<string, Together>();
  let active: typeof starts = [];
  for (const [index, start] of starts.entries()) {
    active = [...active.filter(({ endMs, task }) => endMs > start.ms && task !== start.task), start];
    // All that start in one minute are one moment.
    if (starts[index + 1]?.ms === start.ms || active.length < 2) continue;
    const labels = active.map(({ task }) => task.label).toSorted();
    const key = labels.join('\n');
    if (!found.has(key)) found.set(key, { ms: start.ms, labels });
  }
  return [...found.values()];
}

const MINUTE_MS = 60_000;
