/** Who listens to which resource: one watch per URI, however many listen. */
import { confine } from '../access/confined-client.ts';
import type { ReadClient } from '../truenas/client.ts';
import { endingWith } from '../access/with-signal.ts';
import { type Watch, watch, type WatchDeps, type WatchedEvent } from './watch.ts';

/** Something with a URI that may change. */
export interface Watchable {
  /** Every API method that reading it may call. */
  readonly uses: readonly string[];
  readonly hints: readonly WatchedEvent[];
  /** What has to differ for it to count as changed. */
  state(
    nas: ReadClient,
    context: { readonly signal: AbortSignal; readonly now: () => number },
  ): Promise<unknown>;
}

/** What notices take. */
export interface NoticeDeps extends WatchDeps {
  /** What has this URI; undefined when nothing that changes has it. */
  readonly find: (uri: string) => Watchable | undefined;
  readonly nas: () => Promise<ReadClient>;
}

/** Where one may listen. */
export interface Notices {
  /**
   * Calls `notify` with the URI, as given, when its resource changed. URIs of nothing and of pages never do.
   * @returns `ready` when changes from now on will be noticed, and the way to stop.
   */
  listen(uris: readonly string[], notify: (uri: string) => void): Watch;
}

/** Most URIs watched at a time; each costs the NAS a reading now and then. */
const MAX_WATCHES = 100;

/** How long the clock of a watch stands still. */
const CLOCK_STEP_MS = 3_600_000;

interface Entry {
  readonly watch: Watch;
  readonly listeners: Set<() => void>;
}

/** Nobody listens at first. */
export function createNotices(deps: NoticeDeps): Notices {
  const entries = new Map<string, Entry>();
  let isFull = false;

  function join(uri: string, notify: () => void): Watch | undefined {
    const entry = entries.get(uri) ?? open(uri);
    if (entry === undefined) return undefined;
    entry.listeners.add(notify);
    return {
      ready: entry.watch.ready,
      close() {
        if (!entry.listeners.delete(notify) || entry.listeners.size > 0) return;
        entry.watch.close();
        if (entries.get(uri) === entry) entries.delete(uri);
      },
    };
  }

  function open(uri: string): Entry | undefined {
    const watchable = deps.find(uri);
    if (watchable === undefined) return undefined;
    if (entries.size >= MAX_WATCHES) {
      // A client may ask for thousands in one breath, and ask again.
      deps.log[isFull ? 'debug' : 'warn'](
        'too many resources are listened to; changes of this one are not told',
        { uri },
      );
      isFull = true;
      return undefined;
    }
    isFull = false;
    let clockMs = Date.now();
    const listeners = new Set<() => void>();
    const read = async (signal: AbortSignal): Promise<string> => {
      const client = endingWith(confine(await deps.nas(), watchable.uses), signal);
      // The clock stands still, so that an age in words is no change; but not for good, as what has become old is one.
      if (Math.abs(Date.now() - clockMs) >= CLOCK_STEP_MS) clockMs = Date.now();
      // The reading stays in here and is only compared.
      return JSON.stringify(await watchable.state(client, { signal, now: () => clockMs }));
    };
    const tell = (): void => {
      for (const listener of [...listeners]) listener();
    };
    const entry = { watch: watch({ hints: watchable.hints, read }, tell, deps), listeners };
    entries.set(uri, entry);
    return entry;
  }

  return {
    listen(uris, notify) {
      const joined = [...new Set(uris)].flatMap((uri) => join(uri, () => notify(uri)) ?? []);
      return {
        ready: Promise.all(joined.map(({ ready }) => ready)).then(() => undefined),
        close() {
          for (const each of joined) each.close();
        },
      };
    },
  };
}
