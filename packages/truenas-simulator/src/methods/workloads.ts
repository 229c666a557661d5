/** What apps run on and with: registries, their space, Docker itself. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { secret } from '../schema/schema.ts';
import type { DockerStatus } from '../world/workloads.ts';
import { readable, refuse } from './common.ts';

const STATUS_TEXTS: Readonly<Record<DockerStatus, string>> = {
  RUNNING: 'Application(s) are currently running',
  STOPPED: 'Application(s) have been stopped',
  UNCONFIGURED: 'Application(s) are not configured',
};

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
      const { docker } = world.workloads;
      if (docker === 'UNCONFIGURED') refuse('No pool configured for Docker');
      if (docker === 'STOPPED') refuse('Docker service is not running');
      const dataset = world.datasets.get(String(world.settings.docker?.dataset));
      return dataset === undefined ? 0 : world.datasets.availableBytes(dataset);
    },
  },
  {
    name: 'docker.status',
    description: 'Whether apps can run.',
    roles: ['DOCKER_READ'],
    run({ world }: MethodContext) {
      const { docker } = world.workloads;
      return { status: docker, description: STATUS_TEXTS[docker] };
    },
  },
];
