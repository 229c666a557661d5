/**
 * The API a NAS publishes about itself, read on demand and kept small: of every method one compact entry, of the ones
 * used last the full schemas. Never a bundled copy, so it is right on whatever release the NAS runs.
 */
import { atMost, unlessAborted } from '../abort.ts';
import type { CallOptions, ReadClient, WireValue } from '../client.ts';
import { isTrueNasError, TrueNasError } from '../errors.ts';
import { isAtLeast, type Release } from '../releases.ts';
import { createSchemaCache } from './cache.ts';
import { normaliseMethod } from './normalise.ts';
import type { ApiMethod, ApiMethodSummary } from './types.ts';

export type { ApiMethod, ApiMethodSummary, ApiParameter, JsonSchema } from './types.ts';

/** What the catalog needs of a connection. */
export type CatalogCaller = Pick<ReadClient, 'call' | 'release'>;

/** All methods, as far as they could be read. */
export interface CatalogListing {
  /** The very same list until more is read, or the catalog is read anew. */
  readonly methods: readonly ApiMethodSummary[];
  /** Namespaces that are missing: not read yet, or not readable. */
  readonly unread: readonly string[];
}

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

/** What a method name looks like; anything else is never sent. */
export const METHOD_NAME = /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/;

const MAX_METHODS = 5000;
const MAX_SERVICES = 500;
/** A NAS builds the schemas anew for every call: more at once would only take its processor away. */
const PARALLEL_LOADS = 2;
const LOAD_TIMEOUT_MS = 60_000;
/** What is younger is not read anew. */
const MIN_AGE_MS = 60_000;

/** A catalog over a connection. Sends nothing until first used. */
export function openCatalog(caller: CatalogCaller, options: CatalogOptions = {}): ApiCatalog {
  const now = options.now ?? (() => performance.now());
  const maxAgeMs = options.maxAgeMs ?? 15 * 60_000;
  let current: Edition | undefined;

  async function edition(call?: CallOptions): Promise<Edition> {
    const release = await caller.release(call);
    const { version } = release;
    const isCurrent = current?.version === version && now() - current.openedAtMs < maxAgeMs;
    if (current === undefined || !isCurrent) {
      current = openEdition(caller, release, now());
    }
    return current;
  }

  /** A lost connection tells nothing of an upgrade behind it; a ping opens it again, and then the release is known. */
  async function freshEdition(call?: CallOptions): Promise<Edition> {
    if (current !== undefined) await caller.call('core.ping', [], call);
    return edition(call);
  }

  /** What is not found may have come with an upgrade: before that is said, the NAS itself is asked. */
  async function look<T>(
    read: (from: Edition) => Promise<T | undefined>,
    call?: CallOptions,
  ): Promise<T | undefined> {
    const before = await edition(call);
    const found = await read(before);
    if (found !== undefined) return found;
    const now = await freshEdition(call);
    return now === before ? undefined : read(now);
  }

  return {
    find: (name, call) => look((from) => from.find(name, call), call),
    method: (name, call) => look((from) => from.method(name, call), call),
    async all(call) {
      return (await freshEdition(call)).all(call ?? {});
    },
    async services(call) {
      return [...(await waitFor((await edition(call)).services(), call?.signal))];
    },
    forget() {
      // What is refused again and again must not have the NAS build its schemas each time.
      if (current !== undefined && now() - current.openedAtMs >= MIN_AGE_MS) current = undefined;
    },
  };
}

interface Edition {
  readonly version: string;
  readonly openedAtMs: number;
  services(): Promise<ReadonlySet<string>>;
  find(name: string, call?: CallOptions): Promise<ApiMethodSummary | undefined>;
  method(name: string, call?: CallOptions): Promise<ApiMethod | undefined>;
  all(call: CallOptions & { waitMs?: number }): Promise<CatalogListing>;
}

/** What was read of one release. Loads are shared; a failed one is forgotten, so that the next use tries again. */
function openEdition(caller: CatalogCaller, release: Release, openedAtMs: number): Edition {
  const summaries = new Map<string, ApiMethodSummary>();
  const schemas = createSchemaCache();
  const loads = new Map<string, Promise<readonly ApiMethod[]>>();
  const read = new Set<string>();
  let listing: Promise<ReadonlySet<string>> | undefined;
  let sweep: Promise<void> | undefined;
  let listed: readonly ApiMethodSummary[] = [];

  /** Asks the NAS that this edition is about, and no other: behind a new connection may be another release. */
  async function ask(method: string, params: readonly unknown[], isAgain = false): Promise<WireValue> {
    const { version } = await caller.release({ timeoutMs: LOAD_TIMEOUT_MS });
    if (version !== release.version) throw replaced(method);
    try {
      return await caller.call(method, params, { timeoutMs: LOAD_TIMEOUT_MS, isBound: true });
    } catch (error) {
      if (isAgain || !isTrueNasError(error, 'unreachable')) throw error;
      return ask(method, params, true);
    }
  }

  function services(): Promise<ReadonlySet<string>> {
    listing ??= ask('core.get_services', [])
      .then((reply) => new Set(publicServices(reply).slice(0, MAX_SERVICES)))
      .catch((error: unknown) => {
        listing = undefined;
        throw error;
      });
    return listing;
  }

  function load(service: string): Promise<readonly ApiMethod[]> {
    let pending = loads.get(service);
    if (pending === undefined) {
      pending = ask('core.get_methods', [service])
        .then((reply) => keep(service, recordOf(reply)))
        .finally(() => loads.delete(service));
      loads.set(service, pending);
    }
    return pending;
  }

  function keep(service: string, published: readonly [string, unknown][]): ApiMethod[] {
    const methods: ApiMethod[] = [];
    for (const [name, entry] of published) {
      // A NAS that lists a foreign or odd name under a namespace must not replace what is known of another one.
      if (!METHOD_NAME.test(name) || serviceOf(name) !== service) continue;
      const method = normaliseMethod(name, entry);
      if (method === undefined || (summaries.size >= MAX_METHODS && !summaries.has(name))) continue;
      methods.push(method);
      summaries.set(name, summaryOf(method));
    }
    read.add(service);
    return methods;
  }

  async function isKnownService(name: string, call?: CallOptions): Promise<boolean> {
    return METHOD_NAME.test(name) && (await waitFor(services(), call?.signal)).has(serviceOf(name));
  }

  /** From 26.0 on a NAS reads its whole list for every namespace asked: then asking once for all is gentler. */
  async function loadWhole(): Promise<void> {
    const reply = await ask('core.get_methods', []);
    const byService = new Map<string, [string, unknown][]>([...(await services())].map((name) => [name, []]));
    for (const entry of recordOf(reply)) byService.get(serviceOf(entry[0]))?.push(entry);
    for (const [service, entries] of byService) keep(service, entries);
  }

  async function sweepAll(): Promise<void> {
    // Too big or too slow for one answer: then piece by piece after all.
    if (isAtLeast(release, '26.0')) await loadWhole().catch(() => undefined);
    const waiting = [...(await services())].filter((service) => !read.has(service));
    const work = async (): Promise<void> => {
      for (let service = waiting.shift(); service !== undefined; service = waiting.shift()) {
        // One namespace that cannot be read is reported as unread; it must not cost the other ones.
        await load(service).catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_LOADS }, work));
  }

  return {
    version: release.version,
    openedAtMs,
    services,
    async find(name, call) {
      if (!(await isKnownService(name, call))) return undefined;
      if (!read.has(serviceOf(name))) await waitFor(load(serviceOf(name)), call?.signal);
      return summaries.get(name);
    },
    async method(name, call) {
      if (!(await isKnownService(name, call))) return undefined;
      const known = schemas.get(name);
      if (known !== undefined) return known;
      if (read.has(serviceOf(name)) && !summaries.has(name)) return undefined;
      const loaded = await waitFor(load(serviceOf(name)), call?.signal);
      const wanted = loaded.find((method) => method.name === name);
      for (const method of loaded) if (method !== wanted) schemas.add(method);
      if (wanted !== undefined) schemas.add(wanted);
      return wanted;
    },
    async all({ waitMs, signal }) {
      const known = await waitFor(services(), signal);
      if ([...known].some((service) => !read.has(service))) {
        sweep ??= sweepAll().finally(() => {
          sweep = undefined;
        });
        await waitFor(sweep, signal, waitMs);
      }
      const unread = [...known].filter((service) => !read.has(service));
      if (listed.length !== summaries.size) listed = [...summaries.values()];
      return { methods: listed, unread };
    },
  };
}

function replaced(method: string): TrueNasError {
  return new TrueNasError('unreachable', {
    summary: 'The NAS became another release while its list of methods was read.',
    nextStep: 'Call again.',
    method,
  });
}

/** The namespace of a method: all but its last part. */
export function serviceOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

function summaryOf(method: ApiMethod): ApiMethodSummary {
  const { name, summary, roles, isJob, isFilterable, needsTransfer, parameters } = method;
  return { name, summary, roles, isJob, isFilterable, needsTransfer, parameters };
}

/** Waits for shared work without owning it: a caller who leaves, or whose time is up, does not end it. */
async function waitFor<T>(work: Promise<T>, signal?: AbortSignal, waitMs?: number): Promise<T>;
async function waitFor(work: Promise<unknown>, signal?: AbortSignal, waitMs?: number): Promise<unknown> {
  if (signal === undefined && waitMs === undefined) return work;
  signal?.throwIfAborted();
  const inTime = waitMs === undefined ? work : atMost(work, waitMs);
  try {
    return await (signal === undefined
      ? inTime
      : unlessAborted(inTime, signal, () => signal.reason as Error));
  } finally {
    inTime.catch(() => undefined);
    work.catch(() => undefined);
  }
}

/** Namespaces with methods for the public; the NAS lists its inner ones too. */
function publicServices(reply: unknown): string[] {
  return recordOf(reply)
    .filter(
      ([, service]) =>
        !recordOf(fieldOf(service, 'config')).some(([key, value]) => key === 'private' && value === true),
    )
    .map(([name]) => name);
}

function fieldOf(value: unknown, name: string): unknown {
  return recordOf(value).find(([key]) => key === name)?.[1];
}

function recordOf(reply: unknown): [string, unknown][] {
  if (reply === null || typeof reply !== 'object' || Array.isArray(reply)) return [];
  return Object.entries(reply);
}
