/** The steps around every call. Redaction is the only way out: errors pass through it too. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { fitAnswer } from '../../output/fit-answer.ts';
import { problemText } from '../../output/problem.ts';
import type { Redactor } from '../../output/redact/redactor.ts';
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

/** Keeps text and data together to the budget: see output/fit-answer.ts. Every answer has one block of text. */
export function limitSize(budgetTokens: number): Finish {
  return (result) => {
    const [block] = result.content ?? [];
    if (isQuestion(result) || block?.type !== 'text') return result;
    const { structuredContent } = result;
    const { text, data } = fitAnswer({ text: block.text, data: structuredContent }, budgetTokens);
    if (text === block.text && data === structuredContent) return result;
    const content = [{ ...block, text }, ...result.content.slice(1)];
    return data === undefined ? { ...result, content } : { ...result, content, structuredContent: data };
  };
}

/** The result with its texts and its data changed; the very same object when nothing was, as for nearly every answer. */
function changed(
  result: CallToolResult,
  ofText: (text: string) => string,
  ofData: <Value>(data: Value) => Value,
): CallToolResult {
  let { content, structuredContent, _meta } = result;
  for (const [index, block] of content.entries()) {
    if (block.type !== 'text') continue;
    const text = ofText(block.text);
    if (text === block.text) continue;
    if (content === result.content) content = [...content];
    content[index] = { ...block, text };
  }
  if (structuredContent !== undefined) structuredContent = ofData(structuredContent);
  if (_meta !== undefined) _meta = ofData(_meta);
  if (content === result.content && structuredContent === result.structuredContent && _meta === result._meta)
    return result;
  const copy = { ...result, content };
  if (structuredContent !== undefined) copy.structuredContent = structuredContent;
  if (_meta !== undefined) copy._meta = _meta;
  return copy;
}

/** A question to the user is a result without content (2026-07-28, `input_required`); the SDK's type of a tool result does not say so. */
function isQuestion(result: CallToolResult): boolean {
  return result.resultType === 'input_required';
}
