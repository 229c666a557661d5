/** Ranked full-text search over the methods of a NAS. */
import type { default as MiniSearch, QueryCombination } from 'minisearch';
import type { ApiMethodSummary } from '../../truenas/catalog/index.ts';
import { alsoCalled } from './also-called.ts';
import { isOfAnyQuestion, phraseWords, wordsOf } from './words.ts';

/** A search over the methods of a NAS. */
export type MethodSearch = (phrase: string) => Found;

/** The answer of a search. */
export interface Found {
  /** Best first; none when only words such as "show" match, which say nothing of what is meant. */
  readonly methods: readonly ApiMethodSummary[];
  /** Words of the phrase that no method has to do with. */
  readonly unmatched: readonly string[];
}

const searches = new WeakMap<readonly ApiMethodSummary[], MethodSearch>();

/** The search over these methods; the index is kept as long as the list. */
export async function searchOver(methods: readonly ApiMethodSummary[]): Promise<MethodSearch> {
  const known = searches.get(methods);
  if (known !== undefined) return known;
  const search = await createMethodSearch(methods);
  searches.set(methods, search);
  return search;
}

interface Entry {
  readonly id: string;
  readonly verb: string;
  readonly namespace: string;
  readonly parameters: string;
  readonly summary: string;
  /** Everyday words for the namespace, and for the verb. */
  readonly things: string;
  readonly doing: string;
}

/** Builds the index; the search library is loaded only here. */
export async function createMethodSearch(methods: readonly ApiMethodSummary[]): Promise<MethodSearch> {
  const { default: Search } = await import('minisearch');
  const index: MiniSearch<Entry> = new Search<Entry>({
    fields: Object.keys(FIELD_WEIGHTS),
    tokenize: (text) => [...new Set(wordsOf(text))],
    processTerm: (term) => term,
  });
  const byName = new Map(methods.map((method) => [method.name, method]));
  const entries = methods.map(entryOf);
  index.addAll(entries);
  const verbs = new Set(entries.flatMap(({ verb, doing }) => wordsOf(`${verb} ${doing}`)));
  return (phrase) => {
    const { said, meant, unknown } = phraseWords(phrase);
    const asSaid: QueryCombination = {
      queries: [...said],
      combineWith: 'OR',
      fuzzy: (term: string) => (term.length > 5 ? 0.2 : false),
      prefix: (term: string) => term.length > 3,
    };
    const asMeant: QueryCombination = {
      queries: [...meant],
      combineWith: 'OR',
      boostTerm: () => MEANT_WEIGHT,
    };
    const queries = [asSaid, asMeant].filter((query) => query.queries.length > 0);
    const isLook = !said.some((word) => verbs.has(word));
    const results = index.search(
      { combineWith: 'OR', queries },
      { boost: FIELD_WEIGHTS, boostDocument: (id) => usualness(String(id), isLook) },
    );
    const matched = new Set(results.flatMap(({ queryTerms }) => queryTerms));
    const things = [...said, ...meant].filter((word) => !isOfAnyQuestion(word));
    const isAbout = things.length === 0 || things.some((word) => matched.has(word));
    return {
      methods: isAbout ? results.flatMap(({ id }) => byName.get(String(id)) ?? []) : [],
      unmatched: unknown.filter((word) => !matched.has(word)),
    };
  };
}

/** Words that a phrase means count less than the words it says. */
const MEANT_WEIGHT = 0.4;
const FIELD_WEIGHTS = { verb: 2, namespace: 2, parameters: 0.35, summary: 0.8, things: 1, doing: 0.5 };

function entryOf(method: ApiMethodSummary): Entry {
  const dot = method.name.lastIndexOf('.');
  const [namespace, verb] = [method.name.slice(0, dot), method.name.slice(dot + 1)];
  return {
    id: method.name,
    verb,
    namespace,
    ...alsoCalled(namespace, verb),
    parameters: method.parameters.join(' '),
    summary: method.summary,
  };
}

/**
 * The methods people mean most often, a little ahead of the ones that programs use. Who names nothing to do (`isLook`)
 * wants to look: "my pool is degraded".
 */
function usualness(name: string, isLook: boolean): number {
  if (/_choices$/.test(name)) return 0.5;
  const looking = isLook && /\.(query|config|info|status|get_instance)$/.test(name) ? LOOK_WEIGHT : 1;
  if (/\.get_instance$/.test(name)) return 0.75 * looking;
  return (/\.(query|create|update|config|delete)$/.test(name) ? 1.1 : 1) * looking;
}

const LOOK_WEIGHT = 1.6;
