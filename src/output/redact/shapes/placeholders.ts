/** Values that stand where a secret would and are none: words of a sentence, masks, what is redacted already. */

/** True for a value that hides nothing; with or without quotes around it. */
export function isPlaceholder(value: string): boolean {
  return value.length < 100 && (ALREADY.test(value) || MASKED.test(value) || WORDS.test(value));
}

const MASKED = /^["'\\]*\**["'\\]*$/u;
const ALREADY = /^\\*["']?(?:\w+ )?\[redacted\]\\*["']?$/u;
const WORDS =
  /^["'\\]*(?:required|missing|invalid|expired|null|none|nil|true|false|empty|yes|no|on|off|unset|unknown|changed|set|not|is|was|must|incorrect|wrong|disabled|enabled|prompt|stdin|string|undefined)[.!)\]}]*["'\\]*$/iu;
