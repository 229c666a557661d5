/** The place in the TrueNAS web interface where a thing is changed: this version changes nothing itself. */
import { API_KEYS_PLACE } from '../truenas/api-key.ts';

/** The place for an API method, by its namespace or its name. */
export function webPlaceOf(method: string): string {
  for (let end = method.length; end > 0; end = method.lastIndexOf('.', end - 1)) {
    const place = PLACES.get(method.slice(0, end));
    if (place !== undefined) return `${WEB} (${place})`;
  }
  return WEB;
}

/**
 * The place for something that a tool of this name would change, such as `delete_dataset` or `truenas_smb_share_create`;
 * `undefined` for a name without a verb that changes something.
 */
export function webPlaceOfTool(name: string): string | undefined {
  const words = name
    .replace(/(?<=[a-z])(?=[A-Z])/gu, '_')
    .toLowerCase()
    .split(/[^a-z0-9]+/u);
  const isRead = words.slice(0, 2).some((word) => READING_VERBS.has(word));
  if (isRead || !words.some((word) => CHANGING_VERBS.has(word))) return undefined;
  const thing = THINGS.find(([known]) => words.some((word) => word === known || word === `${known}s`));
  return thing === undefined ? WEB : webPlaceOf(thing[1]);
}

/** The place for what an API method would change that no NAS has; `undefined` for a name that changes nothing. */
export function webPlaceOfUnknown(method: string): string | undefined {
  const place = webPlaceOfTool(method.slice(method.lastIndexOf('.') + 1));
  if (place === undefined) return undefined;
  const byNamespace = webPlaceOf(method);
  return byNamespace === WEB ? (webPlaceOfTool(method) ?? place) : byNamespace;
}

const WEB = 'the TrueNAS web interface';

const READING_VERBS = new Set('check count describe find get list query read search show status'.split(' '));

const CHANGING_VERBS = new Set(
  (
    'abort activate add apply attach cancel change clear clone configure control create delete deploy destroy detach ' +
    'disable dismiss edit enable execute export extend format grant hold import install join kill leave lock make mount ' +
    'move offline online patch promote put reboot redeploy release remove rename replace reset resilver restart restore ' +
    'revoke rollback rotate run scrub set shutdown start stop sync trigger uninstall unlock unmount update upgrade wipe write'
  ).split(' '),
);

const TASKS = 'Data Protection';
const SHARES = 'Shares';
const SERVICES = 'System > Services';
const DIRECTORY = 'Credentials > Directory Services';
const ADVANCED = 'System > Advanced Settings';
const GENERAL = 'System > General Settings';
const CONTAINERS = 'Containers';
const BACKUP_CREDENTIALS = 'Credentials > Backup Credentials';
const POWER = 'the power button at the top right';
const CERTIFICATES = 'Credentials > Certificates';

/** The menu of 25.10; older releases name some places a little differently. */
const PLACES: ReadonlyMap<string, string> = new Map([
  ['acme.dns.authenticator', CERTIFICATES],
  ['activedirectory', DIRECTORY],
  ['alert', 'the bell at the top right'],
  ['alertclasses', 'System > Alert Settings'],
  ['alertservice', 'System > Alert Settings'],
  ['api_key', API_KEYS_PLACE],
  ['app', 'Apps'],
  ['audit', 'System > Audit'],
  ['auth.twofactor', ADVANCED],
  ['boot', 'System > Boot'],
  ['catalog', 'Apps'],
  ['certificate', CERTIFICATES],
  ['certificateauthority', CERTIFICATES],
  ['cloud_backup', TASKS],
  ['cloudsync', TASKS],
  ['cloudsync.credentials', BACKUP_CREDENTIALS],
  ['config', `${GENERAL} > Manage Configuration`],
  ['container', CONTAINERS],
  ['core', 'the list of jobs at the top right'],
  ['cronjob', ADVANCED],
  ['directoryservices', DIRECTORY],
  ['disk', 'Storage > Disks'],
  ['docker', 'Apps'],
  ['enclosure.label', 'System > Enclosure'],
  ['enclosure2', 'System > Enclosure'],
  ['failover', 'System > Failover'],
  ['fc', SHARES],
  ['fcport', SHARES],
  ['filesystem', 'Datasets > Permissions'],
  ['ftp', SERVICES],
  ['group', 'Credentials > Groups'],
  ['idmap', DIRECTORY],
  ['initshutdownscript', ADVANCED],
  ['interface', 'System > Network'],
  ['ipmi', 'System > Network'],
  ['iscsi', `${SHARES} > Block (iSCSI) Shares Targets`],
  ['kerberos', DIRECTORY],
  ['keychaincredential', BACKUP_CREDENTIALS],
  ['kmip', 'Credentials > KMIP'],
  ['ldap', DIRECTORY],
  ['lxc', CONTAINERS],
  ['mail', `${GENERAL} > Email`],
  ['network', 'System > Network'],
  ['nfs', SERVICES],
  ['nvmet', `${SHARES} > NVMe-oF Subsystems`],
  ['pool', 'Storage'],
  ['pool.dataset', 'Datasets'],
  ['pool.scrub', `${TASKS} > Scrub Tasks`],
  ['pool.snapshot', 'Datasets > Manage Snapshots'],
  ['pool.snapshottask', `${TASKS} > Periodic Snapshot Tasks`],
  ['privilege', 'Credentials > Groups > Privileges'],
  ['replication', `${TASKS} > Replication Tasks`],
  ['reporting', 'Reporting'],
  ['rsynctask', `${TASKS} > Rsync Tasks`],
  ['s3', SERVICES],
  ['service', SERVICES],
  ['sharing', SHARES],
  ['smart', TASKS],
  ['smb', SERVICES],
  ['snmp', SERVICES],
  ['ssh', SERVICES],
  ['staticroute', 'System > Network'],
  ['support', GENERAL],
  ['system', GENERAL],
  ['system.advanced', ADVANCED],
  ['system.general', GENERAL],
  ['system.ntpserver', GENERAL],
  ['system.reboot', POWER],
  ['system.security', ADVANCED],
  ['system.shutdown', POWER],
  ['systemdataset', ADVANCED],
  ['truecommand', 'the TrueCommand button at the top'],
  ['tunable', ADVANCED],
  ['update', 'System > Update'],
  ['ups', SERVICES],
  ['user', 'Credentials > Users'],
  ['virt', CONTAINERS],
  ['vm', 'Virtual Machines'],
  ['vmware', `${TASKS} > Periodic Snapshot Tasks > VMware`],
  ['webshare', SERVICES],
  ['zfs.resource', 'Datasets'],
  ['zfs.snapshot', 'Datasets > Manage Snapshots'],
  ['zfs.tier', 'Datasets'],
  ['zpool', 'Storage'],
]);

/** Things as tools name them, the narrower word first. */
const THINGS: readonly (readonly [word: string, method: string])[] = [
  ['rsync', 'rsynctask'],
  ['replication', 'replication'],
  ['cloudsync', 'cloudsync'],
  ['cloud', 'cloudsync'],
  ['backup', 'cloud_backup'],
  ['cron', 'cronjob'],
  ['cronjob', 'cronjob'],
  ['iscsi', 'iscsi'],
  ['lun', 'iscsi'],
  ['extent', 'iscsi'],
  ['target', 'iscsi'],
  ['nvme', 'nvmet'],
  ['nvmeof', 'nvmet'],
  ['share', 'sharing'],
  ['export', 'sharing'],
  ['smb', 'sharing'],
  ['cifs', 'sharing'],
  ['nfs', 'sharing'],
  ['snapshot', 'pool.snapshot'],
  ['dataset', 'pool.dataset'],
  ['zvol', 'pool.dataset'],
  ['volume', 'pool.dataset'],
  ['quota', 'pool.dataset'],
  ['acl', 'filesystem'],
  ['permission', 'filesystem'],
  ['disk', 'disk'],
  ['drive', 'disk'],
  ['scrub', 'pool.scrub'],
  ['pool', 'pool'],
  ['vdev', 'pool'],
  ['user', 'user'],
  ['account', 'user'],
  ['password', 'user'],
  ['group', 'group'],
  ['privilege', 'privilege'],
  ['role', 'privilege'],
  ['key', 'api_key'],
  ['certificate', 'certificate'],
  ['cert', 'certificate'],
  ['app', 'app'],
  ['vm', 'vm'],
  ['container', 'container'],
  ['instance', 'container'],
  ['alert', 'alert'],
  ['job', 'core'],
  ['service', 'service'],
  ['interface', 'interface'],
  ['network', 'network'],
  ['dns', 'network'],
  ['route', 'staticroute'],
  ['update', 'update'],
  ['upgrade', 'update'],
  ['boot', 'boot'],
  ['reboot', 'system.reboot'],
  ['shutdown', 'system.shutdown'],
  ['ntp', 'system.ntpserver'],
  ['directory', 'directoryservices'],
  ['domain', 'directoryservices'],
  ['tunable', 'tunable'],
  ['config', 'config'],
  ['task', 'pool.snapshottask'],
];
