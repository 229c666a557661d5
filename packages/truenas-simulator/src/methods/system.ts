/** `system.*`: which machine this is and how long it has been up. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { wholeSeconds } from '../world/units.ts';
import { loadAt } from '../world/metrics.ts';
import { ONLY_25_04, SINCE_25_10 } from './common.ts';

export const SYSTEM_METHODS: readonly SimMethod[] = [
  {
    name: 'system.info',
    description: 'Hardware, version, uptime and load of the system.',
    roles: ['READONLY_ADMIN'],
    run({ world, release }: MethodContext) {
      const { system } = world;
      const nowMs = world.now();
      const uptimeSeconds = (nowMs - system.bootedMs) / 1000;
      return {
        version: system.version.replace('TrueNAS-', ''),
        buildtime: wholeSeconds(system.builtMs),
        hostname: system.hostname,
        physmem: system.memoryBytes,
        model: system.cpuModel,
        cores: system.cores,
        physical_cores: system.physicalCores,
        loadavg: [1, 5, 15].map((minutes) => loadAt(world, nowMs, minutes)),
        uptime: uptimeText(uptimeSeconds),
        uptime_seconds: uptimeSeconds,
        system_serial: system.serial,
        system_product: system.product,
        system_product_version: '0123456789',
        ...(isAtLeast(release, '25.10') ? { license: null } : {}),
        boottime: wholeSeconds(system.bootedMs),
        datetime: wholeSeconds(nowMs),
        timezone: system.timezone,
        system_manufacturer: system.manufacturer,
        ecc_memory: system.hasEccMemory,
      };
    },
  },
  {
    name: 'system.version',
    description: 'The full version, with the product name.',
    auth: 'login',
    run: ({ world }: MethodContext) => world.system.version,
  },
  {
    name: 'system.version_short',
    description: 'The version number alone.',
    auth: 'login',
    run: ({ world }: MethodContext) => world.system.version.replace('TrueNAS-', ''),
  },
  {
    name: 'system.product_type',
    description: 'Community or enterprise edition.',
    releases: ONLY_25_04,
    roles: ['READONLY_ADMIN'],
    run: () => 'COMMUNITY_EDITION',
  },
  {
    name: 'system.product_type',
    description: 'Community or enterprise edition.',
    releases: SINCE_25_10,
    roles: ['SYSTEM_PRODUCT_READ'],
    run: () => 'COMMUNITY_EDITION',
  },
  ...(['25.04', '25.10'] as const).flatMap((release): SimMethod[] => {
    const only = {
      releases: release === '25.04' ? ONLY_25_04 : SINCE_25_10,
      roles: release === '25.04' ? [] : ['SYSTEM_GENERAL_READ'],
    };
    return [
      { ...only, name: 'system.state', description: 'Booting, ready or shutting down.', run: () => 'READY' },
      { ...only, name: 'system.ready', description: 'True once the system has booted.', run: () => true },
    ];
  }),
  {
    name: 'system.host_id',
    description: 'An id that stays with this installation.',
    roles: ['READONLY_ADMIN'],
    run: ({ world }: MethodContext) => world.system.hostId,
  },
  {
    name: 'system.boot_id',
    description: 'An id that changes with every boot.',
    auth: 'none',
    run: ({ internals }: MethodContext) => internals.bootId,
  },
];

function uptimeText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const clock = new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19).replace(/^0/, '');
  return `${String(days)} days, ${clock}`;
}
