/** Facts about the machine itself. */
import { RELEASE_FACTS, type SimRelease } from '../releases.ts';
import type { Random } from './random.ts';
import { DAY_MS, GIB, HOUR_MS } from './units.ts';

/** The machine. */
export interface SystemFacts {
  readonly version: string;
  /** The version an update would bring. */
  readonly newVersion: string | null;
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
  readonly bootId: string;
  readonly bootedMs: number;
  readonly builtMs: number;
}

const NEW_VERSIONS: Readonly<Record<SimRelease, string>> = {
  '25.04': '25.10.6',
  '25.10': '25.10.7',
  '26.0': '26.0.0-RC.1',
};
const TRAINS: Readonly<Record<SimRelease, string>> = {
  '25.04': 'TrueNAS-SCALE-Fangtooth',
  '25.10': 'TrueNAS-SCALE-Goldeye',
  '26.0': 'TrueNAS-26-BETA',
};

/** Draws the machine. */
export function createSystemFacts(random: Random, release: SimRelease, nowMs: number): SystemFacts {
  return {
    version: RELEASE_FACTS[release].version,
    newVersion: NEW_VERSIONS[release],
    train: TRAINS[release],
    hostname: 'nas',
    domain: 'example.org',
    memoryBytes: 64 * GIB - random.int(300, 900) * 2 ** 20,
    cpuModel: 'Intel(R) Xeon(R) E-2278G CPU @ 3.40GHz',
    cores: 16,
    physicalCores: 8,
    serial: `A1-${random.text(8)}`,
    product: 'X11SCL-F',
    manufacturer: 'Supermicro',
    hasEccMemory: true,
    timezone: 'Europe/Berlin',
    hostId: random.hex(64),
    bootId: random.uuid(),
    bootedMs: nowMs - 37 * DAY_MS - random.int(1, 20) * HOUR_MS,
    builtMs: nowMs - 60 * DAY_MS,
  };
}
