/** Plans a change of a tool, or the undo of a change in the journal: reads, judges, and keeps the plan. */
import { InputProblem } from '../output/problem.ts';
import { judge } from '../policy/risk/index.ts';
import type { ReadClient } from '../truenas/client.ts';
import type { Release } from '../truenas/releases.ts';
import { neededRoles } from './account-roles.ts';
import { askingOnce } from './asking-once.ts';
import type { Change } from './change.ts';
import { checkChangeable, planWhereChangeable } from './changeable.ts';
import { consentFor } from './consent.ts';
import type { Asker, EngineDeps, Planner } from './engine.ts';
import { judgedCall, obstaclesOf } from './gates.ts';
import type { JournalEntry } from './journal.ts';
import { readNames } from './name-twins.ts';
import { originTargets } from './origins.ts';
import type { OwnEntries } from './own-entries.ts';
import type { Plan, PlanStore } from './plan.ts';
import {
  checkDeclared,
  checkReads,
  checkReferences,
  fileObstacles,
  planSecrets,
  withoutClaims,
  withoutFacts,
} from './planned-change.ts';
import { planReader, stateReader, unreadable, writerCatalog } from './readers.ts';
import type { SecondLook } from './second-look.ts';
import { takesAwayOwnWork, undoChange, undoReads } from './undo.ts';

/** Parts of an engine that plan. */
export interface Planning {
  readonly deps: EngineDeps;
  readonly store: PlanStore;
  readonly own: OwnEntries;
  readonly secondLook: SecondLook;
}

/** Plans the change of a tool. @throws InputProblem, TrueNasError as the planner does */
export async function planChange(planning: Planning, asker: Asker, planner: Planner): Promise<Plan> {
  const { deps, secondLook } = planning;
  const { change, nas } = await looked(deps, asker, planner);
  await checkDeclared(change, planner, asker, deps.nas);
  const plan = await keptPlan(planning, asker, planner.tool, change, await nas.release());
  const { system, caller } = asker;
  secondLook.keep(plan, async () => {
    const { signal } = new AbortController();
    return (await looked(deps, { system, caller, signal }, planner)).change;
  });
  return plan;
}

/** The change that a planner makes of the NAS as it is now. */
async function looked(
  deps: EngineDeps,
  asker: Asker,
  planner: Planner,
): Promise<{ change: Change; nas: ReadClient }> {
  const nas = askingOnce(await planReader(deps.nas, asker, planner));
  const catalog = writerCatalog(deps.writers, asker.system, asker.caller);
  const names = readNames(nas);
  const change = await planWhereChangeable(names.client, (gated) => planner.plan(gated, undefined, catalog));
  return { change: names.withTwins(change), nas };
}

/** Plans the undo of a change in the journal. @throws InputProblem when there is none */
export async function planUndo(planning: Planning, asker: Asker, changeId: string): Promise<Plan> {
  const { deps } = planning;
  const own = planning.own.find(changeId);
  const entry = own ?? (await deps.journal.find(changeId));
  if (entry === undefined || entry.callerId !== asker.caller.id || entry.system !== asker.system) {
    throw new InputProblem(
      'change',
      `no change ${changeId} is known here`,
      'list_changes shows those that are.',
    );
  }
  const reads = undoReads(entry);
  checkReads(await unreadable(deps.nas, asker, reads));
  const nas = await stateReader(deps.nas, asker, reads);
  await checkChangeable(nas);
  const change = await undoChange(entry, nas);
  const plain = own === undefined ? withoutClaims(change) : withoutFacts(change);
  return keptPlan(planning, asker, 'undo_change', plain, await nas.release(), entry);
}

/** Judges the change, and keeps it as a plan with its secrets, obstacles and the consent that it needs. */
async function keptPlan(
  { deps, store, own: ownEntries }: Planning,
  asker: Asker,
  tool: string,
  change: Change,
  release: Release,
  undoOf?: JournalEntry,
): Promise<Plan> {
  const { rules } = deps;
  checkReferences(change);
  const secrets = await planSecrets(change, asker.system, deps.secrets);
  const isTyped = secrets.some(({ source }) => source === 'person');
  const own = undoOf === undefined ? undefined : ownEntries.find(undoOf.id);
  const isFromFile = undoOf !== undefined && own === undefined;
  const judgement =
    (own !== undefined && takesAwayOwnWork(own, change, deps.now()) ? own.judgement : undefined) ??
    judge(change.calls.map(judgedCall));
  const isConfined = rules.scope !== undefined || rules.protect.length > 0;
  const origins = isConfined ? await originTargets(change, asker, deps.nas) : [];
  return store.add({
    system: asker.system,
    caller: asker.caller,
    tool,
    change,
    judgement,
    // A secret is typed at the sign-in, and nowhere else. An undo from the file is approved by its exact calls.
    consent: isTyped || isFromFile ? 'approval' : consentFor(judgement.risk, deps.approval),
    secrets,
    roles: neededRoles(change, release),
    obstacles: [
      ...obstaclesOf({ ...change, targets: [...change.targets, ...origins] }, judgement, rules),
      ...(isFromFile ? fileObstacles(judgement, rules) : []),
    ],
    undoOf: undoOf?.id,
  });
}
