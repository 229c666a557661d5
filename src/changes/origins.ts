/**
 * Clones hold the data of the dataset that they come from: what is forbidden there is forbidden for them. Asked only where
 * the operator has set a scope or protected datasets.
 */
import type { NasAccess } from '../access/reader.ts';
import { query } from '../truenas/query.ts';
import type { Change, StateRead, Target } from './change.ts';
import type { Asker } from './engine.ts';
import { stateReader } from './readers.ts';
import { valueAt } from './state.ts';

/** Longer chains of clones than anybody makes. */
const MAX_STEPS = 12;

/**
 * The datasets that those of the change were cloned from, as things that it touches.
 * @throws TrueNasError when the NAS cannot tell
 */
export async function originTargets(
  { targets }: Pick<Change, 'targets'>,
  asker: Asker,
  access: NasAccess,
): Promise<Target[]> {
  const seen = new Set<string>();
  const found: Target[] = [];
  let next = [...new Set(targets.flatMap(({ dataset }) => plainName(dataset) ?? []))];
  for (let step = 0; next.length > 0 && step < MAX_STEPS; step += 1) {
    for (const name of next) seen.add(name);
    const read: StateRead = { method: 'pool.dataset.query', params: originsOf(next) };
    const nas = await stateReader(access, asker, [read]);
    const origins = rowsIn(await nas.call(read.method, read.params)).flatMap((row) => {
      const origin = plainName(valueAt(row, 'origin.value')) ?? plainName(valueAt(row, 'origin.rawvalue'));
      return origin === undefined || seen.has(origin) ? [] : [{ clone: valueAt(row, 'id'), origin }];
    });
    for (const { clone, origin } of origins)
      found.push({
        name: `dataset ${origin}, from which ${String(clone)} was cloned,`,
        dataset: origin,
        changedBy: 0,
        read,
        identity: [],
        before: 'absent',
        after: 'unforetold',
        isOnlyRead: true,
      });
    next = [...new Set(origins.map(({ origin }) => origin))];
  }
  return found;
}

function originsOf(ids: readonly string[]): unknown[] {
  return query({
    filters: [['id', 'in', ids]],
    select: ['id', 'origin'],
    extra: { flat: true, retrieve_children: false, properties: ['origin'] },
  });
}

/** The dataset in a name, without a snapshot of it; undefined for what is none. */
function plainName(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value === '-') return undefined;
  return value.split('@')[0];
}

function rowsIn(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : [];
}
