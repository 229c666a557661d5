/**
 * The client of the generic tools: it sends what the NAS's own, live metadata says is readable, and nothing else. A name
 * that the catalog does not list is never sent, so neither private methods nor aliases nor look-alikes get through.
 */
import { RefusedError, type Refusal, refusalFor } from '../policy/refusals.ts';
import { withRoleNamed } from '../policy/role-advice.ts';
import { isKnownRead, neededRoles } from '../policy/roles.ts';
import { canonicalName } from '../truenas/renames.ts';
import { type ApiCatalog, openCatalog } from '../truenas/catalog/index.ts';
import type { ReadClient } from '../truenas/client.ts';
import { isTrueNasError } from '../truenas/errors.ts';
import { createGenericSlots, type GenericSlots } from './generic-slots.ts';
import { endingWith } from './with-signal.ts';

/** A read client that goes by the live catalog instead of a list. */
export interface ReadableClient extends ReadClient {
  readonly catalog: ApiCatalog;
  /** Why this call would not be made; `undefined` when it would. */
  refusal(method: string, params: readonly unknown[]): Promise<Refusal | undefined>;
}

/** The optional parts of a {@link ReadableClient}. */
export interface ReadableOptions {
  /** The connection's catalog when `client` is a decorated one; {@link catalogOf} `client` when absent. */
  readonly catalog?: ApiCatalog;
  /** Ends every call and every wait for the catalog. */
  readonly signal?: AbortSignal;
}

/**
 * A client that sends exactly the methods which the NAS says are readable and the denials leave.
 * @throws RefusedError (from `call`) before anything is sent.
 */
export function readableClient(source: ReadClient, options: ReadableOptions = {}): ReadableClient {
  const { signal } = options;
  const shared = options.catalog ?? catalogOf(source);
  const slots = slotsOf(shared);
  const client = signal === undefined ? source : endingWith(source, signal);
  const catalog = signal === undefined ? shared : catalogEndingWith(shared, signal);

  const refusal = (method: string, params: readonly unknown[]) =>
    refusalFor(method, params, (name) => catalog.method(name));

  return {
    catalog,
    refusal,
    release: (call) => client.release(call),
    async has(method, call) {
      return (await catalog.find(method, call)) !== undefined;
    },
    async call(method, params = [], call) {
      const send = async () => {
        const why = await refusal(method, params);
        if (why !== undefined) throw new RefusedError(method, why);
        // Without the signal: a call that was sent keeps its place until the NAS answers.
        return slots.run(method, signal, () => source.call(method, params, { ...call, isBound: true }));
      };
      try {
        return await send().catch((error: unknown) => {
          // Behind a new connection the NAS may be another release, to which the same name means another thing.
          if (isTrueNasError(error, 'unreachable')) return send();
          throw error;
        });
      } catch (error) {
        const named = await namedByCatalog(error, method, catalog);
        // The NAS has changed under the catalog: the next call reads it anew.
        if (isTrueNasError(error, 'method-missing') || isTrueNasError(error, 'not-authorized'))
          catalog.forget();
        throw named;
      }
    },
  };
}

/** A refusal for want of a role names the one that the NAS itself published for the method, where ours knows none. */
async function namedByCatalog(error: unknown, method: string, catalog: ApiCatalog): Promise<unknown> {
  if (!isTrueNasError(error) || !error.lacksRole || isKnownRead(canonicalName(method))) return error;
  const published = await catalog.method(method).catch(() => undefined);
  return published?.roles === undefined ? error : withRoleNamed(error, neededRoles(published.roles, 1));
}

const catalogs = new WeakMap<ReadClient, ApiCatalog>();

/** The one catalog of a connection. */
export function catalogOf(client: ReadClient): ApiCatalog {
  let catalog = catalogs.get(client);
  if (catalog === undefined) {
    catalog = openCatalog(client);
    catalogs.set(client, catalog);
  }
  return catalog;
}

const slotsByCatalog = new WeakMap<ApiCatalog, GenericSlots>();

/** The places for generic calls of the connection that a catalog is of. */
function slotsOf(catalog: ApiCatalog): GenericSlots {
  let known = slotsByCatalog.get(catalog);
  if (known === undefined) {
    known = createGenericSlots();
    slotsByCatalog.set(catalog, known);
  }
  return known;
}

/** The same catalog; a wait for it ends when `signal` fires, and what is being read goes on for the others. */
function catalogEndingWith(catalog: ApiCatalog, signal: AbortSignal): ApiCatalog {
  return {
    find: (name, call) => catalog.find(name, { signal, ...call }),
    method: (name, call) => catalog.method(name, { signal, ...call }),
    all: (call) => catalog.all({ signal, ...call }),
    services: (call) => catalog.services({ signal, ...call }),
    forget: () => catalog.forget(),
  };
}
