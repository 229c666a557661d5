/** All namespaces of the NAS. */
import type { SimEventDefinition } from '../events.ts';
import type { SimMethod } from '../method.ts';

/** Every method of the NAS's own namespaces. */
export const NAS_METHODS: readonly SimMethod[] = [];
/** Events that do not follow from a query method. */
export const NAS_EVENTS: readonly SimEventDefinition[] = [];
