/** Looks at what a planner returned, or the journal holds, before it becomes a plan: nothing in it is taken on trust. */
import type { NasAccess } from '../access/reader.ts';
import { InputProblem } from '../output/problem.ts';
import type { Judgement } from '../policy/risk/index.ts';
import type { Change } from './change.ts';
import type { Asker, Planner } from './engine.ts';
import type { ChangeRules } from './gates.ts';
import { unreadable } from './readers.ts';
import { readsOf } from './applier.ts';
import { replaceReferences } from './references.ts';
import type { SecretFolder } from './secret-folder.ts';
import { neededSecrets, type PlanSecret } from './secrets.ts';

/**
 * The secrets of a change, and where each comes from.
 * @throws Error for one that belongs to nothing that the change touches: no entry may be bent to another thing
 */
export async function planSecrets(
  { calls, targets }: Change,
  system: string,
  folder: SecretFolder | undefined,
): Promise<PlanSecret[]> {
  const needed = neededSecrets(calls);
  const foreign = needed.find(({ of }) => !targets.some(({ name }) => name === of));
  if (foreign !== undefined) throw new Error(`the plan needs the ${foreign.label}, which it does not touch`);
  return Promise.all(
    needed.map(async (each): Promise<PlanSecret> => {
      const isLaidOut = (await folder?.find(system, each)) !== undefined;
      return { ...each, source: isLaidOut ? 'folder' : 'person' };
    }),
  );
}

/** A plan that names what its tool does not declare is a defect of the tool, and must not get any further. */
export async function checkDeclared(
  change: Change,
  { tool, uses, readsAny, writes }: Planner,
  asker: Asker,
  nas: NasAccess,
): Promise<void> {
  const { calls, undo } = change;
  const reads = readsOf(change).filter(({ method }) => !uses.includes(method));
  const foreign = readsAny === true ? await unreadable(nas, asker, reads) : reads[0]?.method;
  if (foreign !== undefined)
    throw new Error(`the plan of ${tool} reads ${foreign}, which the tool does not declare`);
  if (writes === 'any') return;
  const named = [...calls, ...('calls' in undo ? undo.calls : [])].map(({ method }) => method);
  const undeclared = named.filter((method) => !writes.includes(method));
  if (undeclared.length > 0)
    throw new Error(`the plan of ${tool} names ${undeclared.join(', ')}, which the tool does not declare`);
}

/** A journal that somebody altered must not have a method sent as a read that is none. */
export function checkReads(unknown: string | undefined): void {
  if (unknown !== undefined)
    throw new InputProblem(
      'change',
      `the journal names ${unknown} as a read, which it is not: it may have been altered`,
    );
}

/** Without the facts of a time that is over: who was connected when a change was planned says nothing of its undo. */
export function withoutFacts(change: Change): Change {
  const [first, ...others] = change.calls.map(({ facts: _facts, ...call }) => call);
  return first === undefined ? change : { ...change, calls: [first, ...others] };
}

/** Without the state and the facts that lower a risk: a file that somebody altered could claim any. */
export function withoutClaims(change: Change): Change {
  const [first, ...others] = change.calls.map(({ method, params, purpose, isGeneric }) => ({
    method,
    params,
    purpose,
    ...(isGeneric === true ? { isGeneric } : {}),
  }));
  return first === undefined ? change : { ...change, calls: [first, ...others] };
}

/** A file that somebody altered could tie a call to any dataset. */
export function fileObstacles({ risk }: Judgement, { scope, protect }: ChangeRules): string[] {
  const isSlight = risk === 'reversible' || risk === 'configuration';
  const setting =
    scope !== undefined ? 'TRUENAS_SCOPE' : protect.length > 0 && !isSlight ? 'TRUENAS_PROTECT' : undefined;
  return setting === undefined
    ? []
    : [
        `${setting} is set, and only the journal says which datasets this undo of an earlier run of the server touches: plan the change itself.`,
      ];
}

/** A reference to anything but the answer of a call before it would be judged as one value and sent as another. */
export function checkReferences({ calls }: Change): void {
  for (const [index, { method, params }] of calls.entries())
    replaceReferences(params, (reference) => {
      const { call, path } = reference.$result;
      if (!Number.isSafeInteger(call) || call < 0 || call >= index || typeof path !== 'string')
        throw new Error(`${method} refers to the answer of a call that is not before it`);
      return reference;
    });
}
