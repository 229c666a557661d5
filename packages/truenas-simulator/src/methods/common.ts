/** What the namespaces share: building their methods, asking for rows, telling subscribers. */
import * as z from 'zod';
import { CallError, doesNotExist, ERRNO, PlainError } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod, SimParams } from '../calls/method.ts';
import { applyQuery, type QueryOptions } from '../query/apply.ts';
import { instanceParams } from '../query/params.ts';
import { sqlTable } from '../query/sql-tables.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';

/** Releases from 25.10 on, and those before it. */
export const SINCE_25_10: readonly SimRelease[] = ['25.10', '27.0'];
export const ONLY_25_04: readonly SimRelease[] = ['25.04'];
export const UNTIL_25_10: readonly SimRelease[] = ['25.04', '25.10'];
export const ONLY_27_0: readonly SimRelease[] = ['27.0'];

/** A row as the API shows it. */
export type ApiRow = Record<string, unknown>;

/** Validated query-options with the `extra` that some queries read. */
export type Options = QueryOptions & { readonly extra?: Readonly<Record<string, unknown>> };

/** What makes `query` and `get_instance` of a namespace. */
export interface Readable {
  readonly namespace: string;
  /** As it stands in "… 7 does not exist". */
  readonly entity: string;
  /** What a row is, for the descriptions. */
  readonly what: string;
  readonly roles: readonly string[];
  readonly releases?: readonly SimRelease[];
  /** Schema of one row, at least of its secrets. */
  readonly row?: SimMethod['returns'];
  readonly secretRoles?: readonly string[];
  readonly id?: z.ZodType;
  /** On 25.04 `get_instance` takes anything for an id, and finds nothing for most of it. */
  readonly takesAnyIdBefore?: boolean;
  /** The field that identifies a row, `id` when absent. */
  readonly key?: string;
  rows(context: MethodContext, filters: readonly unknown[], options: Options): Iterable<object>;
}

/** `query` and `get_instance`. */
export function readable(spec: Readable): SimMethod[] {
  const { namespace, key = 'id' } = spec;
  const shared = {
    roles: spec.roles,
    ...(spec.releases === undefined ? {} : { releases: spec.releases }),
    ...(spec.row === undefined ? {} : { returns: spec.row }),
    ...(spec.secretRoles === undefined ? {} : { secretRoles: spec.secretRoles }),
  };
  return [
    {
      ...shared,
      name: `${namespace}.query`,
      description: `Lists ${spec.what}.`,
      filterable: true,
      run: (context: MethodContext, filters: readonly unknown[], options: Options) =>
        spec.rows(context, filters, options),
    },
    {
      ...shared,
      name: `${namespace}.get_instance`,
      description: `One of ${spec.what}, by its ${key === 'id' ? 'id' : key}.`,
      params: idParams(spec.id ?? z.int(), spec.takesAnyIdBefore === true),
      run(context: MethodContext, id: unknown, options: Options) {
        if (!isAtLeast(context.release, '25.10')) refuseLoneSurrogate(`${namespace}.query`, id);
        const filters = [[key, '=', id]];
        const found = applyQuery(spec.rows(context, filters, options), filters, {
          select: options.select ?? [],
        });
        const row = Array.isArray(found) ? found[0] : undefined;
        if (row === undefined) throw doesNotExist(spec.entity, id);
        return row;
      },
    },
  ];
}

/** Anything but null. */
const anyId = z.unknown().refine((id) => id !== null && id !== undefined, 'null not allowed');

/** The database takes no text that is no Unicode, and 25.04 has nothing before it that looks. @throws PlainError */
function refuseLoneSurrogate(query: string, id: unknown): void {
  const found = typeof id === 'string' ? /\p{Cs}/u.exec(id) : null;
  if (found === null || sqlTable(query, '25.04') === undefined) return;
  const code = found[0].charCodeAt(0).toString(16);
  throw new PlainError(
    `'utf-8' codec can't encode character '\\u${code}' in position ${found.index}: surrogates not allowed`,
    'UnicodeEncodeError',
  );
}

/** Parameters of a `get_instance`; `takesAny` for those of 25.04 that are not choosy. */
export function idParams(id: z.ZodType, takesAny: boolean): (release: SimRelease) => SimParams {
  const current = instanceParams(id);
  const old = takesAny ? instanceParams(anyId) : current;
  return (release) => (isAtLeast(release, '25.10') ? current(release) : old(release));
}

/** Tells subscribers of `<namespace>.query` about a row. */
export function announce(
  context: MethodContext,
  namespace: string,
  msg: 'added' | 'changed' | 'removed',
  id: unknown,
  fields?: unknown,
): void {
  const event = { collection: `${namespace}.query`, msg, id };
  context.events.publish(msg === 'removed' ? event : { ...event, fields });
}

/**
 * The value that filters ask for by plain equality on one of `names` at the top level, if any: lets a query go
 * straight to the rows concerned instead of building all of them. The dispatcher still applies every filter.
 */
export function wantedValue(filters: readonly unknown[], ...names: readonly string[]): string | undefined {
  for (const filter of filters) {
    if (!Array.isArray(filter) || filter.length !== 3) continue;
    const [name, operator, value] = filter as readonly unknown[];
    if (operator === '=' && typeof value === 'string' && names.includes(String(name))) return value;
  }
  return undefined;
}

/** Top-level fields that a query's select, filters and order can touch; null when it may show them all. */
export function wantedFields(filters: readonly unknown[], options: Options): ReadonlySet<string> | null {
  if ((options.select ?? []).length === 0 && options.count !== true) return null;
  return new Set(touchedPaths(filters, options).map((path) => path.split('.')[0] ?? path));
}

/**
 * The members of one object-valued field that a query can touch, e.g. `used` of `properties` for a select of
 * `properties.used.parsed`; null when it may show them all.
 */
export function wantedMembers(
  field: string,
  filters: readonly unknown[],
  options: Options,
): ReadonlySet<string> | null {
  if ((options.select ?? []).length === 0 && options.count !== true) return null;
  const members = new Set<string>();
  for (const path of touchedPaths(filters, options)) {
    const [first, second] = path.split('.');
    if (first !== field) continue;
    if (second === undefined || path.includes('\\')) return null;
    members.add(second);
  }
  return members;
}

/** Refuses with the text a call error of the NAS has. */
export function refuse(message: string, errno: number = ERRNO.EFAULT): never {
  throw new CallError(message, errno);
}

function touchedPaths(filters: readonly unknown[], options: Options): string[] {
  const { select = [], order_by: orderBy = [] } = options;
  const paths = select.map((item) => (typeof item === 'string' ? item : item[0]));
  for (const order of orderBy) paths.push(order.replace(/^(nulls_first:|nulls_last:)?-?/, ''));
  collectPaths(filters, paths);
  return paths;
}

function collectPaths(filters: readonly unknown[], paths: string[]): void {
  for (const filter of filters) {
    if (!Array.isArray(filter)) continue;
    const [first, second] = filter as readonly unknown[];
    if (first === 'OR' && Array.isArray(second)) collectPaths(second.flatMap(branchFilters), paths);
    else if (typeof first === 'string') paths.push(first);
    else collectPaths(filter, paths);
  }
}

function branchFilters(branch: unknown): unknown[] {
  return Array.isArray(branch) && Array.isArray(branch[0]) ? branch : [branch];
}
