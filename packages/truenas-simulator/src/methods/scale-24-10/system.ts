/** `system.*` as 24.10 has it otherwise. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { baseAnswer, baseMethod } from '../legacy/base.ts';
import type { ApiRow } from '../common.ts';
import { LEGACY_VERSIONS } from '../../releases.ts';

export const SYSTEM_METHODS: readonly SimMethod[] = [
  {
    ...baseMethod('system.info'),
    run: (context: MethodContext) => ({
      ...(baseAnswer(context, 'system.info') as ApiRow),
      version: context.world.system.version,
    }),
  },
  {
    name: 'system.hostname',
    description: 'The name of the machine.',
    auth: 'login',
    isPrivate: true,
    run: ({ world }: MethodContext) => `${world.system.hostname}.${world.system.domain}`,
  },
  {
    name: 'system.product_type',
    description: 'Community or enterprise edition.',
    roles: ['READONLY_ADMIN'],
    run: () => 'SCALE',
  },
  {
    name: 'system.version_short',
    description: 'The version number alone.',
    auth: 'login',
    run: () => LEGACY_VERSIONS['24.10'].replace('TrueNAS-SCALE-', ''),
  },
  {
    name: 'system.build_time',
    description: 'When this version was built.',
    roles: ['READONLY_ADMIN'],
    run: ({ world }) => new Date(world.system.builtMs),
  },
  {
    name: 'system.is_stable',
    description: 'True for a released version.',
    auth: 'login',
    run: () => true,
  },
];
