/** A thing that is looked at before a move. Many are small, so that one which cannot be read leaves the rest. */
import { type Judged, judging } from '../../../findings/judging.ts';
import { MIGRATION_TROUBLES, type MigrationTrouble } from '../../../findings/migration.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import type { UpgradePart } from '../upgrade-part.ts';
import { FIRST_SCALE, type UpgradePath } from '../upgrade-steps.ts';

/** Parts that can be asked for alone. */
export const MIGRATION_PARTS = [
  'storage',
  'hardware',
  'network',
  'sharing',
  'services',
  'accounts',
  'tasks',
  'workloads',
] as const;
export type MigrationPart = (typeof MIGRATION_PARTS)[number];

/** A check, and the part that it belongs to. */
export interface MigrationCheck extends UpgradePart {
  readonly part: MigrationPart;
}

/** Looked at only when the way leaves TrueNAS CORE. */
export const LEAVES_CORE = { into: FIRST_SCALE } as const;

/** Notes a finding where all conditions hold; see findings/judging.ts. */
export type When = ReturnType<typeof judging<MigrationTrouble>>['when'];

/** Makes a check. @param find reads, and tells what it finds by `when` */
export function migrationCheck(
  about: Omit<MigrationCheck, 'read'>,
  find: (nas: ReadClient, when: When, path: UpgradePath) => Promise<void>,
): MigrationCheck {
  return {
    ...about,
    async read(nas, path): Promise<Judged> {
      const { when, judged } = judging(MIGRATION_TROUBLES);
      await find(nas, when, path);
      return judged();
    },
  };
}

/** A name of the NAS in an answer. */
export function named(name: string | number | null): string {
  return safeCell(String(name ?? '?'), 60);
}

/** Words in an answer, the empty ones left out. */
export function words(...parts: readonly (string | false | null | undefined)[]): string {
  return safeCell(parts.filter((part) => typeof part === 'string' && part !== '').join(', '), 100);
}

/** True for a text with something in it; null for none. */
export function isFilled(text: string | null): boolean | null {
  return text === null ? null : text.trim() !== '';
}
