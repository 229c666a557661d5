/** Readers of changes: confined to reviewed methods, or to what the live catalog of the NAS says is readable. */
import type { Caller } from '../access/caller.ts';
import { catalogOf, type ReadableClient } from '../access/readable-client.ts';
import { ANY_READABLE, type NasAccess, type ReadGrant } from '../access/reader.ts';
import { isKnownRead } from '../policy/roles.ts';
import type { ApiCatalog, ApiMethod, ApiMethodSummary } from '../truenas/catalog/index.ts';
import type { CallOptions, ReadClient } from '../truenas/client.ts';
import type { Release } from '../truenas/releases.ts';
import { namesIn } from '../truenas/renames.ts';
import type { StateRead } from './change.ts';
import { replaceReferences } from './references.ts';
import type { Writers } from './writer.ts';

/**
 * The API as the account that would make the change sees it: a NAS describes to each account only what it may call, so that
 * a reading account sees no method that writes. Undefined while nobody is signed in for changes.
 */
export type WriterCatalog = () => Promise<ApiCatalog | undefined>;

/** Whose reading it is. */
type Grant = Omit<ReadGrant, 'uses'>;

/** A reader for a plan. @param readsAny besides `uses`, whatever the NAS says is readable */
export async function planReader(
  nas: NasAccess,
  grant: Grant,
  { uses, readsAny = false }: { readonly uses: readonly string[]; readonly readsAny?: boolean | undefined },
): Promise<ReadClient> {
  const confined = await nas.reader({ ...grant, uses });
  if (!readsAny) return confined;
  const readable = await readableReader(nas, grant);
  const call = (method: string, params?: readonly unknown[], options?: CallOptions) =>
    uses.includes(method) ? confined.call(method, params, options) : readable.call(method, params, options);
  return { ...readable, call };
}

/** A reader for the state of things: what is no read of this program has to be readable by the NAS's own word. */
export async function stateReader(
  nas: NasAccess,
  grant: Grant,
  reads: readonly StateRead[],
): Promise<ReadClient> {
  const methods = [...new Set(reads.map(({ method }) => method))];
  const uses = methods.filter(isKnownRead);
  return planReader(nas, grant, { uses, readsAny: uses.length < methods.length });
}

/** The first of these reads that is neither a read of this program nor readable by the word of the NAS. */
export async function unreadable(
  nas: NasAccess,
  grant: Grant,
  reads: readonly StateRead[],
): Promise<string | undefined> {
  const others = reads.filter(({ method }) => !isKnownRead(method));
  if (others.length === 0) return undefined;
  const client = await readableReader(nas, grant);
  for (const { method, params } of others) {
    const known = params.map((param) => replaceReferences(param, () => 0));
    if ((await client.refusal(method, known)) !== undefined) return method;
  }
  return undefined;
}

async function readableReader(nas: NasAccess, grant: Grant): Promise<ReadableClient> {
  const client = await nas.reader({ ...grant, uses: ANY_READABLE });
  if (!isReadableClient(client)) throw new Error('a reader of whatever is readable has a catalog');
  return client;
}

function isReadableClient(client: ReadClient): client is ReadableClient {
  return 'catalog' in client && 'refusal' in client;
}

/** The API as a session for changes sees it, where one may be used without a new sign-in. */
export function writerCatalog(writers: Writers, system: string, caller: Caller): WriterCatalog {
  return async () => {
    try {
      const session = await writers.current(system, caller, 'configuration');
      return session === undefined ? undefined : catalogOf(session.read);
    } catch {
      // Why the key cannot be used is told when something is to be applied.
      return undefined;
    }
  };
}

/** The compact entry of a method by canonical name. */
export function findByName(
  catalog: Pick<ApiCatalog, 'find'>,
  release: Release,
  method: string,
): Promise<ApiMethodSummary | undefined> {
  return byAnyName(release, method, (name) => catalog.find(name));
}

/** The entry of a method by canonical name, with its schemas. */
export function describeByName(
  catalog: Pick<ApiCatalog, 'method'>,
  release: Release,
  method: string,
): Promise<ApiMethod | undefined> {
  return byAnyName(release, method, (name) => catalog.method(name));
}

async function byAnyName<Entry>(
  release: Release,
  method: string,
  look: (name: string) => Promise<Entry | undefined>,
): Promise<Entry | undefined> {
  for (const name of new Set(namesIn(release, method))) {
    const found = await look(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
