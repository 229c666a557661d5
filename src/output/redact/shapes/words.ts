/** Words of a shell, as patterns. */

/** A text in quotes, or in quotes that are escaped themselves. One that was cut off has no end. */
export const IN_QUOTES = String.raw`"(?:[^"\\\n]|\\.){0,400}(?:"|$)|'[^'\n]{0,400}(?:'|$)|\\"(?:(?!\\")[^\n]){0,400}(?:\\"|$)`;
/** A character outside of quotes; a backslash keeps the next one from ending the word. */
export const BARE = String.raw`\\[^"'n\s]|[^\s"'|;&\\]|&(?!&)`;

/** One word: texts in quotes and others next to each other. */
export const WORD = String.raw`(?:${IN_QUOTES}|${BARE})(?:${BARE}|(?=\\?["']\w)(?:${IN_QUOTES})){0,400}`;

/** One command of a line; marks in quotes do not end it. */
export const COMMAND =
  /(?:\\"(?:(?!\\")[^\n]){0,400}\\"|\\.|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'|[^\n|;&]|&(?!&))+/gu;
