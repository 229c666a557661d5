/** What runs on a pool besides shares and tasks: machines, apps and the NAS's own dataset. An export ends it. */
import type { MethodContext } from '../calls/method.ts';
import { zvolAt } from '../world/dataset-paths.ts';
import type { Pool } from '../world/pools.ts';
import { GIB } from '../world/units.ts';
import type { Vm } from '../world/workloads.ts';
import type { ApiRow } from './common.ts';
import { enter } from './vm.ts';

/** Stops the machines whose disks are on the pool, and answers what starts them again. */
export function stopMachines(context: MethodContext, pool: Pool): () => void {
  const { vms } = context.world.workloads;
  const stopped = vms.filter((vm) => vm.status.state !== 'STOPPED' && hasDiskOn(context, vm, pool));
  for (const vm of stopped) enter(context, vm, 'STOPPED');
  return () => {
    for (const { id } of stopped) {
      const vm = vms.find((each) => each.id === id);
      if (vm?.status.state === 'STOPPED') enter(context, vm, 'RUNNING');
    }
  };
}

/**
 * Stops apps that are on the pool, and answers what starts them again. The pool stays set, for when it comes back,
 * unless everything that used it is to go.
 */
export function stopApps({ world }: MethodContext, pool: Pool, isForgotten: boolean): () => void {
  const { docker } = world.settings;
  if (docker?.pool !== pool.name) return () => undefined;
  world.workloads.docker = isForgotten ? 'UNCONFIGURED' : 'STOPPED';
  if (isForgotten) {
    world.settings = { ...world.settings, docker: { ...docker, pool: null, dataset: null } };
    world.workloads.apps.length = 0;
  }
  return () => {
    const isBack = world.pools.byName(String(world.settings.docker?.pool)) !== undefined;
    if (isBack && world.workloads.docker === 'STOPPED') world.workloads.docker = 'RUNNING';
  };
}

/** Moves the NAS's own dataset to the next data pool, or to the boot pool when there is none. */
export function moveSystemDataset({ world, now }: MethodContext, pool: Pool): void {
  const { systemdataset: old } = world.settings;
  if (old?.pool !== pool.name) return;
  const next = world.pools.all.find(({ name }) => name !== pool.name);
  const name = next?.name ?? world.pools.boot.name;
  const basename = `${name}/.system`;
  if (world.datasets.get(basename) === undefined) {
    world.datasets.add({ id: basename, createdMs: now(), dataBytes: Math.floor(1.4 * GIB) });
  }
  const systemdataset = { ...old, pool: name, pool_set: next !== undefined, basename };
  world.settings = { ...world.settings, systemdataset };
}

function hasDiskOn({ world }: MethodContext, { devices }: Vm, pool: Pool): boolean {
  return (devices as readonly { attributes: ApiRow }[]).some(
    ({ attributes }) =>
      attributes.dtype === 'DISK' && zvolAt(world.datasets, String(attributes.path))?.pool === pool.name,
  );
}
