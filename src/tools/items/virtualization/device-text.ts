/** Devices of virtual machines and containers in one line each. Passwords of displays are left out where they are read. */
import { field, isObject } from '../../support/rows.ts';

/** A device as it is looked at: its own settings, without what is secret. */
export type DeviceSettings = Readonly<Record<string, unknown>>;

/** The settings of a device; null for what is none. */
export function deviceSettings(attributes: unknown): DeviceSettings | null {
  if (!isObject(attributes)) return null;
  const { password: _, ...settings } = attributes;
  // What does not even say its type is not understood.
  return typeof (settings['dtype'] ?? settings['dev_type']) === 'string' ? settings : null;
}

/** `fast/vms/web01` of `/dev/zvol/fast/vms/web01`; null for a path that is no zvol. */
export function zvolOf(path: unknown): string | null {
  return typeof path === 'string' && path.startsWith('/dev/zvol/')
    ? path.slice('/dev/zvol/'.length).replaceAll('+', ' ')
    : null;
}

/** `VIRTIO fast/vms/web01`, `br0 00:a0:98:…`: what it is and where it leads. */
export function deviceText(settings: DeviceSettings): string {
  const texts = PARTS[String(settings['dtype'] ?? settings['dev_type'])]?.(settings) ?? [];
  const shown = texts.map((text) => field.text(typeof text === 'number' ? String(text) : text) ?? '');
  return shown.filter((text) => text !== '').join(' ') || (field.text(settings['description']) ?? '');
}

const PARTS: Readonly<Record<string, (settings: DeviceSettings) => readonly unknown[]>> = {
  DISK: ({ path, type, source, destination }) => [
    type,
    zvolOf(path) ?? path ?? source,
    destination === undefined || destination === null ? undefined : `at ${word(destination)}`,
  ],
  RAW: ({ path, type }) => [type, path],
  CDROM: ({ path, source }) => [path ?? source],
  FILESYSTEM: ({ source, target }) => [source, `at ${word(target)}`],
  NIC: ({ nic_attach: attach, parent, network, mac }) => [attach ?? parent ?? network, mac],
  DISPLAY: ({ type, bind, port, web, web_port: webPort }) => [
    type,
    `${word(bind)}:${word(port)}`,
    web === true ? `web ${word(webPort)}` : undefined,
  ],
  PCI: ({ pptdev, address }) => [pptdev ?? address],
  GPU: ({ gpu_type: type, pci_address: address, pci }) => [type, address ?? pci],
  PROXY: (settings) => [
    `${word(settings['source_proto'])} ${word(settings['source_port'])} to ${word(settings['dest_port'])}`,
  ],
  USB: ({ usb, device, vendor_id: vendor, product_id: product }) => {
    const ids = isObject(usb) ? [usb['vendor_id'], usb['product_id']] : [vendor, product];
    return [ids.filter((id) => typeof id === 'string').join(':'), device];
  },
};

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
