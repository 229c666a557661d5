/** Every resource, in the order of the lists. */
import type { Resource } from './resource.ts';
import { LIVE_RESOURCES } from './live.ts';
import { PAGES } from './pages/index.ts';

/** All of them; those of a tool that is not offered are left out by {@link offeredResources}. */
export const ALL_RESOURCES: readonly Resource[] = [...LIVE_RESOURCES, ...PAGES];

/** The resources that go with these tools; reference pages always. */
export function offeredResources(toolNames: ReadonlySet<string>): readonly Resource[] {
  return ALL_RESOURCES.filter((resource) => resource.kind === 'page' || toolNames.has(resource.tool));
}

export type { LiveResource, Page, Reading, Resource, Variables } from './resource.ts';
export { type Found, findResource, isTemplate } from './uri.ts';
