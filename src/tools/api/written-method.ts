/** The method of a generic change: what the NAS says of it, or why it is not called. */
import type { ReadableClient } from '../../access/readable-client.ts';
import { describeByName, type WriterCatalog } from '../../changes/readers.ts';
import { nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { isReadable } from '../../policy/classes.ts';
import { methodRefusal } from '../../policy/refusals.ts';
import { isJudged, judgedMethods } from '../../policy/risk/index.ts';
import type { ApiCatalog, ApiMethod } from '../../truenas/catalog/index.ts';
import type { Release } from '../../truenas/releases.ts';
import { canonicalName } from '../../truenas/renames.ts';
import { ownToolOf } from './own-tools.ts';

/** Longest wait for a hint at near names, in milliseconds. */
const HINT_WAIT_MS = 5000;

/** A method that may be planned. */
export interface WrittenMethod {
  /** Canonical name. */
  readonly name: string;
  /** As the NAS describes it; absent while no account that may call it is signed in. */
  readonly described: ApiMethod | undefined;
  readonly release: Release;
  /** The entry of another method by canonical name, as far as one of the accounts sees it. */
  describe(method: string): Promise<ApiMethod | undefined>;
}

/**
 * The method by its name of any release.
 * @throws InputProblem for one that is denied, only reads, is left to a tool of its own, or that this NAS lacks
 */
export async function writtenMethod(
  nas: ReadableClient,
  given: string,
  writerCatalog: WriterCatalog | undefined,
): Promise<WrittenMethod> {
  const name = canonicalName(given.trim());
  refuseByName(name);
  const [release, writer] = await Promise.all([nas.release(), writerCatalog?.()]);
  const describe = async (method: string) =>
    (await describeByName(nas.catalog, release, method)) ??
    (writer === undefined ? undefined : await describeByName(writer, release, method));
  const described = await describe(name);
  if (described === undefined && (writer !== undefined || !isJudged(name)))
    throw await unknownMethod(name, nas.catalog, writer);
  if (described !== undefined) refuseByKind(name, described);
  return { name, described, release, describe };
}

/** Nothing is read for what is never sent. */
function refuseByName(name: string): void {
  const refusal = methodRefusal(name);
  if (refusal !== undefined)
    throw new InputProblem('method', `${safeCell(name, 80)} ${refusal.why}`, refusal.instead);
  const own = ownToolOf(name);
  if (own?.does !== undefined)
    throw new InputProblem(
      'method',
      `${name} is left to ${own.tool}, which ${own.does}`,
      `plan_change with ${own.tool}`,
    );
}

function refuseByKind(name: string, method: ApiMethod): void {
  // A job that only reads is left out by call_api_read: it starts work on the NAS.
  if (isReadable(method) && !method.isJob)
    throw new InputProblem('method', `${name} only reads`, 'use call_api_read');
  if (method.needsTransfer)
    throw new InputProblem('method', `${name} works only together with a file transfer`);
}

async function unknownMethod(
  wanted: string,
  reader: ApiCatalog,
  writer: ApiCatalog | undefined,
): Promise<InputProblem> {
  const listings = await Promise.all(
    [reader, ...(writer === undefined ? [] : [writer])].map((catalog) =>
      catalog.all({ waitMs: HINT_WAIT_MS }),
    ),
  );
  const names = new Set(listings.flatMap(({ methods }) => methods.map(({ name }) => name)));
  // A reading account sees no method that writes.
  if (writer === undefined) for (const name of judgedMethods()) names.add(name);
  const near = nearNames(wanted, names, 5);
  const who =
    writer === undefined
      ? 'is no changing method that this program knows, and the reading account sees none'
      : `is not a method that this NAS offers to the accounts signed in${isJudged(wanted) ? '; other releases have it' : ''}`;
  const hint = near.length === 0 ? 'search_api finds methods' : `near: ${near.join(', ')}`;
  const signIn =
    writer === undefined
      ? '; methods that nobody reviewed are planned once an account for changes is signed in (TRUENAS_WRITE_API_KEY, or for some minutes after an approval)'
      : '';
  return new InputProblem('method', `${safeCell(wanted, 80)} ${who}`, `${hint}${signIn}`);
}
