/** The machine as an older release sees it: its version, and on FreeBSD other names for disks and interfaces. */
import { isCore, LEGACY_VERSIONS, type LegacyRelease } from '../../releases.ts';
import type { NetworkInterface, SystemFacts } from '../system.ts';

/** The last of a full shelf hangs on a RAID controller, the spare disk on two cables. */
const SPECIAL: Readonly<Record<string, string>> = { sdg: 'da0', sdn: 'mfid0' };

/** FreeBSD's name of a disk: `ada0` for `sda`, `nvd0` for `nvme0n1`. */
export function freebsdDisk(name: string): string {
  const special = SPECIAL[name];
  if (special !== undefined) return special;
  const nvme = /^nvme(\d+)n\d+$/.exec(name)?.[1];
  if (nvme !== undefined) return `nvd${nvme}`;
  const letters = /^sd([a-z]+)$/.exec(name)?.[1];
  if (letters === undefined) return name;
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 96;
  return `ada${number - 1}`;
}

const TRAINS = { 'core-13.0': 'TrueNAS-13.0-STABLE', 'core-13.3': 'TrueNAS-13.3-STABLE' } as const;

/** In what the machine differs there. */
export function legacyFacts(legacy: LegacyRelease, facts: SystemFacts): Partial<SystemFacts> {
  const version = LEGACY_VERSIONS[legacy];
  if (!isCore(legacy)) {
    return { version, newVersion: '24.10.2.5', train: 'TrueNAS-SCALE-ElectricEel' };
  }
  return {
    version,
    newVersion: null,
    train: TRAINS[legacy],
    interfaces: facts.interfaces.map(freebsdInterface),
  };
}

const INTERFACES: Readonly<Record<string, string>> = {
  enp3s0f0: 'ix0',
  enp3s0f1: 'ix1',
  eno1: 'igb0',
  br0: 'bridge0',
};

function freebsdInterface(each: NetworkInterface): NetworkInterface {
  const shown = (name: string): string => INTERFACES[name] ?? name;
  return { ...each, name: shown(each.name), members: each.members.map(shown) };
}
