/** Which datasets have a copy where: one line for each, gaps first, with how well the tasks work that make the copies. */
import { useState } from 'preact/hooks';
import { formatBytes } from '../../../output/units.ts';
import { type JsonObject, numberOf, objectsOf, textOf } from '../json.ts';
import { reportOf } from '../parts/report.tsx';
import { Mark, type State } from '../parts/state.tsx';
import type { View } from '../view.ts';

interface Cover {
  readonly place: Place;
  readonly label: string;
  readonly health: string;
}

interface Dataset {
  readonly name: string;
  readonly own: number | undefined;
  /** What is missing, in the words of the server; `none` where nothing is. */
  readonly gap: string;
  readonly covers: readonly Cover[];
}

type Place = (typeof PLACES)[number]['place'];

/** The columns, from near to far. */
const PLACES = [
  { place: 'snapshots', title: 'snapshots', kinds: ['snapshot'] },
  { place: 'replica', title: 'other pool or NAS', kinds: ['replica'] },
  { place: 'elsewhere', title: 'elsewhere', kinds: ['offsite', 'cloud', 'rsync'] },
] as const;

/** How well a task works, as the findings of the server tell it. */
const HEALTH: Readonly<Record<string, State>> = {
  works: 'ok',
  failed: 'critical',
  stale: 'warning',
  'never-ran': 'warning',
  'on-hold': 'warning',
  off: 'warning',
  unknown: 'unknown',
};

/** Words of the server for datasets that need no copy. */
const NO_GAP = new Set(['none', 'is a copy itself', 'holds no data itself']);

/** Draws the answer of backup_coverage. */
export const backups: View = {
  name: 'backups',
  tools: ['backup_coverage'],
  draw({ data, viewData }) {
    const datasets = datasetsOf(data, viewData);
    const total = numberOf(data['total']) ?? datasets.length;
    const more = Math.max(0, total - datasets.length);
    return reportOf(data, 'backups', <Coverage datasets={datasets} more={more} />);
  },
};

/** Datasets shown before a person asks for all. */
const SHOWN_AT_FIRST = 12;

function Coverage({ datasets, more }: { readonly datasets: readonly Dataset[]; readonly more: number }) {
  const [isWhole, setIsWhole] = useState(false);
  const gaps = datasets.filter(({ gap }) => stateOf(gap) !== 'ok').length;
  if (datasets.length === 0) return <p class="line-note">There are no datasets in this answer.</p>;
  const shown = isWhole ? datasets : datasets.slice(0, SHOWN_AT_FIRST);
  return (
    <section>
      <h2>Datasets, gaps first</h2>
      <p class="quiet">
        {gaps} of {datasets.length} with a gap or unknown
      </p>
      <ul class="coverage">
        {shown.map((dataset) => (
          <Line dataset={dataset} />
        ))}
      </ul>
      {datasets.length > SHOWN_AT_FIRST && (
        <p class="row">
          <button type="button" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? 'Show fewer' : `Show all ${datasets.length}`}
          </button>
        </p>
      )}
      {more > 0 && <p class="line-note">{more} more datasets are not in this answer.</p>}
    </section>
  );
}

function Line({ dataset: { name, own, gap, covers } }: { readonly dataset: Dataset }) {
  return (
    <li class={stateOf(gap)}>
      <div>
        <b>{name}</b> <span class="quiet">{own === undefined ? 'size unknown' : formatBytes(own)}</span>
        <div class="state">
          <Mark state={stateOf(gap)} size={14} />
          {gap === 'none' ? 'no gap' : gap}
        </div>
      </div>
      <dl>
        {PLACES.map(({ place, title }) => (
          <div>
            <dt>{title}</dt>
            <dd>
              <Covers covers={covers.filter((cover) => cover.place === place)} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** The tasks that make the copies there; of several of the same health, the first and how many. */
function Covers({ covers }: { readonly covers: readonly Cover[] }) {
  if (covers.length === 0) return <span class="quiet">none</span>;
  return (
    <ul>
      {covers.slice(0, 3).map(({ label, health }) => (
        <li class={HEALTH[health] ?? 'unknown'}>
          <Mark state={HEALTH[health] ?? 'unknown'} size={13} />{' '}
          <span class="health">{health.replaceAll('-', ' ')}</span> <span class="quiet">{label}</span>
        </li>
      ))}
      {covers.length > 3 && <li class="quiet">and {covers.length - 3} more</li>}
    </ul>
  );
}

function stateOf(gap: string): State {
  if (NO_GAP.has(gap)) return 'ok';
  return gap === 'unknown' ? 'unknown' : 'warning';
}

/** All datasets where the host passes them on; else those of the page that the model reads, whose tasks stand in their labels. */
function datasetsOf(data: JsonObject, viewData: JsonObject | undefined): readonly Dataset[] {
  const all = viewData?.['datasets'];
  if (all === undefined) {
    return objectsOf(data['rows']).map((row) => ({
      name: textOf(row['dataset']) ?? 'unnamed',
      own: numberOf(row['ownBytes']),
      gap: textOf(row['gap']) ?? 'unknown',
      covers: PLACES.flatMap(({ place }) =>
        (Array.isArray(row[place]) ? row[place] : []).flatMap((label: unknown) =>
          typeof label === 'string' ? [{ place, label, health: healthIn(label) }] : [],
        ),
      ),
    }));
  }
  return objectsOf(all).map((each) => ({
    name: textOf(each['name']) ?? 'unnamed',
    own: numberOf(each['own']),
    gap: textOf(each['gap']) ?? 'unknown',
    covers: objectsOf(each['covers']).flatMap((cover) => {
      const kind = textOf(cover['kind']);
      const place = PLACES.find(({ kinds }) => kinds.some((known) => known === kind))?.place;
      if (place === undefined) return [];
      return {
        place,
        label: textOf(cover['label']) ?? 'unnamed',
        health: textOf(cover['health']) ?? 'unknown',
      };
    }),
  }));
}

/** The text of a task that works says nothing of its health. */
function healthIn(label: string): string {
  return Object.keys(HEALTH).find((health) => label.includes(health.replace('-', ' '))) ?? 'unknown';
}
