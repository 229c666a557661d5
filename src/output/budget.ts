/** Keeps an answer within a size that a model's context can bear, without a tokenizer at run time. */

/** Size of an answer above which rows are cut, in estimated tokens. */
export const DEFAULT_BUDGET_TOKENS = 6000;

/**
 * Tokens a current tokenizer (o200k) would count, estimated from runs of characters; meant to err on the high side, by a
 * few percent for what tools answer. Cheap: one pass, no allocation.
 */
export function estimateTokens(text: string): number {
  return estimate(text, kindOf);
}

/** As {@link estimateTokens}, of JSON without blanks: what stands between its values is read as one. */
export function estimateJsonTokens(json: string): number {
  return estimate(json, kindInJson);
}

function estimate(text: string, kindOfCode: (code: number) => number): number {
  let tokens = 0;
  let kind = OTHER;
  let length = 0;
  const end = text.length;
  for (let index = 0; index <= end; index += 1) {
    const code = index < end ? text.charCodeAt(index) : -1;
    const next = kindOfCode(code);
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

/** More than {@link estimateTokens} can make of a text of this length: a lone digit costs most. */
export function mostTokens(text: string): number {
  return text.length * 1.62 + 1;
}

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const SPACE = 3;
const WIDE = 4;
/** Marks of JSON. */
const MARK = 5;

function kindOf(code: number): number {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return LETTER;
  if (code >= 48 && code <= 57) return DIGIT;
  if (code === 32) return SPACE;
  return code > 126 ? WIDE : OTHER;
}

function kindInJson(code: number): number {
  switch (code) {
    case 34: // "
    case 44: // ,
    case 58: // :
    case 91: // [
    case 93: // ]
    case 123: // {
    case 125: // }
      return MARK;
    default:
      return kindOf(code);
  }
}

/** Measured on answers of these tools: a word is a token, a number one and a half, a gap between columns one. */
function costOf(kind: number, length: number): number {
  if (length === 0) return 0;
  if (kind === LETTER) return 1.1 + Math.max(0, length - 8) * 0.4;
  if (kind === DIGIT) return 1.55 + Math.max(0, length - 4) * 0.35;
  if (kind === SPACE) return length > 1 ? 1.2 : 0;
  if (kind === MARK) return 1.02 + Math.max(0, length - 3) * 0.5;
  return kind === WIDE ? 1.2 : 0.75;
}

/** How many of `lines`, from the first, fit into `budgetTokens`; at least one when there is any. */
export function linesThatFit(lines: readonly string[], budgetTokens: number): number {
  return pairsThatFit(lines, [], budgetTokens);
}

/**
 * How many rows, from the first, fit into `budgetTokens` as text and as data together; at least one when there is any.
 * @param facts the row of each line as JSON.
 */
export function pairsThatFit(
  lines: readonly string[],
  facts: readonly string[],
  budgetTokens: number,
): number {
  const most = (texts: readonly string[]) => texts.reduce((sum, text) => sum + mostTokens(text) + 1, 0);
  if (most(lines) + most(facts) <= budgetTokens) return lines.length;
  let left = budgetTokens;
  for (const [index, line] of lines.entries()) {
    const fact = facts[index];
    left -= estimateTokens(line) + 1 + (fact === undefined ? 0 : estimateJsonTokens(fact) + 1);
    if (left < 0) return Math.max(1, index);
  }
  return lines.length;
}
