/** Kinds of the toolset `files`. */
import type { Kind } from '../kind.ts';
import { acl } from './acl.ts';
import { directoryEntry } from './directory-entry.ts';
import { file } from './file.ts';

export const KINDS: readonly Kind[] = [directoryEntry, file, acl];
