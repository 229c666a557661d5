/** Rules that no consent overrides: what of a change is never sent by this server, as it is configured. */
import { denialOf, flagProblem, type Judgement, type JudgedCall } from '../policy/risk/index.ts';
import { type AccessLevel, accessIncludes } from '../policy/levels.ts';
import { safeCell } from '../output/untrusted.ts';
import type { Change, PlannedCall, Target } from './change.ts';
import { isReference, MAX_PARAMS, paramsText, replaceReferences } from './references.ts';
import { isPlaceholder, replacePlaceholders } from './secrets.ts';

/** What the operator has set. */
export interface ChangeRules {
  readonly access: AccessLevel;
  /** Datasets that changes are confined to; absent: everywhere. */
  readonly scope: readonly string[] | undefined;
  /** Datasets that are never destroyed or exposed. */
  readonly protect: readonly string[];
  readonly allowsCode: boolean;
}

/** Why a change is not sent, each for a person; empty when no rule forbids it. */
export function obstaclesOf(change: Change, judgement: Judgement, rules: ChangeRules): string[] {
  return [
    ...change.calls.flatMap((call) => callObstacles(call, rules)),
    ...levelObstacles(judgement, rules),
    ...targetObstacles(change, judgement, rules),
    ...unplacedObstacles(change, judgement, rules),
    ...scopeObstacles(change, rules),
  ];
}

function callObstacles(call: PlannedCall, { allowsCode }: ChangeRules): string[] {
  const judged = judgedCall(call);
  const denial = denialOf(judged, { allowsCode });
  const flag = flagProblem(judged);
  const hidden = hiddenValue(call.params);
  const { length } = paramsText(call.params);
  return [
    ...(length <= MAX_PARAMS
      ? []
      : [
          `The parameters of ${call.method} are ${length} characters long, and nobody can be shown more than ${MAX_PARAMS}: make the change in smaller ones, or in the web interface.`,
        ]),
    ...(denial === undefined ? [] : [denial]),
    ...(flag === undefined ? [] : [flag]),
    ...(hidden === undefined
      ? []
      : [
          `${call.method} would write "${hidden}" back, which stands for a value that was hidden or cut. Leave that field out, or give its real value where secrets are typed.`,
        ]),
  ];
}

/** A call as policy judges it: a reference stands for something that the NAS has just made, a placeholder for a text. */
export function judgedCall({ method, params, before, facts }: PlannedCall): JudgedCall {
  return {
    method,
    params: params.map((param) =>
      replaceReferences(
        replacePlaceholders(param, method, () => 'secret'),
        () => 0,
      ),
    ),
    ...(before === undefined ? {} : { before }),
    ...(facts === undefined ? {} : { facts }),
  };
}

function levelObstacles({ level, risk }: Judgement, { access }: ChangeRules): string[] {
  if (accessIncludes(access, level)) return [];
  return [
    `This server is configured with TRUENAS_ACCESS=${access}; a change of this sort (${risk}) needs ${level}.`,
  ];
}

/** Longest name within an obstacle, in characters. */
const NAME = 250;

/** Datasets of the NAS itself, on any pool. */
const NAS_OWNED = /^(?:boot-pool|[^/]+\/(?:\.system|ix-applications|ix-apps|\.ix-virt))(?:\/|@|$)/;

/** True for risks that TRUENAS_PROTECT is about. */
function isGrave({ risk }: Judgement): boolean {
  return risk === 'destroys' || risk === 'exposes' || risk === 'executes';
}

/** What may reach any dataset may reach a protected one. */
function unplacedObstacles({ targets }: Change, judgement: Judgement, { protect }: ChangeRules): string[] {
  if (protect.length === 0 || !isGrave(judgement)) return [];
  const isUnplaced = targets.length === 0 || targets.some((target) => target.isUnplaced === true);
  return isUnplaced
    ? [
        'TRUENAS_PROTECT is set, and which datasets this change reaches cannot be told: nothing of the sort is destroyed or exposed, whoever agrees.',
      ]
    : [];
}

/** Methods after which data goes by another name: protection goes by names, and would be left behind. */
const RENAMING: ReadonlySet<string> = new Set(['pool.dataset.rename', 'pool.dataset.promote']);

function targetObstacles(
  { targets, calls, summary }: Change,
  judgement: Judgement,
  { protect }: ChangeRules,
): string[] {
  const placed = targets.flatMap((target) =>
    target.dataset === undefined ? [] : [{ ...target, dataset: target.dataset }],
  );
  const ofNas = placed.filter(({ dataset }) => NAS_OWNED.test(dataset));
  // Whatever happens to a parent happens to its children.
  const covered = placed.filter(
    ({ dataset }) =>
      !NAS_OWNED.test(dataset) && protect.some((each) => isWithin(dataset, each) || isWithin(each, dataset)),
  );
  const isRenaming = calls.some(({ method }) => RENAMING.has(method));
  return [
    ...inOneSentence(ofNas, summary, (named, isOne) =>
      isOne
        ? `${named} belongs to the NAS itself and is never changed from here.`
        : `${named} belong to the NAS itself and are never changed from here.`,
    ),
    ...inOneSentence(
      isGrave(judgement) ? covered : [],
      summary,
      (named, isOne) =>
        `TRUENAS_PROTECT covers ${named}: nothing of ${isOne ? 'it' : 'them'} is destroyed or exposed, whoever agrees.`,
    ),
    ...inOneSentence(
      !isGrave(judgement) && isRenaming ? covered : [],
      summary,
      (named, isOne) =>
        `TRUENAS_PROTECT covers ${named}: under another name ${isOne ? 'its' : 'their'} data would not be protected any more.`,
    ),
  ];
}

function scopeObstacles({ targets, summary }: Change, { scope }: ChangeRules): string[] {
  if (scope === undefined) return [];
  const place = `TRUENAS_SCOPE confines changes to ${scope.join(', ')}`;
  if (targets.length === 0) return [`${place}; this change cannot be tied to a dataset.`];
  const unplaced = targets.filter(({ dataset, isUnplaced }) => dataset === undefined || isUnplaced === true);
  const outside = targets.filter(
    ({ dataset, isUnplaced }) =>
      dataset !== undefined && isUnplaced !== true && !scope.some((each) => isWithin(dataset, each)),
  );
  return [
    ...inOneSentence(unplaced, summary, (named) => `${place}; ${named} cannot be tied to a dataset.`),
    ...inOneSentence(
      outside,
      summary,
      (named, isOne) => `${place}; ${named}${isOne ? '' : ': each'} lies outside.`,
    ),
  ];
}

/** Things that a sentence names; the others are counted. */
const MOST_NAMED = 3;
/** Longest name where several stand in one sentence, in characters. */
const NAME_OF_SEVERAL = 80;

function isIn(summary: string, name: string): boolean {
  return summary.toLowerCase().includes(name.toLowerCase());
}

/** A thing that a rule holds back. */
type Held = Pick<Target, 'name' | 'dataset' | 'isOnlyRead'>;

/** One sentence about all of these; none about nothing. */
function inOneSentence(
  things: readonly Held[],
  summary: string,
  sentence: (named: string, isOne: boolean) => string,
): string[] {
  const changed = new Set(things.flatMap(({ dataset, isOnlyRead }) => (isOnlyRead ? [] : [dataset])));
  // What only ties a change to a dataset adds nothing, where what is changed there is named.
  const told = things.filter(({ dataset, isOnlyRead }) => !isOnlyRead || !changed.has(dataset));
  const names = [...new Set(told.map(({ name }) => name))];
  const [first] = names;
  if (first === undefined) return [];
  if (names.length === 1) return [sentence(safeCell(first, NAME), true)];
  // What the change is about goes first, before what hangs on it.
  const sorted = names.toSorted((a, b) => Number(isIn(summary, b)) - Number(isIn(summary, a)));
  const shown = sorted.slice(0, MOST_NAMED).map((name) => safeCell(name, NAME_OF_SEVERAL));
  const more = names.length - shown.length;
  const rest = more > 0 ? ` and ${more} more` : '';
  return [sentence(`${shown.join(', ')}${rest} (${names.length} things)`, false)];
}

/** True when `dataset` (or a snapshot of it) is `parent` or below it. */
export function isWithin(dataset: string, parent: string): boolean {
  return dataset === parent || dataset.startsWith(`${parent}/`) || dataset.startsWith(`${parent}@`);
}

/** Stand-ins for values that were hidden or cut in an answer. */
const HIDDEN = /\[redacted[^\]]*\]|\*{8}|\.\.\. \(\d+ (?:more )?characters/i;

/** The first stand-in for a hidden or cut value anywhere in the parameters, keys included. */
export function hiddenValue(value: unknown): string | undefined {
  if (typeof value === 'string') return HIDDEN.exec(value)?.[0];
  if (typeof value !== 'object' || value === null || isReference(value) || isPlaceholder(value))
    return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = HIDDEN.exec(key)?.[0] ?? hiddenValue(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
