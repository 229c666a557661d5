/** What stands against leaving TrueNAS CORE: services, accounts, scripts and settings that Linux releases lack or have otherwise. */
import { migrationKind as kind } from './migration-kind.ts';

export const CORE_SERVICE_TROUBLES = {
  s3: kind('blocks', 's3', {
    what: 'objects in the built-in S3 service',
    means: 'Without being moved first they cannot be reached or recovered.',
    next: 'move them to the MinIO plugin first, by the documentation',
    steps:
      'Back the objects up by an S3 client. Follow "Migrating MinIO Data from CORE to SCALE": first to the MinIO plugin on CORE, then the move, then the app. Note access key and certificate. It takes long with much data.',
  }),
  afp: kind('before', 'afp', {
    what: 'AFP share',
    means:
      'AFP is gone. The documentation says that such a share becomes one of SMB for Apple clients; its clients must change.',
    next: 'serve it by SMB now, and move the clients',
    steps:
      'Make an SMB share of the same folder on CORE already, move the clients, and delete the AFP share. For Time Machine: an SMB share with that purpose, and a new first backup.',
  }),
  webdav: kind('before', 'webdav', {
    what: 'WebDAV share',
    means: 'The service is gone; the documentation wants its shares deleted before.',
    next: 'note its settings, delete it; an app afterwards',
    steps:
      'Write down name, path, read-only and the password. Delete the share, stop the service and its automatic start. Afterwards install the app WebDAV; its user has the id 666.',
  }),
  openvpn: kind('before', 'openvpn', {
    what: 'OpenVPN',
    means: 'The service is gone: whoever administers the NAS through it is locked out.',
    next: 'another VPN, tested before',
    steps:
      'Write down all settings, and save its certificates with their keys. Set up the VPN on the router or another machine and test it before; or an app afterwards.',
  }),
  rsync_modules: kind('before', 'rsync_modules', {
    what: 'module of the rsync daemon',
    means: 'The daemon is gone; tasks over SSH are not touched.',
    next: 'let clients use SSH, or an app afterwards',
    steps:
      'Write down path, mode, user, group and allowed hosts. Let its clients use rsync over SSH, or install the app Rsync Daemon afterwards.',
  }),
  service: kind('before', 'service', {
    what: 'service that is gone',
    means: 'Later releases do not have it.',
    next: 'another machine, or an app afterwards',
    steps: 'Write down its settings. TFTP and dynamic DNS are apps afterwards; LLDP has no successor.',
  }),
  nis: kind('before', 'nis', {
    what: 'accounts from NIS',
    means: 'NIS is gone: their files belong to bare numbers then.',
    next: 'local accounts or LDAP with the same numbers',
    steps:
      'Make local accounts, or serve LDAP, with the very same numbers of users and groups, and test the access on CORE with NIS turned off.',
  }),
  two_factor: kind('changes', 'two_factor', {
    what: 'two-factor sign-in',
    means: 'CORE has one secret for the machine, later releases one for each user.',
    next: 'turn it off for the move, set it up anew',
    steps:
      'Turn it off for the move, so that nobody is locked out; afterwards each user gets a secret of their own.',
    isLikely: true,
  }),
  root_locked: kind('before', 'root_locked', {
    what: 'root is locked',
    means: 'The documentation wants root unlocked: nobody could sign in after the move.',
    next: 'Accounts > Users > root: unlock, with a known password',
    steps: 'Accounts > Users > root: take off Lock User, set a password that is known, sign in with it once.',
  }),
  user_names: kind('before', 'user_names', {
    what: 'name of a user that begins with a digit',
    means: 'Later releases take no such name.',
    next: 'rename it first',
    steps: 'Rename it (a letter or an underscore first); whoever signs in by it must be told.',
  }),
  shells: kind('note', 'shells', {
    what: 'shell of FreeBSD',
    means:
      'Linux has it not, or elsewhere. Of netcli it is documented that it becomes nologin, of the others nothing.',
    next: 'check by hand: an SSH sign-in of each account that scripts use',
    steps:
      'Note which accounts sign in by SSH. Afterwards look at their shells (Credentials > Users), choose bash or zsh, and try a sign-in of each account that scripts use.',
    isLikely: true,
  }),
  tunables: kind('before', 'tunables', {
    what: 'tunable',
    means: 'Tunables do not migrate, and most names mean nothing on Linux.',
    next: 'write it down; start without',
    steps:
      'Write them down with the reason. Start without: they were made for FreeBSD. What is missed afterwards: System > Advanced > Sysctl, by the name that Linux has for it.',
  }),
  init_scripts: kind('changes', 'init_scripts', {
    what: 'init or shutdown script',
    means: 'It is taken along and may break: it runs as root at every start.',
    next: 'turn it off for the move, then check it',
    steps:
      'Turn it off for the move. Save scripts that lie outside of the pools. Rewrite what FreeBSD has otherwise, try it by hand, then turn it on.',
  }),
  commands: kind('changes', 'commands', {
    what: 'command that is at home on FreeBSD',
    means: 'It is another one on Linux, or its script lies outside of the pools.',
    next: 'save its script, rewrite it, run it once by hand',
    steps:
      'Save scripts that lie outside of the pools into a dataset. Write the command anew (documentation: Parallel CLI Commands), run it once by hand, look at its output.',
    isLikely: true,
  }),
  nfs: kind('changes', 'nfs', {
    what: 'NFS export with several paths or all directories',
    means: 'Later releases have one path for each export, and no such switch.',
    next: 'make one export for each path',
    steps:
      'Make one export for each path on CORE already. Afterwards look that each is there with its hosts, networks and mapped users, and mount each once.',
  }),
  iscsi_networks: kind('changes', 'iscsi_networks', {
    what: 'networks that iSCSI initiators may come from',
    means: 'They belong to the target later: left out, everybody reaches it.',
    next: 'check the targets before the network is up',
    steps:
      'Write them down. Afterwards look at the authorized networks of each target before initiators are let in.',
    isLikely: true,
  }),
  iscsi: kind('note', 'iscsi', {
    what: 'iSCSI disk',
    means: 'Another program serves it on Linux; initiators in the middle of a write lose it.',
    next: 'shut its users down first; compare serial and LUN id',
    steps:
      'Shut down or unmount what uses it. Write down serial, NAA, LUN id and block size of each extent. Afterwards compare, let one initiator in, then the others.',
    isLikely: true,
  }),
  setting: kind('changes', 'setting', {
    what: 'setting that later releases do not have',
    means: 'It is not taken along.',
    next: 'look at what relies on it',
    steps: 'Write it down, and change what relies on it before the move.',
  }),
  keys_root: kind('note', 'keys_root', {
    what: 'API keys',
    means: 'From 25.04 on a key belongs to a user: these go to root or an administrator.',
    next: 'a key and a user for each program afterwards',
    steps:
      'Afterwards make a user with few rights and a key of its own for each program, and delete the old keys. This program needs such a key too.',
  }),
} as const;
