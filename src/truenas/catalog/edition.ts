/**
 * The methods of one NAS at one release, as far as they were read. Loads are shared; a failed one is forgotten, so that
 * the next use tries again.
 */
import { atMost, unlessAborted } from '../abort.ts';
import type { CallOptions, ReadClient, WireValue } from '../client.ts';
import { isTrueNasError, TrueNasError } from '../errors.ts';
import type { Release } from '../releases.ts';
import { createSchemaCache, type SchemaCache } from './cache.ts';
import { normaliseMethod } from './normalise.ts';
import { publicServices, recordOf } from './reply.ts';
import type { ApiMethod, ApiMethodSummary } from './types.ts';

/** The part of a connection that the catalog uses. */
export type CatalogCaller = Pick<ReadClient, 'call' | 'release'>;

/** All methods, as far as they could be read. */
export interface CatalogListing {
  /** The very same list until more is read, or the catalog is read anew: an index over it is kept as long. */
  readonly methods: readonly ApiMethodSummary[];
  /** Namespaces that are missing: not read yet, or not readable. */
  readonly unread: readonly string[];
}

/** The catalog of one release, as far as it was read. */
export interface Edition {
  readonly caller: CatalogCaller;
  readonly release: Release;
  readonly openedAtMs: number;
  readonly summaries: Map<string, ApiMethodSummary>;
  readonly schemas: SchemaCache;
  /** Namespaces that are being read. */
  readonly loads: Map<string, Promise<readonly ApiMethod[]>>;
  /** Namespaces that were read. */
  readonly read: Set<string>;
  listing: Promise<ReadonlySet<string>> | undefined;
  /** The summaries as they were last listed. */
  listed: readonly ApiMethodSummary[];
  /** The reading of all namespaces, while it goes on. */
  sweep: Promise<void> | undefined;
}

/** A method's name; anything else is never sent. */
export const METHOD_NAME = /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/;

const MAX_METHODS = 5000;
const MAX_SERVICES = 500;
/** A NAS builds the schemas anew for every call: more at once would only take its processor away. */
const PARALLEL_LOADS = 2;
const LOAD_TIMEOUT_MS = 60_000;

/** An edition of which nothing was read yet. */
export function openEdition(caller: CatalogCaller, release: Release, openedAtMs: number): Edition {
  return {
    caller,
    release,
    openedAtMs,
    summaries: new Map(),
    schemas: createSchemaCache(),
    loads: new Map(),
    read: new Set(),
    listing: undefined,
    listed: [],
    sweep: undefined,
  };
}

/** The compact entry of a method; undefined when the NAS does not offer it. */
export async function findMethod(
  edition: Edition,
  name: string,
  call?: CallOptions,
): Promise<ApiMethodSummary | undefined> {
  if (!(await isKnownService(edition, name, call))) return undefined;
  if (!edition.read.has(serviceOf(name))) await waitFor(load(edition, serviceOf(name)), call?.signal);
  return edition.summaries.get(name);
}

/** The method with its schemas; undefined when the NAS does not offer it. */
export async function methodWithSchemas(
  edition: Edition,
  name: string,
  call?: CallOptions,
): Promise<ApiMethod | undefined> {
  const { schemas, read, summaries } = edition;
  if (!(await isKnownService(edition, name, call))) return undefined;
  const known = schemas.get(name);
  if (known !== undefined) return known;
  if (read.has(serviceOf(name)) && !summaries.has(name)) return undefined;
  const loaded = await waitFor(load(edition, serviceOf(name)), call?.signal);
  const wanted = loaded.find((method) => method.name === name);
  for (const method of loaded) if (method !== wanted) schemas.add(method);
  if (wanted !== undefined) schemas.add(wanted);
  return wanted;
}

/** Every method; answers with what there is after `waitMs`, and reads on behind it. */
export async function allMethods(
  edition: Edition,
  { waitMs, signal }: CallOptions & { waitMs?: number },
): Promise<CatalogListing> {
  const { read, summaries } = edition;
  const known = await waitFor(servicesOf(edition), signal);
  if ([...known].some((service) => !read.has(service))) {
    edition.sweep ??= sweepAll(edition).finally(() => {
      edition.sweep = undefined;
    });
    await waitFor(edition.sweep, signal, waitMs);
  }
  const unread = [...known].filter((service) => !read.has(service));
  if (edition.listed.length !== summaries.size) edition.listed = [...summaries.values()];
  return { methods: edition.listed, unread };
}

/** The namespaces of the NAS, read once. */
export function servicesOf(edition: Edition): Promise<ReadonlySet<string>> {
  edition.listing ??= ask(edition, 'core.get_services', [])
    .then((reply) => new Set(publicServices(reply).slice(0, MAX_SERVICES)))
    .catch((error: unknown) => {
      edition.listing = undefined;
      throw error;
    });
  return edition.listing;
}

/** Asks the NAS that this edition is about, and no other: behind a new connection may be another release. */
async function ask(
  edition: Edition,
  method: string,
  params: readonly unknown[],
  isAgain = false,
): Promise<WireValue> {
  const { caller, release } = edition;
  const { version } = await caller.release({ timeoutMs: LOAD_TIMEOUT_MS });
  if (version !== release.version) throw replaced(method);
  try {
    return await caller.call(method, params, { timeoutMs: LOAD_TIMEOUT_MS, isBound: true });
  } catch (error) {
    if (isAgain || !isTrueNasError(error, 'unreachable')) throw error;
    return ask(edition, method, params, true);
  }
}

function load(edition: Edition, service: string): Promise<readonly ApiMethod[]> {
  const { loads } = edition;
  let pending = loads.get(service);
  if (pending === undefined) {
    pending = ask(edition, 'core.get_methods', [service])
      .then((reply) => keep(edition, service, recordOf(reply)))
      .finally(() => loads.delete(service));
    loads.set(service, pending);
  }
  return pending;
}

function keep(
  { summaries, read }: Edition,
  service: string,
  published: readonly [string, unknown][],
): ApiMethod[] {
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

async function isKnownService(edition: Edition, name: string, call?: CallOptions): Promise<boolean> {
  return METHOD_NAME.test(name) && (await waitFor(servicesOf(edition), call?.signal)).has(serviceOf(name));
}

async function loadWhole(edition: Edition): Promise<void> {
  const reply = await ask(edition, 'core.get_methods', []);
  const services = [...(await servicesOf(edition))];
  const byService = new Map<string, [string, unknown][]>(services.map((name) => [name, []]));
  for (const entry of recordOf(reply)) byService.get(serviceOf(entry[0]))?.push(entry);
  for (const [service, entries] of byService) keep(edition, service, entries);
}

/**
 * True for a NAS that reads its whole list for every namespace that is asked for: asking once for all is gentler there.
 * Nothing in an answer says so; such a NAS has the namespace `zpool`, and those without it take long over a whole list.
 */
async function readsWholeList(edition: Edition): Promise<boolean> {
  return (await servicesOf(edition)).has('zpool');
}

async function sweepAll(edition: Edition): Promise<void> {
  // An answer too big or too slow fails: then the namespaces are read one by one.
  if (await readsWholeList(edition)) await loadWhole(edition).catch(() => undefined);
  const waiting = [...(await servicesOf(edition))].filter((service) => !edition.read.has(service));
  const work = async (): Promise<void> => {
    for (let service = waiting.shift(); service !== undefined; service = waiting.shift()) {
      // A namespace that cannot be read is reported as unread; it must not cost the others.
      await load(edition, service).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_LOADS }, work));
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
  const { name, summary, roles, needsNoRole, isJob, isFilterable, needsTransfer, parameters } = method;
  return { name, summary, roles, needsNoRole, isJob, isFilterable, needsTransfer, parameters };
}

/** Waits for shared work without owning it: a caller who leaves, or whose time is up, does not end it. */
export async function waitFor<T>(work: Promise<T>, signal?: AbortSignal): Promise<T>;
export async function waitFor(
  work: Promise<unknown>,
  signal?: AbortSignal,
  waitMs?: number,
): Promise<unknown>;
export async function waitFor(
  work: Promise<unknown>,
  signal?: AbortSignal,
  waitMs?: number,
): Promise<unknown> {
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
