/** Turning the machine off and on, as `system.reboot` and `system.shutdown` do. */
import { SIM_RELEASES, type SimRelease } from '../releases.ts';
import { noteVersion, versionOf } from '../world/boot-environments.ts';
import { isLocked } from '../world/datasets.ts';
import { runContainer } from '../world/containers.ts';
import { freshPids } from '../world/services.ts';
import { vmStatus } from '../world/workloads.ts';
import type { World } from '../world/world.ts';

/** What becomes of the machine. */
export type PowerAction = 'reboot' | 'shutdown';

/** The levers it needs. */
export interface PowerSwitch {
  readonly world: World;
  /** Nobody can connect from now on, until `comeBack`. */
  goAway(): Promise<void>;
  /** Forgets sessions, tokens and jobs, as every boot does; another release is another NAS with the same accounts. */
  bootAgain(release?: SimRelease): void;
  comeBack(): Promise<void>;
  wait(ms: number): Promise<void>;
}

/** From the answer of the job to the end of the connections: long enough for a busy client to read that it has ended. */
const LAST_WORDS_MS = 500;
/** How long a boot takes; a real machine needs minutes. */
const BOOT_MS = 3000;

/** Ends everything, and unless it is a shutdown boots; `scale` makes that short for tests. */
export async function changePower(power: PowerSwitch, action: PowerAction, scale: number): Promise<void> {
  await power.wait(LAST_WORDS_MS);
  await power.goAway();
  if (action === 'reboot') await power.wait(BOOT_MS * scale);
  settle(power.world);
  power.bootAgain(changeOver(power.world));
  if (action === 'reboot') await power.comeBack();
}

/** Starts the boot environment that was chosen; answers its release when that is another one. */
function changeOver(world: World): SimRelease | undefined {
  const { system, release } = world;
  const { bootEnvironment: before, nextEnvironment: next } = system;
  system.isUpdateApplied = false;
  if (next === null) return undefined;
  noteVersion(world, before, system.version);
  const version = versionOf(world, next);
  Object.assign(system, { version, bootEnvironment: next, nextEnvironment: null });
  return SIM_RELEASES.find((family) => family !== release && version.startsWith(`TrueNAS-${family}.`));
}

/** How a boot finds the world: services and machines as they are set to start, and no passphrase known. */
function settle(world: World): void {
  const { services, workloads, datasets, random, system } = world;
  system.bootedMs = world.now();
  world.rebootReasons.clear();
  for (const service of services) {
    service.isRunning = service.enable;
    service.pids = service.enable ? freshPids(random, service.service) : [];
  }
  // Keys in hex are in the NAS's own database; a passphrase is only in somebody's head.
  for (const { key } of datasets.walk()) if (key?.format === 'PASSPHRASE') key.isLoaded = false;
  for (const container of workloads.containers) runContainer(random, container, container.autostart);
  for (const [index, vm] of workloads.vms.entries()) {
    const starts = vm.autostart === true && !isOnLockedGround(world, vm.devices);
    const status = vmStatus(random, starts ? 'RUNNING' : 'STOPPED');
    workloads.vms[index] = { ...vm, status, display_available: starts };
  }
}

function isOnLockedGround({ datasets }: World, devices: unknown): boolean {
  return (devices as readonly { attributes: { path?: string } }[]).some(({ attributes }) => {
    const zvol = datasets.get(String(attributes.path).replace('/dev/zvol/', ''));
    return zvol !== undefined && isLocked(zvol);
  });
}
