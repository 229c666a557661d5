/** The configured NASes: each is opened when first asked for, once for each caller. */
import type { Caller } from '../access/caller.ts';
import type { NasSource } from '../access/reader.ts';
import { DEFAULT_CHANGE_SETTINGS } from '../policy/change-settings.ts';
import type { Log } from '../truenas/log.ts';
import { type LazyNas, lazyNas, type SystemConfig } from './lazy-nas.ts';
import { createWriteSessions, type WriteSessions } from './write-sessions.ts';

/** The NASes of a process. */
export interface Systems extends NasSource {
  /** Sessions for changes; for the change executor only. */
  readonly writeSessions: WriteSessions;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** What becomes known of a system while it is opened. */
export interface SystemObserver {
  readonly log: Log;
  /** Called with a secret that the configuration did not name: the key of a demo's simulator. */
  readonly addSecret: (secret: string) => void;
}

/**
 * The systems of a configuration. Nothing is loaded or connected before the first `open`.
 * @param configs by name, in the order of the configuration; names are unique, `docs` is none (resources/address.ts).
 */
export function createSystems(
  configs: readonly [SystemConfig, ...SystemConfig[]],
  { log, addSecret }: SystemObserver,
): Systems {
  const opened = new Map<string, LazyNas>();
  const [first, ...others] = configs;
  const configOf = (name: string): SystemConfig => {
    const config = configs.find((each) => each.name === name);
    if (config === undefined) throw new Error(`no system is called ${name}`);
    return config;
  };
  const nasOf = (name: string, caller: Caller): LazyNas => {
    const key = JSON.stringify([name, caller.id]);
    let nas = opened.get(key);
    if (nas === undefined) {
      nas = lazyNas(configOf(name), log, addSecret);
      opened.set(key, nas);
    }
    return nas;
  };
  const writeSessions = createWriteSessions({
    access: (system, caller) => nasOf(system, caller).writing(),
    settings: (system) => configOf(system).changes ?? DEFAULT_CHANGE_SETTINGS,
    ownKeys(system) {
      const { connection, changes } = configOf(system);
      return [connection?.apiKey, changes?.writeKey?.apiKey].filter((key) => key !== undefined);
    },
  });
  return {
    writeSessions,
    systems: [first.name, ...others.map(({ name }) => name)],
    open: (system, caller) => nasOf(system, caller).open(),
    async close() {
      // Before a demo's simulated NAS, which would cut them.
      await writeSessions.close();
      await Promise.all([...opened.values()].map((nas) => nas.close()));
    },
  };
}
