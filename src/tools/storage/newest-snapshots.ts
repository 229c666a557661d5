/**
 * The newest snapshot of each of a few datasets, cheap on every release. Up to 25.10 a question for more than names reads all
 * properties of all snapshots of the system: so the last names of each dataset are read, and the time of the likeliest ones alone, each by its
 * id. Names of one form (`auto-2026-03-01_12-00`) sort by time; of each form the last is a candidate.
 */
import { gapText, readPart } from '../support/part.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { field, rowsOf } from '../support/rows.ts';

/** What is known of the newest snapshot of a dataset. */
export type NewestSnapshot =
  | { readonly state: 'none' }
  | {
      readonly state: 'known';
      readonly name: string;
      readonly createdMs: number;
      /** There are so many snapshots that a newer one may have been missed. */
      readonly isAtLeast: boolean;
    }
  /** With the reason in words. */
  | { readonly state: 'unknown'; readonly why: string };

/** Names read of one dataset: of each form the last ones. */
const MAX_NAMES = 60;
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
  const found = await Promise.all(
    datasets.map(
      async (dataset): Promise<[string, NewestSnapshot]> => [dataset, await newestSnapshot(nas, dataset)],
    ),
  );
  return new Map(found);
}

async function newestSnapshot(nas: ReadClient, dataset: string): Promise<NewestSnapshot> {
  const part = await readPart(nas, async (limited) => {
    const parameters = query({
      filters: [['dataset', '=', dataset]],
      select: ['name'],
      orderBy: ['-name'],
      limit: MAX_NAMES,
    });
    return rowsOf(await limited.call('pool.snapshot.query', parameters), { name: field.rawText });
  });
  if (!('value' in part)) return { state: 'unknown', why: gapText(part) ?? 'unknown' };
  const names = part.value.flatMap(({ name }) => name ?? []);
  if (names.length < part.value.length) return { state: 'unknown', why: 'answered in an unknown form' };
  return names.length === 0 ? { state: 'none' } : newestOf(nas, names);
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
  return { state: 'known', ...newest, isAtLeast: names.length === MAX_NAMES };
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
