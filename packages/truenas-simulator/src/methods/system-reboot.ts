/** `system.reboot.info`: whether something waits for the next boot. */
import type { SimEventDefinition } from '../session/events.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';

const roles = ['SYSTEM_GENERAL_READ'];

export const SYSTEM_REBOOT_METHODS: readonly SimMethod[] = [
  {
    name: 'system.reboot.info',
    description: 'The id of this boot, and why the system has to boot again, if it has to.',
    roles,
    run: ({ world, internals }: MethodContext) => rebootInfo(world, internals.bootId),
  },
];

export const SYSTEM_REBOOT_EVENTS: readonly SimEventDefinition[] = [
  { name: 'system.reboot.info', description: 'Told when a reason to boot again comes up.', roles },
];

/** What the method answers and the event carries. */
export function rebootInfo(world: World, bootId: string): ApiRow {
  const reasons = [...world.rebootReasons].map(([code, reason]) => ({ code, reason }));
  return { boot_id: bootId, reboot_required_reasons: reasons };
}
