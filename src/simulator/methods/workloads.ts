/** `app.*`, `docker.*` and `vm.*`: what runs here besides storage. */
import { z } from 'zod';
import { doesNotExist } from '../errors.ts';
import type { MethodContext, SimMethod } from '../method.ts';
import { secret, text } from '../schema.ts';
import { availableMemoryAt } from '../world/metrics.ts';
import { readable } from './common.ts';

const apps = ['APPS_READ'];
const device = z.looseObject({ attributes: z.looseObject({ password: secret(z.string()).optional() }) });

export const WORKLOAD_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'app',
    entity: 'App',
    what: 'apps',
    roles: apps,
    id: text(),
    rows: ({ world }) => world.workloads.apps,
  }),
  ...readable({
    namespace: 'app.registry',
    entity: 'AppRegistry',
    what: 'image registries',
    roles: apps,
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
  ...readable({
    namespace: 'vm',
    entity: 'VM',
    what: 'virtual machines',
    roles: ['VM_READ'],
    secretRoles: ['VM_WRITE'],
    unsortable: ['status', 'display_available', 'devices'],
    row: z.looseObject({ devices: z.array(device) }),
    rows: ({ world }) => world.workloads.vms,
  }),
  ...readable({
    namespace: 'vm.device',
    entity: 'VMDevice',
    what: 'devices of virtual machines',
    roles: ['VM_DEVICE_READ'],
    secretRoles: ['VM_DEVICE_WRITE'],
    row: device,
    rows: ({ world }) => world.workloads.vms.flatMap(({ devices }) => devices as object[]),
  }),
  {
    name: 'vm.status',
    description: 'Whether a virtual machine runs.',
    roles: ['VM_READ'],
    params: [['id', z.int()]],
    run({ world }: MethodContext, id: number) {
      const found = world.workloads.vms.find((vm) => vm.id === id);
      if (found === undefined) throw doesNotExist('VM', id);
      return found.status;
    },
  },
  {
    name: 'vm.get_available_memory',
    description: 'Bytes of memory that virtual machines can still have.',
    roles: ['VM_READ'],
    params: [['overcommit', z.boolean().default(false)]],
    run: ({ world }: MethodContext) => availableMemoryAt(world, world.now()),
  },
];
