/**
 * The newest snapshot of each of a few datasets, cheap on every release. Up to 25.10 a question for more than names reads all
 * properties of all snapshots of the system: so names are read at once, and the time of the likeliest ones alone, each by its
 * id. Names of one form (`auto-2026-03-01_12-00`) sort by time; of each form the last is a candidate.
 */
import { gapText, readPart } from '../support/part.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rowsOf } from '../support/rows.ts';

/** What is known of the newest snapshot of a dataset. */
export type NewestSnapshot =
  | { readonly state: 'none' }
  | { readonly state: 'known'; readonly name: string; readonly createdMs: number; readonly count: number }
  /** With the reason in words. */
  | { readonly state: 'unknown'; readonly why: string };

/** Names read for all datasets together. */
const MAX_NAMES = 10_000;
/** Forms of names of one dataset that are looked at. */
const MAX_CANDIDATES = 3;

const PROPERTIES = {
  properties: field.object({ creation: field.object({ parsed: field.time }) }),
};

/** Reads them. Calls `pool.snapshot.query`; a failure is a reason, never "none". */
export async function readNewestSnapshots(
  nas: ReadClient,
  datasets: readonly string[],
): Promise<ReadonlyMap<string, NewestSnapshot>> {
  if (datasets.length === 0) return new Map();
  const part = await readPart(nas, async (limited) => {
    const parameters = query({
      filters: [['dataset', 'in', datasets]],
      select: ['name'],
      limit: MAX_NAMES,
    });
    return rowsOf(await limited.call('pool.snapshot.query', parameters), { name: field.rawText });
  });
  if (!('value' in part)) {
    const why = gapText(part) ?? 'unknown';
    return new Map(datasets.map((dataset) => [dataset, { state: 'unknown', why }]));
  }
  const isCut = part.value.length === MAX_NAMES;
  const names = new Map<string, string[]>(datasets.map((dataset) => [dataset, []]));
  for (const { name } of part.value)
    if (name !== null) names.get(name.slice(0, name.indexOf('@')))?.push(name);
  const hasOdd = part.value.some(({ name }) => name === null);
  const found = await Promise.all(
    [...names].map(async ([dataset, own]): Promise<[string, NewestSnapshot]> => {
      if (isCut) return [dataset, { state: 'unknown', why: 'too many snapshots to look through' }];
      if (own.length === 0 && hasOdd)
        return [dataset, { state: 'unknown', why: 'answered in an unknown form' }];
      return [dataset, own.length === 0 ? { state: 'none' } : await newestOf(nas, own)];
    }),
  );
  return new Map(found);
}

async function newestOf(nas: ReadClient, names: readonly string[]): Promise<NewestSnapshot> {
  const read = await Promise.all(
    candidatesOf(names).map(async (name) => {
      const part = await readPart(nas, async (limited) => {
        const one = query({
          filters: [['id', '=', name]],
          select: ['properties'],
          limit: 1,
          extra: { properties: ['creation'] },
        });
        return rowsOf(await limited.call('pool.snapshot.query', one), PROPERTIES)[0];
      });
      const createdMs = 'value' in part ? (part.value?.properties?.creation?.parsed ?? null) : null;
      return { name, createdMs, why: gapText(part) };
    }),
  );
  const known = read.flatMap(({ name, createdMs }) => (createdMs === null ? [] : [{ name, createdMs }]));
  const [newest] = known.toSorted((a, b) => b.createdMs - a.createdMs);
  if (newest === undefined) return { state: 'unknown', why: read[0]?.why ?? 'time unknown' };
  return { state: 'known', ...newest, count: names.length };
}

/** The last name of each form, the latest forms first. */
function candidatesOf(names: readonly string[]): string[] {
  const last = new Map<string, string>();
  for (const name of names) {
    const form = name.replaceAll(/\d/gu, '0');
    const before = last.get(form);
    if (before === undefined || before < name) last.set(form, name);
  }
  return [...last.values()].toSorted((a, b) => (digitsOf(a) < digitsOf(b) ? 1 : -1)).slice(0, MAX_CANDIDATES);
}

function digitsOf(name: string): string {
  return name.slice(name.indexOf('@')).replaceAll(/\D/gu, '');
}
