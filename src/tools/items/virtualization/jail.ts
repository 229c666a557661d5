import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { addressOf, isOn } from './iocage.ts';

/** Jails of TrueNAS CORE. Their hundred other properties are those of iocage. */
export const jail = defineKind({
  name: 'jail',
  toolset: 'virtualization',
  noun: 'jails',
  about: 'of TrueNAS CORE: release, state, boot, addresses, type; what is mounted is not told',
  words: ['iocage', 'freebsd jail', 'vnet jail'],
  sources: [{ method: 'jail.query' }],
  instead:
    'Jails are on TrueNAS CORE alone. Later releases have apps (list_items {"kind":"app"}) and containers ({"kind":"container"}).',
  row: {
    boot: isOn,
    ip4_addr: addressOf,
    ip6_addr: addressOf,
    dhcp: isOn,
    vnet: isOn,
    basejail: isOn,
    last_started: lastStarted,
  },
  columns: {
    name: { type: 'text', from: 'id', isKey: true },
    state: { type: 'text', from: 'state' },
    boot: { type: 'flag', value: ({ boot }) => boot },
    release: { type: 'text', from: 'release' },
    type: { type: 'text', from: 'type' },
    ip4: { type: 'text', value: ({ ip4_addr, dhcp }) => (dhcp === true ? (ip4_addr ?? 'DHCP') : ip4_addr) },
    ip6: { type: 'text', value: ({ ip6_addr }) => ip6_addr },
    vnet: { type: 'flag', value: ({ vnet }) => vnet, isOnDemand: true },
    basejail: { type: 'flag', value: ({ basejail }) => basejail, isOnDemand: true },
    template: { type: 'text', from: 'source_template', isOnDemand: true },
    last_started: { type: 'text', value: ({ last_started: started }) => started, isOnDemand: true },
  },
  named: 'name',
  details: [
    {
      title: 'mounts',
      uses: [],
      // One method tells and changes them (jail.fstab), and so is not called.
      read: async () => ({ lines: [MOUNTS], data: MOUNTS }),
    },
  ],
  hides: ['hostid'],
  examples: [
    { args: {}, why: 'which there are, and which run' },
    { args: { filter: ['state=up'], fields: ['ip4', 'vnet'] }, why: 'where to reach those that run' },
  ],
  getExamples: [{ args: { id: 'media' }, why: 'one by name' }],
});

const MOUNTS =
  'not read: the method that tells what is mounted in a jail also changes it; see Jails > Mount points';

/** `none`: not since it was made. */
function lastStarted(value: unknown): string | null {
  return value === 'none' ? null : field.text(value);
}
