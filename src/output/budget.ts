/** Keeps an answer within a size that a model's context can bear, without a tokenizer at run time. */

/** Size of an answer above which rows are cut, in estimated tokens. */
export const DEFAULT_BUDGET_TOKENS = 6000;

/**
 * Tokens a current tokenizer would count, estimated from the kinds of characters; meant to err on the high side.
 * Cheap: one pass, no allocation.
 */
export function estimateTokens(text: string): number {
  let letters = 0;
  let digits = 0;
  let words = 0;
  let others = 0;
  let wide = 0;
  let last = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    let kind = OTHER;
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) {
      kind = LETTER;
      letters += 1;
      if (last !== LETTER) words += 1;
    } else if (code >= 48 && code <= 57) {
      kind = DIGIT;
      digits += 1;
      if (last !== DIGIT) words += 1;
    } else if (code === 32) {
      kind = SPACE;
      if (last === SPACE) others += 0.1;
    } else if (code > 126) {
      wide += 1;
    } else {
      others += 1;
    }
    last = kind;
  }
  return Math.ceil(letters * 0.17 + digits * 0.2 + words * 0.45 + others * 0.8 + wide);
}

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const SPACE = 3;

/** How many of `lines`, from the first, fit into `budgetTokens`; at least one when there is any. */
export function linesThatFit(lines: readonly string[], budgetTokens: number): number {
  let left = budgetTokens;
  for (const [index, line] of lines.entries()) {
    left -= estimateTokens(line) + 1;
    if (left < 0) return Math.max(1, index);
  }
  return lines.length;
}
