/** Makes the kinds of findings of a move: when one is dealt with says how bad it is. */
import type { FindingKind, Level } from './finding.ts';

/** When a finding is dealt with, in this order. */
export const STAGES = ['blocks', 'before', 'changes', 'note'] as const;
export type Stage = (typeof STAGES)[number];

/** A kind of trouble of a move. */
export interface MigrationKind extends FindingKind {
  readonly stage: Stage;
  /** What to do, step by step, for the long report. */
  readonly steps: string;
}

const LEVELS: Readonly<Record<Stage, Level>> = {
  blocks: 'CRITICAL',
  before: 'WARNING',
  changes: 'WARNING',
  note: 'NOTE',
};

/** What is said of a kind. */
interface Said {
  readonly what: string;
  readonly means: string;
  /** What to do, in a few words. */
  readonly next: string;
  /** What to do, step by step. */
  readonly steps: string;
  readonly isLikely?: true;
}

/** A kind with its short name. */
export function migrationKind(stage: Stage, id: string, said: Said): MigrationKind {
  const { what, means, next, steps, isLikely } = said;
  return {
    ...{ id: `migration.${id}`, level: LEVELS[stage], stage, what, means, seeAlso: next, steps },
    certainty: isLikely === true ? 'likely' : 'sure',
  };
}
