/** Joins several changes into one: one preview, one consent, one undo. */
import { InputProblem } from '../output/problem.ts';
import { safeCell } from '../output/untrusted.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Change, PlannedCall, ResultReference, Target, UndoCall } from './change.ts';
import type { Planner } from './engine.ts';
import type { WriterCatalog } from './readers.ts';
import { replaceReferences } from './references.ts';

/** Things that earlier steps of the same plan make: they are not on the NAS yet. */
export type KnownTargets = readonly Target[];

/** The planner of all these, in their order. Later ones are told what earlier ones make. */
export function joinChanges(planners: readonly Planner[], summary: string | undefined): Planner {
  const { writes } = planners.reduce<{ writes: readonly string[] | 'any' }>(
    (all, each) => ({
      writes: all.writes === 'any' || each.writes === 'any' ? 'any' : [...all.writes, ...each.writes],
    }),
    { writes: [] },
  );
  return {
    tool: 'plan_changes',
    uses: [...new Set(planners.flatMap(({ uses }) => uses))],
    readsAny: planners.some(({ readsAny }) => readsAny === true),
    writes,
    async plan(nas: ReadClient, _known?: KnownTargets, catalog?: WriterCatalog): Promise<Change> {
      const parts: Change[] = [];
      for (const planner of planners)
        parts.push(
          await planner.plan(
            nas,
            parts.flatMap(({ targets }) => targets),
            catalog,
          ),
        );
      return joined(
        parts,
        planners.map(({ tool }) => tool),
        summary,
      );
    },
  };
}

function joined(parts: readonly Change[], tools: readonly string[], purpose: string | undefined): Change {
  const calls: PlannedCall[] = [];
  const targets: Target[] = [];
  const undos: UndoCall[][] = [];
  const lost: string[] = [];
  const impossible: string[] = [];
  for (const part of parts) {
    const offset = calls.length;
    calls.push(...part.calls.map((call) => ({ ...call, params: shifted(call.params, offset) })));
    targets.push(...part.targets.map((target) => shiftedTarget(target, offset)));
    if ('impossible' in part.undo) impossible.push(`${part.summary}: ${part.undo.impossible}`);
    else {
      undos.push(part.undo.calls.map((call) => shiftedUndo(call, offset, part.calls.length)));
      lost.push(...(part.undo.lost ?? []));
    }
  }
  checkDistinct(targets);
  const [first, ...others] = calls;
  if (first === undefined) throw new InputProblem('steps', 'they change nothing');
  return {
    summary: summaryOf(parts, tools, purpose),
    calls: [first, ...others],
    targets,
    impact: [...new Set(parts.flatMap(({ impact }) => impact))],
    undo:
      impossible.length > 0 ? { impossible: impossible.join('; ') } : { calls: undos.reverse().flat(), lost },
  };
}

/** Longest list of all that is done; a longer line would be cut, and hide its end. */
const MAX_LIST = 180;
/** Longest line that is shown whole. */
const MAX_LINE = 200;
/** A shorter beginning of a purpose says nothing. */
const LEAST_PURPOSE = 12;

/**
 * The one line that a person agrees to says what is done, in words of the tools; what somebody says it is for comes after.
 * Where not every change has room, their tools are counted.
 */
function summaryOf(parts: readonly Change[], tools: readonly string[], purpose: string | undefined): string {
  const all = parts.map((part) => part.summary).join('; ');
  const list = all.length <= MAX_LIST ? all : `${tools.length} changes: ${counted(tools)}`;
  const room = MAX_LINE - list.length - ' (for: )'.length;
  return purpose === undefined || room < LEAST_PURPOSE ? list : `${list} (for: ${safeCell(purpose, room)})`;
}

function counted(tools: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const tool of tools) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  return [...counts].map(([tool, count]) => `${count} ${tool}`).join(', ');
}

function shifted(params: readonly unknown[], offset: number): unknown[] {
  return params.map((param) =>
    replaceReferences(
      param,
      ({ $result: { call, path } }): ResultReference => ({
        $result: { call: call + offset, path },
      }),
    ),
  );
}

function shiftedTarget(target: Target, offset: number): Target {
  const { read, changedBy } = target;
  return {
    ...target,
    changedBy: changedBy + offset,
    ...(target.checkedFrom === undefined ? {} : { checkedFrom: target.checkedFrom + offset }),
    read: { ...read, params: shifted(read.params, offset) },
  };
}

/** Without `undoes` a call takes the whole of its part back: it stands for the last call of it. */
function shiftedUndo(call: UndoCall, offset: number, callsOfPart: number): UndoCall {
  return { ...call, params: shifted(call.params, offset), undoes: (call.undoes ?? callsOfPart - 1) + offset };
}

/** A thing that two steps touch would be compared with a state that the first of them has changed. */
function checkDistinct(targets: readonly Target[]): void {
  const names = new Set<string>();
  for (const { name } of targets) {
    if (names.has(name))
      throw new InputProblem('steps', `two of them change ${name}`, 'Plan them one after the other.');
    names.add(name);
  }
}
