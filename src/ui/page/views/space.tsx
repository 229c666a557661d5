/** What fills the pools, as a treemap: a dataset is as large as its own data, its snapshots and its reservations together. */
import { useState } from 'preact/hooks';
import { formatBytes } from '../../../output/units.ts';
import { type JsonObject, numberOf, objectsOf, textOf } from '../json.ts';
import { reportOf } from '../parts/report.tsx';
import { type Box, squarified } from '../parts/treemap.ts';
import { useWidth } from '../parts/width.ts';
import type { View } from '../view.ts';

interface Dataset {
  readonly name: string;
  /** In bytes; undefined where it is not known. */
  readonly own: number | undefined;
  readonly snapshots: number | undefined;
  readonly reserved: number | undefined;
}

/** Draws the answer of space_report. */
export const space: View = {
  name: 'space',
  tools: ['space_report'],
  draw({ data, viewData }) {
    const datasets = datasetsOf(data, viewData);
    const shown = viewData === undefined ? numberOf(data['total']) : undefined;
    const more = numberOf(viewData?.['more']) ?? Math.max(0, (shown ?? 0) - datasets.length);
    return reportOf(data, 'space', <Space datasets={datasets} more={more} />);
  },
};

function datasetsOf(data: JsonObject, viewData: JsonObject | undefined): readonly Dataset[] {
  const all = viewData?.['datasets'];
  if (all !== undefined) {
    return objectsOf(all).map((each) => ({
      name: textOf(each['name']) ?? 'unnamed',
      own: numberOf(each['own']),
      snapshots: numberOf(each['snapshots']),
      reserved: numberOf(each['reserved']),
    }));
  }
  return objectsOf(data['rows']).map((row) => ({
    name: textOf(row['dataset']) ?? 'unnamed',
    own: numberOf(row['ownBytes']),
    snapshots: numberOf(row['snapshotsBytes']),
    // A row leaves out what is zero.
    reserved: numberOf(row['reservedBytes']) ?? 0,
  }));
}

const sumOf = ({ own = 0, snapshots = 0, reserved = 0 }: Dataset): number => own + snapshots + reserved;
const poolOf = ({ name }: Dataset): string => name.split('/')[0] ?? name;

function Space({ datasets, more }: { readonly datasets: readonly Dataset[]; readonly more: number }) {
  const [chosen, setChosen] = useState<string>();
  const pools = [...new Set(datasets.map(poolOf))];
  const drawn = chosen === undefined ? datasets : datasets.filter((each) => poolOf(each) === chosen);
  const unknown = drawn.filter(({ own, snapshots }) => own === undefined || snapshots === undefined);
  if (datasets.length === 0) return <p>There are no datasets in this answer.</p>;
  return (
    <section>
      <h2>What fills it</h2>
      {pools.length > 1 && (
        <fieldset class="row choice">
          <legend class="quiet">Pools</legend>
          {[undefined, ...pools].map((pool) => (
            <button type="button" aria-pressed={chosen === pool} onClick={() => setChosen(pool)}>
              {pool ?? 'All pools'}
            </button>
          ))}
        </fieldset>
      )}
      <Treemap datasets={drawn.filter((each) => sumOf(each) > 0)} />
      <ul class="legend">
        <li>
          <span class="key own" /> own data
        </li>
        <li>
          <span class="key snapshots" /> snapshots
        </li>
        <li>
          <span class="key reserved" /> reserved, unused
        </li>
      </ul>
      {unknown.length > 0 && (
        <p class="line-note">
          Not known, so not drawn in full:{' '}
          {unknown
            .map(({ name }) => name)
            .slice(0, 8)
            .join(', ')}
          {unknown.length > 8 ? ` and ${unknown.length - 8} more` : ''}
        </p>
      )}
      {more > 0 && <p class="line-note">{more} smaller datasets are not drawn.</p>}
      <details>
        <summary>The same as a table</summary>
        <Figures datasets={drawn} />
      </details>
    </section>
  );
}

const HEIGHT = 320;
const GAP = 2;

function Treemap({ datasets }: { readonly datasets: readonly Dataset[] }) {
  const { box, width } = useWidth();
  const boxes = squarified(datasets, sumOf, { x: 0, y: 0, width, height: HEIGHT });
  return (
    <div ref={box} class="treemap">
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`Treemap of ${datasets.length} datasets; the table below says the same`}
      >
        {boxes.map(({ item, ...place }) => (
          <Tile dataset={item} place={place} />
        ))}
      </svg>
    </div>
  );
}

/** One dataset, filled from the left by what it is made of. */
function Tile({ dataset, place }: { readonly dataset: Dataset; readonly place: Box }) {
  const { name, own = 0, snapshots = 0, reserved = 0 } = dataset;
  const width = Math.max(0, place.width - GAP);
  const height = Math.max(0, place.height - GAP);
  const sum = sumOf(dataset);
  const letters = Math.floor((width - 10) / 8);
  let left = place.x;
  return (
    <g>
      <title>{`${name}: ${formatBytes(sum)}`}</title>
      {[['own', own] as const, ['snapshots', snapshots] as const, ['reserved', reserved] as const].map(
        ([what, bytes]) => {
          const x = left;
          const part = (width * bytes) / sum;
          left += part;
          return <rect class={`tile ${what}`} x={x} y={place.y} width={part} height={height} />;
        },
      )}
      {letters >= 4 && height >= 20 && (
        <text class="tile-name" x={place.x + 6} y={place.y + 16}>
          {fitting(name, letters)}
        </text>
      )}
      {letters >= 7 && height >= 38 && (
        <text class="tile-size" x={place.x + 6} y={place.y + 32}>
          {formatBytes(sum)}
        </text>
      )}
    </g>
  );
}

/** The name, or the end of its path, or the beginning of that, in so many letters. */
function fitting(name: string, letters: number): string {
  if (name.length <= letters) return name;
  const last = name.split('/').at(-1) ?? name;
  return last.length <= letters ? last : `${last.slice(0, letters - 1)}…`;
}

function Figures({ datasets }: { readonly datasets: readonly Dataset[] }) {
  const words = (bytes: number | undefined) => (bytes === undefined ? 'unknown' : formatBytes(bytes));
  return (
    <div class="scroll">
      <table>
        <caption>Datasets, largest first</caption>
        <thead>
          <tr>
            <th scope="col">dataset</th>
            <th scope="col" class="number">
              own data
            </th>
            <th scope="col" class="number">
              snapshots
            </th>
            <th scope="col" class="number">
              reserved
            </th>
          </tr>
        </thead>
        <tbody>
          {datasets.map(({ name, own, snapshots, reserved }) => (
            <tr>
              <th scope="row">{name}</th>
              <td class="number">{words(own)}</td>
              <td class="number">{words(snapshots)}</td>
              <td class="number">{words(reserved)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
