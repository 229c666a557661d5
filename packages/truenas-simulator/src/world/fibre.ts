/** Fibre Channel ports that serve targets. */
import { createTable, type Table, type TableRow } from './table.ts';

export interface FibrePort extends TableRow {
  readonly port: string;
  readonly wwpn: string;
  readonly targetId: number | null;
  readonly isOnline: boolean;
  readonly speed: string;
}

/** The ports of the default world: one card of two, of which one is plugged in. */
export function createFibrePorts(): Table<FibrePort> {
  return createTable<FibrePort>([
    { port: 'fc0', wwpn: 'naa.2100001122334455', targetId: 1, isOnline: true, speed: '16 Gbit' },
    { port: 'fc1', wwpn: 'naa.2100001122334456', targetId: null, isOnline: false, speed: 'unknown' },
  ]);
}
