/** What a live resource is to a watch. */
import type { Watchable } from '../updates/shared-watches.ts';
import type { Resource } from './resource.ts';
import { findResource } from './uri.ts';

/** The live resource that has this URI; undefined when none has, and for a page, which never changes. */
export function findWatchable(resources: readonly Resource[], uri: string): Watchable | undefined {
  const found = findResource(resources, uri);
  if (found === undefined || found.resource.kind === 'page') return undefined;
  const { resource, variables } = found;
  return {
    uses: resource.uses,
    triggers: resource.triggers.map(({ event, concerns }) => ({
      event,
      ...(concerns === undefined ? {} : { concerns: (seen) => concerns(seen, variables) }),
    })),
    state: async (nas, context) => (await resource.read(nas, variables, context)).state,
  };
}
