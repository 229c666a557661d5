/** The params of a generic read, made from what the caller gave: a query's parts go where the method wants them. */
import { InputProblem } from '../../output/problem.ts';
import { type ApiMethod, serviceOf } from '../../truenas/catalog/index.ts';
import { DATASETS, ownFields, withoutSubtree } from './dataset-call.ts';
import { type QueryPlaces, queryPlaces } from '../../truenas/catalog/query-places.ts';
import { pathNamesSecret, SECRET_COLUMNS } from '../../policy/secret-fields.ts';
import { rowLimit, topOf } from './row-limit.ts';
import { branchesOf, isSchema, itemsOf, propertiesOf } from './schema-walk.ts';

/** The arguments of call_api_read that matter here. */
export interface CallInput {
  readonly method: string;
  readonly params?: readonly unknown[] | undefined;
  readonly filters?: readonly unknown[] | undefined;
  readonly select?: readonly string[] | undefined;
  readonly order_by?: readonly string[] | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
  readonly count?: boolean | undefined;
}

/** A call ready to be judged and sent. */
export interface BuiltCall {
  readonly params: readonly unknown[];
  /** The fields to show, where the caller chose some; dotted paths are cut out here, not on the NAS. */
  readonly shown?: readonly string[] | undefined;
  /** Fields that were asked for, or belong to every row, and are not read: they hold secrets. */
  readonly withheld?: readonly string[] | undefined;
  /** True for a query, whatever it answers with. */
  readonly isQuery?: true;
  /** Present for a query that answers with rows. */
  readonly page?: {
    readonly offset: number;
    readonly limit: number;
    readonly isFiltered: boolean;
    /** The same question, asking only how many. */
    readonly countParams?: readonly unknown[] | undefined;
  };
}

/**
 * Puts the parts together.
 * @throws InputProblem for query arguments to a method that is no query, and for params that leave a gap.
 */
export function buildCall(method: ApiMethod, input: CallInput): BuiltCall {
  const given = input.params ?? [];
  const places = queryPlaces(method);
  if (places === undefined) {
    for (const name of ['filters', 'order_by', 'count'] as const) {
      if (input[name] === undefined) continue;
      throw new InputProblem(
        name,
        `does not go with ${method.name}, which is no query`,
        'leave it out; limit, offset and select work here',
      );
    }
    const { kept, withheld } = splitSecrets(method, input.select ?? []);
    return {
      params: withoutSubtree(method, given),
      shown: input.select === undefined ? undefined : kept,
      withheld,
    };
  }
  return buildQuery(method, places, input, given);
}

function buildQuery(
  method: ApiMethod,
  places: QueryPlaces,
  input: CallInput,
  given: readonly unknown[],
): BuiltCall {
  const base = filledTo(method, given, Math.min(places.filters, places.options));
  const holder = places.within === undefined ? undefined : recordAt(base, places.options);
  const givenFilters = holder === undefined ? base[places.filters] : holder[places.within?.filters ?? ''];
  const givenOptions =
    holder === undefined ? recordAt(base, places.options) : asRecord(holder[places.within?.options ?? '']);
  const filters = [
    ...(Array.isArray(givenFilters) ? (givenFilters as unknown[]) : []),
    ...(input.filters ?? []),
  ];
  const asked: Record<string, unknown> = { ...givenOptions, ...present(input) };
  const { options, withheld } = withoutSecrets(method, asked);

  const place = (sent: Record<string, unknown>): unknown[] => {
    const params = [...base];
    if (places.within !== undefined) {
      params[places.options] = {
        ...holder,
        [places.within.filters]: filters,
        [places.within.options]: sent,
      };
    } else {
      params[places.filters] = filters;
      params[places.options] = sent;
    }
    return params;
  };
  const isCountUnreliable = method.name === DATASETS && filters.length > 0;
  if (options['count'] === true && isCountUnreliable) {
    throw new InputProblem(
      'count',
      `ignores filters on some releases for ${DATASETS}`,
      'list_datasets counts right',
    );
  }
  const shown = Array.isArray(options['select'])
    ? options['select'].filter((path) => typeof path === 'string')
    : [];
  const select = pushedSelect(method, options);
  const chosen = shown.length > 0 ? shown : undefined;
  const pushed = select === undefined ? options : { ...options, select };
  if (options['count'] === true || options['get'] === true) {
    return { params: place(pushed), shown: chosen, withheld, isQuery: true };
  }

  const offset = typeof options['offset'] === 'number' ? options['offset'] : 0;
  const limit = rowLimit(options);
  const { select: _select, order_by: _order, offset: _offset, limit: _limit, ...rest } = options;
  return {
    // One row more than shown tells whether there are more. What is no number is left for the schema to refuse.
    params: place({ ...pushed, limit: isNumberOrAbsent(options['limit']) ? limit + 1 : options['limit'] }),
    shown: chosen,
    withheld,
    isQuery: true,
    page: {
      offset,
      limit,
      isFiltered: filters.length > 0,
      countParams: isCountUnreliable ? undefined : place({ ...rest, count: true }),
    },
  };
}

/**
 * The `select` that the NAS gets: whole top-level fields, as most releases answer a dotted path without checking or
 * hiding anything, and what the order needs, as a NAS selects before it sorts. Rows of datasets carry their whole
 * subtree unless that is left out. Renames stay as they are: the denials refuse them.
 */
function pushedSelect(method: ApiMethod, options: Readonly<Record<string, unknown>>): unknown[] | undefined {
  const select: unknown[] = Array.isArray(options['select']) ? options['select'] : [];
  if (select.length === 0 && method.name !== DATASETS) return undefined;
  const chosen = select.length === 0 ? ownFields(fieldsOf(method)) : select;
  const order = Array.isArray(options['order_by']) ? options['order_by'] : [];
  const sorted = order.map((entry) => String(entry).replace(/^(nulls_(first|last):)?-?/, ''));
  return [...new Set([...chosen, ...sorted].map((path) => (typeof path === 'string' ? topOf(path) : path)))];
}

/** The options without fields that hold secrets; of a method whose rows hold some, all its other fields are chosen. */
function withoutSecrets(method: ApiMethod, options: Record<string, unknown>) {
  const select: unknown[] = Array.isArray(options['select']) ? options['select'] : [];
  const isWhole = select.length === 0 && options['count'] !== true && secretColumns(method).length > 0;
  const { kept, withheld } = splitSecrets(method, isWhole ? fieldsOf(method) : select);
  return withheld.length === 0 ? { options, withheld } : { options: { ...options, select: kept }, withheld };
}

function splitSecrets<Path>(method: ApiMethod, select: readonly Path[]) {
  const columns = secretColumns(method);
  const isSecret = (path: Path): boolean =>
    typeof path === 'string' && (pathNamesSecret(path) || columns.includes(topOf(path)));
  const kept = select.filter((path) => !isSecret(path));
  const withheld = select.filter(isSecret).map(String);
  if (kept.length > 0 || withheld.length === 0) return { kept, withheld };
  throw new InputProblem(
    'select',
    'names only fields that hold secrets',
    'other fields; secrets are never read',
  );
}

function secretColumns(method: ApiMethod): readonly string[] {
  return method.name.endsWith('.query') ? (SECRET_COLUMNS[serviceOf(method.name)] ?? []) : [];
}

/** Names of the fields that a method's rows have. */
function fieldsOf(method: ApiMethod): string[] {
  const rows =
    itemsOf(method.returns) ??
    branchesOf(method.returns)
      .map(itemsOf)
      .find((items) => items !== undefined);
  return rows === undefined ? [] : propertiesOf(rows).map(({ name }) => name);
}

function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'number';
}

function present(input: CallInput): Record<string, unknown> {
  const { select, order_by, offset, limit, count } = input;
  return Object.fromEntries(
    Object.entries({ select, order_by, offset, limit, count }).filter(([, value]) => value !== undefined),
  );
}

/** Parameters before the query's own may be left out only where the method has a default for them. */
function filledTo(method: ApiMethod, given: readonly unknown[], count: number): unknown[] {
  const params = [...given];
  for (let index = params.length; index < count; index += 1) {
    const parameter = method.accepts[index];
    if (parameter === undefined || parameter.isRequired) {
      throw new InputProblem(
        'params',
        `lacks "${parameter?.name ?? index}" of ${method.name}`,
        'describe_api shows an example',
      );
    }
    params.push(parameter.schema['default'] ?? null);
  }
  return params;
}

function recordAt(params: readonly unknown[], index: number): Record<string, unknown> {
  return asRecord(params[index]);
}

function asRecord(value: unknown): Record<string, unknown> {
  return isSchema(value) ? { ...value } : {};
}
