/** `privilege.*`. */
import type { SimMethod } from '../method.ts';

export const PRIVILEGE_METHODS: readonly SimMethod[] = [];
