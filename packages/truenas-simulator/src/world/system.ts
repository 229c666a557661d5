/** Facts about the machine itself. */
import { RELEASE_FACTS, type SimRelease } from '../releases.ts';
import type { NetworkTrial } from './network-trial.ts';
import type { Random } from './random.ts';
import { DAY_MS, GIB, HOUR_MS } from './units.ts';

/** The machine. */
export interface SystemFacts {
  version: string;
  /** The version an update would bring. */
  newVersion: string | null;
  /** The boot environment that the next boot starts, where that is another one than runs. */
  nextEnvironment: string | null;
  /** An update was installed since the last boot: no other one is offered before the next. */
  isUpdateApplied: boolean;
  /** The boot environment that runs. */
  bootEnvironment: string;
  readonly train: string;
  readonly hostname: string;
  readonly domain: string;
  readonly memoryBytes: number;
  readonly cpuModel: string;
  readonly cores: number;
  readonly physicalCores: number;
  readonly serial: string;
  readonly product: string;
  readonly manufacturer: string;
  readonly hasEccMemory: boolean;
  readonly timezone: string;
  readonly hostId: string;
  bootedMs: number;
  readonly builtMs: number;
  interfaces: readonly NetworkInterface[];
  /** The interfaces as they run, while they are set otherwise. */
  runningInterfaces?: readonly NetworkInterface[];
  /** Changes of interfaces that nobody has kept yet. */
  networkTrial?: NetworkTrial;
}

/** A network interface. */
export interface NetworkInterface {
  readonly name: string;
  readonly type: 'PHYSICAL' | 'BRIDGE';
  readonly mac: string;
  readonly speedMbit: number;
  readonly isUp: boolean;
  readonly isDhcp?: boolean;
  readonly mtu?: number | null;
  readonly addresses: readonly { readonly address: string; readonly netmask: number }[];
  readonly members: readonly string[];
  readonly description: string;
}

const NEW_VERSIONS: Readonly<Record<SimRelease, string>> = {
  '25.04': '25.10.6',
  '25.10': '25.10.7',
  '27.0': '27.0.0',
};
const TRAINS: Readonly<Record<SimRelease, string>> = {
  '25.04': 'TrueNAS-SCALE-Fangtooth',
  '25.10': 'TrueNAS-SCALE-Goldeye',
  '27.0': 'TrueNAS-27-RC',
};

/** Draws the machine. */
export function createSystemFacts(random: Random, release: SimRelease, nowMs: number): SystemFacts {
  return {
    version: RELEASE_FACTS[release].version,
    newVersion: NEW_VERSIONS[release],
    nextEnvironment: null,
    isUpdateApplied: false,
    bootEnvironment: 'current',
    train: TRAINS[release],
    hostname: 'nas',
    domain: 'example.org',
    memoryBytes: 64 * GIB - random.int(300, 900) * 2 ** 20,
    cpuModel: 'Intel(R) Xeon(R) E-2278G CPU @ 3.40GHz',
    cores: 16,
    physicalCores: 8,
    serial: `A1-${random.text(8)}`,
    product: 'X11SCL-F',
    manufacturer: 'truenas-simulator',
    hasEccMemory: true,
    timezone: 'Europe/Berlin',
    hostId: random.hex(64),
    bootedMs: nowMs - 37 * DAY_MS - random.int(1, 20) * HOUR_MS,
    builtMs: nowMs - 60 * DAY_MS,
    interfaces: createInterfaces(random),
  };
}

const STATIC = { isDhcp: false, mtu: null };

function createInterfaces(random: Random): NetworkInterface[] {
  const mac = (): string => `3c:ec:ef:${random.hex(2)}:${random.hex(2)}:${random.hex(2)}`;
  return [
    {
      name: 'enp3s0f0',
      type: 'PHYSICAL',
      mac: mac(),
      speedMbit: 10_000,
      isUp: true,
      addresses: [{ address: '192.0.2.10', netmask: 24 }],
      members: [],
      ...STATIC,
      description: 'storage network',
    },
    {
      name: 'enp3s0f1',
      type: 'PHYSICAL',
      mac: mac(),
      speedMbit: 10_000,
      isUp: false,
      addresses: [],
      members: [],
      ...STATIC,
      description: '',
    },
    {
      name: 'br0',
      type: 'BRIDGE',
      mac: mac(),
      speedMbit: 1_000,
      isUp: true,
      addresses: [{ address: '198.51.100.10', netmask: 24 }],
      members: ['eno1'],
      ...STATIC,
      description: 'virtual machines',
    },
    {
      name: 'eno1',
      type: 'PHYSICAL',
      mac: mac(),
      speedMbit: 1_000,
      isUp: true,
      addresses: [],
      members: [],
      ...STATIC,
      description: '',
    },
  ];
}
