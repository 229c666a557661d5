/** Virtual machines and their devices. */
import { destroys, endsWork, executes, exposes, type Finding, loses } from '../finding.ts';
import { found, isUnchanged, type MethodRule, odd, type Rule } from '../rule.ts';
import { choice, each, fields, flag, given, identity, list, setting, whenChanged } from '../rules.ts';
import { isPlainPath } from './paths.ts';

const stopped = (what: string): Finding => endsWork(`the virtual machine is ${what} while it runs`);
const raw = destroys('the machine gets a whole disk of the NAS: what is on it is overwritten past ZFS');

const machine: Readonly<Record<string, Rule>> = {
  ...each(
    `cpu_mode cpu_model description vcpus cores threads cpuset nodeset enable_cpu_topology_extension pin_vcpus
    suspend_on_snapshot memory min_memory hyperv_enlightenments autostart hide_from_msr ensure_display_device time
    shutdown_timeout arch_type machine_type`,
    setting,
  ),
  name: identity,
  ...each('bootloader uuid', whenChanged(loses('the system in the machine may no longer start'), setting)),
  trusted_platform_module: flag({ off: loses('keys that the machine keeps in it are lost') }),
  command_line_args: given(executes('arguments of the emulator can run programs of the NAS')),
};

/** A disk, file or image of a machine. */
const devicePath: Rule = {
  worst: 'destroys',
  judge(looked) {
    const { value } = looked;
    if (value === null || value === '' || isUnchanged(looked)) return [];
    if (typeof value !== 'string') return odd(looked, 'destroys');
    if (isZvol(value) || isPlainPath(value))
      return found(looked, exposes('the machine gets at this volume or file'));
    return found(looked, raw);
  },
};

function isZvol(path: string): boolean {
  return /^(?:\/dev\/zvol|zvol)\/[^/]+\/.+$/.test(path) && !path.split('/').includes('..');
}

const passedOn = exposes('the machine gets hardware of the NAS to itself');
const taken = destroys('the NAS loses the hardware to the machine');

const device: Readonly<Record<string, Rule>> = {
  ...each(
    `resolution wait type mac exists boot size logical_sectorsize physical_sectorsize iotype serial
    create_zvol zvol_name controller_type`,
    setting,
  ),
  dtype: choice({
    CDROM: undefined,
    DISPLAY: exposes('whoever reaches the port sees the screen of the machine'),
    NIC: exposes('the machine gets on a network'),
    DISK: undefined,
    RAW: undefined,
    PCI: taken,
    USB: taken,
  }),
  trust_guest_rx_filters: flag({ on: exposes('the machine listens to what is sent to others') }),
  path: devicePath,
  zvol_volsize: setting,
  ...each('port web_port', setting),
  bind: given(exposes('the screen of the machine can be reached at this address'), {
    cleared: exposes('the screen of the machine may be reached at all addresses'),
  }),
  web: flag({ on: exposes('the screen of the machine can be reached in a browser') }),
  password: given(exposes('whoever knows the password sees the screen of the machine'), {
    cleared: exposes('whoever reaches the port sees the screen of the machine without a password'),
  }),
  nic_attach: given(exposes('the machine gets on another network')),
  pptdev: given(taken),
  usb: fields(each('vendor_id product_id', given(passedOn))),
  device: given(passedOn),
};

export const VMS: Readonly<Record<string, MethodRule>> = {
  'vm.start': {
    risk: 'reversible',
    why: 'a virtual machine is started',
    params: [identity, fields({ overcommit: setting })],
  },
  'vm.stop': {
    risk: 'reversible',
    why: 'a virtual machine is told to stop',
    params: [
      identity,
      fields({
        force: flag({ on: destroys('the power of the machine is cut') }),
        force_after_timeout: flag({ on: destroys('the power of the machine is cut if it takes too long') }),
      }),
    ],
    also: () => [stopped('stopped')],
  },
  'vm.restart': {
    risk: 'reversible',
    why: 'a virtual machine is started anew',
    params: [identity],
    also: () => [stopped('started anew')],
  },
  'vm.reset': {
    risk: 'reversible',
    why: 'a virtual machine is reset',
    params: [identity],
    also: () => [stopped('reset')],
  },
  'vm.poweroff': {
    risk: 'reversible',
    why: 'the power of a virtual machine is cut',
    params: [identity],
    also: () => [stopped('switched off')],
  },
  'vm.suspend': {
    risk: 'reversible',
    why: 'a virtual machine pauses',
    params: [identity],
    also: () => [stopped('paused')],
  },
  'vm.resume': { risk: 'reversible', why: 'a virtual machine goes on', params: [identity] },
  'vm.create': {
    risk: 'configuration',
    why: 'a new virtual machine, without disks yet',
    makes: true,
    params: [fields({ ...machine, bootloader_ovmf: setting, enable_secure_boot: setting })],
  },
  'vm.update': {
    risk: 'configuration',
    why: 'settings of a virtual machine change',
    params: [
      identity,
      fields({
        ...machine,
        bootloader_ovmf: whenChanged(loses('the system in the machine may no longer start'), setting),
        enable_secure_boot: flag({ off: loses('the machine starts systems that nobody signed') }),
      }),
    ],
  },
  'vm.clone': {
    risk: 'exposes',
    why: 'a copy of a virtual machine, with its data, is made',
    params: [identity, setting],
  },
  'vm.delete': {
    risk: 'destroys',
    why: 'the virtual machine is removed',
    params: [
      identity,
      fields({
        zvols: flag({ on: destroys('its disks are deleted') }),
        force: flag({ on: destroys('it is removed also while it runs') }),
      }),
    ],
  },
  'vm.device.create': {
    risk: 'configuration',
    why: 'a virtual machine gets a device',
    makes: true,
    params: [fields({ ...each('vm order', setting), attributes: fields({ ...device, ...iscsiDisk() }) })],
  },
  'vm.device.update': {
    risk: 'configuration',
    why: 'a device of a virtual machine changes',
    params: [
      identity,
      fields({
        vm: whenChanged(exposes('another machine gets the device'), identity),
        order: setting,
        attributes: fields(device),
      }),
    ],
  },
  'vm.device.delete': {
    risk: 'destroys',
    why: 'a virtual machine loses a device',
    params: [
      identity,
      fields({
        zvol: flag({ on: destroys('the disk is deleted') }),
        raw_file: flag({ on: destroys('the file is deleted') }),
        force: flag({ on: destroys('also while it is in use') }),
      }),
    ],
  },
};

/** A disk of another host. */
function iscsiDisk(): Readonly<Record<string, Rule>> {
  const elsewhere = exposes('the machine gets a disk of another host');
  return {
    portal_address: given(elsewhere),
    initiator_iqn: setting,
    targets: list(fields({ iqn: setting, luns: list(setting) }), elsewhere),
    controller_slot: setting,
    pci_address: fields(each('bus slot function domain', setting)),
  };
}
