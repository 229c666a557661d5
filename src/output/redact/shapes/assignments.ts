/** `name=value`, `name: value`, `"name": "value"` and `--name value`, where the name is a secret's. */
import { namesSecret } from '../secret-names.ts';
import { isPlaceholder } from './placeholders.ts';
import { REDACTED } from './shape.ts';

/** False when no name in the text can be a secret's. */
export function mayAssignSecret(text: string): boolean {
  return ANNOUNCED.test(text);
}

/** The text without the values of secrets' names. */
export function withoutAssigned(text: string, depth = 0): string {
  return text.replace(
    ASSIGNED,
    (match: string, end: string, separator: string, value: string, offset: number) => {
      const [dashes, start] = beginningOf(text, offset);
      const isSecret = namesSecret(`${start}${end}`.replace(/^.*\.(?=.)/u, ''));
      if (isSecret && isGiven(dashes, separator, value, text, offset + match.length)) {
        const quote = /^\\{0,8}["']/u.exec(value)?.[0] ?? '';
        return `${end}${separator}${quote}${REDACTED}${quote}`;
      }
      // The value may be a text with assignments of its own.
      const inner = depth < MAX_NESTING ? withoutAssigned(value, depth + 1) : REDACTED;
      return `${end}${separator}${inner}`;
    },
  );
}

/** Parts of names that {@link namesSecret} may take for a secret's. */
const NAME_PART =
  'pass|pwd|pw|secret|token|key|auth|salt|otp|psk|community|hash|oauth|hook|cookie|credential|jwt|dsn|conn';
const ANNOUNCED = new RegExp(NAME_PART, 'iu');

const VALUE = String.raw`\\{1,8}"[^"]*?\\{1,8}"|\\{1,8}'[^']*?\\{1,8}'|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,;&"'<>|]+`;

/**
 * The end of an assignment, from the part of the name that may make it a secret's. Where the name begins is looked up
 * backwards: a pattern that began with any name would read a long text again from each of its letters.
 */
const ASSIGNED = new RegExp(
  String.raw`((?:${NAME_PART})[\w.-]{0,40})((?:\\{0,8}["'])?\s{0,20}(?:=>|:=|[=:]|%3[AD])[ \t]{0,20}|[ \t]{1,20})(${VALUE})`,
  'giu',
);

/** Depth of texts within texts that is looked into. */
const MAX_NESTING = 4;

/** What of a name stands before `offset`, and the dashes of an option before it. */
function beginningOf(text: string, offset: number): [dashes: string, start: string] {
  let from = offset;
  while (from > 0 && offset - from < 60 && /[\w.-]/u.test(text[from - 1] ?? '')) from -= 1;
  const [, dashes = '', start = ''] = /^(-*)(.*)$/u.exec(text.slice(from, offset)) ?? [];
  return [dashes, start];
}

/** True when the value is one, rather than the next word of a sentence. */
function isGiven(dashes: string, separator: string, value: string, text: string, end: number): boolean {
  if (isPlaceholder(value)) return false;
  const isQuoted = /^\\*["']/u.test(value);
  if (separator.includes('=') || separator.includes('%')) return true;
  if (separator.includes(':')) {
    // "token: expired 3 days ago" is prose, "token: hunter2" is not.
    const after = text.slice(end, end + 2);
    return (
      isQuoted ||
      after === '' ||
      /^[\s]?[\n\r,;}\])]/u.test(after) ||
      /^(?=.*\d)(?=.*[A-Za-z]).{6,}/u.test(value)
    );
  }
  return dashes !== '' ? !value.startsWith('-') : isQuoted;
}
