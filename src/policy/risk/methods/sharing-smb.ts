/** SMB shares: the flat form of 25.04 and the form with `options` of later releases. */
import type { JudgedCall } from '../call.ts';
import {
  closesData,
  configures,
  cutsOffClients,
  executes,
  exposes,
  type Finding,
  loses,
  opensData,
} from '../finding.ts';
import { isRecord, isSame, type MethodRule, type Rule } from '../rule.ts';
import {
  amount,
  choice,
  each,
  fields,
  flag,
  given,
  identity,
  list,
  members,
  setting,
  whenChanged,
  whole,
} from '../rules.ts';
import { sharedPathRule } from './paths.ts';
import { sharedPath } from './support.ts';

const cutOff = (reason: string): Finding => cutsOffClients(reason, 'manage');
const writable = flag({
  on: cutOff('clients can no longer write'),
  off: opensData('clients may write'),
});
const namesShown = flag({ off: opensData('users see the names of files they may not open') });

const audit = fields({
  enable: flag({ off: loses('what clients do is no longer recorded') }),
  watch_list: members({
    added: loses('only the groups of the list are recorded'),
    removed: loses('groups are no longer recorded'),
  }),
  ignore_list: members({ added: loses('groups are no longer recorded') }),
});

/** Settings that 25.04 has beside the others, and later releases have in `options`. */
const preset: Readonly<Record<string, Rule>> = {
  ...each('timemachine_quota durablehandle afp', setting),
  timemachine: flag({ off: loses('Macs no longer back up to the share') }),
  path_suffix: given(opensData('the share shows other folders than before'), {
    cleared: opensData('everybody sees the whole folder instead of their own'),
  }),
  home: flag({
    on: opensData('the share shows the home folders of all users'),
    off: opensData('everybody sees the whole folder instead of their own'),
  }),
  recyclebin: flag({ off: loses('deleted files are no longer kept') }),
  guestok: flag({ on: exposes('anybody in the network gets at the share without a sign-in') }),
  hostsallow: members({
    added: opensData('more hosts may connect'),
    removed: cutOff('hosts may no longer connect'),
    empty: opensData('every host may connect'),
  }),
  hostsdeny: members({
    added: cutOff('hosts may no longer connect'),
    removed: opensData('more hosts may connect'),
  }),
  acl: flag({ off: exposes('access lists of files no longer hold for this share') }),
  shadowcopy: flag({ off: loses('users no longer get at earlier versions of their files') }),
  streams: flag({ off: loses('alternate data streams of files can no longer be reached') }),
  fsrvp: flag({ on: exposes('clients may have the NAS take snapshots') }),
  auxsmbconf: given(executes('auxiliary parameters can run programs as root'), {
    cleared: opensData('limits that the auxiliary parameters set are gone'),
  }),
  aapl_name_mangling: flag({
    on: configures('files with special characters get other names'),
    off: loses('files with special characters can no longer be reached'),
  }),
};

const optionRules: Readonly<Record<string, Rule>> = {
  ...preset,
  purpose: whenChanged(opensData('another purpose changes who may do what'), setting),
  ...each('auto_dataset_creation auto_quota vuid', setting),
  auto_snapshot: flag({ off: loses('snapshots are no longer taken when clients leave') }),
  dataset_naming_schema: whenChanged(
    opensData('users are led to datasets of others'),
    whenChanged(cutOff('users are led to other datasets'), setting),
  ),
  grace_period: amount({
    less: loses('files are locked or changeable for another time than before'),
    more: loses('files can be changed for longer'),
  }),
  remote_path: whole(exposes('clients are sent to another host')),
};
const options = fields(optionRules);

/** What an option becomes that an update leaves out: the NAS replaces all of them. */
const LEFT_OUT: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries('streams acl shadowcopy durablehandle'.split(' ').map((name) => [name, true])),
  ...Object.fromEntries(
    'recyclebin guestok fsrvp home afp timemachine aapl_name_mangling auto_snapshot auto_dataset_creation'
      .split(' ')
      .map((name) => [name, false]),
  ),
  hostsallow: [],
  hostsdeny: [],
  remote_path: [],
  path_suffix: '',
  auxsmbconf: '',
  dataset_naming_schema: null,
  grace_period: 900,
  timemachine_quota: 0,
  auto_quota: 0,
  // The NAS keeps it.
  vuid: null,
};

/** Options fall back to their defaults where an update names others, or the purpose, without them. */
function leftOutFindings(call: JudgedCall): readonly Finding[] {
  const [, data] = call.params;
  if (!isRecord(data) || (data['options'] === undefined && data['purpose'] === undefined)) return [];
  const before = isRecord(call.before) ? call.before : undefined;
  // Up to 25.04 there are no options, and a purpose leaves all settings as they are.
  if (before !== undefined && !Object.hasOwn(before, 'options') && data['options'] === undefined) return [];
  const last = before?.['options'];
  if (before !== undefined && last === null) return [];
  if (!isRecord(last)) return [opensData('settings of the share that are left out fall back')];
  const sent = isRecord(data['options']) ? data['options'] : {};
  return Object.entries(last).flatMap(([name, was]) => {
    if (name === 'purpose' || Object.hasOwn(sent, name)) return [];
    const rule = Object.hasOwn(optionRules, name) ? optionRules[name] : undefined;
    if (rule === undefined || !Object.hasOwn(LEFT_OUT, name))
      return [opensData('settings of the share that are left out fall back')];
    return rule.judge({ value: LEFT_OUT[name], before: was, name, call, isEmptyData: false });
  });
}

const share: Readonly<Record<string, Rule>> = {
  ...preset,
  purpose: choice({
    ...harmless(
      'NO_PRESET DEFAULT_SHARE TIMEMACHINE ENHANCED_TIMEMACHINE MULTI_PROTOCOL_NFS PRIVATE_DATASETS',
    ),
    ...harmless('WORM_DROPBOX VEEAM_REPOSITORY_SHARE LEGACY_SHARE TIMEMACHINE_SHARE MULTIPROTOCOL_SHARE'),
    ...harmless('TIME_LOCKED_SHARE PRIVATE_DATASETS_SHARE FCP_SHARE'),
    EXTERNAL_SHARE: exposes('clients are sent to another host'),
  }),
  name: whenChanged(cutOff('clients no longer find the share under its name'), identity),
  path: sharedPathRule({ besides: ['EXTERNAL'] }),
  enabled: flag({
    on: opensData('clients reach the data under the path'),
    off: cutOff('the share can no longer be reached'),
  }),
  comment: setting,
  browsable: setting,
  ro: writable,
  readonly: writable,
  abe: namesShown,
  access_based_share_enumeration: namesShown,
  audit,
  options,
};

function harmless(names: string): Readonly<Record<string, undefined>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, undefined]));
}

/** A preset sets who may do what; of a share that exists nobody can tell what that changes. */
const updatePurpose = whenChanged(
  opensData('another purpose changes who may do what'),
  share['purpose'] ?? setting,
);

const entry = fields({
  ...each('ae_perm ae_type ae_who_sid ae_who_str', setting),
  ae_who_id: fields({ id_type: setting, id: identity }),
});

export const SHARING_SMB: Readonly<Record<string, MethodRule>> = {
  'sharing.smb.create': {
    risk: 'exposes',
    unless: 'emptyData',
    why: 'clients reach the data under the path',
    makes: true,
    data: sharedPath(0),
    params: [fields(share)],
  },
  'sharing.smb.update': {
    risk: 'configuration',
    why: 'settings of a share change',
    data: sharedPath(1),
    params: [identity, fields({ ...share, purpose: updatePurpose })],
    also: leftOutFindings,
  },
  'sharing.smb.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'the share is removed; its data stays',
    params: [identity],
    also: () => [cutsOffClients('clients of the share are cut off')],
  },
  'sharing.smb.setacl': {
    risk: 'configuration',
    why: 'the access list of a share changes',
    params: [fields({ share_name: identity, share_acl: list(entry) })],
    also: shareAclFindings,
  },
};

/** Compares the access list of a share with the one before (`sharing.smb.getacl`). */
function shareAclFindings(call: JudgedCall): readonly Finding[] {
  const [data] = call.params;
  const opened = opensData('more users reach the share');
  const closed = closesData('users no longer reach the share');
  const next = isRecord(data) ? data['share_acl'] : undefined;
  const last = isRecord(call.before) ? call.before['share_acl'] : undefined;
  // An empty list lets everybody in.
  if (!Array.isArray(next) || next.length === 0) return [opened, closed];
  if (!Array.isArray(last)) return [opened, closed];
  const added = next.filter((one) => !last.some((other) => isSame(one, other)));
  const removed = last.filter((one) => !next.some((other) => isSame(one, other)));
  const isOpened = added.some((one) => !denies(one)) || removed.some((one) => !allows(one));
  const isClosed = added.some((one) => !allows(one)) || removed.some((one) => !denies(one));
  return [...(isOpened ? [opened] : []), ...(isClosed ? [closed] : [])];
}

function allows(entry: unknown): boolean {
  return isRecord(entry) && entry['ae_type'] === 'ALLOWED';
}

function denies(entry: unknown): boolean {
  return isRecord(entry) && entry['ae_type'] === 'DENIED';
}
