import { query } from '../../../truenas/query.ts';
import { field, rawRowsOf, rowsOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';
import { deviceSettings, deviceText } from './device-text.ts';

/** Devices of containers, from 26 on. Before, a NAS lists them for one instance only: get_item of a container does so. */
export const containerDevice = defineKind({
  name: 'container_device',
  toolset: 'virtualization',
  noun: 'devices of containers',
  about: 'directories, network cards, GPUs and USB devices of containers',
  words: ['container mount', 'container nic'],
  sources: [
    {
      uses: ['container.device.query'],
      async read(nas) {
        const parameters = query({ select: ['id', 'container', 'attributes'] });
        return rawRowsOf(await nas.call('container.device.query', parameters)).map(
          ({ attributes, ...row }) => {
            const settings = deviceSettings(attributes);
            return { ...settings, ...row, device: settings === null ? null : deviceText(settings) };
          },
        );
      },
    },
  ],
  row: { container: field.number, owner: joined<string>() },
  columns: {
    id: { type: 'number', from: 'id', isKey: true, sort: 'asc' },
    container: {
      type: 'text',
      value: ({ container, owner }) => owner ?? (container === null ? null : `#${container}`),
      sort: 'asc',
    },
    dtype: { type: 'text', from: 'dtype', sort: 'asc' },
    device: { type: 'text', from: 'device' },
  },
  named: 'device',
  ids: ['id'],
  sortedBy: 'container',
  joins: [
    {
      columns: ['container'],
      uses: ['container.query'],
      async read(nas) {
        const shape = { id: field.number, name: field.text };
        const rows = rowsOf(await nas.call('container.query', query({ select: Object.keys(shape) })), shape);
        const names = new Map(rows.map(({ id, name }) => [id, name]));
        return { add: ({ container }) => ({ owner: names.get(container) ?? undefined }) };
      },
    },
  ],
  mayLack: [{ method: 'container.query' }],
  examples: [
    { args: {}, why: 'of all containers' },
    { args: { filter: ['dtype=NIC'] }, why: 'network cards' },
  ],
  getExamples: [
    { args: { id: '10' }, why: 'by its id' },
    { args: { id: '99999' }, why: 'an id that is none' },
  ],
});
