/**
 * Filters and options of the NAS's query methods (PROTOCOL section 9), built from typed parts and never glued
 * together from strings.
 */

/** Comparison operators; all but `~` also in their case-insensitive form, with a leading `C`. */
export type PlainOperator =
  | '='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | '~'
  | 'in'
  | 'nin'
  | 'rin'
  | 'rnin'
  | '^'
  | '!^'
  | '$'
  | '!$';
/** Any operator a filter may have. `~` matches at the start only; `rin`: the field contains the value. */
export type FilterOperator = PlainOperator | `C${Exclude<PlainOperator, '~'>}`;

/** A value that filters compare with; a bigint for an integer whose digits a number cannot hold. */
export type FilterValue = string | number | bigint | boolean | null | Date | readonly FilterValue[];
/** One comparison. `field` may be a dotted path. */
export type Comparison = readonly [field: string, operator: FilterOperator, value: FilterValue];
/** Alternatives; each is one filter, or a list of filters that must all hold. Nesting of at most three levels. */
export type Alternatives = readonly ['OR', readonly (Filter | readonly Filter[])[]];
export type Filter = Comparison | Alternatives;

/** A field, or a path of the row and the name it shall have in the answer. */
export type Selection = string | readonly [path: string, name: string];

/** The parts of a query; those that are absent are left out of the call. */
export interface QueryParts {
  readonly filters?: readonly Filter[] | undefined;
  readonly select?: readonly Selection[] | undefined;
  /** Each entry sorts anew, so the last one is the primary key; prefix `-`, `nulls_first:` or `nulls_last:`. */
  readonly orderBy?: readonly string[] | undefined;
  /** At most 10,000. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  /** Answers the number of rows instead of the rows. */
  readonly count?: boolean | undefined;
  /** Answers the first row as an object; `not-found` when there is none. */
  readonly get?: boolean | undefined;
  /** Options of the one method, e.g. `{ properties: ['used'] }`. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** Options as they go over the wire. */
export interface QueryOptions {
  select?: readonly Selection[];
  order_by?: readonly string[];
  limit?: number;
  offset?: number;
  count?: boolean;
  get?: boolean;
  extra?: Readonly<Record<string, unknown>>;
}

/** Parameters of a query call: `read.call('pool.query', query({ limit: 5 }))`. */
export function query(parts: QueryParts = {}): [filters: readonly Filter[], options: QueryOptions] {
  const options: QueryOptions = {};
  if (parts.select !== undefined) options.select = parts.select;
  if (parts.orderBy !== undefined) options.order_by = parts.orderBy;
  if (parts.limit !== undefined) options.limit = parts.limit;
  if (parts.offset !== undefined) options.offset = parts.offset;
  if (parts.count !== undefined) options.count = parts.count;
  if (parts.get !== undefined) options.get = parts.get;
  if (parts.extra !== undefined) options.extra = parts.extra;
  return [parts.filters ?? [], options];
}

/**
 * One filter that holds when any of the alternatives does.
 * @throws RangeError for no alternative at all, which the NAS would refuse.
 */
export function anyOf(...alternatives: readonly (Filter | readonly Filter[])[]): Alternatives {
  if (alternatives.length === 0) throw new RangeError('anyOf needs at least one alternative');
  return ['OR', alternatives];
}
