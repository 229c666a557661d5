/**
 * What a move to a later release breaks. Findings come in the order in which they are dealt with: what blocks the move, what
 * is done before it, what changes by it, and what to note.
 */
import type { FindingKind, Level } from './finding.ts';
import type { MigrationKind, Stage } from './migration-kind.ts';
import { CORE_SERVICE_TROUBLES } from './migration-services.ts';
import { CORE_STORAGE_TROUBLES } from './migration-storage.ts';
import { RELEASE_TROUBLES } from './migration-releases.ts';

/** Every kind of finding of a move, by its short name. */
export const MIGRATION_TROUBLES = {
  ...CORE_STORAGE_TROUBLES,
  ...CORE_SERVICE_TROUBLES,
  ...RELEASE_TROUBLES,
} as const;
export type MigrationTrouble = keyof typeof MIGRATION_TROUBLES;

export const MIGRATION_KINDS: readonly MigrationKind[] = Object.values(MIGRATION_TROUBLES);

const OWN = new Map<string, MigrationKind>(MIGRATION_KINDS.map((kind) => [kind.id, kind]));

/** Of the findings that an upgrade check shares, those that come with the new release. */
const CHANGES = new Set(
  ['instances', 'smb1', 'smart_tests', 'rest_api', 'replication_never_fires'].map((id) => `upgrade.${id}`),
);
const BY_LEVEL: Readonly<Record<Level, Stage>> = { CRITICAL: 'blocks', WARNING: 'before', NOTE: 'note' };

/** When a finding is dealt with. */
export function stageOf({ id, level }: FindingKind): Stage {
  return OWN.get(id)?.stage ?? (CHANGES.has(id) ? 'changes' : BY_LEVEL[level]);
}

/** What to do about it, in full; undefined for a finding that an upgrade check shares. */
export function stepsOf({ id }: FindingKind): string | undefined {
  return OWN.get(id)?.steps;
}
