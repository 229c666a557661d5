/**
 * Remembers what a person declined, by the calls that made it grave and the things that these touch. A model cannot have the
 * same asked again by planning it with other words, in another order, twice, or among other changes.
 */
import { judge } from '../policy/risk/index.ts';
import type { Change, PlannedCall } from './change.ts';
import { judgedCall } from './gates.ts';
import type { Plan } from './plan.ts';
import { replaceReferences } from './references.ts';
import { canonicalJson } from './state.ts';

/** A change that a person declined is not asked about again for this long, in milliseconds. */
const DECLINE_MS = 60 * 60_000;
const MAX_DECLINED = 500;

/** As much of a plan as the memory looks at. */
export type DeclinedPlan = Pick<Plan, 'system' | 'change' | 'judgement'>;

/** The memory. */
export interface Declined {
  add(plan: DeclinedPlan): void;
  /** True within the hour after the person declined its grave calls, on the same things. Fewer of them are another question. */
  has(plan: DeclinedPlan): boolean;
  /** The person wants to be asked again. */
  reopen(plan: DeclinedPlan): void;
}

interface Entry {
  readonly system: string;
  readonly calls: ReadonlySet<string>;
  /** Identity of the things, by name. */
  readonly things: ReadonlyMap<string, string>;
  readonly untilMs: number;
}

/** Makes an empty memory. @param now milliseconds since the epoch. */
export function createDeclined(now: () => number): Declined {
  let entries: Entry[] = [];
  const covers = (entry: Entry, { system, change }: DeclinedPlan): boolean => {
    if (entry.system !== system || entry.untilMs <= now()) return false;
    const calls = new Set(change.calls.map(meaning));
    const things = thingsOf(change);
    return (
      [...entry.calls].every((call) => calls.has(call)) &&
      [...entry.things].every(([name, identity]) => (things.get(name) ?? identity) === identity)
    );
  };
  return {
    add({ system, change, judgement }) {
      const grave = change.calls.filter((call) => judge([judgedCall(call)]).risk === judgement.risk);
      const calls = grave.length > 0 ? grave : change.calls;
      const entry = {
        system,
        calls: new Set(calls.map(meaning)),
        things: thingsOf(change, (index) => calls.some((call) => call === change.calls[index])),
        untilMs: now() + DECLINE_MS,
      };
      entries = [...entries.filter(({ untilMs }) => untilMs > now()), entry].slice(-MAX_DECLINED);
    },
    has: (plan) => entries.some((entry) => covers(entry, plan)),
    reopen(plan) {
      entries = entries.filter((entry) => !covers(entry, plan));
    },
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

/** Methods whose first parameter says why, and changes nothing. */
const REASON_FIRST: ReadonlySet<string> = new Set(['system.reboot', 'system.shutdown']);
/** Fields that describe a thing. */
const WORDS: ReadonlySet<string> = new Set(['reason', 'comment', 'comments', 'description']);

/** Equal for calls that do the same: the words around it, and the order in lists, make no other change of it. */
function meaning({ method, params }: PlannedCall): string {
  const meant = REASON_FIRST.has(method) ? params.slice(1) : params;
  return canonicalJson([
    method,
    meant.map((param) => plain(replaceReferences(param, ({ $result }) => $result.path))),
  ]);
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.trim().replace(/\s+/gu, ' ');
  if (Array.isArray(value)) return [...new Set(value.map((item) => canonicalJson(plain(item))))].toSorted();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const without = entries.filter(([key]) => !WORDS.has(key));
  // A change of the words alone is about them.
  return Object.fromEntries(
    (without.length > 0 ? without : entries).map(([key, item]) => [key, plain(item)]),
  );
}
