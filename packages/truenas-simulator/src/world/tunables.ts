/** Settings of the kernel and of ZFS that somebody changed. */
import { createTable, type Table, type TableRow } from './table.ts';

export interface Tunable extends TableRow {
  readonly type: 'SYSCTL' | 'UDEV' | 'ZFS';
  readonly var: string;
  readonly value: string;
  readonly orig_value: string;
  readonly comment: string;
  readonly enabled: boolean;
  readonly update_initramfs: boolean;
}

/** The tunables of the default world: the size of the ARC, and one that is switched off. */
export function createTunables(): Table<Tunable> {
  return createTable<Tunable>([
    {
      type: 'ZFS',
      var: 'zfs_arc_max',
      value: '34359738368',
      orig_value: '0',
      comment: 'leave memory to virtual machines',
      enabled: true,
      update_initramfs: true,
    },
    {
      type: 'SYSCTL',
      var: 'net.core.rmem_max',
      value: '16777216',
      orig_value: '212992',
      comment: '',
      enabled: false,
      update_initramfs: false,
    },
  ]);
}
