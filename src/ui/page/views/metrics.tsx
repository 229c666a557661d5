/** Measurements over time: several series in one chart, with a zoom that asks the NAS for the range, and their figures as a table. */
import { useState } from 'preact/hooks';
import { inUnitOf, METRIC_KINDS, METRICS } from '../../../tools/system/metric-kinds.ts';
import { type JsonObject, numberOf, objectsOf, textOf, textsOf } from '../json.ts';
import type { Line } from '../parts/chart-frame.ts';
import { LineChart } from '../parts/line-chart.tsx';
import { momentWords } from '../parts/scale.ts';
import type { Drawing, View } from '../view.ts';

/** Series that are drawn at first, and looks that there are; all of them stand in the table. */
const SHOWN_AT_FIRST = 4;
const LOOKS = 8;
/** Nothing is finer than the values of the NAS, which has one a second at best. */
const LEAST_SPAN_MS = 60_000;

interface Series extends Line {
  readonly figures: readonly (number | undefined)[];
}

/** Draws the answer of get_metrics. */
export const metrics: View = {
  name: 'metrics',
  tools: ['get_metrics'],
  draw(drawing) {
    const { data } = drawing;
    const metric = textOf(data['metric']);
    const fromMs = Date.parse(textOf(data['from']) ?? '');
    const toMs = Date.parse(textOf(data['to']) ?? '');
    if (metric === undefined || !(toMs > fromMs)) return undefined;
    return <Metrics metric={metric} fromMs={fromMs} toMs={toMs} {...drawing} />;
  },
};

interface MetricsProps extends Drawing {
  readonly metric: string;
  readonly fromMs: number;
  readonly toMs: number;
}

function Metrics({ metric, fromMs, toMs, data, viewData, args, open }: MetricsProps) {
  const series = seriesOf(data, viewData);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(
    new Set(series.slice(SHOWN_AT_FIRST).map(({ name }) => name)),
  );
  const zone = textOf(data['timezone']);
  const moment = momentWords(toMs - fromMs, zone);
  const whole = momentWords(toMs - fromMs, zone, true);
  const unit = textOf(data['unit']) ?? '';
  const measured = formatOf(metric, unit);
  const notes = textsOf(data['notes']);
  const zoom = (from: number, to: number) => {
    const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const { name } = args;
    open?.({ tool: 'get_metrics', args: { metric, ...(name === undefined ? {} : { name }), ...range } });
  };
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  const title = metric.replaceAll('_', ' ');
  const span = toMs - fromMs;
  const lines = series.filter(({ name }) => !hidden.has(name));
  return (
    <article class="metrics">
      <h1>{title}</h1>
      <p class="quiet">
        {whole(fromMs)} to {whole(toMs)} {zone ?? 'UTC, as the time zone of the NAS is not known'}
      </p>
      {series.length === 0 ? (
        <p>Nothing was measured in this time.</p>
      ) : (
        <>
          <LineChart
            label={`${title} over time`}
            lines={lines}
            fromMs={fromMs}
            toMs={toMs}
            moment={moment}
            measured={measured}
            base={unit.startsWith('bytes') ? 1024 : 1000}
            most={unit === '%' ? 100 : undefined}
            onZoom={open !== undefined && span > 2 * LEAST_SPAN_MS ? zoom : undefined}
          />
          {open !== undefined && (
            <p class="row">
              {span > 2 * LEAST_SPAN_MS && (
                <>
                  <button type="button" onClick={() => zoom(fromMs, fromMs + span / 2)}>
                    First half
                  </button>
                  <button type="button" onClick={() => zoom(toMs - span / 2, toMs)}>
                    Second half
                  </button>
                </>
              )}
              <button type="button" onClick={() => zoom(fromMs - span, toMs)}>
                Twice as long
              </button>
            </p>
          )}
          <SeriesTable series={series} hidden={hidden} toggle={toggle} measured={measured} />
        </>
      )}
      {notes.map((note) => (
        <p class="quiet">{note}</p>
      ))}
    </article>
  );
}

const FIGURES = ['min', 'mean', 'max', 'last'] as const;

function SeriesTable({
  series,
  hidden,
  toggle,
  measured,
}: {
  readonly series: readonly Series[];
  readonly hidden: ReadonlySet<string>;
  readonly toggle: (name: string) => void;
  readonly measured: (value: number) => string;
}) {
  return (
    <div class="scroll">
      <table>
        <caption>Series, worst first; those that are checked are drawn</caption>
        <thead>
          <tr>
            <th scope="col">series</th>
            {FIGURES.map((figure) => (
              <th scope="col" class="number">
                {figure}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map(({ name, look, figures }) => (
            <tr>
              <th scope="row">
                <label>
                  <input type="checkbox" checked={!hidden.has(name)} onChange={() => toggle(name)} />
                  <svg class="swatch" width="24" height="10" aria-hidden="true">
                    <path class={`line look-${look}`} d="M0 5h24" />
                  </svg>
                  {name}
                </label>
              </th>
              {figures.map((value) => (
                <td class="number">{value === undefined ? 'unknown' : measured(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The series with their curves; with the few means that the model reads where the host kept the curves to itself. */
function seriesOf(data: JsonObject, viewData: JsonObject | undefined): readonly Series[] {
  const curves = new Map(
    objectsOf(viewData?.['curves']).map((curve) => [textOf(curve['name']), curve['means']]),
  );
  return objectsOf(data['series']).map((each, index) => {
    const name = textOf(each['name']) ?? textOf(data['metric']) ?? 'unnamed';
    const means = curves.get(textOf(each['name'])) ?? each['trend'];
    return {
      name,
      look: index % LOOKS,
      values: Array.isArray(means) ? means.map(numberOf) : [],
      figures: FIGURES.map((figure) => numberOf(each[figure])),
    };
  });
}

/** Writes values as the text of the answer does. */
function formatOf(metric: string, unit: string): (value: number) => string {
  const known = METRICS.find((name) => name === metric);
  if (known === undefined) return (value) => `${value} ${unit}`.trim();
  const kind = inUnitOf(METRIC_KINDS[known], unit === '' ? null : unit);
  return (value) => kind.format(value);
}
