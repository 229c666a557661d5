/** What a reading is to those who watch it for changes. */
import type { Watchable } from '../updates/shared-watches.ts';
import { type Addressed, findResource } from './address.ts';

/** The reading that has this URI; undefined when none has, and for a page, which never changes. */
export function findWatchable(resources: readonly Addressed[], uri: string): Watchable | undefined {
  const found = findResource(resources, uri);
  if (found === undefined || found.resource.kind === 'page') return undefined;
  const { resource, variables } = found;
  return {
    system: resource.system,
    triggers: resource.triggers.map(({ event, concerns }) => ({
      event,
      ...(concerns === undefined ? {} : { concerns: (seen) => concerns(seen, variables) }),
    })),
    async load() {
      const { uses, read } = await resource.load();
      return { uses, state: async (nas, context) => (await read(nas, variables, context)).state };
    },
  };
}
