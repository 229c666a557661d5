/** `core.*`. */
import type { SimMethod } from '../method.ts';

export const CORE_METHODS: readonly SimMethod[] = [];
