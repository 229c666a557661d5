/** `pool.dataset.query` of CORE: fewer properties, the others from the private `zfs.dataset.query`, which every key may call. */
import type { WireValue } from '../../client.ts';
import { type Ask, fetchRows, rowsOf, type RowSource, type Wanted } from '../queries/index.ts';
import { isRow, type Row, topLevel } from '../queries/paths.ts';

/** Properties that CORE's own rows lack. */
const PROPERTIES = [
  'creation',
  'usedbysnapshots',
  'usedbydataset',
  'usedbychildren',
  'usedbyrefreservation',
  'snapdev',
  'createtxg',
  'guid',
  'mounted',
  'logicalused',
  'written',
];

/** Datasets with the properties that are asked for. */
export const coreDatasets: RowSource = async (ask, wanted) => {
  const more = missingProperties(wanted);
  const isRootOnly =
    wanted.options.extra['retrieve_children'] === false && wanted.filters.comparisons.length === 0;
  const keys =
    wanted.keys === undefined ? undefined : [...wanted.keys.filter((key) => !more.includes(key)), 'id'];
  let unread: unknown;
  const [rows, properties] = await Promise.all([
    fetchRows(ask, { method: 'pool.dataset.query', filtersRows: true, extra: ['flat'] }, wanted, keys),
    more.length === 0
      ? undefined
      : readProperties(ask, more).catch((error: unknown) => {
          unread = error;
        }),
  ]);
  // Datasets are told without properties that cannot be read, unless those decide which are told.
  if (unread !== undefined && areNeeded(wanted, more, rows.length)) throw unread;
  const shown = isRootOnly ? rows.filter(({ id }) => typeof id === 'string' && !id.includes('/')) : rows;
  const none = Object.fromEntries(more.map((property): [string, null] => [property, null]));
  return shown.map((row) => ({ ...row, ...(properties?.get(textOf(row['id'])) ?? none) }));
};

/** Of a query for whole rows, those that it names as properties it wants. */
function missingProperties({ keys, options }: Wanted): string[] {
  const named = options.extra['properties'];
  const asked = keys ?? (Array.isArray(named) ? named.filter((name) => typeof name === 'string') : []);
  return PROPERTIES.filter((property) => asked.includes(property));
}

/** True where some of so many datasets are to be chosen by these properties. */
function areNeeded({ filters, options }: Wanted, more: readonly string[], count: number): boolean {
  const sorted = options.orderBy.map((field) => topLevel(field.replace(/^(?:nulls_\w+:)?-?/u, '')));
  const isAll = options.limit === 0 || (options.offset === 0 && count <= options.limit);
  return [...filters.keys, ...(isAll ? [] : sorted)].some((key) => more.includes(key));
}

async function readProperties(ask: Ask, properties: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const options = { select: ['id', 'properties'], extra: { flat: true, properties, user_properties: false } };
  const found = new Map<string, Row>();
  // Rows that cannot be read are of datasets whose properties are then not known.
  const unread: WireValue[] = [];
  for (const row of rowsOf(await ask('zfs.dataset.query', [[], options]), 'zfs.dataset.query', unread)) {
    const values = row['properties'];
    if (typeof row['id'] === 'string' && isRow(values)) found.set(row['id'], pick(values, properties));
  }
  return found;
}

function pick(values: Row, names: readonly string[]): Row {
  return Object.fromEntries(
    names.flatMap((name): [string, WireValue][] => (name in values ? [[name, values[name] ?? null]] : [])),
  );
}

function textOf(value: WireValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
