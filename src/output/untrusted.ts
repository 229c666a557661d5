/**
 * Makes untrusted text (share names, comments, alert texts) harmless to show. Invisible and direction-changing characters
 * become visible escapes such as `\u202e`: the text can neither forge a line of our own nor hide from the person who
 * reads along.
 */

/** Longest cell of a table, in characters. */
export const CELL_LENGTH = 120;

/** Text of any length on one line, nothing invisible left in it. */
export function safeText(text: string): string {
  // Nearly all texts are plain, and the long list of ranges is slow.
  if (!NOT_PLAIN.test(text)) return text;
  return SUSPICIOUS.test(text) ? text.replace(ALL_SUSPICIOUS, escapeCharacter) : text;
}

/** As {@link safeText}, cut to `maxLength` characters. Three dots of ASCII mark the cut: one character beyond doubles the memory of a whole answer. */
export function safeCell(text: string, maxLength = CELL_LENGTH): string {
  return safeText(text.length > maxLength ? `${startOf(text, maxLength - 3)}...` : text);
}

/** At most `length` characters, up to the end of a word where one is near. */
function startOf(text: string, length: number): string {
  const start = withoutHalf(text.slice(0, length));
  if (text[start.length] === ' ') return start;
  const gap = start.lastIndexOf(' ');
  return gap > length * 0.85 ? start.slice(0, gap) : start;
}

/** Text of several lines: line breaks survive, everything else suspicious is escaped as in {@link safeText}. */
export function safeLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/u)
    .map((line) => safeText(line.replace(/\t/gu, '    ')))
    .join('\n');
}

/** Lines of untrusted text behind a bar, so that none can pass for a line of our own. */
export function quoted(text: string): string[] {
  return safeLines(text)
    .split('\n')
    .map((line) => `| ${line}`);
}

/** A line that begins with untrusted text, such as the row of a table; behind a bar when it could pass for a line of our own. */
export function safeRow(line: string): string {
  return LIKE_OURS.test(line) ? `| ${line}` : line;
}

/** Beginnings of our own lines that give an order or count what was left out. */
const LIKE_OURS = /^[\s"'`*>#-]*(?:next|what to do|use instead|truenas says|invalid arguments?)\b|^\s*[(|]/iu;

/** JSON on one line without invisible characters, which parses to the same value: for calls that are spelled out. */
export function safeJson(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  return SUSPICIOUS.test(json) ? json.replace(ALL_SUSPICIOUS, escapeUnits) : json;
}

/** `text` without its middle when it is longer than `maxLength`, with the gap counted: the middle of a log repeats, its ends say most. */
export function cutMiddle(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  // A cut must not split a character of two units.
  const head = withoutHalf(text.slice(0, Math.ceil(maxLength / 2)));
  const tail = text.slice(text.length - Math.floor(maxLength / 2)).replace(/^[\uDC00-\uDFFF]/u, '');
  return `${head}\n[… ${text.length - head.length - tail.length} of ${text.length} characters left out …]\n${tail}`;
}

/** `text` without a half character at its end, which a cut leaves behind. */
export function withoutHalf(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/u, '');
}

// Controls; soft hyphen; Arabic letter mark; Hangul and Mongolian fillers; zero-width, direction and invisible-operator
// characters; line and paragraph separators; variation selectors (VS16, the emoji one, excepted); tags; lone surrogates.
// U+200D stays: emoji need it, and alone it can encode nothing.
const CLASS =
  '[\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B\\u200C\\u200E\\u200F' +
  '\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0E\\uFEFF\\uFFA0\\uFFF0-\\uFFFB\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E0FFF}\\p{Cs}]';
/** Anything but the printable characters of ASCII. */
const NOT_PLAIN = /[^ -~]/;
const SUSPICIOUS = new RegExp(CLASS, 'u');
const ALL_SUSPICIOUS = new RegExp(CLASS, 'gu');

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return SHORT_ESCAPES[character] ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
}

/** Escapes of JSON have four digits: a character beyond takes two. */
function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, unit) => {
    const code = character.charCodeAt(unit);
    return `\\u${code.toString(16).padStart(4, '0')}`;
  }).join('');
}
