/** Tunables of FreeBSD: read by the kernel while it runs, by the boot loader, or by the start scripts. */
import { createTable, type Table } from '../table.ts';

/** A tunable. */
export interface CoreTunable {
  readonly id: number;
  readonly var: string;
  readonly value: string;
  readonly type: 'SYSCTL' | 'LOADER' | 'RC';
  readonly comment: string;
  readonly enabled: boolean;
}

/** Those of a world; none in one that was never tuned. */
export function createCoreTunables(isTuned: boolean): Table<CoreTunable> {
  if (!isTuned) return createTable([]);
  return createTable([
    tunable('SYSCTL', 'kern.ipc.maxsockbuf', '16777216', 'for the fast network'),
    tunable('LOADER', 'vfs.zfs.arc_max', '34359738368', 'leave memory to jails'),
    tunable('LOADER', 'if_mlx5en_load', 'YES', ''),
    { ...tunable('RC', 'ataidle_enable', 'YES', ''), enabled: false },
  ]);
}

function tunable(
  type: CoreTunable['type'],
  name: string,
  value: string,
  comment: string,
): Omit<CoreTunable, 'id'> {
  return { var: name, value, type, comment, enabled: true };
}
