/** Parses JSON as Python writes it: with integers of any size, and with bare words for numbers that JSON lacks. */

/**
 * The value of a JSON text. An integer whose digits a number cannot hold becomes its decimal text; `NaN` and `Infinity`
 * become null. Fractions and exponents are read as always.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const exact = MAY_HOLD_LONG_INTEGER.test(text) ? text.replace(STRING_OR_LONG_INTEGER, withDigits) : text;
  try {
    return JSON.parse(exact) as unknown;
  } catch (error) {
    if (!/\b(?:NaN|Infinity)\b/u.test(exact)) throw error;
    return JSON.parse(exact.replace(STRING_OR_BARE_WORD, withoutBareWord)) as unknown;
  }
}

/**
 * Digits that a number may not hold: 2^53 has 16 of them and begins with 9. Times in nanoseconds, of which each disk of a
 * pool has one, have 16 and are held.
 */
const LONG_DIGITS = String.raw`(?:[1-9]\d{16,}|9\d{15})`;

/** Such a member or item; also found in strings. Few messages hold one, and the others are not rewritten. */
const MAY_HOLD_LONG_INTEGER = new RegExp(`[[,:]\\s*-?${LONG_DIGITS}\\s*[,\\]}]`, 'u');

/**
 * A string of JSON. A string that never ends is taken to the end of the text: it would be searched from each of its quotes
 * otherwise, which takes the square of its length.
 */
const STRING = String.raw`"[^"\\]*(?:\\[\s\S]?[^"\\]*)*"?`;
const STRING_OR_LONG_INTEGER = new RegExp(`${STRING}|(?<![\\d.+eE-])-?${LONG_DIGITS}(?![\\d.eE])`, 'gu');
const STRING_OR_BARE_WORD = new RegExp(`${STRING}|-?\\bInfinity\\b|\\bNaN\\b`, 'gu');

function withDigits(token: string): string {
  return token.startsWith('"') || String(Number(token)) === token ? token : `"${token}"`;
}

function withoutBareWord(token: string): string {
  return token.startsWith('"') ? token : 'null';
}
