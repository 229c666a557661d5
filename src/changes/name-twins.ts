/**
 * Names that differ only by letters and digits that look alike: `tank/photos-l` beside `tank/photos-1`. Told where a plan read
 * both names anyway; nothing is asked for it, so of names that no plan reads nothing is said.
 */
import type { ReadClient } from '../truenas/client.ts';
import type { Change } from './change.ts';

/** Names that a NAS told while a plan was made. */
export interface ReadNames<Client> {
  /** The same client; names in the answers of its queries are kept. */
  readonly client: Client;
  /** The change; its impact says first which of its things have a twin among the names of the same kind. */
  withTwins(change: Change): Change;
}

/** Longest list of names of a kind that is compared: a plan that reads more is about all of them. */
const MAX_NAMES = 2_000;

/** Keeps what `nas` answers from here on. */
export function readNames<Client extends ReadClient>(nas: Client): ReadNames<Client> {
  const byMethod = new Map<string, Set<string>>();
  return {
    client: {
      ...nas,
      async call(method, params, options) {
        const answer = await nas.call(method, params, options);
        if (method.endsWith('.query') && Array.isArray(answer)) keep(method, answer);
        return answer;
      },
    },
    withTwins(change) {
      const twins = twinsOf(change, byMethod);
      const [first] = twins;
      if (first === undefined) return change;
      const more = twins.length > 1 ? `, and ${twins.length - 1} more such names` : '';
      const line = `LOOK CLOSELY: ${first.thing} is not ${first.other}, which is there as well${more}; l, 1 and I, O and 0, rn and m look alike`;
      return { ...change, impact: [line, ...change.impact] };
    },
  };

  function keep(method: string, rows: readonly unknown[]): void {
    const names = byMethod.get(method) ?? new Set<string>();
    byMethod.set(method, names);
    for (const row of rows) {
      if (names.size >= MAX_NAMES) return;
      if (typeof row !== 'object' || row === null) continue;
      for (const [field, value] of Object.entries(row))
        if (NAME_FIELDS.has(field) && typeof value === 'string' && value.length > 1) names.add(value);
    }
  }
}

/** Fields by which things of the NAS are called. */
const NAME_FIELDS: ReadonlySet<string> = new Set(['id', 'name', 'path', 'username', 'group']);

/** Things that are changed or made, each with a name of its kind that looks the same. */
function twinsOf(
  { targets }: Change,
  byMethod: ReadonlyMap<string, ReadonlySet<string>>,
): { readonly thing: string; readonly other: string }[] {
  const changed = targets.filter(({ isOnlyRead }) => isOnlyRead !== true);
  return changed.flatMap(({ name: thing, read }) => {
    const seen = looks(thing);
    const others = [...(byMethod.get(read.method) ?? [])];
    const other = others.find((name) => !thing.endsWith(name) && seen.endsWith(` ${looks(name)}`));
    return other === undefined ? [] : [{ thing, other }];
  });
}

/** The same for all names that look the same. */
function looks(name: string): string {
  return name.replaceAll('rn', 'm').replace(/[lI|]/gu, '1').replaceAll('O', '0');
}
