/** Every kind of finding: for the documentation, and for the test that holds each against a NAS that has it. */
import { BACKUP_KINDS } from './backup.ts';
import type { FindingKind } from './finding.ts';

export const FINDING_KINDS: readonly FindingKind[] = [...BACKUP_KINDS];
