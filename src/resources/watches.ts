/** Watches of live resources by URI. Their code is loaded, and the NAS asked, only when a client watches one. */
import type { Watch, WatchDeps } from '../updates/watch.ts';
import type { Watches } from '../updates/shared-watches.ts';
import { type Caller, LOCAL_CALLER } from '../access/caller.ts';
import type { NasAccess } from '../access/reader.ts';

/** What watches of resources need. */
export interface ResourceWatchDeps extends Omit<WatchDeps, 'events'> {
  /** Names of the offered tools; resources of other tools cannot be watched. */
  readonly toolNames: () => Promise<ReadonlySet<string>>;
  readonly nas: NasAccess;
  /** Whose watches they are; the local caller's when absent. */
  readonly caller?: Caller;
}

/** Watches of the resources that go with the offered tools. */
export function resourceWatches({ toolNames, caller = LOCAL_CALLER, ...deps }: ResourceWatchDeps): Watches {
  const load = async () => {
    const [{ shareWatches }, { offeredResources }, { findWatchable }, names] = await Promise.all([
      import('../updates/shared-watches.ts'),
      import('./address.ts'),
      import('./watchable.ts'),
      toolNames(),
    ]);
    const resources = offeredResources(names, deps.nas.systems);
    return shareWatches({ ...deps, caller, find: (uri) => findWatchable(resources, uri) });
  };
  let loaded: Promise<Watches> | undefined;
  return {
    watch(uris, onUpdate): Watch {
      loaded ??= load();
      const opened = loaded.then((watches) => watches.watch(uris, onUpdate));
      return {
        ready: opened
          .then(({ ready }) => ready)
          .catch((error: unknown) => deps.log.error('resources cannot be watched', { error })),
        close: () => void opened.then((watch) => watch.close()).catch(() => {}),
      };
    },
  };
}
