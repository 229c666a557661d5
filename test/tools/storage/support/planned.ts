/** A change as the model gets it planned, on a simulated NAS of its own. */
import { onTestFinished } from 'vitest';
import { LOCAL_CALLER } from '../../../../src/access/caller.ts';
import { outcomeText } from '../../../../src/changes/outcome-text.ts';
import type { Plan } from '../../../../src/changes/plan.ts';
import { planOf } from '../../../../src/mcp/call/change-call.ts';
import { meantArguments } from '../../../../src/output/meant-arguments.ts';
import { silentLog } from '../../../../src/truenas/log.ts';
import { openWriteSession } from '../../../../src/truenas/write-session.ts';
import { ALL_TOOLS } from '../../../support/registry.ts';
import {
  type ChangeNas,
  type ChangeNasOptions,
  startChangeNas,
} from '../../../changes/support/change-nas.ts';

/** A NAS that ends with the test. */
export async function changeNas(options: ChangeNasOptions = {}): Promise<ChangeNas> {
  const nas = await startChangeNas({ hasWriter: true, ...options });
  onTestFinished(() => nas.close());
  return nas;
}

/** The text of a plan without its random id and without times; the text of the problem when there is none. */
export async function planText(nas: ChangeNas, tool: string, args: Record<string, unknown>): Promise<string> {
  const client = await nas.client();
  const { text } = await nas.call(client, 'plan_change', { tool, arguments: args });
  return text
    .replaceAll(/PLAN \w{10}/gu, 'PLAN id')
    .replaceAll(/"plan":"\w{10}"/gu, '"plan":"id"')
    .replaceAll(/(creation\.rawvalue) \d+/gu, '$1 time');
}

/** Somebody else changes the NAS meanwhile. */
export async function changedElsewhere(
  { simulator }: ChangeNas,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const session = await openWriteSession(
    {
      url: simulator.url,
      tls: { fingerprintSha256: simulator.fingerprint },
      timeoutMs: 10_000,
      log: silentLog,
    },
    { kind: 'person', username: simulator.person.username, password: simulator.person.password },
  );
  try {
    return await session.write.write(method, params);
  } finally {
    await session.close();
  }
}

/** Plans with the engine itself, as a person's approval finds it. */
export async function enginePlan(nas: ChangeNas, name: string, args: Record<string, unknown>): Promise<Plan> {
  const tool = ALL_TOOLS.find((each) => each.name === name);
  if (tool?.kind !== 'change') throw new Error(`${name} is no change tool`);
  const signal = new AbortController().signal;
  const input = tool.input.parse(meantArguments(tool.input, args, tool.synonyms));
  const planner = planOf(tool, input, { now: Date.now });
  return nas.engine.plan({ system: 'nas', caller: LOCAL_CALLER, signal }, planner);
}

/** Applies it as if the person had agreed, and answers how it ended. */
export async function applied(nas: ChangeNas, plan: Plan): Promise<{ kind: string; text: string }> {
  const session = await nas.engine.writerFor(plan);
  if (session === undefined) throw new Error('the test has a writer');
  const signal = new AbortController().signal;
  const { outcome, undo } = await nas.engine.apply(plan, session, { signal, typed: nas.typed(plan) });
  return { kind: outcome.kind, text: outcomeText(plan, outcome, undo) };
}
