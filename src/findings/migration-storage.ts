/** What stands against leaving TrueNAS CORE: pools, disks, the network, and what runs beside them. */
import { migrationKind as kind } from './migration-kind.ts';

export const CORE_STORAGE_TROUBLES = {
  geli: kind('blocks', 'geli', {
    what: 'pool encrypted by GELI',
    means: 'Linux cannot open it: nothing in it could be reached afterwards.',
    next: 'copy it to a pool without GELI, compare, then move',
    steps:
      'Unlock it, and have a backup of its key file, recovery key and passphrase. Make a pool without GELI that holds as much (native encryption where it has to be encrypted). Replicate everything with all snapshots, compare, point shares, tasks and the system dataset to it, and scrub it. Export the old pool; keep its disks and keys until the copy has proved itself.',
  }),
  system_dataset: kind('before', 'system_dataset', {
    what: 'system dataset on a GELI pool',
    means: 'Samba, the logs and the measurements keep their state there, and the pool does not come along.',
    next: 'System > System Dataset: another pool',
    steps:
      'System > System Dataset: choose a pool without GELI, at a quiet hour: SMB is interrupted. Look that it is there before the old pool is exported.',
  }),
  multipath: kind('blocks', 'multipath', {
    what: 'SAS multipath',
    means: 'SCALE does not support it: a disk would be there once for each path.',
    next: 'leave one path to each disk',
    steps:
      'Shut down, leave one cable to each shelf or disk, start CORE again, and look that every pool is ONLINE. Only then move.',
  }),
  enterprise: kind('blocks', 'enterprise', {
    what: 'Enterprise edition, perhaps with two controllers',
    means: 'A machine with two controllers (HA) is not upgraded from CORE: both are installed anew.',
    next: 'ask the support of its maker first',
    steps:
      'Ask the support of its maker. With HA: save configuration and keys, export the pools, install both controllers anew in the order that the documentation gives, import the pools.',
    isLikely: true,
  }),
  raid_volume: kind('before', 'raid_volume', {
    what: 'disk behind a RAID controller',
    means:
      'Another driver serves it on Linux: the disk may have another size and identity, or not show at all.',
    next: 'start a Linux from USB and look for it',
    steps:
      'Start the installation medium or any Linux on this machine without installing, and look whether lsblk shows each of these disks with its serial number and size. If not: let a plain controller (HBA) serve them, disk by disk and with a backup, before the move.',
    isLikely: true,
  }),
  boot_small: kind('before', 'boot_small', {
    what: 'boot device smaller than the 20 GB that later releases want',
    means: 'The installation fails, or leaves no room for updates.',
    next: 'install onto a larger SSD',
    steps:
      'Put in an SSD of 20 GB or more, install onto it, and upload the saved configuration. Keep the old boot device untouched: it is the surest way back.',
  }),
  boot_name: kind('note', 'boot_name', {
    what: 'boot pool of the time of FreeNAS',
    means:
      'It is old, and was partitioned for FreeBSD: a new installation is the surer way than one over it.',
    next: 'keep it; install onto another device',
    steps:
      'Rather than over it, install onto another device, and upload the saved configuration: the old device stays as the way back.',
    isLikely: true,
  }),
  old_core: kind('before', 'old_core', {
    what: 'not the last version of CORE',
    means: 'The documentation wants 13.0-U6.7, or 13.3-U1.2, before the move.',
    next: 'update CORE first',
    steps: 'System > Update, and start it once: what breaks by that is not blamed on the move.',
  }),
  interfaces: kind('note', 'interfaces', {
    what: 'network interfaces get other names',
    means: 'Linux names them otherwise; addresses can get lost, and with them the way to the web interface.',
    next: 'write down addresses; have the console or IPMI at hand',
    steps:
      'Write down each interface with its MAC address, aliases, VLANs, bridges, gateway and name servers. Be at the console, or have IPMI, when it starts: it can set up a network there. The descriptions keep the old names.',
  }),
  lagg: kind('before', 'lagg', {
    what: 'link aggregation',
    means: 'It becomes a bond whose members have other names, and may come up without an address.',
    next: 'write it down; a port outside it as the way in',
    steps:
      'Write down protocol, members by MAC address, VLANs on it and its MTU; leave the switch as it is. Give one port outside of it an address, so that there is a way in while it is made anew.',
  }),
  jumbo: kind('note', 'jumbo', {
    what: 'large frames',
    means: 'An interface that comes up with 1500 beside others with 9000 stalls large transfers alone.',
    next: 'compare the MTU afterwards',
    steps:
      'Afterwards compare the MTU of the interface, of what carries it and of the switch; ping with the largest frame.',
    isLikely: true,
  }),
  interface_options: kind('changes', 'interface_options', {
    what: 'interface with options of ifconfig or without offload',
    means: 'Later releases have neither setting.',
    next: 'watch transfers afterwards',
    steps: 'Write down why it was set. It is not taken along; look at throughput and errors afterwards.',
  }),
  jails: kind('before', 'jails', {
    what: 'jail',
    means: 'There are none on Linux. Its files stay in the dataset, and do not run.',
    next: 'save what it holds; make an app or container of it',
    steps:
      'List what runs in it, its mount points, addresses and users; dump its databases from within. The files stay in POOL/iocage. Afterwards install an app (or a container) and give it the data; test it before the jail is needed no more.',
  }),
  plugins: kind('before', 'plugins', {
    what: 'plugin',
    means: 'Plugins do not migrate.',
    next: 'save its settings and data; install the app of that name',
    steps:
      'Export its settings and databases by its own means, and write down its mount points. Afterwards install the app of that name, or a custom app, and import them into a new dataset.',
  }),
  vm_grub: kind('before', 'vm_grub', {
    what: 'virtual machine that starts by GRUB',
    means: 'It cannot be migrated: later releases start by UEFI or a BIOS (UEFI_CSM) alone.',
    next: 'make its guest start by UEFI, or copy its data',
    steps:
      'Have a backup from within. Make the guest start by UEFI on CORE already (an EFI partition with a boot loader, then a machine of the kind UEFI with the same zvol), or copy its data to a new machine afterwards. The zvol stays.',
  }),
  vms: kind('changes', 'vms', {
    what: 'virtual machine of bhyve',
    means:
      'Its disks and basic settings come along; network and display have to be looked at before it starts.',
    next: 'autostart off; check NIC, disks and display first',
    steps:
      'Turn its autostart off, and shut it down from within. Afterwards choose the network interface or bridge anew, check disk order and type, add a display if it needs one, then start it.',
  }),
} as const;
