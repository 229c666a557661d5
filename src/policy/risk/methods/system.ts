/** The system itself: start and stop, alerts, updates, settings. */
import { configures, cutsOffClients, destroys, executes, exposes, type Finding, loses } from '../finding.ts';
import { isRecord, type MethodRule, type Rule } from '../rule.ts';
import {
  amount,
  choice,
  each,
  fields,
  flag,
  given,
  identity,
  list,
  mapOf,
  members,
  setting,
  settings,
  text,
  whenChanged,
} from '../rules.ts';

const cutOff = (reason: string): Finding => cutsOffClients(reason, 'manage');
const delay = fields({ delay: setting });

const POWER: Readonly<Record<string, MethodRule>> = {
  'system.reboot': {
    risk: 'destroys',
    why: 'everybody is cut off until the NAS is up again, and running work ends',
    params: [setting, delay],
  },
  'system.shutdown': {
    risk: 'destroys',
    why: 'everybody is cut off until somebody switches the NAS on, and running work ends',
    params: [setting, delay],
  },
  'config.reset': {
    risk: 'destroys',
    why: 'all settings of the NAS are lost',
    params: [fields({ reboot: flag({ on: destroys('the NAS restarts') }) })],
  },
};

const ALERTS: Readonly<Record<string, MethodRule>> = {
  'alert.dismiss': { risk: 'reversible', why: 'an alert is put away', params: [identity] },
  'alert.restore': { risk: 'reversible', why: 'an alert is shown again', params: [identity] },
  'alertclasses.update': {
    risk: 'configuration',
    why: 'which alerts are sent, and when, changes',
    params: [
      fields({
        classes: mapOf(
          fields({
            level: whenChanged(loses('an alert may be sent to fewer people'), setting),
            policy: choice({
              IMMEDIATELY: undefined,
              HOURLY: configures('an alert is told later'),
              DAILY: configures('an alert is told later'),
              NEVER: loses('an alert is told to nobody'),
            }),
            proactive_support: flag({ off: loses('the vendor is no longer told') }),
          }),
        ),
      }),
    ],
    also: ({ params: [data], before }) => {
      const sent = isRecord(data) ? data['classes'] : undefined;
      const last = isRecord(before) ? before['classes'] : undefined;
      // The NAS replaces all of them. Where none was read, their own rules have found the worst.
      if (!isRecord(sent) || !isRecord(last)) return [];
      const isLeftOut = Object.keys(last).some((name) => !Object.hasOwn(sent, name));
      return isLeftOut ? [loses('settings of alerts that are left out fall back')] : [];
    },
  },
};

const UPDATES: Readonly<Record<string, MethodRule>> = {
  'update.download': { risk: 'configuration', why: 'an update is fetched', params: [setting, setting] },
  'update.run': {
    risk: 'destroys',
    why: 'the NAS gets another release, which takes effect at its next start',
    params: [
      fields({
        ...each('dataset_name resume train version', setting),
        reboot: flag({ on: destroys('everybody is cut off while the NAS restarts') }),
      }),
    ],
  },
  // A setting since 25.10; before, it installed the update.
  'update.update': {
    risk: 'destroys',
    why: 'up to 25.04 this installs an update',
    params: [
      fields({
        ...each('dataset_name resume train', setting),
        reboot: flag({ on: destroys('everybody is cut off while the NAS restarts') }),
        autocheck: setting,
        profile: whenChanged(configures('updates of another kind are offered'), setting),
      }),
    ],
  },
  'update.manual': {
    risk: 'executes',
    why: 'a file becomes the system of the NAS',
    params: [identity, fields(each('dataset_name resume cleanup', setting))],
  },
  'update.set_auto_download': {
    risk: 'configuration',
    why: 'whether updates are fetched changes',
    params: [setting],
  },
  'update.set_train': {
    risk: 'configuration',
    why: 'updates of another train are offered',
    params: [identity],
  },
};

const addresses = (what: string): Rule =>
  members({
    added: exposes(`${what} can be reached at more addresses`),
    removed: cutOff(`${what} can no longer be reached at addresses`),
    empty: exposes(`${what} can be reached at all addresses`),
  });

const general: Readonly<Record<string, Rule>> = {
  ...each('ui_consolemsg kbdmap language timezone rollback_timeout', setting),
  ui_restart_delay: given(cutOff('users of the web interface are cut off for a moment')),
  ...each('ui_httpsport ui_port', whenChanged(cutOff('people no longer find the web interface'), setting)),
  ui_httpsredirect: flag({ off: exposes('passwords may travel in the clear') }),
  ui_httpsprotocols: members({
    added: exposes('weaker encryption may be used'),
    removed: cutOff('older clients are cut off'),
  }),
  ui_address: addresses('the web interface'),
  ui_v6address: addresses('the web interface'),
  ui_allowlist: members({
    added: exposes('more hosts reach the web interface'),
    removed: cutOff('hosts no longer reach the web interface'),
    empty: exposes('every host reaches the web interface'),
  }),
  ui_x_frame_options: choice({
    SAMEORIGIN: exposes('pages of the NAS itself may show the web interface in a frame'),
    DENY: undefined,
    ALLOW_ALL: exposes('any web page may show the web interface in a frame'),
  }),
  usage_collection: flag({ on: exposes('the vendor is sent figures of the NAS') }),
  ds_auth: flag({
    on: exposes('accounts of the directory may manage the NAS'),
    off: loses('accounts of the directory may no longer manage the NAS'),
  }),
  ui_certificate: whenChanged(cutOff('browsers and programs may no longer trust the NAS'), setting),
};

const lockedDisks = destroys('self-encrypting disks may no longer be unlocked');

const advanced: Readonly<Record<string, Rule>> = {
  ...each(
    'advancedmode autotune kdump_enabled consolemsg fqdn_syslog powerdaemon overprovision traceback nvidia',
    setting,
  ),
  ...each('motd login_banner', text),
  boot_scrub: amount({ more: loses('the boot pool is checked less often') }),
  consolemenu: flag({ on: exposes('whoever is at the console manages the NAS without a password') }),
  debugkernel: setting,
  serialconsole: flag({ on: exposes('the NAS can be managed over the serial line') }),
  serialport: whenChanged(exposes('the NAS can be managed over another serial line'), setting),
  serialspeed: setting,
  ...each('uploadcrash anonstats', flag({ on: exposes('the vendor is sent data of the NAS') })),
  ...each('sed_user sed_passwd', given(lockedDisks, { cleared: lockedDisks })),
  sysloglevel: whenChanged(loses('less may be logged'), setting),
  syslogserver: given(exposes('logs go to another host'), {
    cleared: loses('logs are no longer kept on another host'),
  }),
  syslogservers: list(
    fields({ host: setting, transport: setting, tls_certificate: setting }),
    exposes('logs go to other hosts, or no longer to those of before'),
    loses('logs are no longer kept on another host'),
  ),
  syslog_transport: whenChanged(exposes('logs may travel in the clear'), setting),
  ...each(
    'syslog_tls_certificate syslog_tls_certificate_authority',
    whenChanged(exposes('another host may take the logs'), setting),
  ),
  syslog_audit: flag({
    on: exposes('the audit trail goes to another host'),
    off: loses('the audit trail is no longer kept on another host'),
  }),
  kernel_extra_options: given(executes('options of the kernel can start any program as root'), {
    cleared: loses('options of the kernel fall back at the next start'),
  }),
};

const passwordRule = amount({ less: loses('weaker passwords are allowed') });

const SETTINGS: Readonly<Record<string, MethodRule>> = {
  'system.general.update': {
    risk: 'configuration',
    why: 'general settings change',
    params: [fields(general)],
  },
  'system.general.checkin': {
    risk: 'configuration',
    why: 'changes of the web interface are kept',
    params: [],
  },
  'system.general.checkin_waiting': { risk: 'reversible', why: 'a waiting time is read', params: [] },
  'system.general.ui_restart': {
    risk: 'destroys',
    level: 'operate',
    unless: 'noClients',
    why: 'users of the web interface are cut off for a moment',
    params: [setting],
  },
  'system.advanced.update': {
    risk: 'configuration',
    why: 'advanced settings change',
    params: [fields(advanced)],
  },
  'system.advanced.update_gpu_pci_ids': {
    risk: 'destroys',
    level: 'manage',
    why: 'graphics cards are taken from the NAS, or given back, at its next start',
    params: [settings],
  },
  'system.security.update': {
    risk: 'configuration',
    why: 'security settings change, some at the next start',
    params: [
      fields({
        enable_fips: flag({
          off: loses('only approved encryption is no longer enforced'),
          on: destroys('clients with other encryption are cut off'),
        }),
        enable_gpos_stig: flag({
          off: loses('hardening is taken back'),
          on: destroys('people who sign in another way are shut out'),
        }),
        ...each('min_password_age min_password_length password_history_length', passwordRule),
        max_password_age: amount({
          more: loses('older passwords are allowed'),
          less: loses('people with older passwords are shut out'),
        }),
        password_complexity_ruleset: members({ removed: loses('weaker passwords are allowed') }),
      }),
    ],
  },
  'audit.update': {
    risk: 'configuration',
    why: 'settings of the audit trail change',
    params: [
      fields({
        retention: amount({ less: loses('the audit trail is kept for a shorter time') }),
        quota: amount({
          less: loses('the audit trail has less room'),
          more: configures('the audit trail has more room'),
        }),
        ...each('reservation quota_fill_warning quota_fill_critical', setting),
      }),
    ],
  },
  'systemdataset.update': {
    risk: 'destroys',
    why: 'logs, audit trail and state of services move to another pool: services stop meanwhile',
    params: [fields(each('pool pool_exclude', setting))],
  },
  'system.ntpserver.create': {
    risk: 'exposes',
    why: 'another host sets the clock, by which sign-ins, certificates and the age of snapshots are judged',
    makes: true,
    params: [fields(each('address burst iburst prefer minpoll maxpoll force', setting))],
  },
  'system.ntpserver.update': {
    risk: 'configuration',
    why: 'how the clock is set changes',
    params: [
      identity,
      fields({
        address: whenChanged(exposes('another host sets the clock'), setting),
        prefer: flag({ on: exposes('another host sets the clock') }),
        ...each('burst iburst minpoll maxpoll force', setting),
      }),
    ],
  },
  'system.ntpserver.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'the clock no longer follows a host',
    params: [identity],
  },
  'tunable.create': {
    risk: 'executes',
    why: 'options of the kernel and rules for devices can start any program as root',
    makes: true,
    params: [fields(each('type var value comment enabled update_initramfs', setting))],
  },
  'tunable.update': {
    risk: 'configuration',
    why: 'an option of the kernel changes',
    params: [
      identity,
      fields({
        value: given(executes('options of the kernel and rules for devices can start any program as root'), {
          cleared: loses('an option of the kernel falls back'),
        }),
        enabled: flag({
          on: executes('options of the kernel and rules for devices can start any program as root'),
          off: loses('an option of the kernel falls back'),
        }),
        ...each('comment update_initramfs', setting),
      }),
    ],
  },
  'tunable.delete': { risk: 'destroys', why: 'an option of the kernel falls back', params: [identity] },
  'reporting.update': {
    risk: 'configuration',
    why: 'how long figures are kept changes',
    params: [
      fields({
        ...each('tier0_days tier1_days', amount({ less: loses('older figures are lost') })),
        tier1_update_interval: setting,
      }),
    ],
  },
};

export const SYSTEM: Readonly<Record<string, MethodRule>> = { ...POWER, ...ALERTS, ...UPDATES, ...SETTINGS };
