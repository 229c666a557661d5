/** Private keys whose beginning was cut off, so that only their end tells what they are. */
import { ARMOUR } from './key-blocks.ts';
import { REDACTED } from './shape.ts';

const DASH = '(?:-|%2D)';
const SPACE = String.raw`(?: |%20|\+)`;
const END = new RegExp(
  String.raw`${DASH}{4,5} ?END${SPACE}(?:${ARMOUR}|(?:[A-Z0-9]+${SPACE})*PRIVATE${SPACE}KEY) ?${DASH}{4,5}|Private-MAC:\s*\w+`,
  'gu',
);

/** The text without the lines in front of such an end. Run it when whole blocks are gone. */
export function withoutCutBlocks(text: string): string {
  if (!text.includes('END') && !text.includes('Private-MAC')) return text;
  let output = '';
  let done = 0;
  for (const found of text.matchAll(END)) {
    output += `${text.slice(done, Math.max(done, beginningOf(text, found.index, done)))}${REDACTED}`;
    done = found.index + found[0].length;
  }
  return done === 0 ? text : output + text.slice(done);
}

/** Lines of a block are longer than most words. */
const SHORTEST_LINE = 24;

/** The beginning of the lines that end at `end`, but not before `first`; `end` when no lines of a block stand there. */
function beginningOf(text: string, end: number, first: number): number {
  let beginning = end;
  let isBlock = false;
  for (;;) {
    const { start, length, isWhole } = lineBefore(text, beginning, first);
    if (length === 0) break;
    const line = text.slice(start, start + length);
    // The last line may be short, with or without a checksum behind it, and the first one because it was cut.
    if (length < SHORTEST_LINE && isBlock && !(isWhole && isNoWord(line))) break;
    beginning = start;
    if (length < SHORTEST_LINE && isBlock) break;
    isBlock ||= length >= SHORTEST_LINE || (isWhole && isNoWord(line) && !CHECKSUM.test(line));
  }
  return isBlock ? beginning : end;
}

const CHECKSUM = /^=.{4}$/u;

/** The line that ends before the line break at `end`. */
function lineBefore(
  text: string,
  end: number,
  first: number,
): { start: number; length: number; isWhole: boolean } {
  const lineEnd = beforeBreak(text, end, first);
  const start = lineStart(text, lineEnd, first);
  const isWhole =
    start === first || /(?:[\n|]|\\n|%0A)[ \t]{0,16}$/u.test(text.slice(Math.max(first, start - 20), start));
  return { start, length: lineEnd - start, isWhole };
}

function isNoWord(line: string): boolean {
  return /[\d+/=]|[a-z][A-Z]/u.test(line);
}

/** Where the characters of a body that end at `end` begin. */
function lineStart(text: string, end: number, first: number): number {
  let start = end;
  while (start > first && BODY.test(text[start - 1] ?? '')) start -= 1;
  // The letters of an escaped line break look like a part of the line.
  if (text[start - 1] === '\\' && /[nr]/u.test(text[start] ?? '') && start < end) return start + 1;
  return start;
}

const BODY = /[A-Za-z0-9+/=%]/u;
const BREAKS = /(?:\s{0,4}\|\s{1,4}|(?:\\r\\n|\\n|\r?\n)[ \t]{0,16}|[ \t])$/u;

function beforeBreak(text: string, end: number, first: number): number {
  const found = BREAKS.exec(text.slice(Math.max(first, end - 20), end));
  return found === null ? end : end - found[0].length;
}
