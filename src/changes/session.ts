/** The engine as the tools that drive it see it: for one call of one caller. They ask; whether consent is there is not theirs to say. */
import type { JournalEntry } from './journal.ts';
import type { Plan } from './plan.ts';
import type { RequestAnswer } from './request.ts';

/** One change of a list that is planned as a whole. */
export interface ChangeStep {
  /** Name of a change tool, listed or not. */
  readonly tool: string;
  readonly arguments: unknown;
}

/** The change engine within one call. */
export interface ChangeSession {
  /** @throws InputProblem for an unknown tool or wrong arguments, TrueNasError as the planning read does */
  plan(step: ChangeStep): Promise<Plan>;
  /** Plans several changes as one. */
  planAll(steps: readonly ChangeStep[], summary: string | undefined): Promise<Plan>;
  /** A plan of this caller and this process. @throws InputProblem "planned elsewhere or expired" */
  find(id: string): Plan;
  /** Asks for the plan to be applied. @param summary as the model repeated it */
  request(plan: Plan, summary?: string): Promise<RequestAnswer>;
  planUndo(changeId: string): Promise<Plan>;
  /** What was changed, newest first. */
  changes(): Promise<readonly JournalEntry[]>;
  /** The way to apply a plan, in one line for a model. */
  nextStep(plan: Plan): string;
  /** Why nothing can be applied at all, whatever the plan; undefined when it can. */
  readonly unready: string | undefined;
}
