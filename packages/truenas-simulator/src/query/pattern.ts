/** Regular expressions as the NAS's language writes them: their faults in its words, the rest as this language's. */
import { failed } from './error.ts';

/** The class of a faulty pattern; 27.0 calls it `PatternError`. */
export const PATTERN_ERROR = 'error';

/** A pattern that matches where `lastIndex` is. @throws QueryError with the NAS's text */
export function compilePattern(source: string): RegExp {
  const problem = faultOf(source);
  if (problem !== null) throw failed(problem, PATTERN_ERROR);
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const body = (inline === null ? source : source.slice(inline[0].length))
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
  const flags = `y${inline?.[1] ?? ''}`;
  try {
    return new RegExp(body, `${flags}u`);
  } catch {
    try {
      return new RegExp(body, flags);
    } catch (error) {
      throw failed(error instanceof Error ? error.message : String(error), PATTERN_ERROR);
    }
  }
}

/** What is open at a place in the pattern. */
interface Scan {
  readonly chars: readonly string[];
  at: number;
  /** Where groups began that are not closed. */
  readonly open: number[];
}

/** What can be repeated before the place: nothing, an item, or something that repeats already. */
type Before = 'nothing' | 'item' | 'repeat';

/** The first fault of a pattern in the NAS's words; null when it has none that this scan knows. */
function faultOf(source: string): string | null {
  const scan: Scan = { chars: Array.from(source), at: 0, open: [] };
  let before: Before = 'nothing';
  try {
    while (scan.at < scan.chars.length) before = readItem(scan, before);
    const last = scan.open.at(-1);
    if (last !== undefined) fault('missing ), unterminated subpattern', last);
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

class Fault extends Error {}

function fault(message: string, at: number): never {
  throw new Fault(`${message} at position ${at}`);
}

function readItem(scan: Scan, before: Before): Before {
  const { chars, at, open } = scan;
  const char = chars[at];
  switch (char) {
    case '\\':
      readEscape(scan, false);
      return 'item';
    case '[':
      readSet(scan);
      return 'item';
    case '(':
      open.push(at);
      scan.at += 1;
      return readGroupStart(scan);
    case ')':
      if (open.pop() === undefined) fault('unbalanced parenthesis', at);
      scan.at += 1;
      return 'item';
    case '|':
    case '^':
    case '$':
      scan.at += 1;
      return 'nothing';
    case '*':
    case '+':
    case '?':
      scan.at += 1;
      return repeat(scan, before, at);
    case '{': {
      const length = /^\{(\d+(,\d*)?|,\d*)\}/.exec(chars.slice(at).join(''))?.[0].length;
      scan.at += length ?? 1;
      return length === undefined ? 'item' : repeat(scan, before, at);
    }
    default:
      scan.at += 1;
      return 'item';
  }
}

function repeat(scan: Scan, before: Before, at: number): Before {
  if (before === 'nothing') fault('nothing to repeat', at);
  if (before === 'repeat') fault('multiple repeat', at);
  const next = scan.chars[scan.at];
  // Lazy or possessive.
  if (next === '?' || next === '+') scan.at += 1;
  return 'repeat';
}

/** `(?:`, `(?=`, `(?P<name>` and the like. */
function readGroupStart(scan: Scan): Before {
  const { chars, at } = scan;
  if (chars[at] !== '?') return 'nothing';
  const rest = chars.slice(at).join('');
  const start = /^\?(?:P<\w+>|P=\w+|<[=!]|[:=!>]|#[^)]*|[aiLmsux]+(?=\))|[imsx-]+:)/.exec(rest);
  if (start !== null) {
    scan.at += start[0].length;
    return 'nothing';
  }
  const next = chars[at + 1];
  if (next === undefined) fault('unexpected end of pattern', at + 1);
  fault(`unknown extension ?${next}${next === '<' ? (chars[at + 2] ?? '') : ''}`, at);
}

const KNOWN_LETTERS = /[abfnrtvxuUNdDsSwW]/;

function readEscape(scan: Scan, isInSet: boolean): void {
  const { chars, at } = scan;
  const next = chars[at + 1];
  if (next === undefined) fault('bad escape (end of pattern)', at);
  const isKnown = KNOWN_LETTERS.test(next) || (!isInSet && /[ABZ]/.test(next));
  if (/[A-Za-z]/.test(next) && !isKnown) fault(`bad escape \\${next}`, at);
  scan.at += 2;
}

function readSet(scan: Scan): void {
  const { chars } = scan;
  const start = scan.at;
  scan.at += chars[start + 1] === '^' ? 2 : 1;
  const first = scan.at;
  while (scan.at < chars.length && (chars[scan.at] !== ']' || scan.at === first)) {
    const from = scan.at;
    const low = readMember(scan);
    if (chars[scan.at] !== '-' || chars[scan.at + 1] === ']' || scan.at + 1 >= chars.length) continue;
    scan.at += 1;
    const high = readMember(scan);
    if (low.length > 1 || high.length > 1 || low > high) {
      const shown = chars.slice(from, scan.at).join('');
      if (!isPair(low, high)) fault(`bad character range ${shown}`, from);
    }
  }
  if (scan.at >= chars.length) fault('unterminated character set', start);
  scan.at += 1;
}

function isPair(low: string, high: string): boolean {
  return low.length === 1 && high.length === 1 && low <= high;
}

/** One member of a set; an escape keeps its backslash where it is a class. */
function readMember(scan: Scan): string {
  const { chars, at } = scan;
  if (chars[at] !== '\\') {
    scan.at += 1;
    return chars[at] ?? '';
  }
  readEscape(scan, true);
  const letter = chars[at + 1] ?? '';
  return /[dDsSwW]/.test(letter) ? `\\${letter}` : letter;
}
