/** Boot environments: installed systems on the boot pool, each with the settings of its time. */
import type { Dataset } from './datasets.ts';
import type { World } from './world.ts';

/** Whether an update may remove it for room; the NAS keeps that as a property of its dataset. */
export const KEEP = 'zectl:keep';
/** Which version is in it; a real one has that in its files. */
const VERSION = 'simulator:version';

type Place = Pick<World, 'pools' | 'datasets' | 'system'>;

/** The dataset that a boot environment of this name has. */
export function environmentPath({ pools }: Pick<World, 'pools'>, name: string): string {
  return `${pools.boot.name}/ROOT/${name}`;
}

/** Its dataset; undefined when there is none of this name. */
export function environmentOf(world: Place, name: string): Dataset | undefined {
  return world.datasets.get(environmentPath(world, name));
}

/** `TrueNAS-25.10.1`: the version that it starts. */
export function versionOf(world: Place, name: string): string {
  if (name === world.system.bootEnvironment) return world.system.version;
  return environmentOf(world, name)?.userProperties.get(VERSION) ?? `TrueNAS-${name}`;
}

/** Keeps the version of one whose name does not say it. */
export function noteVersion(world: Place, name: string, version: string): void {
  environmentOf(world, name)?.userProperties.set(VERSION, version);
}
