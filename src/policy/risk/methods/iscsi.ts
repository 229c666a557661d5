/** iSCSI: targets, extents, and who may connect. */
import {
  configures,
  cutsOffClients,
  destroys,
  executes,
  exposes,
  type Finding,
  loses,
  opensData,
  reopens,
} from '../finding.ts';
import { found, isUnchanged, type MethodRule, NOTHING, odd, type Rule } from '../rule.ts';
import {
  amount,
  choice,
  custom,
  each,
  fields,
  flag,
  given,
  identity,
  list,
  members,
  setting,
  whenChanged,
} from '../rules.ts';
import { isPlainPath } from './paths.ts';
import { after } from './support.ts';

const cutOff = (reason: string): Finding => cutsOffClients(reason, 'manage');
const otherData = [
  opensData('initiators reach other data than before'),
  cutOff('initiators lose the data they work with'),
];

/** The volume behind an extent: a zvol. Any other disk is written to below ZFS. */
const disk: Rule = {
  worst: 'destroys',
  judge(looked) {
    const { value, before } = looked;
    if (value === null || isUnchanged(looked)) return [];
    if (typeof value !== 'string') return odd(looked, 'destroys');
    const isZvol = /^zvol\/[^/]+\/.+$/.test(value) && !value.split('/').includes('..');
    return [
      ...(isZvol ? [] : found(looked, destroys('a whole disk is handed out: what is on it is overwritten'))),
      ...(before === NOTHING ? [] : otherData.flatMap((finding) => found(looked, finding))),
    ];
  },
};

const file: Rule = {
  worst: 'destroys',
  judge(looked) {
    const { value, before } = looked;
    if (value === null || isUnchanged(looked)) return [];
    if (typeof value === 'string' && !isPlainPath(value) && /^zvol\//.test(value)) return disk.judge(looked);
    if (!isPlainPath(value)) return odd(looked, 'destroys');
    return before === NOTHING ? [] : otherData.flatMap((finding) => found(looked, finding));
  },
};

/** Sizes may come as text: then nobody can tell which is greater. */
const fileSize = custom(
  'destroys',
  (value) =>
    value === null || Number.isSafeInteger(value) || (typeof value === 'string' && /^\d{1,18}$/.test(value)),
  (looked) =>
    amount({ less: loses('a smaller file cuts off the end of the data in it') }).judge({
      ...looked,
      value: Number(looked.value),
      before: typeof looked.before === 'string' ? Number(looked.before) : looked.before,
    }),
);

const extent: Readonly<Record<string, Rule>> = {
  ...each('comment avail_threshold rpm xen', setting),
  name: whenChanged(cutOff('initiators take it for another disk'), identity),
  type: choice({
    DISK: loses('the extent changes what it is, and initiators lose their data'),
    FILE: loses('the extent changes what it is, and initiators lose their data'),
  }),
  disk,
  path: file,
  filesize: fileSize,
  blocksize: whenChanged(loses('with another block size the data on it can no longer be read'), setting),
  pblocksize: whenChanged(cutOff('initiators take it for another disk'), setting),
  serial: given(cutOff('initiators take it for another disk'), {
    cleared: cutOff('initiators take it for another disk'),
  }),
  product_id: given(cutOff('initiators take it for another disk'), {
    cleared: cutOff('initiators take it for another disk'),
  }),
  insecure_tpc: flag({ on: reopens('initiators may copy from and to extents that are not theirs') }),
  ro: flag({ on: cutOff('initiators can no longer write'), off: opensData('initiators may write') }),
  enabled: flag({
    on: opensData('the extent can be reached'),
    off: cutOff('the extent can no longer be reached'),
  }),
};

/** A text that the NAS writes between quotes into a configuration file: one of its own would end it there. */
const quotedText = custom(
  'executes',
  (value) => value === null || typeof value === 'string',
  (looked) =>
    typeof looked.value === 'string' && /["\\]/u.test(looked.value)
      ? found(looked, executes('a quote ends the text in a configuration file of the NAS'))
      : [],
);

const networks = members({
  added: opensData('more networks may connect'),
  removed: cutOff('networks may no longer connect'),
  empty: opensData('every network may connect'),
});

const group = fields({
  portal: identity,
  initiator: custom('exposes', isIdOrNull, (looked) =>
    looked.value === null ? found(looked, opensData('every initiator may connect')) : [],
  ),
  authmethod: setting,
  auth: setting,
});

function isIdOrNull(value: unknown): boolean {
  return value === null || Number.isSafeInteger(value);
}

const target: Readonly<Record<string, Rule>> = {
  name: whenChanged(cutOff('initiators no longer find the target'), identity),
  alias: quotedText,
  mode: choice({
    ISCSI: cutOff('initiators on Fibre Channel lose the target'),
    FC: opensData('hosts on Fibre Channel reach the target'),
    BOTH: opensData('hosts on Fibre Channel reach the target'),
  }),
  groups: list(group),
  auth_networks: networks,
  iscsi_parameters: fields({ QueuedCommands: setting }),
};

/** Of a target that exists, any change of its groups may let others in, or shut some out. */
const groupsOfExisting = whenChanged(
  opensData('other initiators may reach the target'),
  whenChanged(cutOff('initiators may no longer reach the target'), list(group)),
);

const address: Rule = custom(
  'exposes',
  (value) => typeof value === 'string' && /^[0-9a-fA-F.:]*$/.test(value),
  (looked) =>
    ['0.0.0.0', '::', ''].includes(String(looked.value))
      ? found(looked, exposes('the portal listens on all addresses'))
      : [],
);
const listen = list(fields({ ip: address }));

const initiators = members({
  added: opensData('more initiators may connect'),
  removed: cutOff('initiators may no longer connect'),
  empty: exposes('every initiator may connect'),
});

const credential = fields({
  ...each('tag user', identity),
  ...each('secret peeruser peersecret', setting),
  discovery_auth: choice({ NONE: undefined, CHAP: undefined, CHAP_MUTUAL: undefined }),
});

const sessions = () => [cutsOffClients('initiators of the target are cut off')];

export const ISCSI: Readonly<Record<string, MethodRule>> = {
  'iscsi.extent.create': {
    risk: 'configuration',
    why: 'a new extent stands for a volume or a file',
    makes: true,
    data: (call) => after(call, 0, 'disk') ?? after(call, 0, 'path'),
    params: [fields(extent)],
  },
  'iscsi.extent.update': {
    risk: 'configuration',
    why: 'settings of an extent change',
    params: [identity, fields(extent)],
  },
  'iscsi.extent.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'the extent is removed',
    params: [
      identity,
      flag({ on: destroys('the file behind the extent is deleted with its data') }),
      flag({ on: destroys('it is removed also while initiators use it') }),
    ],
    also: sessions,
  },
  'iscsi.target.create': {
    risk: 'configuration',
    why: 'a new target, without data yet',
    makes: true,
    params: [fields(target)],
  },
  'iscsi.target.update': {
    risk: 'configuration',
    why: 'settings of a target change',
    params: [identity, fields({ ...target, groups: groupsOfExisting })],
  },
  'iscsi.target.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'the target is removed',
    params: [
      identity,
      flag({ on: destroys('it is removed also while initiators use it') }),
      flag({ on: destroys('its extents are removed too') }),
    ],
    also: sessions,
  },
  'iscsi.target.validate_name': { risk: 'reversible', why: 'a name is checked', params: [identity, setting] },
  'iscsi.targetextent.create': {
    risk: 'exposes',
    unless: 'emptyData',
    why: 'initiators of the target reach the data of the extent',
    makes: true,
    params: [fields({ target: identity, lunid: setting, extent: identity })],
  },
  'iscsi.targetextent.update': {
    risk: 'exposes',
    why: 'initiators reach other data than before',
    params: [
      identity,
      fields({
        id: identity,
        ...each(
          'target lunid extent',
          whenChanged(cutOff('initiators lose the data they work with'), identity),
        ),
      }),
    ],
  },
  'iscsi.targetextent.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'the extent is taken from the target',
    params: [identity, flag({ on: destroys('it is taken away also while initiators use it') })],
    also: sessions,
  },
  'iscsi.portal.create': {
    risk: 'configuration',
    why: 'a new portal listens',
    makes: true,
    params: [fields({ listen, comment: setting })],
  },
  'iscsi.portal.update': {
    risk: 'configuration',
    why: 'settings of a portal change',
    params: [
      identity,
      fields({
        listen: whenChanged(
          exposes('the portal listens on other addresses'),
          whenChanged(cutOff('initiators no longer find the portal'), listen),
        ),
        comment: setting,
      }),
    ],
  },
  'iscsi.portal.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'the portal is removed',
    params: [identity],
    also: sessions,
  },
  'iscsi.initiator.create': {
    risk: 'configuration',
    why: 'a new group of initiators',
    makes: true,
    params: [fields({ initiators: emptyIsEverybody(), comment: setting })],
    also: (call) => {
      const named = after(call, 0, 'initiators');
      return Array.isArray(named) && named.length > 0 ? [] : [exposes('the group lets every initiator in')];
    },
  },
  'iscsi.initiator.update': {
    risk: 'configuration',
    why: 'a group of initiators changes',
    params: [identity, fields({ id: identity, initiators, comment: setting })],
  },
  'iscsi.initiator.delete': {
    risk: 'exposes',
    level: 'destroy',
    why: 'targets of the group may then let every initiator in',
    params: [identity],
    also: sessions,
  },
  'iscsi.auth.create': {
    risk: 'exposes',
    why: 'whoever has the new secret may sign in to targets',
    makes: true,
    params: [credential],
  },
  'iscsi.auth.update': {
    risk: 'exposes',
    why: 'whoever has the new secret may sign in to targets',
    params: [identity, credential],
    also: () => [cutOff('initiators with the old secret are cut off')],
  },
  'iscsi.auth.delete': {
    risk: 'exposes',
    level: 'destroy',
    why: 'targets of this sign-in may then ask for none',
    params: [identity],
    also: sessions,
  },
  'iscsi.global.update': {
    risk: 'configuration',
    why: 'settings of iSCSI as a whole change',
    params: [
      fields({
        basename: given(cutOff('all targets get another name')),
        isns_servers: members({ added: exposes('another host is told of the targets') }),
        listen_port: given(cutOff('initiators no longer find the targets'), {
          cleared: cutOff('initiators no longer find the targets'),
        }),
        pool_avail_threshold: setting,
        ...each('alua iser direct_config mode', given(cutOff('initiators are disconnected'))),
      }),
    ],
  },
};

function emptyIsEverybody(): Rule {
  return members({
    added: configures('the initiators of the list may connect'),
    empty: exposes('the group lets every initiator in'),
  });
}
