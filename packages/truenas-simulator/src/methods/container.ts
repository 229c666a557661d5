/** `container.*` (27.0): containers and their devices, started and stopped. */
import * as z from 'zod';
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model } from '../schema/schema.ts';
import { type Container, REGISTRY_IMAGES, runContainer } from '../world/containers.ts';
import { announce, type ApiRow, ONLY_27_0, readable, refuse } from './common.ts';

const write = ['CONTAINER_WRITE'];
const flag = z.boolean().default(false);
/** How long a container takes to stop. */
const STOP_MS = 100;

export const CONTAINER_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'container',
    entity: 'Container',
    what: 'containers',
    releases: ONLY_27_0,
    roles: ['CONTAINER_READ'],
    rows: ({ world }) => world.workloads.containers.map(containerRow),
  }),
  ...readable({
    namespace: 'container.device',
    entity: 'ContainerDevice',
    what: 'devices of containers',
    releases: ONLY_27_0,
    roles: ['CONTAINER_DEVICE_READ'],
    rows: ({ world }) => world.workloads.containers.flatMap(deviceRows),
  }),
  {
    name: 'container.image.query_registry',
    description: 'Images of the registry, which is asked each time.',
    releases: ONLY_27_0,
    // No role that reads grants it before 28.
    roles: ['CONTAINER_IMAGE_WRITE'],
    run: () =>
      REGISTRY_IMAGES.filter(({ makes }) => makes.includes('CONTAINER')).flatMap(
        ({ os, release, variant, archs, versions }) =>
          archs.map((arch) => ({
            name: [os.toLowerCase(), release, arch, variant].join(':'),
            versions: versions.map((version) => ({ version })),
          })),
      ),
  },
  {
    name: 'container.start',
    description: 'Starts a container.',
    releases: ONLY_27_0,
    roles: write,
    params: [['id', z.int()]],
    returns: z.null(),
    run(context: MethodContext, id: number) {
      const container = containerById(context, id);
      if (container.state === 'RUNNING') refuse(`'${container.name}' container is already running`);
      enter(context, container, true);
      return null;
    },
  },
  {
    name: 'container.stop',
    description: 'Stops a container.',
    releases: ONLY_27_0,
    roles: write,
    params: [
      ['id', z.int()],
      ['options', model('ContainerStopOptions', { force: flag, force_after_timeout: flag }).prefault({})],
    ],
    job: { lock: ([id]) => `container_stop_${String(id)}` },
    async run(context: MethodContext, id: number) {
      const container = containerById(context, id);
      await context.job?.wait(STOP_MS);
      enter(context, container, false);
      return null;
    },
  },
];

/** @throws ValidationErrors */
function containerById({ world }: MethodContext, id: number): Container {
  const container = world.workloads.containers.find((each) => each.id === id);
  if (container === undefined) throw doesNotExist('Container', id);
  return container;
}

function enter(context: MethodContext, container: Container, isRunning: boolean): void {
  runContainer(context.world.random, container, isRunning);
  announce(context, 'container', 'changed', container.id, containerRow(container));
}

function containerRow(container: Container): ApiRow {
  const { id, uuid, name, description, pool, cpuset, autostart, state, pid } = container;
  return {
    ...{ id, uuid, name, description, cpuset, autostart, time: 'LOCAL', shutdown_timeout: 30 },
    dataset: `${pool}/.truenas_containers/containers/${name}`,
    ...{ init: '/sbin/init', initdir: null, initenv: {}, inituser: null, initgroup: null },
    ...{ idmap: { type: 'DEFAULT' }, capabilities_policy: 'DEFAULT', capabilities_state: {} },
    ...{ default_network: 'br0', devices: deviceRows(container) },
    status: { state, pid, domain_state: state === 'RUNNING' ? 'RUNNING' : 'SHUTOFF' },
  };
}

function deviceRows({ id, mac, mount }: Container): ApiRow[] {
  const nic = { dtype: 'NIC', trust_guest_rx_filters: false, type: 'VIRTIO', nic_attach: 'br0', mac };
  const shared = mount === null ? [] : [{ dtype: 'FILESYSTEM', ...mount }];
  return [nic, ...shared].map((attributes, index) => ({ id: id * 10 + index, attributes, container: id }));
}
