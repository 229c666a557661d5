/** `auth.*`. */
import type { SimMethod } from '../method.ts';

export const AUTH_METHODS: readonly SimMethod[] = [];
