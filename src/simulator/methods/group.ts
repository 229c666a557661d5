/** `group.*`. */
import type { SimMethod } from '../method.ts';

export const GROUP_METHODS: readonly SimMethod[] = [];
