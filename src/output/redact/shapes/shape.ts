/** A pattern of texts that show a secret, and the pieces that patterns share. Every pattern reads a text once. */

/** Stands in for a secret. */
export const REDACTED = '[redacted]';

/** Of a match, the text without the secret in it. */
export type Replacement = (match: string, ...groups: string[]) => string;

/** A cheap test that is true wherever the pattern may match, the pattern, and the text that replaces a match. */
export type Shape = readonly [hint: RegExp, pattern: RegExp, replacement: string | Replacement];

/** Replaces all but the first group of a match. */
export const AFTER_FIRST = `$1${REDACTED}`;

/** A value, in quotes or up to a space. */
export const WORD = String.raw`(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[^\s"'|;]{1,200})`;
