/** What the releases after CORE change, and what holds for every move. */
import { migrationKind as kind } from './migration-kind.ts';

export const RELEASE_TROUBLES = {
  dataset_keys: kind('before', 'dataset_keys', {
    what: 'encrypted dataset',
    means:
      'A key that the NAS keeps lies in its configuration alone: lost with it, the data is lost. A passphrase nobody knows any more is the same.',
    next: 'export its key; try the passphrase',
    steps:
      'Storage: export the key of each encryption root into a file that is kept elsewhere (the file is secret). Where a passphrase opens it, try it once. Save the configuration with its secret seed: without the seed it holds no keys.',
  }),
  replication_keys: kind('before', 'replication_keys', {
    what: 'replication whose copy is encrypted by a key of the task',
    means: 'The copy opens by that key alone: lost with this configuration, the backup is lost too.',
    next: 'have its key elsewhere; open the copy once',
    steps:
      'Have the key or passphrase of the copy outside of both machines (the file is secret), and unlock the copy on its machine once by it. Save the configuration with its secret seed.',
    isLikely: true,
  }),
  api_calls: kind('changes', 'api_calls', {
    what: 'command that calls an API which is gone',
    means: 'The script fails, often unseen.',
    next: 'search_api: what replaces it',
    steps:
      'Look up what replaces the method in the release of the target (api.truenas.com), and change the script. Scripts that a command only starts are not seen here: search them for midclt and /api/v2.0.',
    isLikely: true,
  }),
  smb_lines: kind('before', 'smb_lines', {
    what: 'auxiliary parameters of SMB',
    means:
      'Samba changes them from release to release, and from 23.10 on the web interface edits them no more: their maker says to remove them first.',
    next: 'remove them, test, then move',
    steps:
      'Write them down. Remove one after the other on the present release, and let clients test. What is needed: look for a setting that does it.',
  }),
  certificate_authority: kind('before', 'certificate_authority', {
    what: 'certificate authority',
    means: 'From 25.10 on the NAS signs no certificates: none of it can be renewed there.',
    next: 'save its certificate and key; sign elsewhere',
    steps:
      'Save the certificate and the private key of the authority. Set up another place that signs, or import certificates of a known one, before those of now expire.',
  }),
  keys_listed: kind('changes', 'keys_listed', {
    what: 'API key with an allow list',
    means: 'It is revoked by the upgrade to 25.04: what uses it stops.',
    next: 'a user with few rights, and a key of its own',
    steps:
      'Note what uses it. After the upgrade make a user with the roles that it needs and a key of that user, and give it to the program. If this program has such a key, it needs a new one too.',
  }),
  vm_instances: kind('before', 'vm_instances', {
    what: 'virtual machines, and a version of 25.04 that makes instances of them',
    means: 'Only 25.04.2 and later take them along without work by hand.',
    next: 'choose 25.04.2 or later',
    steps:
      'Choose 25.04.2 or later as the target; machines then appear under Virtual Machines by themselves.',
  }),
  vm_autostart: kind('changes', 'vm_autostart', {
    what: 'virtual machine among the instances of 25.04',
    means: 'From 25.10 on it does not start by itself.',
    next: 'make a virtual machine of it, by the documentation',
    steps:
      'Documentation: Migrating Containers VMs. Until then start it by hand; never run it and a new machine on the same zvol.',
  }),
  autorid: kind('changes', 'autorid', {
    what: 'Active Directory numbered by AUTORID',
    means: 'From 25.10 on it becomes RID: users can get other numbers, and files other owners.',
    next: 'write down numbers and ACLs; compare afterwards',
    steps:
      'Write down the numbers of some users and groups (id NAME) and the ACL of some folders. Compare afterwards; set permissions anew where they differ.',
  }),
  smb_legacy: kind('note', 'smb_legacy', {
    what: 'SMB share without a preset',
    means: 'In 25.10 it becomes a Legacy Share, which keeps its options; new shares have them no more.',
    next: 'look at recycle bin, guests and homes afterwards',
    steps:
      'Nothing before. Afterwards look at its options; for a recycle bin use snapshots, for guests and homes plan another way.',
  }),
  nvidia: kind('changes', 'nvidia', {
    what: 'NVIDIA driver for apps',
    means: 'That of 25.10 serves cards from Turing on (GTX 16, RTX): Pascal, Maxwell and Volta stop working.',
    next: 'look up the generation of the card',
    steps:
      'Look up the card. An older one: another card, or give it to a virtual machine with the old driver (a second graphics output is needed).',
    isLikely: true,
  }),
  disk_smart: kind('changes', 'disk_smart', {
    what: 'disk with S.M.A.R.T. options or temperature limits of its own',
    means: 'From 25.10 on there are no such settings.',
    next: 'note them; an app such as Scrutiny',
    steps: 'Write down options and limits. Afterwards watch by an app (Scrutiny) or a script with smartctl.',
  }),
  discovery_auth: kind('changes', 'discovery_auth', {
    what: 'iSCSI portal that proves who discovers',
    means: 'From 25.04 on that is set at the credentials: left out, everybody sees the targets.',
    next: 'check the discovery of iSCSI afterwards',
    steps: 'Write down method and group. Afterwards look at the discovery setting of those credentials.',
    isLikely: true,
  }),
  aclmode: kind('note', 'aclmode', {
    what: 'dataset with the ACL mode discard_chmod of old FreeNAS',
    means: 'No release knows it any more, and 25.10 fails to edit the dataset.',
    next: 'zfs set aclmode=passthrough, then a restart',
    steps: 'In a shell: zfs set aclmode=passthrough DATASET, then restart, as the notes of 25.10.1 say.',
  }),
  pool_features: kind('note', 'pool_features', {
    what: 'pool that has not all features of now',
    means: 'That is well for a move: older releases can still import it.',
    next: 'leave it so until the move has proved itself',
    steps:
      'Do not upgrade it before the move, nor for some weeks after it: that shuts out every older release.',
  }),
  replication: kind('note', 'replication', {
    what: 'replication with another machine',
    means:
      'An older receiver may refuse what a newer sender writes; the SSH connection may need its host key anew.',
    next: 'move the receiver first; run it once afterwards',
    steps:
      'Note credentials and host keys of its SSH connection. Move the receiving machine first, or keep pool features as they are on both. Afterwards run it once by hand, and look that it goes on from the last common snapshot: never answer a failure by replicating from scratch.',
    isLikely: true,
  }),
  directory: kind('note', 'directory', {
    what: 'directory service',
    means: 'Accounts of it open nothing while the NAS is not joined.',
    next: 'a local administrator; look that it is joined',
    steps:
      'Have the password of a local administrator, and an account that may join. Afterwards look that it is joined and healthy, and that the numbers of some users are the same.',
    isLikely: true,
  }),
} as const;
