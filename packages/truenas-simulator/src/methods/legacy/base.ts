/** Making the methods of older releases out of those of the oldest newer one: the same state, shown otherwise. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { methodsOf } from '../../calls/registry.ts';
import { doesNotExist } from '../../errors/exceptions.ts';
import { isEqual } from '../../query/values.ts';
import type { ApiRow } from '../common.ts';

/** Runs the method that a newer release has, with arguments that need no checking. */
export function baseAnswer(context: MethodContext, name: string, ...args: readonly unknown[]): unknown {
  return baseMethod(name).run(context, ...(args as never[]));
}

/** All rows of a query of the newer release. */
export function baseRows(context: MethodContext, name: string, extra: ApiRow = {}): ApiRow[] {
  return [...(baseAnswer(context, name, [], { extra }) as Iterable<ApiRow>)];
}

/** A method that is the same on both. */
export function same(name: string): SimMethod {
  const { releases: _, ...method } = baseMethod(name);
  return method;
}

/** All methods of a namespace whose rows are the same on both. */
export function sameTable(namespace: string, entity: string): SimMethod[] {
  const names = [...methodsOf('25.04').keys()].filter(
    (name) => name.slice(0, name.lastIndexOf('.')) === namespace && !name.endsWith('.get_instance'),
  );
  const rows = (context: MethodContext): readonly ApiRow[] => baseRows(context, `${namespace}.query`);
  return [...names.map(same), coreInstance({ namespace, entity, rows })];
}

/** The method that the newer release has. */
export function baseMethod(name: string): SimMethod {
  const method = methodsOf('25.04').get(name);
  if (method === undefined) throw new Error(`25.04 has no ${name}`);
  return method;
}

/** A query with its rows. */
export interface CoreQuery {
  readonly namespace: string;
  /** As it stands in "… 7 does not exist"; the namespace when absent. */
  readonly entity?: string;
  rows(context: MethodContext, extra: ApiRow): readonly ApiRow[];
}

/** The query. */
export function coreQuery(query: CoreQuery): SimMethod {
  const { namespace } = query;
  return {
    name: `${namespace}.query`,
    description: `Lists ${namespace.replaceAll('.', ' ')}.`,
    filterable: true,
    run: (context: MethodContext, _filters: unknown, { extra = {} }: { extra?: ApiRow }) =>
      query.rows(context, extra),
  };
}

/** Unpublished: one row by its `id`, whatever else identifies it. */
export function coreInstance(query: CoreQuery): SimMethod {
  const { namespace, entity = namespace } = query;
  return {
    name: `${namespace}.get_instance`,
    description: `One of ${namespace.replaceAll('.', ' ')}.`,
    isPrivate: true,
    run(context: MethodContext, id: unknown) {
      const row = query.rows(context, {}).find((each) => isEqual(each['id'] ?? null, id));
      if (row === undefined) throw doesNotExist(entity, id);
      return row;
    },
  };
}

/** The named fields of a row, in their order; null for one it lacks. */
export function fields(row: ApiRow, names: string, more: ApiRow = {}): ApiRow {
  const shown = names.split(' ').map((name) => [name, name in more ? more[name] : (row[name] ?? null)]);
  return { ...Object.fromEntries(shown), ...more } as ApiRow;
}

/** A row without the named fields. */
export function without(row: ApiRow, names: string): ApiRow {
  const dropped = new Set(names.split(' '));
  return Object.fromEntries(Object.entries(row).filter(([name]) => !dropped.has(name)));
}
