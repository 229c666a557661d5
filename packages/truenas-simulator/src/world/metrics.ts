/** Measurements over time: pure functions of seed and moment, so that any range can be asked for, twice alike. */
import { type Disk, temperatureAt } from './disks.ts';
import type { Scan } from './scans.ts';
import { noise } from './random.ts';
import { DAY_MS, HOUR_MS, KIB, MIB, MINUTE_MS, SECOND_MS } from './units.ts';
import type { World } from './world.ts';

/** Smooth noise in [0, 1): interpolated between points `stepMs` apart. */
export function wander(key: string, ms: number, stepMs: number): number {
  const position = ms / stepMs;
  const left = Math.floor(position);
  const share = position - left;
  const ease = share * share * (3 - 2 * share);
  return noise(key, left) * (1 - ease) + noise(key, left + 1) * ease;
}

/** How busy the machine is, 0 to 1: calm nights, busy evenings, short peaks. */
export function busynessAt(world: World, ms: number): number {
  const day = 0.5 + 0.5 * Math.sin(((ms % DAY_MS) / DAY_MS) * 2 * Math.PI - 2.2);
  const slow = wander(`${String(world.seed)}/busy`, ms, HOUR_MS);
  const peak = wander(`${String(world.seed)}/peak`, ms, 4 * MINUTE_MS) ** 6;
  return Math.min(1, 0.04 + 0.18 * day + 0.22 * slow + 0.45 * peak);
}

/** Load average over this many minutes. */
export function loadAt(world: World, ms: number, minutes: number): number {
  const samples = [0, 1, 2, 3].map((index) => busynessAt(world, ms - (index * minutes * MINUTE_MS) / 4));
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  return Math.round(mean * world.system.cores * 0.6 * 100) / 100;
}

/** A graph that can be asked for. */
export interface Graph {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** What it is drawn for: a disk, an interface; null when there is one for the system. */
  readonly identifiers: ((world: World) => string[]) | null;
  /** Names of the columns after `time`. */
  legend(world: World): string[];
  /** Values of the columns at a moment. */
  sample(world: World, identifier: string | null, ms: number): number[];
}

/** Every graph of the simulated NAS. */
export const GRAPHS: readonly Graph[] = [
  {
    name: 'cpu',
    title: 'CPU Usage',
    unit: '%CPU',
    identifiers: null,
    legend: (world) => ['cpu', ...coreNames(world)],
    sample: (world, _, ms) => {
      const cores = coreNames(world).map((name) => coreUsageAt(world, name, ms));
      return [round(mean(cores)), ...cores];
    },
  },
  {
    name: 'cputemp',
    title: 'CPU Temperature',
    unit: 'Celsius',
    identifiers: null,
    legend: (world) => ['cpu', ...coreNames(world)],
    sample: (world, _, ms) => {
      const cores = coreNames(world).map((name) => cpuTemperatureAt(world, name, ms));
      return [round(mean(cores)), ...cores];
    },
  },
  {
    name: 'disk',
    title: 'Disk I/O ({identifier})',
    unit: 'Kibibytes/s',
    identifiers: diskIdentifiers,
    legend: () => ['reads', 'writes'],
    sample: (world, identifier, ms) =>
      diskRatesAt(world, identifier ?? '', ms).map((bytes) => round(bytes / KIB)),
  },
  {
    name: 'interface',
    title: 'Interface Traffic ({identifier})',
    unit: 'Kilobits/s',
    identifiers: (world) => world.system.interfaces.map(({ name }) => name),
    legend: () => ['received', 'sent'],
    sample: (world, identifier, ms) =>
      interfaceRatesAt(world, identifier ?? '', ms).map((bytes) => round((bytes * 8) / 1000)),
  },
  {
    name: 'load',
    title: 'System Load Average',
    unit: 'Load',
    identifiers: null,
    legend: () => ['shortterm', 'midterm', 'longterm'],
    sample: (world, _, ms) => [1, 5, 15].map((minutes) => loadAt(world, ms, minutes)),
  },
  {
    name: 'processes',
    title: 'System Processes',
    unit: 'Processes',
    identifiers: null,
    legend: () => ['active'],
    sample: (world, _, ms) => [Math.round(380 + 90 * busynessAt(world, ms))],
  },
  {
    name: 'memory',
    title: 'Physical memory available',
    unit: 'Bytes',
    identifiers: null,
    legend: () => ['available'],
    sample: (world, _, ms) => [availableMemoryAt(world, ms)],
  },
  {
    name: 'uptime',
    title: 'System Uptime',
    unit: 'Seconds',
    identifiers: null,
    legend: () => ['uptime'],
    sample: (world, _, ms) => [Math.floor(uptimeMsAt(world, ms) / SECOND_MS)],
  },
  {
    name: 'arcsize',
    title: 'ARC Size',
    unit: 'bytes',
    identifiers: null,
    legend: () => ['size'],
    sample: (world, _, ms) => [arcSizeAt(world, ms)],
  },
  {
    name: 'disktemp',
    title: 'Disk Temperature {identifier}',
    unit: 'Celsius',
    identifiers: diskIdentifiers,
    legend: () => ['temperature_value'],
    sample: (world, identifier, ms) => {
      const disk = diskOf(world, identifier ?? '');
      return [disk === undefined ? 0 : temperatureAt(disk, ms)];
    },
  },
];

/** A disk as reporting names it: its device name followed by what it is. */
export function diskIdentifiers(world: World): string[] {
  return world.disks.all.map(
    ({ name, kind, model, serial }) => `${name} | Type: ${kind} | Model: ${model} | Serial: ${serial}`,
  );
}

/** Finds the disk that a reporting identifier, or its bare name, means. */
export function diskOf(world: World, identifier: string): Disk | undefined {
  const name = identifier.split(' | ')[0];
  return world.disks.all.find((disk) => disk.name === name);
}

/** Percent of one core in use. */
export function coreUsageAt(world: World, core: string, ms: number): number {
  const own = wander(`${String(world.seed)}/${core}`, ms, 20 * SECOND_MS);
  return round(Math.min(100, 100 * busynessAt(world, ms) * (0.4 + 1.2 * own)));
}

/** Degrees Celsius of one core. */
export function cpuTemperatureAt(world: World, core: string, ms: number): number {
  return round(36 + 0.34 * coreUsageAt(world, core, ms - 10 * SECOND_MS) + 2 * wander(core, ms, MINUTE_MS));
}

/** Bytes read and written per second by a disk; disks without a pool rest. */
export function diskRatesAt(world: World, identifier: string, ms: number): [read: number, write: number] {
  const disk = diskOf(world, identifier);
  if (disk === undefined || disk.pool === null) return [0, 0];
  const pool = world.pools.byName(disk.pool);
  const isScrubbed = pool !== undefined && pool.scan !== null && isWithin(pool.scan, ms);
  const busy = busynessAt(world, ms);
  const top = disk.kind === 'SSD' ? 240 * MIB : 110 * MIB;
  const key = `${String(world.seed)}/${disk.serial}`;
  const read = top * (isScrubbed ? 0.75 : 0) + top * busy * wander(`${key}/r`, ms, 30 * SECOND_MS) * 0.5;
  const write = top * busy * wander(`${key}/w`, ms, 30 * SECOND_MS) * 0.35;
  return [Math.round(read), Math.round(write)];
}

/** Bytes received and sent per second on an interface. */
export function interfaceRatesAt(world: World, name: string, ms: number): [received: number, sent: number] {
  const link = world.system.interfaces.find((each) => each.name === name);
  if (link === undefined || !link.isUp) return [0, 0];
  const top = (link.speedMbit * 1_000_000) / 8;
  const busy = busynessAt(world, ms);
  const key = `${String(world.seed)}/${name}`;
  const received = top * busy * 0.2 * wander(`${key}/in`, ms, 15 * SECOND_MS);
  const sent = top * busy * 0.3 * wander(`${key}/out`, ms, 15 * SECOND_MS);
  return [Math.round(received), Math.round(sent)];
}

/** Bytes of the ARC: grows after boot, gives way a little to busy hours. */
export function arcSizeAt(world: World, ms: number): number {
  const sinceBoot = Math.min(1, Math.max(0.02, uptimeMsAt(world, ms) / (6 * HOUR_MS)));
  const share =
    0.62 + 0.06 * wander(`${String(world.seed)}/arc`, ms, 2 * HOUR_MS) - 0.08 * busynessAt(world, ms);
  return Math.round(world.system.memoryBytes * share * sinceBoot);
}

/** Bytes of memory that programs could still have. */
export function availableMemoryAt(world: World, ms: number): number {
  const share = 0.14 + 0.1 * wander(`${String(world.seed)}/mem`, ms, 30 * MINUTE_MS);
  return Math.round(world.system.memoryBytes * share * (1.1 - busynessAt(world, ms) * 0.4));
}

/** For how long the system had been up then; before this boot it booted every other month. */
function uptimeMsAt(world: World, ms: number): number {
  const sinceBootMs = ms - world.system.bootedMs;
  const betweenMs = 61 * DAY_MS;
  return sinceBootMs >= 0 ? sinceBootMs : betweenMs + (sinceBootMs % betweenMs);
}

/** Names of the cores as graphs and events have them. */
export function coreNames(world: World): string[] {
  return Array.from({ length: world.system.cores }, (_, index) => `cpu${String(index)}`);
}

function isWithin(scan: Scan, ms: number): boolean {
  return ms >= scan.startedMs && ms <= (scan.canceledMs ?? scan.pausedMs ?? scan.expectedEndMs);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
