import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { field, isObject, rawRowsOf } from '../../support/rows.ts';
import { defineKind, type KindRow } from '../kind.ts';
import { type DeviceSettings, deviceSettings, deviceText } from './device-text.ts';

const ROW = {
  // A number from 26 on, a name before.
  id: (value: unknown) => field.number(value) ?? field.rawText(value),
  status: stateOf,
  cpuset: field.text,
  cpu: field.text,
  storage_pool: field.text,
  dataset: field.text,
  image: field.object({ os: field.text, release: field.text }),
  aliases: field.objects({ address: field.text }),
};
type Row = KindRow<typeof ROW>;

/** Containers: `container.*` from 26 on, instances of `virt.*` before. Their variables and consoles are never selected. */
export const container = defineKind({
  name: 'container',
  toolset: 'virtualization',
  noun: 'containers',
  about:
    'LXC containers, and instances up to 25.10: state, autostart, CPUs, memory, addresses, where they are kept',
  words: ['instance', 'lxc', 'incus', 'virt instance', 'system container'],
  sources: [{ method: 'container.query' }, { method: 'virt.instance.query' }],
  row: ROW,
  columns: {
    name: { type: 'text', from: 'name', isAlwaysThere: true, isKey: true, sort: 'asc' },
    state: { type: 'text', value: ({ status }: Row) => status },
    autostart: { type: 'flag', from: 'autostart', isAlwaysThere: true },
    cpus: { type: 'text', value: ({ cpuset, cpu }: Row) => cpuset ?? cpu },
    pool: {
      type: 'text',
      value: ({ storage_pool: pool, dataset }: Row) => pool ?? dataset?.split('/')[0],
    },
    description: { type: 'text', from: 'description', maxLength: 60 },
    memory: { type: 'bytes', from: 'memory', isOnDemand: true },
    image: {
      type: 'text',
      value: ({ image }: Row) => [image?.os, image?.release].filter(Boolean).join(' ') || null,
      isOnDemand: true,
    },
    addresses: {
      type: 'texts',
      value: ({ aliases }: Row) => aliases?.map(({ address }) => address ?? '?'),
      isOnDemand: true,
    },
    dataset: { type: 'text', from: 'dataset', isOnDemand: true },
    type: { type: 'text', from: 'type', isOnDemand: true },
    id: { type: 'text', value: ({ id }: Row) => (id === null ? null : String(id)), isOnDemand: true },
  },
  named: 'name',
  details: [
    {
      title: 'devices',
      uses: ['container.device.query', 'virt.instance.device_list'],
      async read(nas, { id }: Row) {
        if (id === null) return undefined;
        const lines = (await readDevices(nas, id)).map((settings) =>
          settings === null
            ? 'one that could not be read'
            : `${safeCell(String(settings['dtype'] ?? settings['dev_type']), 20)} ${safeCell(deviceText(settings), 160)}`,
        );
        return { lines: lines.length === 0 ? ['none'] : lines, data: lines };
      },
    },
  ],
  alsoSelects: [
    ...['uuid', 'time', 'shutdown_timeout', 'idmap', 'capabilities_policy', 'default_network', 'init'],
    ...['root_disk_size', 'vnc_enabled', 'vnc_port', 'privileged_mode', 'secure_boot'],
  ],
  mayLack: [{ method: 'container.device.query' }, { method: 'virt.instance.device_list' }],
  examples: [
    { args: {}, why: 'which there are, and which run' },
    { args: { filter: ['state=RUNNING'], fields: ['image', 'addresses', 'memory'] }, why: 'those that run' },
  ],
  getExamples: [
    { args: { id: 'dns' }, why: 'by its name' },
    { args: { id: 'none' }, why: 'a name that is none' },
  ],
});

/** A text on 25.x, an object later. */
function stateOf(value: unknown): string | null {
  return field.text(isObject(value) ? value['state'] : value);
}

async function readDevices(nas: ReadClient, id: number | string): Promise<(DeviceSettings | null)[]> {
  if (typeof id === 'string')
    return rawRowsOf(await nas.call('virt.instance.device_list', [id])).map(deviceSettings);
  const parameters = query({ filters: [['container', '=', id]], select: ['attributes'] });
  return rawRowsOf(await nas.call('container.device.query', parameters)).map(({ attributes }) =>
    deviceSettings(attributes),
  );
}
