/** A plan in parts, for the view alone: the model reads the same as text. */
import { type OutcomeParts, outcomeParts } from '../../changes/outcome-text.ts';
import type { Plan } from '../../changes/plan.ts';
import { clearDiffEntries, previewOf, touchedNames } from '../../changes/preview.ts';
import { isoInstant } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';

/** A list as it is drawn, and how many of it are left out. */
interface Part<Item> {
  readonly shown: readonly Item[];
  readonly more: number;
}

/** Most entries of a list that are drawn. */
const MAX_SHOWN = 100;

/**
 * What the view draws. Every text of it is as harmless as in the preview.
 * @param unready why nothing can be applied at all
 * @param notApplied why this plan was not applied when somebody asked for it
 */
export function planViewData(
  plan: Plan,
  unready: string | undefined,
  notApplied?: string,
): Readonly<Record<string, unknown>> {
  const { change, system, tool, judgement, consent, expiresAtMs, phase, outcome, undo } = plan;
  const { reasons, calls, impact, undo: undoLines, secrets, roles, obstacles } = previewOf(plan);
  const undoCalls = 'calls' in change.undo ? change.undo.calls.length : 0;
  return {
    system,
    tool: safeCell(tool),
    phase,
    risk: judgement.risk,
    reasons,
    consent,
    expiresAt: isoInstant(expiresAtMs),
    obstacles: [...(unready === undefined ? [] : [unready]), ...obstacles],
    ...(notApplied === undefined ? {} : { notApplied: safeCell(notApplied, 600) }),
    touches: part(touchedNames(change)),
    diff: part(clearDiffEntries(change)),
    impact: part(impact),
    calls: part(calls),
    hasUndo: 'calls' in change.undo,
    undoCalls: part(undoLines.slice(0, undoCalls)),
    undoNotes: undoLines.slice(undoCalls),
    typed: secrets,
    roles,
    ...(outcome === undefined ? {} : { outcome: outcomeData(outcomeParts(plan, outcome, undo)) }),
  };
}

function outcomeData({ calls, found, ...rest }: OutcomeParts): Readonly<Record<string, unknown>> {
  return { ...rest, calls: part(calls), found: part(found) };
}

function part<Item>(list: readonly Item[]): Part<Item> {
  return { shown: list.slice(0, MAX_SHOWN), more: Math.max(0, list.length - MAX_SHOWN) };
}
