/** `system.reboot` and `system.shutdown`: the job ends, then the connections do. */
import * as z from 'zod';
import { recordPower } from '../audit/entries.ts';
import type { SimEventDefinition } from '../session/events.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import { SECOND_MS } from '../world/units.ts';
import { memoized } from './crud.ts';

const ACTIONS = [
  ['reboot', 'Reboots the system.'],
  ['shutdown', 'Shuts the system down; somebody has to turn it on again.'],
] as const;

export const SYSTEM_POWER_METHODS: readonly SimMethod[] = ACTIONS.map(([action, description]) => ({
  name: `system.${action}`,
  description,
  roles: ['FULL_ADMIN'],
  params: memoized(() => [
    ['reason', text({ min: 1 })],
    [
      'options',
      model(`System${action === 'reboot' ? 'Reboot' : 'Shutdown'}Options`, {
        delay: z.int().nullable().default(null),
      }).prefault({}),
    ],
  ]),
  job: {},
  async run(context: MethodContext, reason: string, { delay }: { delay: number | null }) {
    recordPower(context, context.session, action, reason);
    context.events.publish({ collection: `system.${action}`, msg: 'added', fields: { reason } });
    if (delay !== null) await context.job?.wait(delay * SECOND_MS);
    context.internals.power(action);
    return null;
  },
}));

export const SYSTEM_POWER_EVENTS: readonly SimEventDefinition[] = ACTIONS.map(([action]) => ({
  name: `system.${action}`,
  description: `Told before a ${action}, with its reason.`,
  roles: ['SYSTEM_GENERAL_READ'],
}));
