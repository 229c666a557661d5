/** A change as the model gets it planned, on a simulated NAS of its own. */
import type { Plan } from '../../../../src/changes/plan.ts';
import { silentLog } from '../../../../src/truenas/log.ts';
import { openWriteSession } from '../../../../src/truenas/write-session.ts';
import type { ChangeNas } from '../../../changes/support/change-nas.ts';
import { applied as appliedAs, planWith } from '../../../changes/support/plan-and-apply.ts';

export { changeNas } from '../../../changes/support/change-nas.ts';

/** The text of a plan without its random id and without times; the text of the problem when there is none. */
export async function planText(nas: ChangeNas, tool: string, args: Record<string, unknown>): Promise<string> {
  const client = await nas.client();
  const { text } = await nas.call(client, 'plan_change', { tool, arguments: args });
  return text
    .replaceAll(/PLAN \w{10}/gu, 'PLAN id')
    .replaceAll(/"plan":"\w{10}"/gu, '"plan":"id"')
    .replaceAll(/(creation) \d{4}-[\dT:.-]+Z/gu, '$1 time');
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
export function enginePlan(nas: ChangeNas, name: string, args: Record<string, unknown>): Promise<Plan> {
  return planWith(nas, name, args);
}

/** Applies it as if the person had agreed, and answers how it ended. */
export async function applied(nas: ChangeNas, plan: Plan): Promise<{ kind: string; text: string }> {
  const { outcome, text } = await appliedAs(nas, plan);
  return { kind: outcome.kind, text };
}
