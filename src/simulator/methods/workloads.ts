/** What apps run on and with: registries, their space, Docker itself. */
import { z } from 'zod';
import type { MethodContext, SimMethod } from '../method.ts';
import { secret } from '../schema.ts';
import { readable } from './common.ts';

export const WORKLOAD_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'app.registry',
    entity: 'AppRegistry',
    what: 'image registries',
    roles: ['APPS_READ'],
    secretRoles: ['APPS_WRITE'],
    row: z.looseObject({ username: secret(z.string()), password: secret(z.string()) }),
    rows: ({ world }) => world.workloads.registries,
  }),
  {
    name: 'app.available_space',
    description: 'Bytes that apps can still use.',
    roles: ['CATALOG_READ'],
    run({ world }: MethodContext) {
      const dataset = world.datasets.get('tank/ix-apps');
      return dataset === undefined ? 0 : world.datasets.availableBytes(dataset);
    },
  },
  {
    name: 'docker.status',
    description: 'Whether apps can run.',
    roles: ['DOCKER_READ'],
    run: () => ({ status: 'RUNNING', description: 'Application(s) are currently running' }),
  },
];
