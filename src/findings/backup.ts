/** Whether data has a backup: what covers each dataset, and whether it works. */
import type { Finding, FindingKind } from './finding.ts';

/** How a task that copies data did. */
export type TaskHealth = 'works' | 'failed' | 'never-ran' | 'on-hold' | 'off' | 'stale' | 'unknown';

/** A task that covers a dataset. */
export interface Cover {
  /** `snapshot` stays in the pool, `replica` is on the same NAS, the others are elsewhere. */
  readonly kind: 'snapshot' | 'replica' | 'offsite' | 'cloud' | 'rsync';
  /** `replication "offsite"`, as safe text. */
  readonly label: string;
  readonly health: TaskHealth;
  /** Its last success, in milliseconds since the epoch, where the NAS tells. */
  readonly lastSuccessMs: number | null;
  /** What it said last when it failed or waits; safe text. */
  readonly why?: string | undefined;
  /** Number of the task and its kind for `run_task`; absent where no tool runs it. */
  readonly task?: { readonly kind: string; readonly id: number } | undefined;
}

/** A dataset, as far as its backup goes. */
export interface BackupFacts {
  /** Safe text. */
  readonly dataset: string;
  /** Written in the dataset itself, in bytes; null where it is not known. */
  readonly ownBytes: number | null;
  readonly sizeText: string;
  readonly covers: readonly Cover[];
  /** It is the target of a replication: a copy itself. */
  readonly isReplica: boolean;
  /** False where a kind of task could not be read: then more may cover it than is known. */
  readonly isWhole: boolean;
}

/** Less data is what an empty dataset holds. */
const EMPTY_BYTES = 1 << 20;

const NONE: FindingKind = {
  id: 'backup.none',
  level: 'WARNING',
  what: 'no backup at all',
  means: 'No snapshot task covers the data and nothing copies it: what is deleted or overwritten is gone.',
  certainty: 'sure',
  repairedBy: 'create_snapshot_task',
};
const SAME_POOL: FindingKind = {
  id: 'backup.same_pool',
  level: 'WARNING',
  what: 'snapshots only',
  means: 'Snapshots lie in the pool that they protect: when the pool is lost, so are they.',
  certainty: 'sure',
  seeAlso: 'Data Protection > Replication Tasks',
};
const SAME_NAS: FindingKind = {
  id: 'backup.same_nas',
  level: 'NOTE',
  what: 'copies on this NAS only',
  means: 'Another pool of the same machine survives a pool, not a fire, a theft or a break-in.',
  certainty: 'sure',
  seeAlso: 'Data Protection > Replication Tasks',
};
const FAILED: FindingKind = {
  id: 'backup.failed',
  level: 'WARNING',
  what: 'last run failed',
  means: 'The newest copy is older than its schedule promises.',
  certainty: 'sure',
  repairedBy: 'run_task',
};
const ON_HOLD: FindingKind = {
  id: 'backup.on_hold',
  level: 'WARNING',
  what: 'task on hold',
  means: 'The NAS does not run it, and raises no alert about that.',
  certainty: 'sure',
  seeAlso: 'get_item of the task',
};
const STALE: FindingKind = {
  id: 'backup.stale',
  level: 'WARNING',
  what: 'no success for long',
  means: 'The task is enabled, and its last success is much older than its schedule.',
  certainty: 'likely',
  repairedBy: 'run_task',
};
const OFF: FindingKind = {
  id: 'backup.off',
  level: 'WARNING',
  what: 'only switched-off tasks',
  means: 'Tasks for the data exist, and none of them runs.',
  certainty: 'sure',
  seeAlso: 'Data Protection',
};

/** Every kind of finding here. */
export const BACKUP_KINDS: readonly FindingKind[] = [NONE, OFF, FAILED, ON_HOLD, STALE, SAME_POOL, SAME_NAS];

/** True for a dataset that holds nothing to back up itself, such as a parent of others. */
export function isEmpty({ ownBytes }: BackupFacts): boolean {
  return ownBytes !== null && ownBytes < EMPTY_BYTES;
}

/** Why a dataset counts as without a backup; undefined for one that has a copy, is one, or holds nothing. */
export function gapOfBackup(facts: BackupFacts): FindingKind | undefined {
  if (facts.isReplica || isEmpty(facts) || !facts.isWhole) return undefined;
  const running = facts.covers.filter(({ health }) => health !== 'off');
  if (facts.covers.length === 0) return NONE;
  if (running.length === 0) return OFF;
  return running.every(({ kind }) => kind === 'snapshot') ? SAME_POOL : undefined;
}

function isOnThisNasOnly(facts: BackupFacts): boolean {
  if (facts.isReplica || isEmpty(facts) || !facts.isWhole) return false;
  const running = facts.covers.filter(({ health }) => health !== 'off');
  return running.length > 0 && running.every(({ kind }) => kind === 'snapshot' || kind === 'replica');
}

/** Findings about these datasets: each gap of a dataset once, each trouble of a task once. */
export function judgeBackups(all: readonly BackupFacts[]): Finding[] {
  const found = all.flatMap((facts): Finding[] => {
    const kind = gapOfBackup(facts) ?? (isOnThisNasOnly(facts) ? SAME_NAS : undefined);
    if (kind === undefined) return [];
    const isRepairable = kind.repairedBy !== undefined;
    return [
      {
        kind,
        about: facts.dataset,
        evidence: facts.sizeText,
        ...(isRepairable
          ? { arguments: { dataset: facts.dataset, schedule: 'daily 02:30', keep: '30d' } }
          : {}),
      },
    ];
  });
  const tasks = new Map(all.flatMap(({ covers }) => covers).map((cover) => [cover.label, cover]));
  return [...found, ...[...tasks.values()].flatMap(troubleOf)];
}

const TROUBLES: Partial<Readonly<Record<TaskHealth, FindingKind>>> = {
  failed: FAILED,
  'on-hold': ON_HOLD,
  stale: STALE,
};

function troubleOf({ label, health, why, task }: Cover): Finding[] {
  const kind = TROUBLES[health];
  if (kind === undefined) return [];
  return [
    {
      kind,
      about: label,
      ...(why === undefined ? {} : { evidence: why }),
      ...(kind.repairedBy === undefined || task === undefined
        ? {}
        : { arguments: { kind: task.kind, task: task.id } }),
    },
  ];
}
