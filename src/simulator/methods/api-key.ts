/** `api_key.*`. */
import type { SimMethod } from '../method.ts';

export const API_KEY_METHODS: readonly SimMethod[] = [];
