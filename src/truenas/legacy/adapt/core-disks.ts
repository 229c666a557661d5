/** Disks of CORE in the answers that only later releases have. */
import type { WireValue } from '../../client.ts';
import { type Ask, rowsOf } from '../queries/index.ts';
import { isRow, type Row } from '../queries/paths.ts';

/** `disk.details`. CORE does not look for exported pools: of those nothing is said, which is not "none". */
export async function diskDetails(ask: Ask): Promise<WireValue> {
  const [known, free] = await Promise.all([
    ask('disk.query', [[], { extra: { pools: true } }]).then((answer) => rowsOf(answer, 'disk.query')),
    ask('disk.get_unused', [false]).then((answer) => rowsOf(answer, 'disk.get_unused')),
  ]);
  const isFree = new Set(free.map(({ name }) => name));
  const shown = (row: Row): Row => ({
    ...row,
    imported_zpool: row['pool'] ?? null,
    duplicate_serial: twinsOf(row, known),
  });
  return {
    used: known.filter(({ name }) => !isFree.has(name)).map(shown),
    unused: known.filter(({ name }) => isFree.has(name)).map(shown),
  };
}

/** Names of other disks with the same serial number. */
function twinsOf({ name, serial }: Row, all: readonly Row[]): WireValue[] {
  if (typeof serial !== 'string' || serial === '') return [];
  return all
    .filter((other) => other['serial'] === serial && other['name'] !== name)
    .map((other) => other['name'] ?? null);
}

/** `disk.temperatures`. CORE keeps one answer for 300 s, whatever disks were named: it is always asked for all. */
export async function diskTemperatures([names]: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const all = await ask('disk.temperatures', [[]]);
  if (!isRow(all) || !Array.isArray(names) || names.length === 0) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** `disk.temperature_agg`: from the graphs of the last week, whatever days were asked for up to that. */
export async function weekOfTemperatures([names]: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const disks = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  const graphs = disks.map((identifier) => ({ name: 'disktemp', identifier }));
  const options = { unit: 'WEEK', page: 0, aggregate: true };
  const found: Row = {};
  for (const { identifier, aggregations } of rowsOf(
    await ask('reporting.get_data', [graphs, options]),
    'reporting.get_data',
  )) {
    if (typeof identifier !== 'string' || !isRow(aggregations)) continue;
    const first = (list: WireValue | undefined) => (Array.isArray(list) ? (list[0] ?? null) : null);
    found[identifier] = {
      min: first(aggregations['min']),
      max: first(aggregations['max']),
      avg: first(aggregations['mean']),
    };
  }
  return found;
}
