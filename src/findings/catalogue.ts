/** Every kind of finding: for the documentation, and for the test that holds each against a NAS that has it. */
import { ACCESS_KINDS } from './access.ts';
import { BACKUP_KINDS } from './backup.ts';
import { EXPOSURE_KINDS } from './exposure.ts';
import type { FindingKind } from './finding.ts';
import { SCHEDULE_KINDS } from './schedule.ts';
import { SPACE_KINDS } from './space.ts';

export const FINDING_KINDS: readonly FindingKind[] = [
  ...ACCESS_KINDS,
  ...BACKUP_KINDS,
  ...EXPOSURE_KINDS,
  ...SCHEDULE_KINDS,
  ...SPACE_KINDS,
];
