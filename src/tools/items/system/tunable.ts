import { defineKind } from '../kind.ts';

/** Settings of the kernel and of ZFS that somebody changed. */
export const tunable = defineKind({
  name: 'tunable',
  toolset: 'system',
  noun: 'tunables',
  about: 'kernel (sysctl), udev and ZFS settings that somebody changed, such as the size of the ARC',
  words: ['sysctl', 'kernel parameter', 'zfs parameter', 'arc size', 'udev'],
  sources: [{ method: 'tunable.query' }],
  row: {},
  columns: {
    name: { type: 'text', from: 'var', isAlwaysThere: true, isKey: true, sort: 'asc' },
    type: { type: 'text', from: 'type', isAlwaysThere: true },
    value: { type: 'text', from: 'value', isAlwaysThere: true },
    original: { type: 'text', from: 'orig_value', isAlwaysThere: true },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    comment: { type: 'text', from: 'comment', isAlwaysThere: true },
    initramfs: { type: 'flag', from: 'update_initramfs', isAlwaysThere: true, isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  examples: [
    { args: {}, why: 'all' },
    {
      args: { filter: ['enabled=true'], fields: ['value', 'comment', 'initramfs'] },
      why: 'what is in force',
    },
  ],
  getExamples: [
    { args: { id: 'zfs_arc_max' }, why: 'by name' },
    { args: { id: 'vm.swappiness' }, why: 'one that is not set' },
  ],
});
