/** `user.*`. */
import type { SimMethod } from '../method.ts';

export const USER_METHODS: readonly SimMethod[] = [];
