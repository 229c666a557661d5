/**
 * The one way to a NAS. Tools, resources, completions and updates all ask here for a reader and get one that takes secrets
 * out of what comes in, lets through only what was declared, and ends with its caller.
 */
import type { Redactor } from '../output/redact/redactor.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { EventSource } from '../truenas/events/event-source.ts';
import type { Caller } from './caller.ts';
import { confine } from './confined-client.ts';
import { cleanClient } from './redacted-client.ts';
import { namingRoles } from './role-naming.ts';
import { endingWith } from './with-signal.ts';

/** An opened NAS under one caller's key. */
export interface OpenNas {
  readonly read: ReadClient;
  readonly events: EventSource;
}

/** Where the NASes come from: systems/ opens the configured ones. */
export interface NasSource {
  /** Names of the configured systems, never empty; their order is that of the configuration. */
  readonly systems: readonly [string, ...string[]];
  /** The same promise for the same system and caller. @throws TrueNasError when the configuration does not allow a connection */
  open(system: string, caller: Caller): Promise<OpenNas>;
}

/** Stands for a list of methods: whatever the live catalog of the NAS says is readable. */
export const ANY_READABLE = 'any-readable';

/** What a piece of work may read. */
export interface ReadGrant {
  readonly system: string;
  readonly caller: Caller;
  /** Every API method it may call, by canonical name. The same array for the same piece of work, which is then guarded once. */
  readonly uses: readonly string[] | typeof ANY_READABLE;
  /** Ends every call. */
  readonly signal: AbortSignal;
}

/** The way to the configured NASes. */
export interface NasAccess {
  readonly systems: readonly [string, ...string[]];
  /** A client for one piece of work. @throws as {@link NasSource.open} */
  reader(grant: ReadGrant): Promise<ReadClient>;
  /** Events of a system, unredacted: they may start a reading, nothing of them is passed on. @throws as {@link NasSource.open} */
  events(system: string, caller: Caller): Promise<EventSource>;
}

/** One NAS without its secrets, and that again for each list of methods that was declared. */
interface Guards {
  readonly redacted: ReadClient;
  readonly confined: WeakMap<readonly string[], ReadClient>;
}

/** Makes the way to these NASes; what guards a client is made once for each list of methods. */
export function createAccess(source: NasSource, redactor: Pick<Redactor, 'text' | 'value'>): NasAccess {
  const guards = new WeakMap<ReadClient, Guards>();

  function guardsOf(client: ReadClient): Guards {
    let known = guards.get(client);
    if (known === undefined) {
      known = { redacted: cleanClient(namingRoles(client), redactor), confined: new WeakMap() };
      guards.set(client, known);
    }
    return known;
  }

  return {
    systems: source.systems,
    async reader({ system, caller, uses, signal }) {
      const { read } = await source.open(system, caller);
      const { redacted, confined } = guardsOf(read);
      if (uses === ANY_READABLE) {
        // The catalog and the reviewed parameters are a twentieth of the start's own code; only generic tools need them.
        const { catalogOf, readableClient } = await import('./readable-client.ts');
        return readableClient(redacted, { catalog: catalogOf(read), signal });
      }
      let client = confined.get(uses);
      if (client === undefined) {
        client = confine(redacted, uses);
        confined.set(uses, client);
      }
      return endingWith(client, signal);
    },
    events: async (system, caller) => (await source.open(system, caller)).events,
  };
}
