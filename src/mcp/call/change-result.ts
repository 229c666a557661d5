/** Results of a change as MCP sends them: the plan, its end, or a question to the person. */
import { type CallToolResult, inputRequired, type InputRequiredResult } from '@modelcontextprotocol/server';
import type { Applied, ChangeEngine } from '../../changes/engine.ts';
import { outcomeText } from '../../changes/outcome-text.ts';
import type { Plan } from '../../changes/plan.ts';
import { planText, summaryLine } from '../../changes/preview.ts';
import type { RequestAnswer } from '../../changes/request.ts';
import { safeJson } from '../../output/untrusted.ts';
import { planViewData } from '../../tools/changes/plan-view.ts';
import { VIEW_DATA } from '../../tools/view-names.ts';
import type { StateSeal } from './change-question.ts';

/** The result of a request for a change. @param isDrawn a view draws it: the result carries the view's data */
export async function rendered(
  answer: RequestAnswer,
  { seal, engine }: { readonly seal: StateSeal; readonly engine: Pick<ChangeEngine, 'unready'> },
  isDrawn: boolean,
): Promise<CallToolResult | InputRequiredResult> {
  const drawn = (notApplied?: string): Pick<CallToolResult, '_meta'> =>
    isDrawn ? { _meta: { [VIEW_DATA]: planViewData(answer.plan, engine.unready, notApplied) } } : {};
  switch (answer.kind) {
    case 'ended':
      return { ...endedResult(answer), ...drawn() };
    case 'form':
      return inputRequired({
        inputRequests: { change: formOf(answer.plan) },
        requestState: await seal.mint({ plan: answer.plan.id, hash: answer.plan.hash, way: 'form' }),
      });
    case 'url':
      return inputRequired({
        inputRequests: {
          change: inputRequired.elicitUrl({
            message:
              'A change of the NAS waits for your approval. The page shows it after you have signed in to the NAS.',
            url: answer.url,
          }),
        },
        requestState: await seal.mint({ plan: answer.plan.id, hash: answer.plan.hash, way: 'url' }),
      });
    case 'repeat':
      return { ...planResult(answer.plan, nextStep(answer.plan, engine)), ...drawn() };
    case 'waiting':
      return {
        ...planResult(
          answer.plan,
          `NOT DONE YET: ${answer.where} ${applyCall(answer.plan)} tells how it ended.`,
        ),
        ...drawn(),
      };
    case 'refused':
      return {
        ...planResult(answer.plan, `NOT APPLIED: ${answer.reason}`),
        ...drawn(answer.reason),
        isError: true,
      };
  }
}

function formOf(plan: Plan) {
  return inputRequired.elicit({
    message: planText(plan, 'Apply this change?'),
    requestedSchema: {
      type: 'object',
      properties: {
        apply: { type: 'boolean', title: summaryLine(plan.change.summary), default: false },
      },
      required: ['apply'],
    },
  });
}

/**
 * Whether redaction would hide a part of the form: after a comment that ends in `password:`, all the rest of it looks like
 * a secret.
 */
export function isHiddenInPart(
  plan: Plan,
  { redacted }: { readonly redacted: <Value>(value: Value) => Value },
): boolean {
  const requests = { change: formOf(plan) };
  return redacted(requests) !== requests;
}

function planResult(plan: Plan, next: string): CallToolResult {
  return {
    content: [{ type: 'text', text: planText(plan, next) }],
    structuredContent: { plan: plan.id, summary: summaryLine(plan.change.summary), state: 'planned' },
  };
}

function endedResult({ plan, outcome, undo }: Applied): CallToolResult {
  return {
    content: [{ type: 'text', text: outcomeText(plan, outcome, undo) }],
    structuredContent: { plan: plan.id, summary: summaryLine(plan.change.summary), state: outcome.kind },
    ...(outcome.kind === 'applied' ? {} : { isError: true }),
  };
}

/** A sentence on how to apply the plan, or why it cannot be applied. */
export function nextStep(plan: Plan, { unready }: Pick<ChangeEngine, 'unready'>): string {
  if (unready !== undefined) return `It cannot be applied yet: ${unready}`;
  if (plan.obstacles.length > 0) return 'It cannot be applied as this server is configured.';
  const person = plan.consent === 'approval' ? '; a person then approves it with a sign-in to the NAS' : '';
  return `To apply it: ${applyCall(plan)}${person}.`;
}

function applyCall({ id, change }: Plan): string {
  return `apply_change ${safeJson({ plan: id, summary: summaryLine(change.summary) })}`;
}
