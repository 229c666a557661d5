/** A plan as a model and a person read it. The approval page and the terminal show the same parts. */
import { withoutLookAlikes } from '../output/look-alikes.ts';
import { safeCell } from '../output/untrusted.ts';
import type { PlannedCall } from './change.ts';
import { type DiffEntry, diffEntries, diffLines } from './diff.ts';
import type { Plan } from './plan.ts';
import { MAX_PARAMS, paramsText } from './references.ts';
import type { PlanSecret } from './secrets.ts';

/** The parts of a preview, made harmless: every name in them is untrusted. */
export interface Preview {
  readonly summary: string;
  readonly risk: string;
  readonly reasons: readonly string[];
  readonly calls: readonly string[];
  readonly diff: readonly string[];
  readonly impact: readonly string[];
  readonly undo: readonly string[];
  /** Secrets that it needs, and where they come from; never the secrets. */
  readonly secrets: readonly string[];
  readonly roles: string;
  readonly obstacles: readonly string[];
}

/** Longest line of a preview, in characters. */
const LINE = 400;

/** The preview of a plan. */
export function previewOf({ change, judgement, roles, secrets, obstacles }: Plan): Preview {
  const escaped = new Set<string>();
  const clear = (lines: readonly string[]): string[] => lines.map((line) => clearLine(line, escaped));
  const texts = {
    reasons: clear(judgement.reasons.map((reason) => safeCell(reason, LINE))),
    calls: clear(change.calls.map(callText)),
    diff: clear(diffLines(change)),
    undo: clear(undoLines(change.undo)),
    secrets: clear(secrets.map(secretLine)),
    obstacles: clear(obstacles.map((line) => safeCell(line, LINE))),
  };
  const impact = clear(change.impact.map((line) => safeCell(line, LINE)));
  return {
    summary: summaryLine(change.summary),
    risk: judgement.risk,
    ...texts,
    impact: [...lookAlikeLines(escaped), ...impact],
    roles: roles.map((group) => group.slice(0, 2).join(' or ')).join(', ') || 'none',
  };
}

/** The line without letters that pass for others; those go into `escaped`. */
function clearLine(line: string, escaped: Set<string>): string {
  return withoutLookAlikes(line, (shown) => escaped.add(shown));
}

function lookAlikeLines(escaped: ReadonlySet<string>): string[] {
  if (escaped.size === 0) return [];
  const some = [...escaped].slice(0, 8).join(' ');
  return [
    `LOOK CLOSELY: ${some} look like other letters or signs, so that a name here is not the one it seems to be`,
  ];
}

/** The lines of the diff as parts, for whoever draws them; as harmless as those lines. */
export function clearDiffEntries(change: Plan['change']): DiffEntry[] {
  return diffEntries(change).map(({ thing, field, before, after, made, note }) => ({
    thing: withoutLookAlikes(thing),
    ...(field === undefined ? {} : { field: withoutLookAlikes(field) }),
    ...(before === undefined ? {} : { before: withoutLookAlikes(before) }),
    ...(after === undefined ? {} : { after: withoutLookAlikes(after) }),
    ...(made === undefined ? {} : { made: made.map((each) => withoutLookAlikes(each)) }),
    ...(note === undefined ? {} : { note: withoutLookAlikes(note) }),
  }));
}

/** The names of what it changes, once each; what only has to stay is left out. */
export function touchedNames({ targets }: Plan['change']): string[] {
  const names = targets.filter(({ isOnlyRead }) => isOnlyRead !== true).map(({ name }) => name);
  return [...new Set(names)].map((name) => safeCell(withoutLookAlikes(name)));
}

const SUMMARY = 200;

/** The one line that stands for a plan: a client's permission prompt shows it, and a model repeats it word for word. */
export function summaryLine(summary: string): string {
  return safeCell(withoutLookAlikes(summary), SUMMARY);
}

/** True when the line holds all of the summary: what is cut off is not agreed to. */
export function isWholeSummary(summary: string): boolean {
  return withoutLookAlikes(summary).length <= SUMMARY;
}

function callText({ method, params, purpose }: PlannedCall): string {
  return `${safeCell(purpose, 200)}: ${method} ${safeCell(paramsText(params), MAX_PARAMS)}`;
}

function secretLine({ label, source }: PlanSecret): string {
  return source === 'person'
    ? `${label}: a person types it at the approval`
    : `${label}: from its entry in TRUENAS_SECRETS_DIR`;
}

function undoLines(undo: Plan['change']['undo']): string[] {
  if ('impossible' in undo) return [`none: ${safeCell(undo.impossible, LINE)}`];
  return [
    ...undo.calls.map(callText),
    ...(undo.lost ?? []).map((each) => `does not come back: ${safeCell(each, LINE)}`),
  ];
}

/** The plan as text. `next` says how it is applied, or why it cannot be. */
export function planText(plan: Plan, next: string): string {
  const preview = previewOf(plan);
  return [
    `PLAN ${plan.id}, nothing was changed: ${preview.summary}`,
    `risk: ${preview.risk}${preview.reasons.length === 0 ? '' : ` (${preview.reasons.join('; ')})`}`,
    ...preview.calls.map((call, index) => `${index + 1}. ${call}`),
    ...preview.diff.map((line) => `diff: ${line}`),
    ...preview.impact.map((line) => `impact: ${line}`),
    ...preview.undo.map((line) => `undo: ${line}`),
    ...preview.secrets.map((line) => `secret: ${line}`),
    `roles needed: ${preview.roles}`,
    ...preview.obstacles.map((line) => `CANNOT BE APPLIED: ${line}`),
    next,
  ].join('\n');
}
