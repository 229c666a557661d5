/** `virt.*` (up to 25.10): instances, which are containers here, and what they run on. */
import * as z from 'zod';
import { doesNotExist } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import { type Container, REGISTRY_IMAGES, runContainer } from '../world/containers.ts';
import { GIB } from '../world/units.ts';
import { announce, type ApiRow, readable, UNTIL_25_10 } from './common.ts';

const write = ['VIRT_INSTANCE_WRITE'];
const only = { releases: UNTIL_25_10 } as const;
const row = z.looseObject({ raw: secret(z.unknown()), vnc_password: secret(z.unknown()) });
/** How long an instance takes to start or stop. */
const STEP_MS = 100;

const stopArgs = model('StopArgs', {
  timeout: z.int().default(-1),
  force: z.boolean().default(false),
}).prefault({});
const imageChoices = model('VirtInstanceImageChoices', {
  remote: z.literal('LINUX_CONTAINERS').default('LINUX_CONTAINERS'),
}).prefault({});
const byId = [['id', text()]] as const;
const lock = ([id]: readonly unknown[]): string => `instance_action_${String(id)}`;

export const VIRT_METHODS: readonly SimMethod[] = [
  ...readable({
    ...only,
    namespace: 'virt.instance',
    entity: 'VirtInstance',
    what: 'instances',
    roles: ['VIRT_INSTANCE_READ'],
    id: text(),
    row,
    secretRoles: write,
    rows: ({ world, release }) => world.workloads.containers.map((each) => instanceRow(release, each)),
  }),
  {
    ...only,
    name: 'virt.instance.device_list',
    description: 'Devices of an instance.',
    roles: ['VIRT_INSTANCE_READ'],
    params: byId,
    run: (context: MethodContext, id: string) => deviceRows(instanceNamed(context, id)),
  },
  {
    ...only,
    name: 'virt.instance.start',
    audited: 'Virt: Starting',
    description: 'Starts an instance.',
    roles: write,
    params: byId,
    job: { lock, logs: true },
    run: (context: MethodContext, id: string) => turn(context, id, [true]),
  },
  {
    ...only,
    name: 'virt.instance.stop',
    audited: 'Virt: Stopping',
    description: 'Stops an instance.',
    roles: write,
    params: [...byId, ['stop_args', stopArgs]],
    job: { lock },
    run: (context: MethodContext, id: string) => turn(context, id, [false]),
  },
  {
    ...only,
    name: 'virt.instance.restart',
    audited: 'Virt: Restarting',
    description: 'Stops an instance and starts it again.',
    roles: write,
    params: [...byId, ['stop_args', stopArgs]],
    job: { lock },
    run: (context: MethodContext, id: string) => turn(context, id, [false, true]),
  },
  {
    ...only,
    name: 'virt.instance.image_choices',
    description: 'Images of the registry, which is asked each time.',
    roles: ['READONLY_ADMIN', 'VIRT_INSTANCE_READ'],
    params: [['virt_instances_image_choices', imageChoices]],
    run: () =>
      Object.fromEntries(
        REGISTRY_IMAGES.map(({ os, release, variant, archs, makes }) => {
          const label = `${os} ${release} (${archs.join(', ')}, ${variant})`;
          const choice = { label, os, release, archs, variant, instance_types: makes };
          const isForMachines = makes.includes('VM');
          return [
            [os.toLowerCase(), release, variant].join('/'),
            { ...choice, secureboot: isForMachines ? true : null },
          ];
        }),
      ),
  },
  {
    ...only,
    name: 'virt.global.config',
    description: 'Where instances are kept and how they reach the network.',
    roles: ['VIRT_GLOBAL_READ'],
    run({ world }: MethodContext) {
      const pools = [...new Set(world.workloads.containers.map(({ pool }) => pool))];
      const here = pools.filter((name) => world.pools.byName(name) !== undefined);
      const [pool = null] = here;
      return {
        ...{ id: 1, pool, dataset: pool === null ? null : `${pool}/.ix-virt`, storage_pools: here },
        ...{ bridge: 'br0', v4_network: null, v6_network: null },
        state: pool === null ? 'NO_POOL' : 'INITIALIZED',
      };
    },
  },
];

/** @throws ValidationErrors */
function instanceNamed({ world }: MethodContext, name: string): Container {
  const instance = world.workloads.containers.find((each) => each.name === name);
  if (instance === undefined) throw doesNotExist('VirtInstance', name);
  return instance;
}

async function turn(context: MethodContext, name: string, steps: readonly boolean[]): Promise<true> {
  const instance = instanceNamed(context, name);
  for (const isRunning of steps) {
    await context.job?.wait(STEP_MS);
    runContainer(context.world.random, instance, isRunning);
    announce(context, 'virt.instance', 'changed', name, instanceRow(context.release, instance));
  }
  return true;
}

function instanceRow(release: SimRelease, container: Container): ApiRow {
  const { name, state, cpuset, memoryBytes, autostart, image, address, pool } = container;
  return {
    ...{ id: name, name, type: 'CONTAINER', status: state, cpu: cpuset, memory: memoryBytes, autostart },
    environment: {},
    aliases: state === 'RUNNING' ? [{ type: 'INET', address, netmask: 24 }] : [],
    image: {
      ...{ architecture: 'amd64', description: `${image.os} ${image.release} amd64`, os: image.os },
      ...{ release: image.release, serial: '20260101_05:24', type: 'squashfs', variant: 'default' },
      secureboot: null,
    },
    userns_idmap: {
      uid: { hostid: 2_147_000_001, maprange: 458_752, nsid: 0 },
      gid: { hostid: 2_147_000_001, maprange: 458_752, nsid: 0 },
    },
    ...{ raw: null, vnc_enabled: false, vnc_port: null, vnc_password: null, secure_boot: null },
    ...(isAtLeast(release, '25.10') ? { privileged_mode: false } : {}),
    ...{ root_disk_size: 10 * GIB, root_disk_io_bus: null, storage_pool: pool },
  };
}

function deviceRows({ mount }: Container): ApiRow[] {
  const nic = {
    ...{ name: 'eth0', description: 'br0', readonly: false, dev_type: 'NIC' },
    ...{ network: null, nic_type: 'BRIDGED', parent: 'br0' },
  };
  if (mount === null) return [nic];
  const disk = {
    ...{ name: 'disk0', description: mount.target, readonly: false, dev_type: 'DISK', source: mount.source },
    ...{ destination: mount.target, boot_priority: null, io_bus: null, storage_pool: null },
  };
  return [nic, disk];
}
