/** `pool.dataset.query` of CORE: fewer properties, the others from the private `zfs.dataset.query`, which every key may call. */
import type { WireValue } from '../../client.ts';
import { type Ask, fetchRows, rowsOf, type RowSource, type Wanted } from '../queries/index.ts';
import { isRow, type Row } from '../queries/paths.ts';

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
  const [rows, properties] = await Promise.all([
    fetchRows(ask, { method: 'pool.dataset.query', filtersRows: true, extra: ['flat'] }, wanted, keys),
    more.length === 0 ? undefined : readProperties(ask, more),
  ]);
  const shown = isRootOnly ? rows.filter(({ id }) => typeof id === 'string' && !id.includes('/')) : rows;
  if (properties === undefined) return shown;
  return shown.map((row) => ({ ...row, ...properties.get(textOf(row['id'])) }));
};

/** Of a query for whole rows, those that it names as properties it wants. */
function missingProperties({ keys, options }: Wanted): string[] {
  const named = options.extra['properties'];
  const asked = keys ?? (Array.isArray(named) ? named.filter((name) => typeof name === 'string') : []);
  return PROPERTIES.filter((property) => asked.includes(property));
}

async function readProperties(ask: Ask, properties: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const options = { select: ['id', 'properties'], extra: { flat: true, properties, user_properties: false } };
  const found = new Map<string, Row>();
  for (const row of rowsOf(await ask('zfs.dataset.query', [[], options]), 'zfs.dataset.query')) {
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
