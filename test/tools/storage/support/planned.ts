/** A change as the model gets it planned, on a simulated NAS of its own. */
import { onTestFinished } from 'vitest';
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

/** The text of a plan without its random id; the text of the problem when there is none. */
export async function planText(nas: ChangeNas, tool: string, args: Record<string, unknown>): Promise<string> {
  const client = await nas.client();
  const { text } = await nas.call(client, 'plan_change', { tool, arguments: args });
  return text.replaceAll(/PLAN \w{10}/gu, 'PLAN id').replaceAll(/"plan":"\w{10}"/gu, '"plan":"id"');
}
