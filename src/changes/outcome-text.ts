/** The end of a change in words: what the NAS was seen to be afterwards, what was done and what not, how it is taken back. */
import { safeCell, safeLines } from '../output/untrusted.ts';
import { fieldName, valueText } from './field-text.ts';
import type { JournalUndo } from './journal.ts';
import { type CallOutcome, mayHaveChanged, type Outcome, type TargetOutcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import { summaryLine } from './preview.ts';

const HEADLINE: Readonly<Record<Outcome['kind'], string>> = {
  applied: 'DONE, and seen on the NAS afterwards',
  differs: 'NOT AS PLANNED: the NAS accepted every call, and a look afterwards shows something else',
  partly: 'DONE IN PART',
  failed: 'FAILED, nothing was changed',
  unknown: 'OUTCOME UNKNOWN: it may have been applied. Do not repeat it; look first',
  moved: 'NOTHING WAS SENT: what it was planned for has changed since. Plan it again',
  refused: 'NOTHING WAS SENT',
};

/** The answer to a change that was applied, or tried. */
export function outcomeText(plan: Plan, outcome: Outcome, undo: JournalUndo | undefined): string {
  const isMulti = plan.change.calls.length > 1 || outcome.kind !== 'applied';
  return [
    `${HEADLINE[outcome.kind]}: ${summaryLine(plan.change.summary)}`,
    ...(outcome.reason === undefined ? [] : [`why: ${safeCell(outcome.reason, 600)}`]),
    ...(isMulti ? outcome.calls.flatMap(callLines) : []),
    ...outcome.targets.flatMap(targetLines),
    ...(outcome.unnoted === undefined
      ? []
      : [
          `NOT NOTED: the end of this change is missing in audit or journal: ${safeCell(outcome.unnoted, 400)}`,
        ]),
    ...(outcome.account === undefined ? [] : [`by: ${safeCell(outcome.account)}`]),
    ...(mayHaveChanged(outcome) ? [undoLine(plan, outcome, undo)] : []),
  ].join('\n');
}

/** The same as parts, for whoever draws it; as harmless as the text. */
export interface OutcomeParts {
  readonly kind: Outcome['kind'];
  readonly reason?: string;
  readonly calls: readonly ({ readonly purpose: string } & Pick<CallOutcome, 'state' | 'problem'>)[];
  /** What was found afterwards, and who did it. */
  readonly found: readonly string[];
  readonly undo?: string;
}

/** The end of a change in parts. */
export function outcomeParts(plan: Plan, outcome: Outcome, undo: JournalUndo | undefined): OutcomeParts {
  const { kind, reason, calls, targets, unnoted, account } = outcome;
  return {
    kind,
    ...(reason === undefined ? {} : { reason: safeCell(reason, 600) }),
    calls: calls.map(({ call, state, problem }) => ({
      purpose: safeCell(call.purpose, 200),
      state,
      ...(problem === undefined ? {} : { problem: safeCell(problem, 600) }),
    })),
    found: [
      ...targets.flatMap(targetLines),
      ...(unnoted === undefined ? [] : [`NOT NOTED in audit or journal: ${safeCell(unnoted, 400)}`]),
      ...(account === undefined ? [] : [`by: ${safeCell(account)}`]),
    ],
    ...(mayHaveChanged(outcome) ? { undo: undoLine(plan, outcome, undo) } : {}),
  };
}

const STATE_TEXT: Readonly<Record<CallOutcome['state'], string>> = {
  done: 'done',
  failed: 'FAILED',
  unknown: 'SENT, NO ANSWER',
  'not sent': 'not sent',
};

function callLines({ call, state, problem, jobId }: CallOutcome, index: number): string[] {
  const job = jobId === undefined ? '' : ` (job ${jobId})`;
  const line = `${index + 1}. ${STATE_TEXT[state]}: ${safeCell(call.purpose, 200)}${job}`;
  return problem === undefined
    ? [line]
    : [
        line,
        ...safeLines(problem)
          .split('\n')
          .map((text) => `   ${text}`),
      ];
}

function targetLines(outcome: TargetOutcome): string[] {
  const { name, alsoChanged = [] } = outcome;
  const others = alsoChanged
    .slice(0, MAX_OTHERS)
    .map(({ path, expected, found }) => `${safeCell(path)} ${valueText(expected)} -> ${valueText(found)}`);
  const rest = alsoChanged.length - others.length;
  return [
    ...plannedLines(outcome),
    ...(others.length === 0
      ? []
      : [
          `${safeCell(name)}, besides what was sent: ${others.join('; ')}${rest > 0 ? `; ${rest} more` : ''}`,
        ]),
  ];
}

/** Most values that are told besides those of the plan. */
const MAX_OTHERS = 8;

function plannedLines(outcome: TargetOutcome): string[] {
  const { name, found, differences, isAsBefore, problem, isAway, isUnforetold, alsoChanged } = outcome;
  const title = safeCell(name);
  if (isAway === true) return [`${title}: has ended, as planned: the NAS cannot be reached now`];
  if (found === 'unread')
    return [
      `${title}: could not be read afterwards${problem === undefined ? '' : ` (${safeCell(problem, 300)})`}`,
    ];
  if (isUnforetold === true && found === 'absent') return [`${title}: is gone`];
  if (isUnforetold === true) return alsoChanged === undefined ? [`${title}: shows no change`] : [];
  if (differences.length === 0) return [`${title}: as planned${found === 'absent' ? ', it is gone' : ''}`];
  const shown = differences.map(({ path, expected, found: value }) =>
    path === ''
      ? value === 'absent'
        ? 'does not exist'
        : 'exists'
      : `${fieldName(path)} is ${valueText(value, path)}, not ${valueText(expected, path)}`,
  );
  return [`${title}: ${shown.join('; ')}${isAsBefore ? ' (as before)' : ''}`];
}

function undoLine({ id }: Plan, { kind }: Outcome, undo: JournalUndo | undefined): string {
  if (undo === undefined) return 'undo: none is known';
  if ('impossible' in undo) return `undo: none, ${safeCell(undo.impossible, 300)}`;
  const rest =
    kind === 'unknown' ? undo.lost.map((each) => `; does not take back: ${safeCell(each, 200)}`) : [];
  return `undo: undo_change {"change":"${id}"}${rest.join('')}`;
}
