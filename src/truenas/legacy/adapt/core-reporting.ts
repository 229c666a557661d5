/** Measurements of CORE (RRD) in the form of later releases: with a column of times, and in their units. */
import type { WireValue } from '../../client.ts';
import { type Ask, fetchRows, rowsOf, type RowSource } from '../queries/index.ts';
import { graphName, withBusyTime } from './processor.ts';
import { isRow, type Row } from '../queries/paths.ts';

/** `reporting.netdata_graphs`. */
export const coreGraphs: RowSource = (ask, wanted) => fetchRows(ask, { method: 'reporting.graphs' }, wanted);

/** Series of a graph: their names, and how many of CORE's unit make one of later releases'. */
interface Form {
  readonly names?: Readonly<Record<string, string>>;
  readonly divideBy?: number;
  /** Taken off the names. */
  readonly affix?: RegExp;
}

const FORMS: Readonly<Record<string, Form>> = {
  // bytes/s, and KiB/s later
  disk: {
    names: { disk_octets_read: 'reads', disk_octets_write: 'writes' },
    divideBy: 1024,
    affix: /_value$/u,
  },
  // bit/s, and kbit/s later
  interface: { names: { rx: 'received', tx: 'sent' }, divideBy: 1000, affix: /_value$/u },
  load: { affix: /^load_/u },
  arcsize: { affix: /^cache_size-|_value$/gu },
  memory: { affix: /^memory-|_value$/gu },
  cpu: { affix: /^cpu-|^aggregation-cpu-(?:average|sum)-|_value$/gu },
};

/** `reporting.netdata_get_data`. */
export async function coreMeasurements([graphs, range]: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const asked = isRow(range) ? range : {};
  const options = {
    ...(typeof asked['unit'] === 'string' ? { unit: asked['unit'], page: pageOf(asked['page']) } : {}),
    ...(typeof asked['start'] === 'number' ? { start: String(asked['start']) } : {}),
    ...(typeof asked['end'] === 'number' ? { end: String(asked['end']) } : {}),
    aggregate: asked['aggregate'] ?? true,
  };
  const rows = rowsOf(await ask('reporting.get_data', [graphs ?? [], options]), 'reporting.get_data');
  return rows.map((row, index) => {
    const name = graphName(row, graphs, index);
    return withBusyTime(inLaterForm(row, name), name);
  });
}

/** Later releases count pages from 1. */
function pageOf(page: WireValue | undefined): number {
  return typeof page === 'number' && page > 0 ? page - 1 : 0;
}

/** A row without a legend stays as it is: nobody knows then what was measured. */
function inLaterForm(row: Row, name: string): Row {
  const form = FORMS[name] ?? {};
  const { start, step, data, legend, aggregations } = row;
  if (!Array.isArray(legend)) return row;
  const names = legend.map((name) => named(textOf(name), form));
  const scale = (value: WireValue) => (typeof value === 'number' ? value / (form.divideBy ?? 1) : value);
  const isTimed = typeof start === 'number' && typeof step === 'number' && Array.isArray(data);
  return {
    ...row,
    legend: ['time', ...names],
    data: isTimed
      ? data.map((values, index) => [
          start + index * step,
          ...(Array.isArray(values) ? values.map(scale) : [scale(values)]),
        ])
      : null,
    aggregations: isRow(aggregations)
      ? Object.fromEntries(
          Object.entries(aggregations).map(([kind, list]) => [
            kind,
            Array.isArray(list)
              ? Object.fromEntries(list.map((value, index) => [names[index] ?? String(index), scale(value)]))
              : list,
          ]),
        )
      : (aggregations ?? null),
  };
}

function named(name: string, { names = {}, affix }: Form): string {
  const bare = affix === undefined ? name : name.replace(affix, '');
  return names[bare] ?? names[name] ?? bare;
}

function textOf(value: WireValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
