/** Jails and plugins of FreeBSD: iocage's properties are flat text. */
import type { Random } from '../random.ts';

type Properties = Readonly<Record<string, unknown>>;

/** What runs in jails. */
export interface Jails {
  /** The pool that holds them; null where they were never set up. */
  readonly pool: string | null;
  readonly jails: readonly Properties[];
  readonly plugins: readonly Properties[];
}

/** Those of a world on a pool; none without. */
export function createJails(random: Random, pool: string | null): Jails {
  if (pool === null) return { pool: null, jails: [], plugins: [] };
  const plugin = jail(random, 'nextcloud', {
    jid: 2,
    ip: '192.0.2.51',
    release: '13.3-RELEASE',
    type: 'pluginv2',
  });
  return {
    pool,
    jails: [
      jail(random, 'media', { jid: 1, ip: '192.0.2.50', release: '13.3-RELEASE', type: 'jail' }),
      jail(random, 'build', { jid: null, ip: null, release: '12.4-RELEASE', type: 'jail' }),
      plugin,
    ],
    plugins: [
      {
        ...{ id: 'nextcloud', jid: 2, name: 'nextcloud', boot: 'on', state: 'up', type: 'pluginv2' },
        ...{ release: '13.3-RELEASE', ip4: '192.0.2.51', ip6: null, template: null, doc_url: null },
        ...{ plugin: 'nextcloud', plugin_repository: 'https://plugins.example.org/core.git', category: null },
        ...{ maintainer: null, plugin_info: null, admin_portals: ['http://192.0.2.51/'] },
        ...{ version: '29.0.4', revision: '1' },
      },
    ],
  };
}

interface JailPlan {
  /** Null: it is stopped. */
  readonly jid: number | null;
  readonly ip: string | null;
  readonly release: string;
  readonly type: string;
}

function jail(random: Random, name: string, { jid, ip, release, type }: JailPlan): Properties {
  const isUp = jid !== null;
  return {
    ...{ id: name, host_hostuuid: name, host_hostname: name, jid, state: isUp ? 'up' : 'down' },
    ...{ boot: isUp ? 'on' : 'off', type, release: `${release}-p1`, basejail: 'no' },
    ...{ ip4_addr: ip === null ? 'none' : `vnet0|${ip}/24`, ip6_addr: 'none' },
    ...{ dhcp: ip === null ? 'on' : 'off', vnet: 'on', bpf: ip === null ? 'yes' : 'no', nat: '0' },
    ...{ defaultrouter: '192.0.2.1', interfaces: 'vnet0:bridge0', resolver: '/etc/resolv.conf' },
    ...{ source_template: null, last_started: isUp ? '2026-10-20 04:12:07' : 'none', priority: '99' },
    ...{ allow_raw_sockets: '0', allow_mount: '0', allow_mount_zfs: '0', jail_zfs: 'off', template: '0' },
    ...{ hostid: random.uuid(), notes: 'none', owner: 'root', quota: 'none', sysvshm: 'new' },
  };
}
