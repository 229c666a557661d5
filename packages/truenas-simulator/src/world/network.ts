/** Static routes, and the management controller's own connection to the network. */
import { createTable, type Table, type TableRow } from './table.ts';

export interface StaticRoute extends TableRow {
  /** With its prefix, `10.20.0.0/16`. */
  readonly destination: string;
  readonly gateway: string;
  readonly description: string;
}

/** The route of the default world: to the office beyond a VPN. */
export function createRoutes(): Table<StaticRoute> {
  return createTable<StaticRoute>([
    { destination: '203.0.113.0/24', gateway: '192.0.2.254', description: 'office behind the VPN' },
  ]);
}

/** How one channel of the management controller is connected. */
export interface IpmiChannel {
  readonly channel: number;
  readonly isDhcp: boolean;
  readonly address: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly mac: string;
  /** Null when it is in no VLAN. */
  readonly vlan: number | null;
}

/** The controller of the default world: one channel, with an address of its own. */
export const IPMI_CHANNELS: readonly IpmiChannel[] = [
  {
    channel: 1,
    isDhcp: false,
    address: '192.0.2.11',
    netmask: '255.255.255.0',
    gateway: '192.0.2.1',
    mac: '3c:ec:ef:00:11:22',
    vlan: null,
  },
];

/** A sensor of the management controller. */
export interface IpmiSensor {
  readonly name: string;
  readonly type: string;
  readonly state: 'Nominal' | 'Warning' | 'Critical' | 'N/A';
  readonly reading: string;
  readonly units: string;
  readonly low: string;
  readonly high: string;
}

/** What the sensors of the default world say. */
export const IPMI_SENSORS: readonly IpmiSensor[] = [
  {
    name: 'CPU Temp',
    type: 'Temperature',
    state: 'Nominal',
    reading: '41.00',
    units: 'C',
    low: '5.00',
    high: '95.00',
  },
  {
    name: 'FAN1',
    type: 'Fan',
    state: 'Nominal',
    reading: '1400.00',
    units: 'RPM',
    low: '300.00',
    high: '25300.00',
  },
  {
    name: 'FAN2',
    type: 'Fan',
    state: 'Critical',
    reading: '200.00',
    units: 'RPM',
    low: '300.00',
    high: '25300.00',
  },
  {
    name: '12V',
    type: 'Voltage',
    state: 'Nominal',
    reading: '12.06',
    units: 'V',
    low: '10.30',
    high: '13.26',
  },
  {
    name: 'PS2 Status',
    type: 'Power Supply',
    state: 'N/A',
    reading: 'N/A',
    units: 'N/A',
    low: 'N/A',
    high: 'N/A',
  },
];
