/** What stands against a move to a later release: each on a NAS of the release that has it, and one that has exactly it more. */
import type { WireValue } from '../../src/truenas/client.ts';
import { rowsOf, type Trouble, withFields } from './trouble.ts';

/** A trouble of a move. */
export interface MigrationTroubleMade {
  readonly id: string;
  readonly release: 'core-13.0' | 'core-13.3' | '24.10' | '25.04' | '25.10';
  /** The NAS answers so; otherwise it has nothing of it. */
  readonly answers?: (method: string, answer: WireValue) => WireValue;
  /** `system.version`, where that is the trouble. */
  readonly version?: string;
  readonly target?: string;
  /** Another trouble that comes with it. */
  readonly with?: readonly string[];
}

const rows =
  (method: string, ...found: WireValue[]) =>
  (asked: string, answer: WireValue): WireValue =>
    asked === method ? found : answer;

const core = (
  id: string,
  answers: MigrationTroubleMade['answers'],
  more: Partial<MigrationTroubleMade> = {},
) => ({
  ...{ id, release: 'core-13.3' as const },
  ...(answers === undefined ? {} : { answers }),
  ...more,
});

const INTERFACE = {
  ...{ name: 'em7', type: 'PHYSICAL', mtu: null, aliases: [], ipv4_dhcp: false },
  ...{ options: '', disable_offload_capabilities: false, lag_protocol: null, lag_ports: null },
};
const withInterface =
  (more: Record<string, WireValue>) =>
  (asked: string, answer: WireValue): WireValue =>
    asked === 'interface.query' && Array.isArray(answer) ? [...answer, { ...INTERFACE, ...more }] : answer;

const pool = {
  id: 9,
  name: 'old',
  encrypt: 1,
  is_decrypted: true,
  allocated: 4096,
  healthy: true,
  status: 'ONLINE',
};
const geli = rows('pool.query', { ...pool, scan: null });
const machine = { name: 'guest', autostart: true, status: { state: 'STOPPED' } };

const ON_CORE: readonly MigrationTroubleMade[] = [
  core('geli', geli),
  core(
    'system_dataset',
    (method, answer) => (method === 'systemdataset.config' ? { pool: 'old' } : geli(method, answer)),
    { with: ['geli'] },
  ),
  core('multipath', rows('multipath.query', { name: 'multipath/disk3', children: [{ name: 'da3' }] })),
  core('enterprise', (method, answer) => (method === 'system.product_type' ? 'ENTERPRISE' : answer)),
  core('raid_volume', rows('disk.query', { name: 'mfid3', model: 'LSI' })),
  core('boot_small', withFields('boot.get_state', { size: 15e9, free: 12e9 })),
  core('boot_name', withFields('boot.get_state', { name: 'freenas-boot' })),
  core('old_core', undefined, { version: 'TrueNAS-13.0-U5.3' }),
  core('interfaces', withInterface({ ipv4_dhcp: true })),
  core('lagg', withInterface({ type: 'LINK_AGGREGATION', lag_protocol: 'LACP', lag_ports: ['em0', 'em1'] })),
  core('jumbo', withInterface({ mtu: 9000 })),
  core('interface_options', withInterface({ options: '-tso' })),
  core('jails', rows('jail.query', { id: 'web', state: 'up', type: 'jail', release: '13.3-RELEASE' })),
  core('plugins', rows('plugin.query', { name: 'media', plugin: 'plexmediaserver', version: '1' })),
  core('vm_grub', rows('vm.query', { ...machine, bootloader: 'GRUB' })),
  core('vms', rows('vm.query', { ...machine, bootloader: 'UEFI' })),
  core('s3', withFields('s3.config', { storage_path: '/mnt/tank/s3' }), { release: 'core-13.0' }),
  core('afp', rows('sharing.afp.query', { name: 'Time Machine', path: '/mnt/tank/tm', enabled: true })),
  core('webdav', rows('sharing.webdav.query', { name: 'docs', path: '/mnt/tank/docs', enabled: true })),
  core('rsync_modules', rows('rsyncmod.query', { name: 'drop', path: '/mnt/tank/drop', enabled: true })),
  core('openvpn', withFields('openvpn.server.config', { server_certificate: 1 })),
  core('service', rows('service.query', { service: 'tftp', enable: true, state: 'STOPPED' })),
  core('nis', withFields('nis.config', { enable: true, domain: 'lab.example.org' })),
  core('two_factor', withFields('auth.twofactor.config', { enabled: true })),
  core(
    'root_locked',
    rowsOf('user.query', (row) => ({ ...row, locked: true })),
  ),
  core('user_names', rows('user.query', { username: '4anna', shell: '/usr/sbin/nologin', locked: false })),
  core('shells', rows('user.query', { username: 'anna', shell: '/bin/tcsh', locked: false })),
  core('tunables', rows('tunable.query', { var: 'kern.maxfiles', type: 'SYSCTL', enabled: true })),
  core(
    'init_scripts',
    rows('initshutdownscript.query', { id: 1, comment: '', command: 'true', when: 'PREINIT', enabled: true }),
  ),
  core(
    'commands',
    rows('cronjob.query', { id: 1, description: '', command: 'camcontrol devlist', enabled: true }),
  ),
  core('nfs', rows('sharing.nfs.query', { paths: ['/mnt/a', '/mnt/b'], alldirs: false })),
  core(
    'iscsi_networks',
    rows('iscsi.initiator.query', { id: 1, comment: '', auth_network: ['192.0.2.0/24'] }),
  ),
  core('iscsi', rows('iscsi.extent.query', { name: 'lun', blocksize: 512, enabled: true })),
  core('setting', withFields('nfs.config', { udp: true })),
  core('keys_root', rows('api_key.query', { name: 'script' })),
];

const ON_LATER: readonly MigrationTroubleMade[] = [
  {
    ...{ id: 'dataset_keys', release: '25.10' },
    answers: rows('pool.dataset.query', {
      ...{ id: 'tank/safe', encrypted: true, encryption_root: 'tank/safe', locked: false },
      key_format: { value: 'HEX' },
    }),
  },
  {
    id: 'smb_lines',
    release: '24.10',
    answers: withFields('smb.config', { smb_options: 'ntlm auth = yes' }),
  },
  {
    ...{ id: 'certificate_authority', release: '25.04' },
    answers: rows('certificateauthority.query', { name: 'home_ca' }),
  },
  {
    ...{ id: 'keys_listed', release: '24.10' },
    answers: rows('api_key.query', { name: 'dash', allowlist: [{ method: 'CALL', resource: 'pool.query' }] }),
  },
  {
    ...{ id: 'vm_instances', release: '24.10', target: '25.04.1' },
    answers: rows('vm.query', { ...machine, bootloader: 'UEFI' }),
  },
  {
    ...{ id: 'vm_autostart', release: '25.04' },
    answers: rows('virt.instance.query', { id: 'desk', type: 'VM', autostart: true }),
  },
  {
    ...{ id: 'autorid', release: '25.04', with: ['directory'] },
    answers: (method, answer) =>
      method === 'idmap.query'
        ? [{ name: 'DS_TYPE_ACTIVEDIRECTORY', idmap_backend: 'AUTORID' }]
        : withFields('activedirectory.config', { enable: true })(method, answer),
  },
  {
    ...{ id: 'smb_legacy', release: '25.04' },
    answers: rows('sharing.smb.query', { name: 'old', purpose: 'NO_PRESET', auxsmbconf: '' }),
  },
  { id: 'nvidia', release: '24.10', answers: withFields('docker.config', { nvidia: true }) },
  {
    ...{ id: 'disk_smart', release: '25.04' },
    answers: rows('disk.query', {
      ...{ name: 'sda', smartoptions: '-d sat', critical: null, difference: null, informational: null },
    }),
  },
  {
    ...{ id: 'discovery_auth', release: '24.10' },
    answers: rows('iscsi.portal.query', { id: 1, discovery_authmethod: 'CHAP' }),
  },
  {
    ...{ id: 'aclmode', release: '25.04' },
    answers: rows('pool.dataset.query', {
      id: 'tank/old',
      encrypted: false,
      aclmode: { rawvalue: 'discard_chmod' },
    }),
  },
  {
    ...{ id: 'pool_features', release: '25.10' },
    answers: (method, answer) =>
      method === 'pool.is_upgraded' ? false : rows('pool.query', { ...pool, scan: null })(method, answer),
  },
  {
    ...{ id: 'replication', release: '25.10' },
    answers: rows('replication.query', {
      ...{
        name: 'offsite',
        direction: 'PUSH',
        transport: 'SSH',
        enabled: true,
        encryption: false,
        auto: true,
      },
    }),
  },
  { id: 'directory', release: '24.10', answers: withFields('ldap.config', { enable: true }) },
  {
    ...{ id: 'replication_keys', release: '25.10' },
    answers: rows('replication.query', {
      ...{ name: 'offsite', direction: 'PUSH', transport: 'LOCAL', enabled: true, auto: true },
      ...{ encryption: true, encryption_inherit: false },
    }),
  },
  {
    ...{ id: 'api_calls', release: '25.10' },
    answers: rows('cronjob.query', {
      ...{ id: 1, description: 'nightly', enabled: true },
      command: 'midclt call -job service.restart cifs',
    }),
  },
];

export const MIGRATION_TROUBLES_MADE: readonly MigrationTroubleMade[] = [...ON_CORE, ...ON_LATER];

/** For the list of all kinds of findings; their own test is beside this. */
export const MIGRATION_TROUBLES_LISTED: readonly Trouble[] = MIGRATION_TROUBLES_MADE.map(({ id }) => ({
  ...{ id: `migration.${id}`, tool: 'migration_check', args: {}, on: [] },
}));
