/** Network interfaces before leaving TrueNAS CORE. */
import { field } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { LEAVES_CORE, type MigrationCheck, migrationCheck, named, words } from './check.ts';

const STANDARD_MTU = 1500;

const ROW = {
  name: field.text,
  type: field.text,
  mtu: field.unknown,
  aliases: field.objects({ type: field.text, address: field.text, netmask: field.number }),
  ipv4_dhcp: field.flag,
  lag_protocol: field.text,
  lag_ports: field.texts,
  options: field.text,
  disable_offload_capabilities: field.flag,
};

const interfaces = migrationCheck(
  { part: 'network', title: 'network interfaces', uses: ['interface.query'], ...LEAVES_CORE },
  async (nas, when) => {
    for (const row of await rowsFrom(nas, 'interface.query', ROW)) {
      const { name, type, mtu, aliases, ipv4_dhcp: isByDhcp, options } = row;
      const addresses = (aliases ?? [])
        .filter((alias) => alias.type !== 'LINK')
        .map(({ address, netmask }) => `${address ?? '?'}${netmask === null ? '' : `/${netmask}`}`);
      const isUsed = addresses.length > 0 || isByDhcp === true;
      const isUsedKnown = isUsed || (aliases !== null && isByDhcp !== null);
      const evidence = words(...addresses, isByDhcp === true && 'DHCP');
      when('interfaces', named(name), [isUsedKnown ? isUsed : null], evidence);
      const isTrunk = type === null ? null : type === 'LINK_AGGREGATION';
      when('lagg', named(name), [isTrunk], words(row.lag_protocol, (row.lag_ports ?? []).join(' and ')));
      // None is the standard.
      const isLarge = typeof mtu === 'number' ? mtu > STANDARD_MTU : mtu === null ? false : null;
      when('jumbo', named(name), [isLarge], `MTU ${String(mtu)}`);
      const isTuned = options === null ? null : options.trim() !== '';
      const isWithout = row.disable_offload_capabilities;
      const has = isTuned === true || isWithout === true;
      const isKnown = has || (isTuned !== null && isWithout !== null);
      const what = words(options, isWithout === true && 'offload off');
      when('interface_options', named(name), [isKnown ? has : null], what);
    }
  },
);

export const NETWORK_CHECKS: readonly MigrationCheck[] = [interfaces];
