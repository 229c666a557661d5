import { query } from '../../../truenas/query.ts';
import { field, rawRowsOf, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';
import { deviceSettings, deviceText } from './device-text.ts';

/** Devices of virtual machines; the password of a display is left out where it is read. */
export const vmDevice = defineKind({
  name: 'vm_device',
  toolset: 'virtualization',
  noun: 'devices of virtual machines',
  about: 'disks, network cards, displays, CD-ROMs, PCI and USB devices of virtual machines',
  words: ['vm disk', 'vm nic', 'vm display', 'passthrough'],
  sources: [
    {
      uses: ['vm.device.query'],
      async read(nas) {
        const parameters = query({ select: ['id', 'vm', 'order', 'attributes'] });
        return rawRowsOf(await nas.call('vm.device.query', parameters)).map(({ attributes, ...row }) => {
          const settings = deviceSettings(attributes);
          return { ...settings, ...row, device: settings === null ? null : deviceText(settings) };
        });
      },
    },
  ],
  row: { vm: field.number, owner: joined<string>() },
  columns: {
    id: { type: 'number', from: 'id', isKey: true, sort: 'asc' },
    vm: { type: 'text', value: ({ vm, owner }) => owner ?? (vm === null ? null : `#${vm}`), sort: 'asc' },
    dtype: { type: 'text', from: 'dtype', sort: 'asc' },
    device: { type: 'text', from: 'device' },
    order: { type: 'number', from: 'order' },
  },
  named: 'device',
  ids: ['id'],
  sortedBy: 'vm',
  joins: [
    {
      columns: ['vm'],
      uses: ['vm.query'],
      async read(nas) {
        const shape = { id: field.number, name: field.text };
        const rows = rowsOf(await nas.call('vm.query', query({ select: Object.keys(shape) })), shape);
        const names = new Map(rows.map(({ id, name }) => [id, name]));
        return { add: ({ vm }) => ({ owner: names.get(vm) ?? undefined }) };
      },
    },
  ],
  mayLack: [{ method: 'vm.query' }],
  examples: [
    { args: {}, why: 'of all machines' },
    { args: { filter: ['dtype=NIC'] }, why: 'network cards' },
  ],
  getExamples: [
    { args: { id: '10' }, why: 'by its id' },
    { args: { id: '99999' }, why: 'an id that is none' },
  ],
});
