/** NVMe over fabrics: subsystems, namespaces, and who may connect. */
import { cutsOffClients, destroys, exposes, type Finding, loses, opensData } from '../finding.ts';
import { found, isUnchanged, type MethodRule, NOTHING, odd, type Rule } from '../rule.ts';
import { amount, each, fields, flag, given, identity, setting, whenChanged } from '../rules.ts';
import { isPlainPath } from './paths.ts';
import { after } from './support.ts';

const cutOff = (reason: string): Finding => cutsOffClients(reason, 'manage');
const changed = (reason: string): Rule => whenChanged(cutOff(reason), setting);
const hosts = () => [cutsOffClients('hosts are cut off')];

const devicePath: Rule = {
  worst: 'destroys',
  judge(looked) {
    const { value, before } = looked;
    if (isUnchanged(looked)) return [];
    if (typeof value !== 'string') return odd(looked, 'destroys');
    const isZvol = /^zvol\/[^/]+\/.+$/.test(value) && !value.split('/').includes('..');
    if (!isZvol && !isPlainPath(value)) return odd(looked, 'destroys');
    const moved = [
      opensData('hosts reach other data than before'),
      cutOff('hosts lose the data they work with'),
    ];
    return before === NOTHING ? [] : moved.flatMap((finding) => found(looked, finding));
  },
};

const namespace: Readonly<Record<string, Rule>> = {
  nsid: changed('hosts take it for another disk'),
  device_type: changed('hosts lose the data they work with'),
  device_path: devicePath,
  filesize: amount({ less: loses('a smaller file cuts off the end of the data in it') }),
  enabled: flag({
    on: opensData('the data can be reached'),
    off: cutOff('the data can no longer be reached'),
  }),
  subsys_id: whenChanged(opensData('hosts of another subsystem reach the data'), identity),
};

const host = fields({
  hostnqn: whenChanged(exposes('another host may connect'), identity),
  ...each('dhchap_dhgroup dhchap_hash', changed('the host signs in in another way')),
  ...each(
    'dhchap_key dhchap_ctrl_key',
    given(exposes('whoever has the new key signs in as the host'), {
      cleared: exposes('the host is believed without a key'),
    }),
  ),
  description: setting,
});

const subsystem: Readonly<Record<string, Rule>> = {
  ...each('pi_enable qid_max ieee_oui ana', setting),
  ...each('name subnqn', changed('hosts no longer find the subsystem')),
  allow_any_host: flag({
    on: opensData('every host may connect'),
    off: cutOff('hosts may no longer connect'),
  }),
};

const port: Readonly<Record<string, Rule>> = {
  ...each('inline_data_size max_queue_size pi_enable', setting),
  ...each('addr_trtype addr_trsvcid', changed('hosts no longer find the port')),
  addr_traddr: whenChanged(
    exposes('the port listens at another address'),
    changed('hosts no longer find the port'),
  ),
  enabled: flag({
    on: opensData('subsystems of the port can be reached'),
    off: cutOff('subsystems of the port can no longer be reached'),
  }),
};

const forced = (name: string): Rule => fields({ [name]: flag({ on: destroys('also while hosts use it') }) });

export const NVMET: Readonly<Record<string, MethodRule>> = {
  'nvmet.subsys.create': {
    risk: 'configuration',
    why: 'a new subsystem, without data yet',
    makes: true,
    params: [fields(subsystem)],
  },
  'nvmet.subsys.update': {
    risk: 'configuration',
    why: 'settings of a subsystem change',
    params: [identity, fields(subsystem)],
  },
  'nvmet.subsys.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'a subsystem is removed',
    params: [identity, forced('force')],
    also: hosts,
  },
  'nvmet.namespace.create': {
    risk: 'exposes',
    unless: 'emptyData',
    why: 'hosts of the subsystem reach the data',
    makes: true,
    data: (call) => after(call, 0, 'device_path'),
    params: [fields(namespace)],
  },
  'nvmet.namespace.update': {
    risk: 'configuration',
    why: 'settings of a namespace change',
    params: [identity, fields(namespace)],
  },
  'nvmet.namespace.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'a namespace is removed',
    params: [
      identity,
      fields({ remove: flag({ on: destroys('the file behind it is deleted with its data') }) }),
    ],
    also: hosts,
  },
  'nvmet.host.create': { risk: 'exposes', why: 'a host may be let in', makes: true, params: [host] },
  'nvmet.host.update': {
    risk: 'exposes',
    why: 'how a host signs in changes',
    params: [identity, host],
    also: hosts,
  },
  'nvmet.host.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'a host is no longer let in',
    params: [identity, forced('force')],
    also: hosts,
  },
  'nvmet.host_subsys.create': {
    risk: 'exposes',
    unless: 'emptyData',
    why: 'a host reaches a subsystem',
    makes: true,
    params: [fields(each('host_id subsys_id', identity))],
  },
  'nvmet.host_subsys.update': {
    risk: 'exposes',
    why: 'another host reaches a subsystem',
    params: [identity, fields(each('host_id subsys_id', identity))],
    also: hosts,
  },
  'nvmet.host_subsys.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'a host no longer reaches a subsystem',
    params: [identity],
    also: hosts,
  },
  'nvmet.port.create': {
    risk: 'configuration',
    why: 'a new port listens',
    makes: true,
    params: [fields(port)],
  },
  'nvmet.port.update': {
    risk: 'configuration',
    why: 'settings of a port change',
    params: [identity, fields(port)],
  },
  'nvmet.port.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'a port is removed',
    params: [identity, forced('force')],
    also: hosts,
  },
  'nvmet.port_subsys.create': {
    risk: 'exposes',
    unless: 'emptyData',
    why: 'a subsystem can be reached at a port',
    makes: true,
    params: [fields(each('port_id subsys_id', identity))],
  },
  'nvmet.port_subsys.update': {
    risk: 'exposes',
    why: 'another subsystem can be reached at a port',
    params: [identity, fields(each('port_id subsys_id', identity))],
    also: hosts,
  },
  'nvmet.port_subsys.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'a subsystem can no longer be reached at a port',
    params: [identity],
    also: hosts,
  },
  'nvmet.global.update': {
    risk: 'configuration',
    why: 'settings of NVMe over fabrics as a whole change',
    params: [fields(each('basenqn kernel ana rdma xport_referral', changed('hosts are disconnected')))],
  },
};
