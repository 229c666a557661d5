/** The UPS service: its settings, and the drivers there are. */
import type { Random } from './random.ts';

/** The settings of the default world; the service is enabled but does not run. */
export function createUpsSettings(random: Random): Readonly<Record<string, unknown>> {
  return {
    id: 1,
    powerdown: true,
    rmonitor: false,
    nocommwarntime: 300,
    remoteport: 3493,
    shutdowntimer: 120,
    hostsync: 15,
    description: 'UPS in the rack',
    driver: 'usbhid-ups$Smart-UPS (USB)',
    extrausers: '',
    identifier: 'ups',
    mode: 'MASTER',
    monpwd: `ups-${random.hex(12)}`,
    monuser: 'upsmon',
    options: '',
    optionsupsd: '',
    port: 'auto',
    remotehost: '',
    shutdown: 'BATT',
    shutdowncmd: null,
  };
}

/** Drivers by the key that the settings hold. */
export const UPS_DRIVERS: Readonly<Record<string, string>> = {
  'usbhid-ups$Smart-UPS (USB)': 'APC ups 2 Smart-UPS (USB) USB (usbhid-ups)',
  'snmp-ups$various': 'APC ups 3 various AP96xx SNMP cards (snmp-ups)',
  'blazer_usb$Ablerex 625L USB': 'Ablerex ups 2 625L USB (blazer_usb)',
};
