/**
 * The API a NAS publishes about itself, read on demand and kept small: of every method one compact entry, of the ones
 * used last the full schemas. Never a bundled copy, so it is right on whatever release the NAS runs.
 */
import type { CallOptions } from '../client.ts';
import {
  allMethods,
  type CatalogCaller,
  type CatalogListing,
  type Edition,
  findMethod,
  methodWithSchemas,
  openEdition,
  servicesOf,
  waitFor,
} from './edition.ts';
import type { ApiMethod, ApiMethodSummary } from './types.ts';

export { type CatalogCaller, type CatalogListing, METHOD_NAME, serviceOf } from './edition.ts';
export type { ApiMethod, ApiMethodSummary, ApiParameter, JsonSchema } from './types.ts';

/** The live catalog of one connection. */
export interface ApiCatalog {
  /** The compact entry of a method; `undefined` when this NAS does not offer it to this caller. */
  find(name: string, options?: CallOptions): Promise<ApiMethodSummary | undefined>;
  /** The method with its schemas. Reads only the method's own namespace. */
  method(name: string, options?: CallOptions): Promise<ApiMethod | undefined>;
  /** Every method. Answers with what there is after `waitMs`; reading goes on behind it. */
  all(options?: CallOptions & { waitMs?: number }): Promise<CatalogListing>;
  /** Namespaces of the NAS. */
  services(options?: CallOptions): Promise<readonly string[]>;
  /** Drops everything, unless it was read just now; the next use reads again. */
  forget(): void;
}

export interface CatalogOptions {
  /** After this long everything is read anew, as roles may have changed. Milliseconds; 15 minutes by default. */
  readonly maxAgeMs?: number;
  /** A clock in milliseconds that is never set; the monotonic one by default. */
  readonly now?: () => number;
}

/** A younger edition is not dropped. */
const MIN_AGE_MS = 60_000;

interface CatalogState {
  readonly caller: CatalogCaller;
  readonly maxAgeMs: number;
  readonly now: () => number;
  edition: Edition | undefined;
}

/** A catalog over a connection. Sends nothing until first used. */
export function openCatalog(caller: CatalogCaller, options: CatalogOptions = {}): ApiCatalog {
  const catalog: CatalogState = {
    caller,
    maxAgeMs: options.maxAgeMs ?? 15 * 60_000,
    now: options.now ?? (() => performance.now()),
    edition: undefined,
  };
  return {
    find: (name, call) => look(catalog, (edition) => findMethod(edition, name, call), call),
    method: (name, call) => look(catalog, (edition) => methodWithSchemas(edition, name, call), call),
    async all(call = {}) {
      return allMethods(await freshEdition(catalog, call), call);
    },
    async services(call) {
      return [...(await waitFor(servicesOf(await editionOf(catalog, call)), call?.signal))];
    },
    forget() {
      const { edition, now } = catalog;
      // A call that is refused again and again must not have the NAS build its schemas each time.
      if (edition !== undefined && now() - edition.openedAtMs >= MIN_AGE_MS) catalog.edition = undefined;
    },
  };
}

async function editionOf(catalog: CatalogState, call?: CallOptions): Promise<Edition> {
  const { caller, now, maxAgeMs } = catalog;
  const release = await caller.release(call);
  const { edition } = catalog;
  const isCurrent = edition?.release.version === release.version && now() - edition.openedAtMs < maxAgeMs;
  if (edition !== undefined && isCurrent) return edition;
  catalog.edition = openEdition(caller, release, now());
  return catalog.edition;
}

/** A lost connection tells nothing of an upgrade behind it; a ping opens it again, and then the release is known. */
async function freshEdition(catalog: CatalogState, call?: CallOptions): Promise<Edition> {
  if (catalog.edition !== undefined) await catalog.caller.call('core.ping', [], call);
  return editionOf(catalog, call);
}

/** Reads from the present edition; an unknown method may have come with an upgrade, so then the NAS itself is asked. */
async function look<T>(
  catalog: CatalogState,
  read: (from: Edition) => Promise<T | undefined>,
  call?: CallOptions,
): Promise<T | undefined> {
  const before = await editionOf(catalog, call);
  const found = await read(before);
  if (found !== undefined) return found;
  const fresh = await freshEdition(catalog, call);
  return fresh === before ? undefined : read(fresh);
}
