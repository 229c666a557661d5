/** The load of the processor: releases before 25.04 tell what it does by state, later ones how busy it is. */
import type { WireValue } from '../../client.ts';
import { isRow, type Row } from '../queries/paths.ts';

const IDLE = 'idle';
const BUSY = 'cpu';

/** A row of measurements whose idle time was turned into the busy time. */
export function withBusyTime(row: Row, name: string): Row {
  const { legend, data, aggregations } = row;
  const at = name === 'cpu' && Array.isArray(legend) ? legend.indexOf(IDLE) : -1;
  if (!Array.isArray(legend) || at < 0) return row;
  return {
    ...row,
    legend: legend.map((series, index) => (index === at ? BUSY : series)),
    data: Array.isArray(data)
      ? data.map((values) =>
          Array.isArray(values) ? values.map((value, index) => (index === at ? busy(value) : value)) : values,
        )
      : (data ?? null),
    ...(isRow(aggregations) ? { aggregations: busyAggregations(aggregations) } : {}),
  };
}

/** The graph that a row tells: by its name, or by the place among those that were asked for. */
export function graphName({ name }: Row, asked: WireValue | undefined, index: number): string {
  if (typeof name === 'string') return name;
  const graph = Array.isArray(asked) ? asked[index] : undefined;
  const wanted = isRow(graph) ? graph['name'] : undefined;
  return typeof wanted === 'string' ? wanted : '';
}

/** The least idle moment was the busiest. */
function busyAggregations({ min, max, mean, ...rest }: Row): Row {
  return {
    ...rest,
    ...(isRow(min) && isRow(max) ? { min: replaced(min, max), max: replaced(max, min) } : {}),
    ...(isRow(mean) ? { mean: replaced(mean, mean) } : {}),
  };
}

function replaced({ [IDLE]: _idle, ...others }: Row, from: Row): Row {
  return { [BUSY]: busy(from[IDLE] ?? null), ...others };
}

function busy(idle: WireValue): WireValue {
  return typeof idle === 'number' ? Math.max(0, 100 - idle) : idle;
}
