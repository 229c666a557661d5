/** One watch per URI, however many clients watch it. */
import type { Caller } from '../access/caller.ts';
import type { NasAccess } from '../access/reader.ts';
import type { ReadClient } from '../truenas/client.ts';
import { type Trigger, type Watch, watch, type WatchDeps } from './watch.ts';

/** Something on the NAS that may change. */
export interface Watchable {
  /** The NAS it is of. */
  readonly system: string;
  readonly triggers: readonly Trigger[];
  /** Loads the code that reads it. */
  readonly load: () => Promise<WatchedState>;
}

/** How something watched is read. */
export interface WatchedState {
  /** Every API method that reading it may call. */
  readonly uses: readonly string[];
  /** Reads what has to differ for it to count as changed. */
  readonly state: (
    nas: ReadClient,
    context: { readonly signal: AbortSignal; readonly now: () => number },
  ) => Promise<unknown>;
}

/** Watches by URI. */
export interface Watches {
  /**
   * Watches URIs until closed, and calls `onUpdate` with the URI, as given, whenever one changed. Unknown URIs, and those
   * of things that never change, are ignored.
   */
  watch(uris: readonly string[], onUpdate: (uri: string) => void): Watch;
}

/** What shared watches need. */
export interface SharedWatchDeps extends Omit<WatchDeps, 'events'> {
  /** The watchable with this URI; undefined when there is none. */
  readonly find: (uri: string) => Watchable | undefined;
  readonly nas: NasAccess;
  readonly caller: Caller;
}

/** Most URIs watched at a time; each costs the NAS a reading now and then. */
const MAX_WATCHES = 100;

/** How long the clock of a watch stands still. */
const CLOCK_STEP_MS = 3_600_000;

/** A watch and those it updates. */
interface SharedWatch {
  readonly watch: Watch;
  readonly listeners: Set<() => void>;
}

/** Opens a watch for the first listener of a URI and closes it with the last. */
export function shareWatches(deps: SharedWatchDeps): Watches {
  const open = new Map<string, SharedWatch>();
  let isFull = false;

  function join(uri: string, listener: () => void): Watch | undefined {
    const shared = open.get(uri) ?? start(uri);
    if (shared === undefined) return undefined;
    shared.listeners.add(listener);
    return {
      ready: shared.watch.ready,
      close() {
        if (!shared.listeners.delete(listener) || shared.listeners.size > 0) return;
        shared.watch.close();
        if (open.get(uri) === shared) open.delete(uri);
      },
    };
  }

  function start(uri: string): SharedWatch | undefined {
    const watchable = deps.find(uri);
    if (watchable === undefined) return undefined;
    if (open.size >= MAX_WATCHES) {
      // A client may ask for thousands at once, and ask again: warn once, not for each.
      deps.log[isFull ? 'debug' : 'warn'](
        'too many resources are watched; updates of this one are not delivered',
        { uri },
      );
      isFull = true;
      return undefined;
    }
    isFull = false;
    const listeners = new Set<() => void>();
    const onUpdate = (): void => {
      for (const listener of [...listeners]) listener();
    };
    const { triggers, system } = watchable;
    const events = () => deps.nas.events(system, deps.caller);
    const read = reader(watchable, deps);
    const shared = { watch: watch({ triggers, read }, onUpdate, { ...deps, events }), listeners };
    open.set(uri, shared);
    return shared;
  }

  return {
    watch(uris, onUpdate) {
      const joined = [...new Set(uris)].flatMap((uri) => join(uri, () => onUpdate(uri)) ?? []);
      return {
        ready: Promise.all(joined.map(({ ready }) => ready)).then(() => undefined),
        close() {
          for (const each of joined) each.close();
        },
      };
    },
  };
}

/** Reads the state of a watchable as text, which is only compared and never leaves the process. */
function reader(
  { system, load }: Watchable,
  { nas, caller }: SharedWatchDeps,
): (signal: AbortSignal) => Promise<string> {
  let clockMs = Date.now();
  return async (signal) => {
    const { uses, state } = await load();
    const client = await nas.reader({ system, caller, uses, signal });
    // An age in words must not count as a change: the clock stands still, for an hour, as having become old is a change.
    if (Math.abs(Date.now() - clockMs) >= CLOCK_STEP_MS) clockMs = Date.now();
    return JSON.stringify(await state(client, { signal, now: () => clockMs }));
  };
}
