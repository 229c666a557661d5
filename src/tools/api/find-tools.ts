/** Ranks tools, and other things that are no methods, by the words of a question. */
import { ACCESS_LEVELS } from '../../policy/levels.ts';
import type { Findable } from '../support/findable.ts';
import { isOfAnyQuestion, phraseWords, wordsOf } from './words.ts';

/** Those that have to do with a phrase, best first. Few: what only shares a word with it is no answer. */
export function findTools(phrase: string, things: readonly Findable[], max = MAX_FOUND): Findable[] {
  const entries = things.map(entryOf);
  // `tank/media` and `tank@before` are somebody's names: nothing to find a tool by.
  const { said, meant } = phraseWords(phrase.replace(/\S*[/@]\S*/gu, ' '));
  const asked = said.filter((word) => word !== 'why' && !isOfAnyQuestion(word));
  const rarity = new Map([...asked, ...meant].map((word) => [word, rarityOf(word, entries)]));
  const weigh = (words: readonly string[], entry: Entry): number =>
    words.reduce((sum, word) => sum + (rarity.get(word) ?? 0) * strengthOf(word, entry), 0);
  const whole = asked.reduce((sum, word) => sum + (rarity.get(word) ?? 0), 0);
  const ranked = entries
    .map((entry) => ({ entry, asSaid: weigh(asked, entry), asMeant: weigh(meant, entry) }))
    .filter(({ asSaid }) => asSaid > 0 && asSaid >= whole * LEAST_SHARE)
    .map(({ entry, asSaid, asMeant }) => ({ thing: entry.thing, score: asSaid + asMeant * MEANT_WEIGHT }))
    .sort((a, b) => b.score - a.score || levelOf(a.thing) - levelOf(b.thing));
  const best = ranked[0]?.score ?? 0;
  return ranked
    .filter(({ score }) => score >= best * NEAR_BEST)
    .slice(0, max)
    .map(({ thing }) => thing);
}

/** Most that are shown. */
const MAX_FOUND = 5;
/** Share of a question that must be met, each word counted by its rarity. */
const LEAST_SHARE = 0.34;
/** Share of the best one's score that the others need. */
const NEAR_BEST = 0.6;
/** Words that a phrase means count less than the words it says. */
const MEANT_WEIGHT = 0.25;

interface Entry {
  readonly thing: Findable;
  /** How well each of its words describes it. */
  readonly strengths: ReadonlyMap<string, number>;
}

function entryOf(thing: Findable): Entry {
  const strengths = new Map<string, number>();
  const add = (text: string, strength: number): void => {
    for (const word of wordsOf(text)) if (!strengths.has(word)) strengths.set(word, strength);
  };
  add(thing.name, 1);
  add(thing.words ?? '', 0.9);
  add(thing.about, 0.5);
  return { thing, strengths };
}

/** 0 to 1; a word in another form (`scrubbing`, `deleted`) counts nearly as much. */
function strengthOf(word: string, { strengths }: Entry): number {
  const same = strengths.get(word);
  if (same !== undefined) return same;
  let best = 0;
  for (const [other, strength] of strengths)
    if (isSameStem(word, other)) best = Math.max(best, strength * 0.85);
  return best;
}

/** True for two forms of a word: `roll` and `rollback`, `deleting` and `deleted`; false for `restore` and `restart`. */
function isSameStem(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  let same = 0;
  while (same < shorter && a[same] === b[same]) same += 1;
  if (same === shorter) return shorter >= 4;
  return same >= 5 && Math.max(a.length, b.length) - same <= 3;
}

/** A word that few things have says more; one that nothing has says that the question is about something else. */
function rarityOf(word: string, entries: readonly Entry[]): number {
  const having = entries.filter((entry) => strengthOf(word, entry) > 0).length;
  return Math.log(1 + entries.length / (having + 1));
}

function levelOf({ access }: Findable): number {
  return ACCESS_LEVELS.indexOf(access);
}
