/** Kinds of the toolset `system`. */
import type { Kind } from '../kind.ts';
import { certificate } from './certificate.ts';

export const KINDS: readonly Kind[] = [certificate];
