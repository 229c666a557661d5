/** What list_items and get_item have in common: the argument `kind`, and the methods that each kind reads with. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import type { KindEntry, Lack, ReadTool } from '../define.ts';
import type { ToolsetName } from '../toolset.ts';
import type { Kind } from './kind.ts';

/** The parts of a tool over these kinds, which `make` makes. */
export function argumentsOfKinds(
  kinds: readonly Kind[],
  usesOf: (kind: Kind) => readonly string[],
  make: (kinds: readonly Kind[]) => ReadTool,
): Pick<
  ReadTool,
  'toolset' | 'synonyms' | 'uses' | 'usesFor' | 'kinds' | 'limitedTo' | 'mayLack' | 'reachesOutside'
> {
  const lacks = kinds.flatMap((kind) => lacksOf(kind, usesOf(kind)));
  return {
    toolset: 'items',
    synonyms: { kind: synonymsOf(kinds) },
    uses: [...new Set(kinds.flatMap(usesOf))],
    usesFor: (input) => usesOf(kindNamed(kinds, String(input['kind']))),
    kinds: kinds.map(entryOf),
    limitedTo: (toolsets: readonly ToolsetName[]) =>
      make(kinds.filter(({ toolset }) => toolsets.includes(toolset))),
    ...(lacks.length > 0 ? { mayLack: lacks } : {}),
    ...(kinds.some(({ reachesOutside }) => reachesOutside) ? { reachesOutside: true } : {}),
  };
}

/**
 * Does the work for rows that belong to something.
 * @throws InputProblem naming the argument where the NAS does not find what they belong to
 */
export async function belongingTo<Answer>(
  of: string | undefined,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (of === undefined || !isTrueNasError(error, 'not-found')) throw error;
    throw new InputProblem('of', `names nothing on the NAS: ${safeCell(of, 200)}`, error.nasText);
  }
}

/** The kind of this name. @throws InputProblem for none, which the schema has refused before */
export function kindNamed(kinds: readonly Kind[], name: string): Kind {
  const kind = kinds.find((each) => each.name === name);
  if (kind === undefined) throw new InputProblem('kind', `is no kind: ${name}`);
  return kind;
}

function entryOf({ name, toolset, noun, about, words = [], changedBy }: Kind): KindEntry {
  return {
    name,
    toolset,
    about: `${noun}: ${about}`,
    words: words.join(' '),
    ...(changedBy === undefined ? {} : { changedBy }),
  };
}

/** What its answer stands without, of the methods that this tool reads it with. */
function lacksOf(kind: Kind, uses: readonly string[]): Lack[] {
  const ofColumns = Object.values(kind.columns).flatMap(({ mayLack }) => mayLack ?? []);
  return [...(kind.mayLack ?? []), ...ofColumns].filter(({ method }) => uses.includes(method));
}

/** Plurals, spaces and hyphens for underscores, and the kind's own other words. */
function synonymsOf(kinds: readonly Kind[]): Record<string, string> {
  const names = new Set(kinds.map(({ name }) => name));
  const words = new Map<string, string>();
  for (const { name, noun, words: own = [] } of kinds) {
    for (const word of [...own, noun, `${name}s`]) {
      for (const spelled of [word, word.replaceAll(/[ -]/gu, '_'), word.replaceAll('_', ' ')]) {
        const lower = spelled.toLowerCase();
        if (!names.has(lower) && !words.has(lower)) words.set(lower, name);
      }
    }
  }
  return Object.fromEntries(words);
}
