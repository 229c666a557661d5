/** Kinds of the toolset `protection`. */
import type { Kind } from '../kind.ts';
import { snapshotTask } from './snapshot-task.ts';

export const KINDS: readonly Kind[] = [snapshotTask];
