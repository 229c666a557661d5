/**
 * The last resort against an answer that would fill the model's context. Tools keep to the budget themselves, on row
 * borders and with the next call spelled out; this cuts only what a tool let through.
 */
import { estimateTokens, linesThatFit, mostTokens } from './budget.ts';
import { dataTokens, fitData, mostDataTokens } from './fit-data.ts';
import { safeCell, withoutHalf } from './untrusted.ts';

/** Both halves of an answer. */
export interface Halves<Data> {
  readonly text: string;
  readonly data: Data | undefined;
}

/**
 * The answer with its text and its data cut so that both together keep to the budget; the very same data, and text, where
 * nothing was cut. What was cut of either is said in the text.
 */
export function fitAnswer<Data>({ text, data }: Halves<Data>, budgetTokens: number): Halves<Data> {
  // Nearly all answers are small: a look at their size costs less than counting.
  const most = mostTokens(text);
  if (most + mostDataTokens(data, budgetTokens) <= budgetTokens) return { text, data };
  const ofData = dataTokens(data);
  if (most + ofData <= budgetTokens) return { text, data };
  const ofText = estimateTokens(text);
  if (ofText + ofData <= budgetTokens) return { text, data };
  // A text that is short leaves its share to the data, and data to the text.
  const half = Math.floor(budgetTokens / 2);
  const forText = Math.max(half, budgetTokens - ofData) - NOTE_TOKENS;
  const shown = ofText <= forText ? text : cutOnLine(text, forText);
  if (data === undefined) return { text: shown, data };
  const forData = budgetTokens - estimateTokens(shown) - 2 * NOTE_TOKENS;
  const { value, cuts } = fitData(data, forData);
  if (value === data) return { text: shown, data };
  const left = cuts.slice(0, 3).map((cut) => safeCell(cut, 60));
  return {
    text: `${shown}\n(the structured form of this answer is cut${left.length === 0 ? '' : `; left of ${left.join(', ')}`})`,
    data: value,
  };
}

/** Keeps whole lines from the start, with room for the note about the rest. */
function cutOnLine(text: string, maxTokens: number): string {
  const lines = text.split('\n');
  const room = Math.max(0, maxTokens - NOTE_TOKENS);
  const kept = lines.slice(0, linesThatFit(lines, room)).join('\n');
  const shown = startThatFits(kept, room);
  return `${shown}\n(cut here: ${shown.length} of ${text.length} characters shown; ask for less with limit, fields or a filter)`;
}

/** Each note of a cut takes less. */
const NOTE_TOKENS = 40;

/** A single line may be over the limit by itself: then its beginning, up to a whole character. */
function startThatFits(text: string, maxTokens: number): string {
  let start = text;
  for (let tokens = estimateTokens(start); tokens > maxTokens; tokens = estimateTokens(start)) {
    start = withoutHalf(start.slice(0, Math.floor((start.length * 0.98 * maxTokens) / tokens)));
  }
  return start;
}
