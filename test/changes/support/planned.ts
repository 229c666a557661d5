/** Change tools on a simulated NAS, for tests of one tool: its plan as a person reads it, and the change made. */
import { afterEach } from 'vitest';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { outcomeText } from '../../../src/changes/outcome-text.ts';
import type { Plan } from '../../../src/changes/plan.ts';
import { planOf } from '../../../src/mcp/call/change-call.ts';
import { meantArguments } from '../../../src/output/meant-arguments.ts';
import { problemText } from '../../../src/output/problem.ts';
import { ALL_TOOLS } from '../../support/registry.ts';
import { type ChangeNas, type ChangeNasOptions, startChangeNas } from './change-nas.ts';

/** Arguments as a client sends them. */
type Args = Readonly<Record<string, unknown>>;

/** A NAS, and what tools do with it. */
export interface PlannedNas extends ChangeNas {
  plan(tool: string, args: Args): Promise<Plan>;
  /** Summary, impact and obstacles, a line each; the problem of a plan that is refused. */
  impactOf(tool: string, args: Args): Promise<string>;
  /** Plans and applies; the text of the outcome, or the problem of a plan that is refused. */
  change(tool: string, args: Args): Promise<string>;
  /** Takes a change back that `change` made last. */
  undo(): Promise<string>;
  read(method: string, params?: readonly unknown[]): Promise<unknown>;
}

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Starts one; it is closed after the test. */
export async function startPlannedNas(options: ChangeNasOptions = {}): Promise<PlannedNas> {
  const nas = await startChangeNas({ hasWriter: true, ...options });
  open.push(nas);
  const asker = { system: 'nas', caller: LOCAL_CALLER, signal: new AbortController().signal };
  let last = '';

  async function plan(name: string, args: Args): Promise<Plan> {
    const tool = ALL_TOOLS.find((each) => each.name === name);
    if (tool?.kind !== 'change') throw new Error(`no change tool ${name}`);
    const input = tool.input.parse(meantArguments(tool.input, args, tool.synonyms));
    return nas.engine.plan(asker, planOf(tool, input, { now: Date.now }));
  }

  async function applied(planned: Plan): Promise<string> {
    if (planned.obstacles.length > 0) return planned.obstacles.join('\n');
    const session = await nas.engine.writerFor(planned);
    if (session === undefined) throw new Error('the test has a writer');
    const { outcome, undo } = await nas.engine.apply(planned, session, { signal: asker.signal });
    return outcomeText(planned, outcome, undo);
  }

  return {
    ...nas,
    plan,
    async impactOf(name, args) {
      try {
        const { change, judgement, obstacles } = await plan(name, args);
        return [`${judgement.risk}: ${change.summary}`, ...change.impact, ...obstacles].join('\n');
      } catch (error) {
        return problemText(error);
      }
    },
    async change(name, args) {
      try {
        const planned = await plan(name, args);
        last = planned.id;
        return await applied(planned);
      } catch (error) {
        return problemText(error);
      }
    },
    undo: async () => applied(await nas.engine.planUndo(asker, last)),
    read: async (method, params = []) => nas.nas.read.call(method, [...params]),
  };
}
