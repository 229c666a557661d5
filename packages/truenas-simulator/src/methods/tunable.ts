/** `tunable.*`: settings of the kernel and of ZFS that somebody changed. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { readable } from './common.ts';

export const TUNABLE_METHODS: readonly SimMethod[] = readable({
  namespace: 'tunable',
  entity: 'Tunable',
  what: 'tunables',
  roles: ['SYSTEM_TUNABLE_READ'],
  takesAnyIdBefore: true,
  rows: ({ world }: MethodContext) => world.tunables.rows(),
});
