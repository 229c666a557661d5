import { field, rawRowsOf } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';

/** Connections of the management controller. Its event log and its power are asked by jobs, which are not run here. */
export const ipmi = defineKind({
  name: 'ipmi',
  toolset: 'network',
  noun: 'IPMI channels',
  about: 'the management controller (BMC): address, source, gateway, VLAN, MAC',
  words: ['bmc', 'ilo', 'idrac', 'remote management', 'management controller'],
  sources: [
    {
      uses: ['ipmi.lan.query'],
      read: async (nas) => rawRowsOf(await nas.call('ipmi.lan.query')),
    },
  ],
  row: { vlan_id: field.number, vlan_id_enable: field.flag, ip_address_source: field.text },
  columns: {
    channel: { type: 'number', from: 'channel', isKey: true, sort: 'asc' },
    address: { type: 'text', from: 'ip_address' },
    netmask: { type: 'text', from: 'subnet_mask' },
    source: { type: 'text', from: 'ip_address_source' },
    gateway: { type: 'text', from: 'default_gateway_ip_address' },
    mac: { type: 'text', from: 'mac_address' },
    vlan: { type: 'number', value: (row) => (row.vlan_id_enable === false ? null : row.vlan_id) },
  },
  named: 'channel',
  hides: ['id'],
  examples: [{ args: {}, why: 'where the controller is reached' }],
  getExamples: [
    { args: { id: '1' }, why: 'one channel' },
    { args: { id: '9' }, why: 'one that is not there' },
  ],
});
