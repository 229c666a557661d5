/**
 * Remembers what a person was asked and did not agree to, by the calls that made it grave and the things that these touch. A
 * model cannot have the same asked again by planning it with other words or fields, in another order, twice, or among other
 * changes; nor by letting a question run out.
 */
import { judge } from '../policy/risk/index.ts';
import type { Change } from './change.ts';
import { judgedCall } from './gates.ts';
import { includes, type Meaning, meaningOf } from './meaning.ts';
import type { Plan } from './plan.ts';
import { canonicalJson } from './state.ts';

/** A change that a person declined, or did not answer, is not asked about again for this long, in milliseconds. */
const DECLINE_MS = 60 * 60_000;
const MAX_DECLINED = 500;

/** As much of a plan as the memory looks at. */
export type DeclinedPlan = Pick<Plan, 'system' | 'change' | 'judgement'>;

/** What became of the last question about the same. */
export type Answered =
  | { readonly kind: 'declined' | 'unanswered' }
  /** The question still waits for its answer. */
  | { readonly kind: 'asked'; readonly plan: Plan };

/** The memory. */
export interface Declined {
  add(plan: DeclinedPlan): void;
  /** A person is asked about the plan: until they answer, and an hour after its time is over, it is not asked again. */
  ask(plan: Plan): void;
  /** A person agreed to this very plan. */
  agree(plan: Plan): void;
  /** What a person answered to these grave calls on the same things. Fewer of them are another question. */
  answerTo(plan: DeclinedPlan): Answered | undefined;
  /** The person wants to be asked again. */
  reopen(plan: DeclinedPlan): void;
}

interface Entry {
  readonly system: string;
  readonly calls: readonly Meaning[];
  /** Identity of the things, by name. */
  readonly things: ReadonlyMap<string, string>;
  readonly untilMs: number;
  /** Of a question that nobody has answered. */
  readonly asked?: Plan;
}

/** Makes an empty memory. @param now milliseconds since the epoch. */
export function createDeclined(now: () => number): Declined {
  let entries: Entry[] = [];
  const covers = (entry: Entry, { system, change }: DeclinedPlan): boolean => {
    if (entry.system !== system || entry.untilMs <= now()) return false;
    const calls = change.calls.map(meaningOf);
    const things = thingsOf(change);
    return (
      entry.calls.every((part) => calls.some((whole) => includes(whole, part))) &&
      [...entry.things].every(([name, identity]) => (things.get(name) ?? identity) === identity)
    );
  };
  const note = (entry: Entry): void => {
    entries = [...entries.filter(({ untilMs }) => untilMs > now()), entry].slice(-MAX_DECLINED);
  };
  const forget = (plan: DeclinedPlan): void => {
    entries = entries.filter(({ asked }) => asked !== plan);
  };
  return {
    add(plan) {
      forget(plan);
      note({ ...gravePart(plan), untilMs: now() + DECLINE_MS });
    },
    ask(plan) {
      if (entries.some(({ asked }) => asked === plan)) return;
      note({ ...gravePart(plan), untilMs: plan.expiresAtMs + DECLINE_MS, asked: plan });
    },
    agree: forget,
    answerTo(plan) {
      const fitting = entries.filter((entry) => covers(entry, plan));
      if (fitting.some(({ asked }) => asked === undefined)) return { kind: 'declined' };
      const waiting = fitting.flatMap(({ asked }) => asked ?? []);
      const open = waiting.filter(({ phase, expiresAtMs }) => phase === 'open' && expiresAtMs > now());
      if (open.length < waiting.length) return { kind: 'unanswered' };
      // Its own question goes first: its answer is what is waited for.
      const asked = open.find((each) => each === plan) ?? open[0];
      return asked === undefined ? undefined : { kind: 'asked', plan: asked };
    },
    reopen(plan) {
      entries = entries.filter((entry) => !covers(entry, plan));
    },
  };
}

/** The calls that give the plan its risk, and what they touch. */
function gravePart({ system, change, judgement }: DeclinedPlan): Pick<Entry, 'system' | 'calls' | 'things'> {
  const grave = change.calls.filter((call) => judge([judgedCall(call)]).risk === judgement.risk);
  const calls = grave.length > 0 ? grave : change.calls;
  return {
    system,
    calls: calls.map(meaningOf),
    things: thingsOf(change, (index) => calls.some((call) => call === change.calls[index])),
  };
}

/** Identity of what these calls touch; what does not exist yet is told by its name alone. */
function thingsOf({ targets }: Change, isOf: (call: number) => boolean = () => true): Map<string, string> {
  return new Map(
    targets.flatMap(({ name, identity, before, changedBy }) =>
      before === 'absent' || !isOf(changedBy)
        ? []
        : [[name, canonicalJson(identity.map((path) => before[path]))] as const],
    ),
  );
}
