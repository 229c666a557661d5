/** Keeps an answer within a size that a model's context can bear, without a tokenizer at run time. */

/** Size of an answer above which rows are cut, in estimated tokens. */
export const DEFAULT_BUDGET_TOKENS = 6000;

/**
 * Tokens a current tokenizer (o200k) would count, estimated from runs of characters; meant to err on the high side, by a
 * few percent for what tools answer. Cheap: one pass, no allocation.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let kind = OTHER;
  let length = 0;
  const end = text.length;
  for (let index = 0; index <= end; index += 1) {
    const code = index < end ? text.charCodeAt(index) : -1;
    const next = kindOf(code);
    if (next === kind && next !== OTHER && next !== WIDE) {
      length += 1;
      continue;
    }
    tokens += costOf(kind, length);
    kind = next;
    length = 1;
  }
  return Math.ceil(tokens * 1.04);
}

/** True when `text` takes at most `budgetTokens`; short texts are not looked at. */
export function fitsBudget(text: string, budgetTokens: number): boolean {
  return mostTokens(text) <= budgetTokens || estimateTokens(text) <= budgetTokens;
}

/** More than {@link estimateTokens} can make of a text of this length: a lone digit costs most. */
function mostTokens(text: string): number {
  return text.length * 1.62 + 1;
}

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const SPACE = 3;
const WIDE = 4;

function kindOf(code: number): number {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return LETTER;
  if (code >= 48 && code <= 57) return DIGIT;
  if (code === 32) return SPACE;
  return code > 126 ? WIDE : OTHER;
}

/** Measured on answers of these tools: a word is a token, a number one and a half, a gap between columns one. */
function costOf(kind: number, length: number): number {
  if (length === 0) return 0;
  if (kind === LETTER) return 1.1 + Math.max(0, length - 8) * 0.4;
  if (kind === DIGIT) return 1.55 + Math.max(0, length - 4) * 0.35;
  if (kind === SPACE) return length > 1 ? 1.2 : 0;
  return kind === WIDE ? 1.2 : 0.75;
}

/** How many of `lines`, from the first, fit into `budgetTokens`; at least one when there is any. */
export function linesThatFit(lines: readonly string[], budgetTokens: number): number {
  if (lines.reduce((most, line) => most + mostTokens(line) + 1, 0) <= budgetTokens) return lines.length;
  let left = budgetTokens;
  for (const [index, line] of lines.entries()) {
    left -= estimateTokens(line) + 1;
    if (left < 0) return Math.max(1, index);
  }
  return lines.length;
}
