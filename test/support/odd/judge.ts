/** What an answer must not become because one answer of the NAS was odd. */
import { estimateTokens } from '../../../src/output/budget.ts';
import type { Answer } from './bench.ts';
import { isFailure, isWhole, type Mutation } from './mutations.ts';

/** What can be wrong with an answer to an odd NAS. */
export const PROPERTIES = {
  fails: 'one odd field, or one part of several, takes the whole answer with it',
  denies: 'what could not be read is said not to exist',
  improves: 'the verdict is better than the facts, or than what is known of them',
  silent: 'nothing says what could not be read',
  blames: 'a failure is called a lack of rights',
  zero: 'a number that is not known is shown as 0',
  assures: 'what is not known is shown as "any", "none", "never" or "no"',
  loses: 'a row that could not be read is not counted any more',
  raw: 'a value of the program is shown as it is: undefined, NaN, [object Object], null',
  long: 'the answer is longer than its budget',
} as const;
export type Property = keyof typeof PROPERTIES;

/** One question, and what is known of it. */
export interface Judged {
  /** The answer when nothing is odd. */
  readonly base: Answer;
  readonly answer: Answer;
  readonly mutation: Mutation;
  /** Without the call there is no answer. */
  readonly isEssential: boolean;
  /** The call's answer is not shown. */
  readonly isAside: boolean;
  /** Without the field what is asked for is not found. */
  readonly isIdentity: boolean;
  /** The call tells more of a trouble that is known already. */
  readonly isDetail: boolean;
  /** The verdict of a NAS without trouble hangs on what is odd. */
  readonly isJudged: boolean;
  /** What is odd may lawfully be so, and then says that there is no trouble. */
  readonly isLawful: boolean;
}

/** The properties that do not hold. */
export function violations(judged: Judged): Property[] {
  const { base, answer, mutation } = judged;
  const found: Property[] = [];
  if (hasMore(RAW, base, answer)) found.push('raw');
  if (estimateTokens(answer.text) > MOST_TOKENS || JSON.stringify(answer.data).length > MOST_TOKENS * 8)
    found.push('long');
  if (mutation.kind !== 'is refused' && hasMore(BLAMES, base, answer)) found.push('blames');
  // An answer about something that is not there says so without an odd NAS, too.
  if (base.isError) return found;
  return [...found, ...(answer.isError ? failings(judged) : falsehoods(judged))];
}

function failings({ base, answer, mutation, isEssential, isIdentity }: Judged): Property[] {
  const found: Property[] = [];
  const isGone = isFailure(mutation.kind) || isWhole(mutation.kind) || isIdentity;
  if (!isGone || !isEssential) found.push('fails');
  if (DENIES.test(answer.text) && !tellsGap(base, answer)) found.push('denies');
  return found;
}

function falsehoods(judged: Judged): Property[] {
  const { base, answer, mutation, isEssential, isAside } = judged;
  const found: Property[] = [];
  const isGone = isFailure(mutation.kind) || isWhole(mutation.kind);
  if (isGone && DENIES.test(answer.text) && !DENIES.test(base.text)) found.push('denies');
  if (isGone && !isEssential && !isAside && !tellsGap(base, answer)) found.push('silent');
  if (isImproved(judged)) found.push('improves');
  if (mutation.kind !== 'field huge' && !judged.isLawful && hasMoreZeros(base, answer)) found.push('zero');
  const isOdd = isGone || mutation.kind === 'field absent' || mutation.kind === 'field of another type';
  if (isOdd && hasMore(ASSURES, base, answer)) found.push('assures');
  if (mutation.kind === 'row' && losesRow(base, answer)) found.push('loses');
  return found;
}

/** A quarter above what tools aim at, as the last step before a client allows. */
const MOST_TOKENS = 7500;

const RAW = /undefined|\bNaN\b|\[object Object\]|\bnull\b|Infinity/gu;
const BLAMES = /not allowed for this API key/giu;
const DENIES = /^No (?!answer)[a-z]+|names no|^0 [a-z]|there is none|(?<!Method )does not exist/mu;
const GAPS =
  /could not be read|can(?:not| not) be read|not read\b|\bunread\b|not known|unknown|not allowed|not told/iu;
// In capitals only where we write them: a quoted text may say no.
const ASSURES =
  /(?:^No|\bNONE\b|\b(?:any|none|never|no)\b)(?! (?:answer|method|text|reason|longer|more than))/gmu;
const ZEROS = /(?<![\w.,:/-])0(?:\.0)?(?![\w.,:/-])/gu;

function count(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}

function hasMore(pattern: RegExp, base: Answer, answer: Answer): boolean {
  return count(pattern, answer.text) > count(pattern, base.text);
}

/** A line that was not there before says that something is not known; or the answer said so already. */
function tellsGap(base: Answer, answer: Answer): boolean {
  if (answer.text === base.text) return GAPS.test(base.text);
  const before = new Set(base.text.split('\n'));
  return answer.text.split('\n').some((line) => GAPS.test(line) && !before.has(line));
}

function hasMoreZeros(base: Answer, answer: Answer): boolean {
  return hasMore(ZEROS, base, answer) || zerosIn(answer) > zerosIn(base);
}

/** How many rows there are is said by other properties. */
function zerosIn({ data: { total: _total, shown: _shown, ...data } }: Answer): number {
  return count(/[:[,]0(?=[,}\]])/gu, JSON.stringify(data));
}

/** Worst last. What is unknown may hide something critical, but is not known to. */
const VERDICTS = ['OK', 'WARNING', 'UNKNOWN', 'CRITICAL'];

function isImproved({ base, answer, mutation, isDetail, isJudged, isLawful }: Judged): boolean {
  const before = VERDICTS.indexOf(String(base.data['verdict']));
  const after = VERDICTS.indexOf(String(answer.data['verdict']));
  if (before < 0 || after < 0) return false;
  const unknown = VERDICTS.indexOf('UNKNOWN');
  if (isFailure(mutation.kind) || isWhole(mutation.kind)) return !isDetail && after < unknown;
  if (mutation.kind === 'field huge' || isLawful) return false;
  return after < Math.min(before, unknown) || (isJudged && after === 0);
}

function losesRow(base: Answer, answer: Answer): boolean {
  const total = (each: Answer): number | undefined => {
    const value = each.data['total'];
    return typeof value === 'number' ? value : undefined;
  };
  if (total(base) === undefined) return false;
  return total(answer) !== total(base) && !tellsGap(base, answer);
}
