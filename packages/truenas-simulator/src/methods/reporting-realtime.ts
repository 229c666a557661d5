/** `reporting.realtime`: the live measurements, sent as long as somebody listens. */
import * as z from 'zod';
import type { EventSourceContext, SimEventDefinition } from '../session/events.ts';
import { isAtLeast } from '../releases.ts';
import { model } from '../schema/schema.ts';
import {
  arcSizeAt,
  availableMemoryAt,
  busynessAt,
  coreNames,
  coreUsageAt,
  cpuTemperatureAt,
  diskRatesAt,
  interfaceRatesAt,
} from '../world/metrics.ts';
import { MINUTE_MS, SECOND_MS } from '../world/units.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';

const roles = ['REPORTING_READ'];

export const REPORTING_EVENTS: readonly SimEventDefinition[] = [
  {
    name: 'reporting.realtime',
    description: 'Load of processors, memory, disks and interfaces, every few seconds.',
    roles,
    args: model('RealtimeArgs', { interval: z.int().min(2).default(2) }).prefault({}),
    start(context: EventSourceContext, args: { interval: number }) {
      const send = (): void => context.emit(measure(context.world, context.now()));
      send();
      const timer = setInterval(send, args.interval * SECOND_MS);
      return () => clearInterval(timer);
    },
  },
];

/** What `reporting.realtime` sends. */
function measure(world: World, ms: number): ApiRow {
  const cores = coreNames(world);
  const busy = busynessAt(world, ms);
  const rates = world.disks.all.map(({ name }) => diskRatesAt(world, name, ms));
  const reads = rates.reduce((sum, [read]) => sum + read, 0);
  const writes = rates.reduce((sum, [, write]) => sum + write, 0);
  const core = (name: string): ApiRow => ({
    usage: coreUsageAt(world, name, ms),
    temp: cpuTemperatureAt(world, name, ms),
  });
  const usages = cores.map((name) => coreUsageAt(world, name, ms));
  const total = usages.reduce((sum, usage) => sum + usage, 0) / Math.max(1, usages.length);
  const isOld = !isAtLeast(world.release, '25.10');
  return {
    cpu: {
      cpu: { usage: total, temp: cpuTemperatureAt(world, 'cpu', ms) },
      ...Object.fromEntries(cores.map((name) => [name, core(name)])),
    },
    disks: {
      busy: Math.min(100, busy * 120),
      read_bytes: reads,
      write_bytes: writes,
      read_ops: reads / 65_536,
      write_ops: writes / 32_768,
    },
    interfaces: Object.fromEntries(
      world.system.interfaces.map(({ name, isUp, speedMbit }) => {
        const [received, sent] = interfaceRatesAt(world, name, ms);
        const state = isUp ? 'LINK_STATE_UP' : 'LINK_STATE_DOWN';
        return [
          name,
          {
            link_state: state,
            speed: isUp ? speedMbit : null,
            received_bytes_rate: received,
            sent_bytes_rate: sent,
          },
        ];
      }),
    ),
    memory: {
      arc_size: arcSizeAt(world, ms),
      arc_free_memory: Math.round(availableMemoryAt(world, ms) * 0.5),
      arc_available_memory: Math.round(availableMemoryAt(world, ms) * 0.4),
      physical_memory_total: world.system.memoryBytes,
      physical_memory_available: availableMemoryAt(world, ms),
    },
    zfs: zfsRates(busy, ms),
    // 25.04 says whether it reached its collector instead of how full the pools are.
    ...(isOld ? { failed_to_connect: false } : { pools: poolSpace(world) }),
  };
}

function poolSpace(world: World): ApiRow {
  return Object.fromEntries(
    world.pools.all.map((pool) => {
      const root = world.datasets.get(pool.name);
      const used = root === undefined ? 0 : world.datasets.usedBytes(root);
      return [pool.name, { available: pool.usableBytes - used, used, total: pool.usableBytes }];
    }),
  );
}

function zfsRates(busy: number, ms: number): Record<string, number> {
  const data = Math.round(9000 * busy);
  const metadata = Math.round(2500 * busy);
  const hit = 93 + Math.round((ms / MINUTE_MS) % 4);
  const split = (kind: string, total: number): Record<string, number> => ({
    [`demand_${kind}_accesses_per_second`]: total,
    [`demand_${kind}_hits_per_second`]: Math.round((total * hit) / 100),
    [`demand_${kind}_io_hits_per_second`]: Math.round(total / 100),
    [`demand_${kind}_misses_per_second`]: Math.round((total * (99 - hit)) / 100),
    [`demand_${kind}_hit_percentage`]: hit,
    [`demand_${kind}_io_hit_percentage`]: 1,
    [`demand_${kind}_miss_percentage`]: 99 - hit,
  });
  return {
    demand_accesses_per_second: data + metadata,
    ...split('data', data),
    ...split('metadata', metadata),
    l2arc_hits_per_second: Math.round(data / 60),
    l2arc_misses_per_second: Math.round(data / 40),
    total_l2arc_accesses_per_second: Math.round(data / 60) + Math.round(data / 40),
    l2arc_access_hit_percentage: 40,
    l2arc_miss_percentage: 60,
    bytes_read_per_second_from_the_l2arc: data * 900,
    bytes_written_per_second_to_the_l2arc: data * 300,
  };
}
