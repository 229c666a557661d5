/** The steps around every call. Redaction is the only way out: errors pass through it too. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { estimateTokens, fitsBudget, linesThatFit } from '../../output/budget.ts';
import { fitData } from '../../output/fit-data.ts';
import { problemText } from '../../output/problem.ts';
import type { Redactor } from '../../output/redact/redactor.ts';
import { withoutHalf } from '../../output/untrusted.ts';
import type { Log } from '../../truenas/log.ts';
import { type Step, subjectName } from './middleware.ts';

/** Turns whatever was thrown into an answer that says what happened and what to do. */
export function explainFailures(log: Log): Step {
  return async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      log.debug('call failed', { subject: subjectName(call.subject), error });
      return { content: [{ type: 'text', text: problemText(error) }], isError: true };
    }
  };
}

/** Post-processes a result. */
export type Finish = (result: CallToolResult) => CallToolResult;

/** The step that post-processes whatever comes back. */
export function afterwards(finish: Finish): Step {
  return async (call, next) => finish(await next(call));
}

/** Removes secrets from text and data. Runs before anything is cut: half a secret would not be recognised. */
export function redactSecrets(redactor: Pick<Redactor, 'text' | 'value'>): Finish {
  return (result) => {
    if (isQuestion(result)) return { ...result, inputRequests: redactor.value(result.inputRequests) };
    return changed(
      result,
      (text) => redactor.text(text),
      (data) => redactor.value(data),
    );
  };
}

/**
 * The last resort against an answer that would fill the model's context. Tools keep to the budget themselves, on row
 * borders and with the next call spelled out; this cuts only what a tool let through.
 */
export function limitSize(budgetTokens: number): Finish {
  // A little above what tools aim at: cutting a line off a full answer would take the line that names the next call.
  const maxTokens = Math.ceil(budgetTokens * 1.25);
  return (result) => {
    if (isQuestion(result)) return result;
    return changed(
      result,
      (text) => (fitsBudget(text, maxTokens) ? text : cutOnLine(text, maxTokens)),
      (data) => fitData(data, maxTokens * DATA_CHARACTERS_PER_TOKEN),
    );
  };
}

/** The result with its texts and its data changed; the very same object when nothing was, as for nearly every answer. */
function changed(
  result: CallToolResult,
  ofText: (text: string) => string,
  ofData: <Value>(data: Value) => Value,
): CallToolResult {
  let { content, structuredContent } = result;
  for (const [index, block] of content.entries()) {
    if (block.type !== 'text') continue;
    const text = ofText(block.text);
    if (text === block.text) continue;
    if (content === result.content) content = [...content];
    content[index] = { ...block, text };
  }
  if (structuredContent !== undefined) structuredContent = ofData(structuredContent);
  if (content === result.content && structuredContent === result.structuredContent) return result;
  const copy = { ...result, content };
  if (structuredContent !== undefined) copy.structuredContent = structuredContent;
  return copy;
}

/** The same facts take more room as data: keys come with every row. */
const DATA_CHARACTERS_PER_TOKEN = 8;

/** Keeps whole lines from the start, with room for the note about the rest. */
function cutOnLine(text: string, maxTokens: number): string {
  const lines = text.split('\n');
  const kept = lines.slice(0, linesThatFit(lines, maxTokens - NOTE_TOKENS)).join('\n');
  const shown = startThatFits(kept, maxTokens - NOTE_TOKENS);
  return `${shown}\n(cut here: ${shown.length} of ${text.length} characters shown; ask for less with limit, fields or a filter)`;
}

const NOTE_TOKENS = 40;

/** A single line may be over the limit by itself: then its beginning, up to a whole character. */
function startThatFits(text: string, maxTokens: number): string {
  let start = text;
  for (let tokens = estimateTokens(start); tokens > maxTokens; tokens = estimateTokens(start)) {
    start = withoutHalf(start.slice(0, Math.floor((start.length * 0.98 * maxTokens) / tokens)));
  }
  return start;
}

/** A question to the user is a result without content (2026-07-28, `input_required`); the SDK's type of a tool result does not say so. */
function isQuestion(result: CallToolResult): boolean {
  return result.resultType === 'input_required';
}
