/** `reporting.realtime` as FreeBSD releases send it: every two seconds, with counters beside rates. */
import type { EventSourceContext } from '../session/events.ts';
import {
  arcSizeAt,
  availableMemoryAt,
  coreNames,
  coreUsageAt,
  cpuTemperatureAt,
  diskRatesAt,
  interfaceRatesAt,
} from '../world/metrics.ts';
import { SECOND_MS } from '../world/units.ts';
import type { World } from '../world/world.ts';

const EVERY_MS = 2 * SECOND_MS;
/** Tenths of a kelvin at 0 degrees Celsius, as the kernel counts. */
const FREEZING_TENTHS = 2732;

/** Sends measurements until it is stopped. */
export function sendCoreRealtime(context: EventSourceContext): () => void {
  const send = (): void => context.emit(measurements(context.world, context.now()));
  send();
  const timer = setInterval(send, EVERY_MS);
  return () => clearInterval(timer);
}

function measurements(world: World, ms: number): Record<string, unknown> {
  const total = world.system.memoryBytes;
  const available = availableMemoryAt(world, ms);
  const arc = arcSizeAt(world, ms);
  const upSeconds = (ms - world.system.bootedMs) / SECOND_MS;
  return {
    zfs: { arc_max_size: Math.round(total * 0.9), arc_size: arc, cache_hit_ratio: 0.96 },
    memory: { classes: { arc, free: available, other: total - available - arc }, extra: {} },
    virtual_memory: {
      total,
      available,
      percent: round((100 * (total - available)) / total),
      used: total - available,
    },
    cpu: processors(world, ms),
    interfaces: Object.fromEntries(
      world.system.interfaces.map(({ name, speedMbit }) => {
        const [received, sent] = interfaceRatesAt(world, name, ms);
        return [
          name,
          {
            speed: speedMbit,
            ...{ received_bytes: Math.round(received * upSeconds), received_bytes_rate: received },
            ...{ sent_bytes: Math.round(sent * upSeconds), sent_bytes_rate: sent },
          },
        ];
      }),
    ),
    disks: diskSums(world, ms),
  };
}

function processors(world: World, ms: number): Record<string, unknown> {
  const names = coreNames(world);
  const usages = names.map((name) => coreUsageAt(world, name, ms));
  const degrees = names.map((name) => cpuTemperatureAt(world, name, ms));
  const state = (usage: number): Record<string, number> => ({
    ...{ usage, user: round(usage * 0.6), nice: 0, system: round(usage * 0.38) },
    ...{ interrupt: round(usage * 0.02), idle: round(100 - usage) },
  });
  const mean = usages.reduce((sum, usage) => sum + usage, 0) / Math.max(1, usages.length);
  return {
    ...Object.fromEntries(usages.map((usage, index) => [String(index), state(usage)])),
    average: state(round(mean)),
    temperature: degrees.map((each) => Math.round(each * 10) + FREEZING_TENTHS),
    temperature_celsius: degrees,
  };
}

function diskSums(world: World, ms: number): Record<string, number> {
  const rates = world.disks.all.map(({ name }) => diskRatesAt(world, name, ms));
  const reads = rates.reduce((sum, [read]) => sum + read, 0);
  const writes = rates.reduce((sum, [, write]) => sum + write, 0);
  return {
    ...{ read_bytes: reads, write_bytes: writes, busy: round(Math.min(100, (reads + writes) / 20_000_000)) },
    ...{ read_ops: Math.round(reads / 65_536), write_ops: Math.round(writes / 32_768) },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
