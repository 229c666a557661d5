/** Settings of services: SMB, NFS, SSH, FTP, SNMP, UPS and web shares. */
import { cutsOffClients, executes, exposes, type Finding, loses, opensData } from '../finding.ts';
import type { MethodRule, Rule } from '../rule.ts';
import {
  amount,
  choice,
  each,
  fields,
  flag,
  given,
  identity,
  members,
  setting,
  text,
  whenChanged,
} from '../rules.ts';
import { sharedPathRule } from './paths.ts';
import { sharedPath } from './support.ts';

const cutOff = (reason: string): Finding => cutsOffClients(reason, 'manage');
const changed = (reason: string): Rule => whenChanged(cutOff(reason), setting);
const auxiliary = given(executes('auxiliary parameters of a service can run programs as root'), {
  cleared: exposes('limits that the auxiliary parameters set are gone'),
});
/** Files that are made from now on; who gets at them decides the mask. */
const newFiles = whenChanged(exposes('new files may be open to more users'), setting);

/** Addresses that a service listens on; none means all. */
const boundTo: Rule = members({
  added: exposes('the service listens on more addresses'),
  removed: cutOff('clients at other addresses are cut off'),
  empty: exposes('the service listens on all addresses'),
});

const smb = fields({
  ...each('description localmaster syslog aapl_extensions debug', setting),
  ...each('filemask dirmask', newFiles),
  unixcharset: changed('clients no longer find files by their names'),
  ...each('netbiosname workgroup server_sid', changed('clients no longer find the NAS under its name')),
  netbiosalias: members({ removed: cutOff('clients no longer find the NAS under its name') }),
  enable_smb1: flag({
    on: exposes('old clients may connect by a weak protocol'),
    off: cutOff('old clients are cut off'),
  }),
  minimum_protocol: whenChanged(
    exposes('clients may connect by a weak protocol'),
    changed('old clients are cut off'),
  ),
  ntlmv1_auth: flag({ on: exposes('weak sign-ins are taken'), off: cutOff('old clients are cut off') }),
  admin_group: given(exposes('the group may read and change every file over SMB'), {
    cleared: loses('the group may no longer read and change every file over SMB'),
  }),
  guest: whenChanged(exposes('guests act as this user'), setting),
  multichannel: flag({
    on: exposes('clients may connect at more addresses'),
    off: cutOff('connections end'),
  }),
  stateful_failover: changed('connections end'),
  encryption: choice({
    DEFAULT: exposes('data may travel in the clear'),
    NEGOTIATE: exposes('data may travel in the clear'),
    DESIRED: exposes('data may travel in the clear'),
    REQUIRED: cutOff('clients without encryption are cut off'),
  }),
  bindip: boundTo,
  search_protocols: members({ added: opensData('clients may search the contents of files') }),
  smb_options: auxiliary,
});

const nfs = fields({
  ...each('servers mountd_log statd_lockd_log', setting),
  ...each('mountd_port rpcstatd_port rpclockd_port v4_domain rdma', changed('clients are disconnected')),
  userd_manage_gids: flag({
    on: cutOff('groups that only clients know no longer count'),
    off: exposes('groups are believed as clients name them'),
  }),
  allow_nonroot: flag({
    on: exposes('users of a client may mount by themselves'),
    off: cutOff('clients on high ports are cut off'),
  }),
  protocols: members({
    added: exposes('clients may connect by another protocol'),
    removed: cutOff('clients of a protocol are cut off'),
  }),
  v4_krb: flag({
    off: exposes('clients are believed without Kerberos'),
    on: cutOff('clients without Kerberos are cut off'),
  }),
  bindip: boundTo,
});

const ssh = fields({
  ...each('compression sftp_log_level sftp_log_facility', setting),
  bindiface: boundTo,
  tcpport: changed('people no longer find the service at its port'),
  password_login_groups: members({
    added: exposes('members of more groups sign in with a password'),
    removed: loses('members of groups may no longer sign in with a password'),
  }),
  passwordauth: flag({
    on: exposes('people sign in with passwords'),
    off: loses('people may no longer sign in with passwords'),
  }),
  kerberosauth: flag({
    on: exposes('people sign in with Kerberos'),
    off: loses('people may no longer sign in with Kerberos'),
  }),
  tcpfwd: flag({
    on: exposes('whoever signs in reaches other hosts through the NAS'),
    off: cutOff('tunnels end'),
  }),
  weak_ciphers: members({
    added: exposes('weak encryption may be used'),
    removed: cutOff('old clients are cut off'),
  }),
  options: auxiliary,
});

const ftp = fields({
  ...each(
    `clients ipconnections timeout timeout_notransfer resume ident reversedns localuserbw
    localuserdlbw anonuserbw anonuserdlbw tls_opt_enable_diags tls_opt_no_empty_fragments tls_opt_stdenvvars`,
    setting,
  ),
  loginattempt: amount({ more: exposes('passwords may be guessed more often') }),
  banner: text,
  ...each(
    'port masqaddress passiveportsmin passiveportsmax ssltls_certificate',
    changed('clients are cut off'),
  ),
  onlyanonymous: flag({
    on: exposes('anybody gets at the files without a password'),
    off: cutOff('guests are cut off'),
  }),
  anonpath: given(exposes('anybody gets at the files under this path')),
  onlylocal: flag({ on: exposes('local users sign in'), off: cutOff('local users are cut off') }),
  ...each('filemask dirmask', newFiles),
  fxp: flag({ on: exposes('files may be sent to other hosts') }),
  defaultroot: flag({ off: exposes('users get out of their home folder') }),
  tls: flag({
    off: exposes('passwords travel in the clear'),
    on: cutOff('clients without encryption are cut off'),
  }),
  ...each('tls_policy', whenChanged(exposes('passwords or data may travel in the clear'), setting)),
  ...each(
    `tls_opt_allow_client_renegotiations tls_opt_allow_dot_login tls_opt_allow_per_user tls_opt_export_cert_data
    tls_opt_no_session_reuse_required`,
    flag({ on: exposes('a check of sign-ins or connections is loosened') }),
  ),
  ...each(
    'tls_opt_common_name_required tls_opt_dns_name_required tls_opt_ip_address_required',
    flag({ off: exposes('a check of certificates is loosened') }),
  ),
  options: auxiliary,
});

const snmp = fields({
  ...each('location contact loglevel zilstat', setting),
  traps: flag({ off: loses('alerts are no longer sent as traps') }),
  v3: flag({
    off: exposes('the state of the NAS is told without a sign-in'),
    on: cutOff('programs of older versions are cut off'),
  }),
  community: given(exposes('whoever knows the name reads the state of the NAS')),
  ...each(
    'v3_username v3_authtype v3_password v3_privproto v3_privpassphrase',
    given(exposes('another sign-in reads the state of the NAS'), {
      cleared: exposes('the state of the NAS is told with less of a sign-in, or in the clear'),
    }),
  ),
  options: auxiliary,
});

const lessWatched = loses('the NAS may no longer shut down in time when the power fails');
const ups = fields({
  description: setting,
  ...each(
    'powerdown nocommwarntime shutdowntimer hostsync driver identifier mode port remotehost remoteport shutdown',
    whenChanged(lessWatched, setting),
  ),
  rmonitor: flag({ on: exposes('other hosts may watch and drive the UPS') }),
  ...each(
    'monuser monpwd',
    given(exposes('another sign-in may drive the UPS'), {
      cleared: exposes('the UPS may be driven without a password'),
    }),
  ),
  ...each('extrausers options optionsupsd', auxiliary),
  shutdowncmd: given(executes('the command runs as root when the power fails')),
});

export const SERVICE_SETTINGS: Readonly<Record<string, MethodRule>> = {
  'smb.update': { risk: 'configuration', why: 'settings of SMB change', params: [smb] },
  'nfs.update': { risk: 'configuration', why: 'settings of NFS change', params: [nfs] },
  'ssh.update': { risk: 'configuration', why: 'settings of SSH change', params: [ssh] },
  'ftp.update': { risk: 'configuration', why: 'settings of FTP change', params: [ftp] },
  'snmp.update': { risk: 'configuration', why: 'settings of SNMP change', params: [snmp] },
  'ups.update': { risk: 'configuration', why: 'settings of the UPS change', params: [ups] },
  'smart.update': {
    risk: 'configuration',
    why: 'how disks are watched changes',
    params: [
      fields({
        interval: amount({ more: loses('disks are watched less often') }),
        powermode: whenChanged(loses('sleeping disks may no longer be watched'), setting),
        ...each(
          'difference informational critical',
          whenChanged(loses('warm disks may be told later'), setting),
        ),
      }),
    ],
  },
  'webshare.update': {
    risk: 'configuration',
    why: 'settings of web shares change',
    params: [
      fields({
        bindip: boundTo,
        search: flag({ on: opensData('users may search the contents of files') }),
        passkey: choice({
          ENABLED: exposes('people may sign in in another way'),
          DISABLED: exposes('people may sign in without a passkey'),
          REQUIRED: loses('people without a passkey may no longer sign in'),
        }),
        groups: members({
          added: exposes('members of more groups sign in'),
          removed: loses('members of groups may no longer sign in'),
        }),
      }),
    ],
  },
  'sharing.webshare.create': {
    risk: 'exposes',
    unless: 'emptyData',
    why: 'people reach the data under the path in a browser',
    makes: true,
    data: sharedPath(0),
    params: [fields(webShare())],
  },
  'sharing.webshare.update': {
    risk: 'configuration',
    why: 'settings of a web share change',
    data: sharedPath(1),
    params: [identity, fields(webShare())],
  },
  'sharing.webshare.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'the web share is removed; its data stays',
    params: [identity],
    also: () => [cutsOffClients('people who use the share are cut off')],
  },
};

function webShare(): Readonly<Record<string, Rule>> {
  return {
    name: whenChanged(cutOff('people no longer find the share under its name'), identity),
    path: sharedPathRule(),
    enabled: flag({
      on: opensData('the share can be reached'),
      off: cutOff('the share can no longer be reached'),
    }),
    is_home_base: flag({ on: opensData('home folders of users are shown') }),
  };
}
