/**
 * JSON as the NAS's language reads it: NaN and Infinity are numbers, integers have any size, and errors name what was
 * expected and where.
 */

/** A message as read. */
export interface ParsedJson {
  readonly value: unknown;
  /** The number that stands at the top level under `id`, as it was written; null when there is none. */
  readonly idToken: string | null;
}

/** How one release differs from another. */
export interface JsonDialect {
  /** A comma before a closing bracket is named, as the NAS's language does since its version 3.13. */
  readonly namesTrailingComma: boolean;
}

/** Numbers that JSON.parse would change: long integers, and an id that is written as a fraction. */
const NEEDS_EXACT = /\d{16}|"id"\s*:\s*-?[\d.]+[.eE]/;

/**
 * Reads JSON text; integers beyond 2^53 become bigints.
 * @throws SyntaxError with the NAS's text
 */
export function parseJson(text: string, dialect: JsonDialect): ParsedJson {
  if (!NEEDS_EXACT.test(text)) {
    try {
      return { value: JSON.parse(text), idToken: null };
    } catch {
      // Read again below, for the NAS's text or for what only the NAS accepts.
    }
  }
  return readDocument(text, dialect);
}

/** Brackets within brackets that the NAS's reader follows; one more ends the connection without a word. */
const MAX_DEPTH = 990;

/** True for text nested too deeply to be read. */
export function isNestedTooDeep(text: string): boolean {
  if (text.length <= MAX_DEPTH) return false;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isInString) {
      if (char === '\\') at += 1;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function readDocument(text: string, dialect: JsonDialect): ParsedJson {
  if (text.startsWith('\ufeff')) throw problem(text, 'Unexpected UTF-8 BOM (decode using utf-8-sig)', 0);
  const reader: Reader = { text, dialect, at: skipSpace(text, 0), depth: 0, idToken: null };
  const value = readValue(reader);
  const end = skipSpace(text, reader.at);
  if (end !== text.length) throw problem(text, 'Extra data', end);
  return { value, idToken: reader.idToken };
}

/** Where reading stands. */
interface Reader {
  readonly text: string;
  readonly dialect: JsonDialect;
  at: number;
  depth: number;
  idToken: string | null;
}

const CONSTANTS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];

function readValue(reader: Reader): unknown {
  const { text, at } = reader;
  const char = text[at];
  if (char === '"') return readText(reader);
  if (char === '{') return readObject(reader);
  if (char === '[') return readList(reader);
  for (const [word, value] of CONSTANTS) {
    if (!text.startsWith(word, at)) continue;
    reader.at += word.length;
    return value;
  }
  return readNumber(reader);
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;

function readNumber(reader: Reader): number | bigint {
  NUMBER.lastIndex = reader.at;
  const match = NUMBER.exec(reader.text);
  if (match === null) throw problem(reader.text, 'Expecting value', reader.at);
  reader.at += match[0].length;
  const number = Number(match[0]);
  const isWhole = match[1] === undefined && match[2] === undefined;
  return isWhole && !Number.isSafeInteger(number) ? BigInt(match[0]) : number;
}

function readObject(reader: Reader): Record<string, unknown> {
  const { text } = reader;
  const entries: [string, unknown][] = [];
  reader.depth += 1;
  reader.at = skipSpace(text, reader.at + 1);
  while (text[reader.at] !== '}' || entries.length > 0) {
    if (text[reader.at] !== '"') {
      throw problem(text, 'Expecting property name enclosed in double quotes', reader.at);
    }
    const key = readText(reader);
    reader.at = skipSpace(text, reader.at);
    if (text[reader.at] !== ':') throw problem(text, "Expecting ':' delimiter", reader.at);
    reader.at = skipSpace(text, reader.at + 1);
    const start = reader.at;
    const value = readValue(reader);
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    if (key === 'id' && reader.depth === 1) reader.idToken = isNumber ? text.slice(start, reader.at) : null;
    entries.push([key, value]);
    if (isClosed(reader, '}', 'object')) break;
  }
  reader.at += 1;
  reader.depth -= 1;
  return Object.fromEntries(entries);
}

function readList(reader: Reader): unknown[] {
  const { text } = reader;
  const items: unknown[] = [];
  reader.depth += 1;
  reader.at = skipSpace(text, reader.at + 1);
  while (text[reader.at] !== ']' || items.length > 0) {
    items.push(readValue(reader));
    if (isClosed(reader, ']', 'array')) break;
  }
  reader.at += 1;
  reader.depth -= 1;
  return items;
}

/** True at the closing bracket; else steps over the comma. */
function isClosed(reader: Reader, bracket: string, kind: string): boolean {
  const { text, dialect } = reader;
  reader.at = skipSpace(text, reader.at);
  if (text[reader.at] === bracket) return true;
  if (text[reader.at] !== ',') throw problem(text, "Expecting ',' delimiter", reader.at);
  const comma = reader.at;
  reader.at = skipSpace(text, comma + 1);
  if (dialect.namesTrailingComma && text[reader.at] === bracket) {
    throw problem(text, `Illegal trailing comma before end of ${kind}`, comma);
  }
  return false;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function readText(reader: Reader): string {
  const { text } = reader;
  const start = reader.at;
  let out = '';
  let at = start + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined) throw problem(text, 'Unterminated string starting at', start);
    if (char === '"') break;
    if (char < ' ') throw problem(text, 'Invalid control character at', at);
    if (char !== '\\') {
      out += char;
      at += 1;
      continue;
    }
    const letter = text[at + 1];
    if (letter === undefined) throw problem(text, 'Unterminated string starting at', start);
    if (letter === 'u') {
      const digits = text.slice(at + 2, at + 6);
      // The closing quote must be there as well, or the text ends too early for the NAS's reader.
      const isWhole = /^[\da-fA-F]{4}$/.test(digits) && text.length > at + 6;
      if (!isWhole) throw problem(text, 'Invalid \\uXXXX escape', at + 1);
      out += String.fromCharCode(Number.parseInt(digits, 16));
      at += 6;
      continue;
    }
    const plain = SHORT_ESCAPES[letter];
    if (plain === undefined) throw problem(text, 'Invalid \\escape', at);
    out += plain;
    at += 2;
  }
  reader.at = at + 1;
  return out;
}

const SPACE = /[ \t\n\r]*/y;

function skipSpace(text: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

/** The NAS counts characters where this language counts UTF-16 units. */
function problem(text: string, message: string, at: number): SyntaxError {
  const before = Array.from(text.slice(0, at));
  const line = before.filter((char) => char === '\n').length + 1;
  const column = before.length - before.lastIndexOf('\n');
  return new SyntaxError(`${message}: line ${line} column ${column} (char ${before.length})`);
}
