/** Kinds of the toolset `accounts`. */
import type { Kind } from '../kind.ts';
import { user } from './user.ts';

export const KINDS: readonly Kind[] = [user];
