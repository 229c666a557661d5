/** Kinds of the toolset `audit`. */
import type { Kind } from '../kind.ts';
import { auditEntry } from './audit-entry.ts';
import { reportingGraph } from './reporting-graph.ts';

export const KINDS: readonly Kind[] = [auditEntry, reportingGraph];
