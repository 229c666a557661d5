/** A planned change as the text that a model and a person read. */
import { safeCell, safeJson } from '../../output/untrusted.ts';
import type { Change, PlannedCall } from '../../changes/change.ts';

/** The plan: what would be sent, what it means, how it is undone, and that nothing was sent. */
export function planText({ summary, calls, diff, impact, undo }: Change): string {
  return [
    `PLAN, nothing was changed: ${safeCell(summary, 300)}`,
    ...calls.map((call, index) => `${index + 1}. ${callText(call)}`),
    ...diff.map((line) => `diff: ${safeCell(line, 300)}`),
    ...impact.map((line) => `impact: ${safeCell(line, 300)}`),
    ...('impossible' in undo
      ? [`undo: none, ${safeCell(undo.impossible, 300)}`]
      : undo.map((call) => `undo: ${callText(call)}`)),
    'This version of the server cannot apply it.',
  ].join('\n');
}

function callText({ method, params, purpose }: PlannedCall): string {
  return `${safeCell(purpose, 200)}: ${method} ${safeJson(params)}`;
}
