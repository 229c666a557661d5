/** The source of a kind's rows on this release, and what is asked of it. */
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query, type QueryParts, type Selection } from '../../truenas/query.ts';
import type { ToolContext } from '../define.ts';
import { type NasTime, timeOf } from '../support/clock.ts';
import { type AnyColumn, columnsOf } from './kind-rows.ts';
import {
  type Kind,
  NOT_READ,
  type QuerySource,
  type Source,
  type WholeRows,
  type WholeSource,
} from './kind.ts';

/**
 * The first source that the NAS has.
 * @throws InputProblem when its release has none
 */
export async function sourceOf(nas: ReadClient, { sources, name, noun, instead }: Kind): Promise<Source> {
  for (const source of sources) if (await nas.has(methodsOf(source)[0])) return source;
  const release = await nas.release();
  const methods = sources.map((source) => methodsOf(source)[0]).join(', ');
  throw new InputProblem(
    'kind',
    `TrueNAS ${release.family} has no ${noun} (it lacks ${methods})`,
    instead ?? `"${name}" exists on other releases`,
  );
}

function methodsOf(source: Source): readonly [string, ...string[]] {
  return 'method' in source ? [source.method] : source.uses;
}

/** The call's parameters: filters and options, or what the source makes of them. */
export function paramsFor(
  { paramsOf }: QuerySource,
  parts: QueryParts,
  of: string | undefined,
): readonly unknown[] {
  return paramsOf === undefined ? query(parts) : paramsOf(parts, of ?? '');
}

/** Every row of a source that is read whole. */
export async function wholeRows(
  nas: ReadClient,
  source: WholeSource,
  of: string | undefined,
  isAsked: (name: string) => boolean = () => true,
): Promise<WholeRows> {
  const found = await source.read(nas, of ?? '', isAsked);
  return 'rows' in found ? found : { rows: found, notes: [] };
}

/** The clock of the NAS for a kind that needs it, else our own without notes. */
export async function clockFor(nas: ReadClient, kind: Kind, context: ToolContext): Promise<NasTime> {
  return kind.usesClock === true ? timeOf(nas, context.now()) : { nowMs: context.now(), notes: NO_CLOCK };
}

const NO_CLOCK: readonly string[] = [];

/** Fields to ask for: those that any `value` may use, those that these columns need, and the columns' own paths. */
export function selectionOf(kind: Kind, shown: readonly AnyColumn[]): Selection[] {
  const onlyNeeded = new Set(columnsOf(kind).flatMap(({ needs }) => needs ?? []));
  const needed = new Set(shown.flatMap(({ needs }) => needs ?? []));
  const fields = Object.entries(kind.row).flatMap(([name, reader]) =>
    reader === NOT_READ || (onlyNeeded.has(name) && !needed.has(name)) ? [] : [name],
  );
  const paths = shown.flatMap(({ from }) => from ?? []);
  return [...new Set([...fields, ...paths.filter((path) => !fields.includes(path.split('.')[0] ?? ''))])];
}
