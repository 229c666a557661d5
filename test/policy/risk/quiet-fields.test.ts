/** Arguments that look like plain settings. */
import { describe, expect, it } from 'vitest';
import { denialOf } from '../../../src/policy/risk/denial-of.ts';
import { judge, type JudgedCall, type Risk } from '../../../src/policy/risk/index.ts';
import { judgedMethods, ruleOf } from '../../../src/policy/risk/table.ts';
import type { Rule } from '../../../src/policy/risk/rule.ts';

function riskOf(
  method: string,
  params: readonly unknown[],
  before?: unknown,
  facts?: JudgedCall['facts'],
): Risk {
  return judge([{ method, params, before, ...(facts === undefined ? {} : { facts }) }]).risk;
}

/** An update of one field, from the value that it had. */
const UPDATES: readonly (readonly [method: string, field: string, from: unknown, to: unknown, risk: Risk])[] =
  [
    // New files that everybody may open.
    ['mail.update', 'oauth', { provider: 'gmail' }, null, 'exposes'],
    ['smb.update', 'filemask', '0640', '0777', 'exposes'],
    ['smb.update', 'dirmask', '0750', '0777', 'exposes'],
    ['smb.update', 'unixcharset', 'UTF-8', 'ISO-8859-1', 'destroys'],
    ['smb.update', 'admin_group', 'admins', '', 'destroys'],
    ['smb.update', 'smb_options', 'server signing = mandatory', '', 'exposes'],
    ['ssh.update', 'options', 'AllowUsers anna', '', 'exposes'],
    ['ftp.update', 'options', 'DenyUser mallory', '', 'exposes'],
    ['ftp.update', 'loginattempt', 1, 500, 'exposes'],
    ['snmp.update', 'v3_authtype', 'SHA', '', 'exposes'],
    ['snmp.update', 'v3_privproto', 'AES', null, 'exposes'],
    ['snmp.update', 'v3_password', 'x', '', 'exposes'],
    ['ups.update', 'monpwd', 'x', '', 'exposes'],
    ['kerberos.update', 'libdefaults_aux', 'x', '', 'exposes'],
    ['system.advanced.update', 'sed_passwd', 'x', '', 'destroys'],
    ['system.advanced.update', 'kernel_extra_options', 'mitigations=auto', '', 'destroys'],
    ['system.advanced.update', 'serialport', 'ttyS0', 'ttyS1', 'exposes'],
    [
      'docker.update',
      'registry_mirrors',
      [{ url: 'https://mirror.example', insecure: false }],
      [],
      'destroys',
    ],
  ];

/** The same, of a thing with an id. */
const UPDATES_BY_ID: typeof UPDATES = [
  ['disk.update', 'critical', 55, null, 'destroys'],
  ['disk.update', 'informational', 45, 90, 'destroys'],
  ['disk.update', 'smartoptions', '-a', '', 'destroys'],
  ['iscsi.extent.update', 'insecure_tpc', false, true, 'exposes'],
  ['iscsi.extent.update', 'name', 'backup', 'other', 'destroys'],
  ['iscsi.extent.update', 'pblocksize', false, true, 'destroys'],
  ['system.ntpserver.update', 'address', '0.pool.example', 'clock.evil.example', 'exposes'],
  ['tunable.update', 'enabled', true, false, 'destroys'],
  ['tunable.update', 'value', '1', '', 'destroys'],
  ['rsynctask.update', 'remoteport', 22, 2222, 'exposes'],
  ['rsynctask.update', 'extra', ['--exclude=private'], [], 'exposes'],
  ['rsynctask.update', 'recursive', true, false, 'destroys'],
  ['rsynctask.update', 'archive', true, false, 'destroys'],
  ['rsynctask.update', 'recursive', false, true, 'exposes'],
  ['iscsi.extent.update', 'serial', '10000001', null, 'destroys'],
  ['iscsi.extent.update', 'product_id', 'disk', '', 'destroys'],
  ['replication.update', 'name_regex', 'auto-.*', null, 'destroys'],
  // A limit that ends a task.
  ['replication.update', 'speed_limit', null, 1, 'destroys'],
  ['replication.update', 'speed_limit', null, 10_000_000, 'configuration'],
  ['cloudsync.update', 'bwlimit', [], [{ time: '00:00', bandwidth: 1 }], 'destroys'],
  ['cloudsync.update', 'bwlimit', [], [{ time: '08:00', bandwidth: 1_000_000 }], 'configuration'],
  ['cloud_backup.update', 'rate_limit', null, 1, 'destroys'],
  ['cloud_backup.update', 'rate_limit', null, 1000, 'configuration'],
  ['cloudsync.update', 'args', '--max-size 1M', '', 'exposes'],
  ['cloudsync.update', 'pre_script', 'umount', '', 'destroys'],
  ['cloudsync.update', 'encryption_password', 'x', '', 'destroys'],
  ['cloudsync.update', 'encryption_salt', 'x', '', 'destroys'],
  ['cloud_backup.update', 'keep_last', 30, 1, 'destroys'],
  ['cloud_backup.update', 'cache_path', null, '/etc/cron.d', 'executes'],
  ['cloud_backup.update', 'cache_path', null, '/mnt/tank/cache', 'configuration'],
  ['replication.update', 'hold_pending_snapshots', true, false, 'destroys'],
  ['replication.update', 'only_matching_schedule', false, true, 'destroys'],
  ['replication.update', 'replicate', false, true, 'destroys'],
  ['replication.update', 'properties', true, false, 'destroys'],
  ['replication.update', 'properties_exclude', ['mountpoint'], [], 'exposes'],
  ['replication.update', 'encryption', true, false, 'exposes'],
  ['replication.update', 'encryption_inherit', false, true, 'destroys'],
  ['replication.update', 'encryption_key_format', 'HEX', 'PASSPHRASE', 'destroys'],
  ['replication.update', 'encryption_key_location', '$TrueNAS', '/mnt/tank/public/key', 'destroys'],
  ['pool.snapshottask.update', 'enabled', false, true, 'destroys'],
  ['pool.snapshottask.update', 'recursive', false, true, 'destroys'],
  ['pool.snapshottask.update', 'exclude', ['tank/a'], [], 'destroys'],
  ['sharing.smb.update', 'path_suffix', '%U', '', 'exposes'],
  ['sharing.smb.update', 'home', true, false, 'exposes'],
  ['sharing.smb.update', 'timemachine', true, false, 'destroys'],
  ['sharing.smb.update', 'auxsmbconf', 'valid users = anna', '', 'exposes'],
];

/** The same, within an object of the thing. */
const UPDATES_WITHIN: readonly (readonly [...(typeof UPDATES)[number], within: string])[] = [
  ['vm.device.update', 'password', 'x', '', 'exposes', 'attributes'],
  ['vm.device.update', 'bind', '127.0.0.1', '', 'exposes', 'attributes'],
  ['vm.device.update', 'trust_guest_rx_filters', false, true, 'exposes', 'attributes'],
  ['sharing.smb.update', 'dataset_naming_schema', '%D/%u', null, 'destroys', 'options'],
];

describe('a setting that is a protection, an access or a way in', () => {
  const nobody = { clients: 0, attachments: 0, shares: 0, isRunning: false };

  it.each(UPDATES)('%s with %s from %j to %j', (method, field, from, to, risk) => {
    expect(riskOf(method, [{ [field]: to }], { [field]: from })).toBe(risk);
    expect(riskOf(method, [{ [field]: from }], { [field]: from }, nobody)).toBe('configuration');
  });

  it.each(UPDATES_BY_ID)('%s with %s from %j to %j', (method, field, from, to, risk) => {
    expect(riskOf(method, [1, { [field]: to }], { [field]: from })).toBe(risk);
    expect(riskOf(method, [1, { [field]: from }], { [field]: from }, nobody)).toBe('configuration');
  });

  it.each(UPDATES_WITHIN)('%s with %s from %j to %j', (method, field, from, to, risk, within) => {
    const object = (value: unknown) => ({ [within]: { [field]: value } });
    expect(riskOf(method, [1, object(to)], object(from))).toBe(risk);
    expect(riskOf(method, [1, object(from)], object(from), nobody)).toBe('configuration');
  });

  it('another host that sets the clock exposes: sign-ins, certificates and retention go by it', () => {
    expect(riskOf('system.ntpserver.create', [{ address: 'clock.evil.example' }])).toBe('exposes');
  });

  it.each([
    ['pool.snapshot.rename', ['tank@daily', { new_name: 'tank@auto-2001-01-01_00-00' }]],
    ['zfs.resource.snapshot.rename', [{ current_name: 'tank@a', new_name: 'tank@auto-2001-01-01_00-00' }]],
  ])('%s may hand the snapshot to a retention', (method, params) => {
    expect(riskOf(method, params, { name: 'tank@daily' })).toBe('destroys');
  });

  it('a new snapshot task destroys, unless no snapshot that is there falls under its retention', () => {
    const params = [{ dataset: 'tank', lifetime_value: 1, lifetime_unit: 'HOUR' }];
    expect(riskOf('pool.snapshottask.create', params)).toBe('destroys');
    expect(riskOf('pool.snapshottask.create', params, undefined, { takenOver: 12 })).toBe('destroys');
    expect(riskOf('pool.snapshottask.create', params, undefined, { takenOver: '0' })).toBe('destroys');
    expect(riskOf('pool.snapshottask.create', params, undefined, { takenOver: 0 })).toBe('configuration');
  });

  it.each<[string, unknown, Risk]>([
    ['options without the list of hosts', { options: { guestok: false } }, 'exposes'],
    ['the same purpose without options', { purpose: 'LEGACY_SHARE' }, 'exposes'],
    ['all options as they were', { options: { hostsallow: ['10.0.0.1'], acl: true } }, 'configuration'],
    ['a comment', { comment: 'x' }, 'configuration'],
  ])('an SMB share loses what an update leaves out: %s', (_what, change, risk) => {
    const before = { purpose: 'LEGACY_SHARE', options: { hostsallow: ['10.0.0.1'], acl: true } };
    expect(riskOf('sharing.smb.update', [1, change], before, nobody)).toBe(risk);
  });

  it('settings of alerts that an update leaves out fall back', () => {
    const classes = { ScrubPaused: { level: 'CRITICAL' }, UPSOnline: { policy: 'HOURLY' } };
    expect(riskOf('alertclasses.update', [{ classes: {} }], { classes })).toBe('destroys');
    expect(riskOf('alertclasses.update', [{ classes }], { classes })).toBe('configuration');
  });

  it('a part of a schedule may bring another one than is seen', () => {
    const schedule = { minute: '0', hour: '0', dom: '*', month: '*', dow: '*' };
    expect(riskOf('pool.scrub.update', [1, { schedule: { minute: '30' } }], { schedule })).toBe('destroys');
    const whole = { schedule: { ...schedule, minute: '30' } };
    expect(riskOf('pool.scrub.update', [1, whole], { schedule })).toBe('configuration');
  });

  it('a quote in an alias ends the text in a configuration file', () => {
    expect(riskOf('iscsi.target.update', [1, { alias: 'a" ; LUN 0 "x' }], { alias: '' })).toBe('executes');
    expect(riskOf('iscsi.target.update', [1, { alias: 'the first one' }], { alias: '' })).toBe(
      'configuration',
    );
  });

  it('a pool that is called zvol is no way to pass for a new volume', () => {
    const made = { method: 'pool.dataset.create', params: [{ name: 'tank/new' }] };
    const shared = { method: 'sharing.smb.create', params: [{ name: 'x', path: '/mnt/zvol/tank/new' }] };
    expect(judge([made, shared]).risk).toBe('exposes');
  });
});

describe('a line break in a text that has one line', () => {
  it.each<[string, unknown[]]>([
    ['snmp.update', [{ location: 'cellar\nextend x /bin/sh' }]],
    ['snmp.update', [{ contact: 'a\r\nrwcommunity public' }]],
    ['smb.update', [{ description: 'NAS\nroot preexec = sh' }]],
    ['ups.update', [{ description: 'a\ndriver = x' }]],
    ['sharing.smb.update', [1, { comment: 'a\nroot preexec = sh' }]],
    ['sharing.nfs.update', [1, { comment: 'a\n/ *(rw,no_root_squash)' }]],
    ['sharing.nfs.update', [1, { hosts: ['a', 'b\n"/" *(rw)'] }]],
    ['iscsi.target.update', [1, { alias: 'a\nTARGET b' }]],
    ['system.ntpserver.update', [1, { address: 'a\nkeyfile /etc/shadow' }]],
    ['network.configuration.update', [{ hosts: ['10.0.0.1 a\n10.0.0.2 nas'] }]],
    ['system.advanced.update', [{ syslogservers: [{ host: 'a\nprogram("sh")' }] }]],
    ['user.create', [{ username: 'a', full_name: 'A\nroot2::0:0::/:/bin/sh' }]],
    ['alertclasses.update', [{ classes: { x: { level: 'INFO\n' } } }]],
    ['service.control', ['RELOAD', 'ssh\n']],
    ['mail.update', [{ fromname: 'NAS\u2028Bcc: x' }]],
  ])('%s with %j is code, and is not sent unless the operator allows code', (method, params) => {
    expect(riskOf(method, params)).toBe('executes');
    expect(denialOf({ method, params }, { allowsCode: false })).toMatch(/line break/);
  });

  it.each<[string, unknown[]]>([
    ['pool.dataset.update', ['tank', { comments: 'first\nsecond' }]],
    ['system.advanced.update', [{ motd: 'first\nsecond' }]],
    ['ftp.update', [{ banner: 'first\nsecond' }]],
    ['certificate.create', [{ name: 'a', certificate: '-----BEGIN\nx\n' }]],
    ['user.update', [1, { sshpubkey: 'ssh-ed25519 AAAA a\nssh-ed25519 BBBB b' }]],
  ])('is what %s with %j is for', (method, params) => {
    expect(denialOf({ method, params }, { allowsCode: false })).toBeUndefined();
  });

  it('is looked for in every text of every judged method', () => {
    const passed = judgedMethods().flatMap((method) =>
      (ruleOf(method)?.params ?? []).flatMap((rule, at) =>
        textPlaces(rule).flatMap(({ place, value }) => {
          const params = [...Array.from({ length: at }, () => undefined), value];
          return riskOf(method, params) === 'executes' ? [] : [`${method} ${at}${place}`];
        }),
      ),
    );
    expect(passed).toEqual([]);
  });
});

/** Every place where a rule takes a text of one line, with a value that has two there. */
function textPlaces(rule: Rule): { place: string; value: unknown }[] {
  if (rule.isText === true || rule.isWhole === true || rule.isTree === true) return [];
  if (rule.fields !== undefined)
    return Object.entries(rule.fields).flatMap(([name, inner]) =>
      textPlaces(inner).map(({ place, value }) => ({ place: `.${name}${place}`, value: { [name]: value } })),
    );
  const one = { place: '', value: 'a\nb' };
  const inside = rule.item ?? rule.values;
  if (inside === undefined) return [one];
  return textPlaces(inside).map(({ place, value }) =>
    rule.item === undefined
      ? { place: `{}${place}`, value: { some: value } }
      : { place: `[]${place}`, value: [value] },
  );
}
