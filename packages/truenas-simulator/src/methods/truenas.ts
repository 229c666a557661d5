/** `truenas.*`: what this machine is to its vendor. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';

const read = { roles: ['READONLY_ADMIN'] } as const;

/** A machine that the vendor did not build. */
const UNKNOWN_CHASSIS = 'TRUENAS-UNKNOWN';

export const TRUENAS_METHODS: readonly SimMethod[] = [
  {
    ...read,
    name: 'truenas.is_eula_accepted',
    description: 'Whether somebody accepted the licence agreement.',
    returns: z.boolean(),
    run: () => true,
  },
  {
    ...read,
    name: 'truenas.is_production',
    description: 'Whether the system is marked as being in production.',
    returns: z.boolean(),
    run: () => false,
  },
  {
    ...read,
    name: 'truenas.get_chassis_hardware',
    description: 'Model of the machine, if the vendor built it.',
    returns: z.string(),
    run: () => UNKNOWN_CHASSIS,
  },
  {
    ...read,
    name: 'truenas.is_ix_hardware',
    description: 'Whether the vendor built the machine.',
    returns: z.boolean(),
    run: () => false,
  },
  {
    name: 'truenas.managed_by_truecommand',
    description: 'Whether TrueCommand manages the system.',
    auth: 'none',
    returns: z.boolean(),
    run: ({ world }: MethodContext) => world.settings['truecommand']?.['status'] === 'CONNECTED',
  },
];
