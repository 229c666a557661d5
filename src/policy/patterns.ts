/**
 * Patterns of `~` filters. A NAS tries them on every row, with an engine that goes back over the same text again and again
 * and answers nobody else meanwhile; so only patterns of a small grammar are sent: literals, `.`, classes, `^`, `$`, and at
 * most two of `*` and `+`, each on one of the atoms before. Groups, alternatives, counts, `?` and references are not in it.
 */

/** Names the first part of a pattern that is not in the grammar; `undefined` when all is. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  let repetitions = 0;
  let wasRepeated = false;
  for (let rest = pattern; rest !== ''; ) {
    const [part, atom = '', repetition = ''] = PART.exec(rest) ?? [];
    if (part === undefined) return `has ${JSON.stringify(rest.slice(0, 2))}`;
    if (atom.startsWith('[') && hasReversedRange(atom)) return `has a range that runs backwards`;
    if (repetition !== '') {
      repetitions += 1;
      if (wasRepeated) return 'repeats twice in a row';
      if (repetitions > MAX_REPETITIONS) return `has more than ${MAX_REPETITIONS} of * and +`;
    }
    wasRepeated = repetition !== '';
    rest = rest.slice(part.length);
  }
  return undefined;
}

const MAX_LENGTH = 200;
const MAX_REPETITIONS = 2;

/** The grammar in words, for a person whose pattern was refused. */
export const PATTERN_GRAMMAR =
  'literals, ".", [classes], "^", "$" and at most two of "*" and "+"; or use "^", "$", "rin", "in" instead of "~"';

const ESCAPED = String.raw`\\[^A-Za-z0-9\s]`;
const KIND = String.raw`\\[dDsSwW]`;
/** A `[` and doubled signs in a class mean set operations to a later Python. */
const MEMBER = String.raw`(?!--|&&|\|\||~~)(?:${ESCAPED}|[^\\\][])`;
const CLASS = String.raw`\[(?:\^|(?!\^))(?:${MEMBER}-${MEMBER}|${KIND}(?!-[^\]])|${MEMBER}(?!-${KIND}))+\]`;
/** An anchor, or an atom and how often. */
const PART = new RegExp(
  String.raw`^(?:[$^](?![*+])|(${ESCAPED}|${KIND}|${CLASS}|[^\\[\](){}*+?|^$])([*+](?![*+?{]))?)`,
  'u',
);

function hasReversedRange(atom: string): boolean {
  const ranges = atom.slice(1, -1).matchAll(new RegExp(`${KIND}|(${MEMBER})-(${MEMBER})|${MEMBER}`, 'gu'));
  return [...ranges].some(([, from, to]) => from !== undefined && to !== undefined && last(from) > last(to));
}

/** The character itself, of one that may be escaped. */
function last(member: string): number {
  return member.codePointAt(member.startsWith('\\') ? 1 : 0) ?? 0;
}
