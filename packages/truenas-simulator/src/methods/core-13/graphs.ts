/** The graphs of FreeBSD: states of the processors, kinds of memory, bytes and bits. */
import { temperatureAt } from '../../world/disks.ts';
import {
  arcSizeAt,
  availableMemoryAt,
  busynessAt,
  coreNames,
  coreUsageAt,
  cpuTemperatureAt,
  diskRatesAt,
  interfaceRatesAt,
  loadAt,
} from '../../world/metrics.ts';
import { SECOND_MS } from '../../world/units.ts';
import type { World } from '../../world/world.ts';

/** A graph. */
export interface CoreGraph {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  /** What it is drawn for; null when there is one for the system. */
  readonly identifiers: ((world: World) => string[]) | null;
  legend(world: World): string[];
  sample(world: World, identifier: string | null, ms: number): number[];
}

/** Every graph. */
export const CORE_GRAPHS: readonly CoreGraph[] = [
  {
    ...{ name: 'cpu', title: 'CPU Usage', label: '%CPU', identifiers: null },
    legend: () => ['interrupt', 'system', 'user', 'nice', 'idle'],
    sample(world, _, ms) {
      const usages = coreNames(world).map((name) => coreUsageAt(world, name, ms));
      const used = usages.reduce((sum, usage) => sum + usage, 0) / Math.max(1, usages.length);
      return [used * 0.02, used * 0.38, used * 0.6, 0, 100 - used].map(round);
    },
  },
  {
    ...{ name: 'load', title: 'System Load', label: 'Processes', identifiers: null },
    legend: () => ['load_shortterm', 'load_midterm', 'load_longterm'],
    sample: (world, _, ms) => [1, 5, 15].map((minutes) => loadAt(world, ms, minutes)),
  },
  {
    ...{ name: 'processes', title: 'Processes', label: 'Processes', identifiers: null },
    legend: () => ['ps_state-running_value', 'ps_state-sleeping_value'],
    sample: (world, _, ms) => [
      Math.round(2 + 6 * busynessAt(world, ms)),
      Math.round(90 + 20 * busynessAt(world, ms)),
    ],
  },
  {
    ...{ name: 'memory', title: 'Physical memory utilization', label: 'Memory', identifiers: null },
    legend: () => ['wired', 'inactive', 'laundry', 'active', 'free'].map((kind) => `memory-${kind}_value`),
    sample(world, _, ms) {
      const total = world.system.memoryBytes;
      const free = availableMemoryAt(world, ms);
      const wired = Math.min(total - free, Math.round(arcSizeAt(world, ms) * 1.08));
      const rest = total - free - wired;
      return [wired, Math.round(rest * 0.5), Math.round(rest * 0.1), Math.round(rest * 0.4), free];
    },
  },
  {
    ...{ name: 'uptime', title: 'System Uptime', label: 'Seconds', identifiers: null },
    legend: () => ['uptime_value'],
    sample: (world, _, ms) => [Math.max(0, Math.floor((ms - world.system.bootedMs) / SECOND_MS))],
  },
  {
    ...{ name: 'arcsize', title: 'ARC Size', label: 'Bytes', identifiers: null },
    legend: () => ['cache_size-arc_value'],
    sample: (world, _, ms) => [arcSizeAt(world, ms)],
  },
  {
    ...{ name: 'cputemp', title: 'CPU Temperature', label: '°C', identifiers: null },
    legend: (world) => coreNames(world).map((_, index) => `cputemp${index}`),
    sample: (world, _, ms) => coreNames(world).map((name) => cpuTemperatureAt(world, name, ms)),
  },
  {
    ...{ name: 'interface', title: 'Interface Traffic ({identifier})', label: 'Bits/s' },
    identifiers: (world) => world.system.interfaces.map(({ name }) => name),
    legend: () => ['rx', 'tx'],
    sample: (world, identifier, ms) =>
      interfaceRatesAt(world, identifier ?? '', ms).map((bytes) => bytes * 8),
  },
  {
    ...{ name: 'disk', title: 'Disk I/O ({identifier})', label: 'Bytes/s', identifiers: diskNames },
    legend: () => ['disk_octets_read', 'disk_octets_write'],
    sample: (world, identifier, ms) => diskRatesAt(world, identifier ?? '', ms),
  },
  {
    ...{ name: 'disktemp', title: 'Disk Temperature {identifier}', label: '°C', identifiers: diskNames },
    legend: () => ['temperature_value'],
    sample(world, identifier, ms) {
      const disk = world.disks.all.find(({ name }) => name === identifier);
      return disk === undefined ? [] : [temperatureAt(disk, ms)];
    },
  },
  {
    ...{ name: 'df', title: 'Disk space ({identifier})', label: 'Bytes' },
    identifiers: (world) => world.pools.all.map(({ name }) => `/mnt/${name}`),
    legend: () => ['df_complex-free', 'df_complex-used'],
    sample(world, identifier) {
      const root = world.datasets.get((identifier ?? '').slice('/mnt/'.length));
      return root === undefined || root === null
        ? [0, 0]
        : [world.datasets.availableBytes(root), world.datasets.usedBytes(root)];
    },
  },
];

function diskNames(world: World): string[] {
  return world.disks.all.map(({ name }) => name);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
