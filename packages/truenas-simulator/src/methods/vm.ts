/** `vm.*`: virtual machines are started, stopped, suspended, changed and deleted. */
import * as z from 'zod';
import { doesNotExist, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import { zvolAt } from '../world/dataset-paths.ts';
import { availableMemoryAt } from '../world/metrics.ts';
import { MIB } from '../world/units.ts';
import { type Vm, type VmStatus, vmStatus } from '../world/workloads.ts';
import { announce, type ApiRow, readable, refuse } from './common.ts';
import { memoized } from './crud.ts';

const device = z.looseObject({ attributes: z.looseObject({ password: secret(z.string()).optional() }) });
const row = z.looseObject({ devices: z.array(device) });
const write = ['VM_WRITE'];
const byId = [['id', z.int()]] as const;
const flag = z.boolean().default(false);
/** How long a guest takes to shut down. */
const SHUTDOWN_MS = 200;

const startOptions = model('VMStartOptions', { overcommit: flag }).prefault({});
const stopOptions = model('VMStopOptions', { force: flag, force_after_timeout: flag }).prefault({});
const deleteOptions = model('VMDeleteOptions', { zvols: flag, force: flag }).prefault({});

export const VM_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'vm',
    entity: 'VM',
    what: 'virtual machines',
    roles: ['VM_READ'],
    secretRoles: write,
    row,
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
    params: byId,
    run: (context: MethodContext, id: number) => vmById(context, id).status,
  },
  {
    name: 'vm.get_available_memory',
    description: 'Bytes of memory that virtual machines can still have.',
    roles: ['VM_READ'],
    params: [['overcommit', flag]],
    run: ({ world }: MethodContext) => availableMemoryAt(world, world.now()),
  },
  {
    name: 'vm.start',
    description: 'Starts a virtual machine.',
    roles: write,
    params: [...byId, ['options', startOptions]],
    run: (context: MethodContext, id: number, options: { overcommit: boolean }) =>
      start(context, vmById(context, id), options.overcommit),
  },
  {
    name: 'vm.stop',
    description: 'Asks a virtual machine to shut down, and waits for it.',
    roles: write,
    params: [...byId, ['options', stopOptions]],
    job: { lock: ([id]) => `stop_vm_${String(id)}` },
    run: (context: MethodContext, id: number, options: { force: boolean }) =>
      stop(context, id, options.force),
  },
  {
    name: 'vm.poweroff',
    description: 'Turns a virtual machine off at once.',
    roles: write,
    params: byId,
    run: (context: MethodContext, id: number) =>
      enter(context, active(vmById(context, id), 'RUNNING', 'SUSPENDED'), 'STOPPED'),
  },
  {
    name: 'vm.restart',
    description: 'Shuts a virtual machine down and starts it again.',
    roles: write,
    params: byId,
    job: { lock: ([id]) => `restart_vm_${String(id)}` },
    async run(context: MethodContext, id: number) {
      await stop(context, id, false);
      return start(context, vmById(context, id), true);
    },
  },
  {
    name: 'vm.suspend',
    description: 'Freezes a virtual machine.',
    roles: write,
    params: byId,
    run: (context: MethodContext, id: number) =>
      enter(context, active(vmById(context, id), 'RUNNING'), 'SUSPENDED'),
  },
  {
    name: 'vm.resume',
    description: 'Lets a frozen virtual machine run on.',
    roles: write,
    params: byId,
    run(context: MethodContext, id: number) {
      const vm = vmById(context, id);
      if (vm.status.state !== 'SUSPENDED') refuse(`'${domainOf(vm)}' domain is not paused`);
      return enter(context, vm, 'RUNNING');
    },
  },
  {
    name: 'vm.update',
    audited: 'VM update',
    auditedSince: '27.0',
    description: 'Changes the settings of a virtual machine; what is left out stays.',
    roles: write,
    secretRoles: write,
    returns: row,
    params: memoized((release) => [...byId, ['vm_update', model('VMUpdate', updateFields(release))]]),
    run: update,
  },
  {
    name: 'vm.delete',
    audited: 'VM delete',
    auditedSince: '27.0',
    description: 'Removes a virtual machine, with its zvols if asked to.',
    roles: write,
    params: [...byId, ['options', deleteOptions]],
    run(context: MethodContext, id: number, options: { zvols: boolean }) {
      const { world } = context;
      const vm = vmById(context, id);
      if (options.zvols) removeZvols(context, vm);
      world.workloads.vms.splice(world.workloads.vms.indexOf(vm), 1);
      announce(context, 'vm', 'removed', id);
      return isAtLeast(context.release, '27.0') ? null : true;
    },
  },
];

function updateFields(release: SimRelease): z.ZodRawShape {
  const old = { bootloader_ovmf: text().optional(), enable_secure_boot: z.boolean().optional() };
  const optionalText = text().nullable().optional();
  const count = z.int().min(1).optional();
  const memory = z.int().min(20);
  return {
    command_line_args: text().optional(),
    cpu_mode: z.enum(['CUSTOM', 'HOST-MODEL', 'HOST-PASSTHROUGH']).optional(),
    cpu_model: optionalText,
    name: text({ min: 1 }).optional(),
    description: text().optional(),
    vcpus: count,
    cores: count,
    threads: count,
    cpuset: optionalText,
    nodeset: optionalText,
    enable_cpu_topology_extension: z.boolean().optional(),
    pin_vcpus: z.boolean().optional(),
    suspend_on_snapshot: z.boolean().optional(),
    trusted_platform_module: z.boolean().optional(),
    memory: memory.optional(),
    min_memory: memory.nullable().optional(),
    hyperv_enlightenments: z.boolean().optional(),
    bootloader: z.enum(['UEFI_CSM', 'UEFI']).optional(),
    autostart: z.boolean().optional(),
    hide_from_msr: z.boolean().optional(),
    ensure_display_device: z.boolean().optional(),
    time: z.enum(['LOCAL', 'UTC']).optional(),
    shutdown_timeout: z.int().min(5).max(300).optional(),
    arch_type: optionalText,
    machine_type: optionalText,
    uuid: optionalText,
    ...(isAtLeast(release, '25.10') ? {} : old),
  };
}

function update(context: MethodContext, id: number, data: ApiRow): Vm {
  const { vms } = context.world.workloads;
  const old = vmById(context, id);
  const problems = new ValidationErrors();
  const isNewName = data.name !== undefined && data.name !== old.name;
  if (isNewName && vms.some(({ name }) => name === data.name)) {
    problems.add('vm_update.name', 'This name already exists.', ERRNO.EEXIST);
  }
  problems.check();
  if (isNewName && old.status.state !== 'STOPPED') refuse('VM name can only be changed when VM is inactive');
  return replace(context, old, data);
}

function start(context: MethodContext, vm: Vm, overcommits: boolean): null {
  const { world } = context;
  const { state } = vm.status;
  if (state === 'RUNNING') refuse(`'${vm.name}' is already running`);
  if (state === 'SUSPENDED') {
    refuse(`'${vm.name}' VM is suspended and can only be resumed/powered off`);
  }
  const bytes = Number(vm.memory) * MIB;
  if (!overcommits && bytes > availableMemoryAt(world, world.now())) {
    refuse(`Cannot guarantee memory for guest ${vm.name}`, ERRNO.ENOMEM);
  }
  return enter(context, vm, 'RUNNING');
}

async function stop(context: MethodContext, id: number, isForced: boolean): Promise<null> {
  active(vmById(context, id), 'RUNNING', 'SUSPENDED');
  if (!isForced) await context.job?.wait(SHUTDOWN_MS);
  return enter(context, vmById(context, id), 'STOPPED');
}

/** @throws ValidationErrors ENOENT */
function vmById({ world }: MethodContext, id: number): Vm {
  const vm = world.workloads.vms.find((each) => each.id === id);
  if (vm === undefined) throw doesNotExist('VM', id);
  return vm;
}

/** The machine, if it is in one of these states. @throws CallError */
function active(vm: Vm, ...states: readonly VmStatus['state'][]): Vm {
  if (!states.includes(vm.status.state)) refuse(`${domainOf(vm)} domain is not active`);
  return vm;
}

function domainOf({ id, name }: Vm): string {
  return `${String(id)}_${name}`;
}

/** Brings a machine into a state. */
export function enter(context: MethodContext, vm: Vm, state: VmStatus['state']): null {
  const status = vmStatus(context.world.random, state);
  replace(context, vm, { status, display_available: state === 'RUNNING' });
  return null;
}

function replace(context: MethodContext, vm: Vm, fields: ApiRow): Vm {
  const { vms } = context.world.workloads;
  const fresh: Vm = { ...vm, ...fields };
  vms[vms.indexOf(vm)] = fresh;
  announce(context, 'vm', 'changed', vm.id, fresh);
  return fresh;
}

function removeZvols(context: MethodContext, { devices }: Vm): void {
  const { datasets } = context.world;
  for (const { attributes } of devices as readonly { attributes: ApiRow }[]) {
    const zvol = attributes.dtype === 'DISK' ? zvolAt(datasets, String(attributes.path)) : null;
    const gone = zvol === null ? [] : datasets.remove(zvol.id);
    for (const { id } of gone) announce(context, 'pool.dataset', 'removed', id);
  }
}
