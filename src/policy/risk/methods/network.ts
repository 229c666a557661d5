/** Network, clocks excepted: a wrong setting may cut everybody off. */
import { destroys, exposes, loses } from '../finding.ts';
import type { MethodRule, Rule } from '../rule.ts';
import { each, fields, flag, given, identity, list, setting, settings, whenChanged } from '../rules.ts';

const cutOff = destroys('a wrong setting cuts the NAS off from those who use it');
const elsewhere = exposes('another host decides where the NAS connects to');

const addresses = list(fields(each('type address netmask', setting)));
/** The other controller's have the mask of the first. */
const bareAddresses = list(fields(each('type address', setting)));
const link: Readonly<Record<string, Rule>> = {
  ...each(
    'description ipv4_dhcp ipv6_auto failover_critical failover_group failover_vhid mtu enable_learning stp',
    setting,
  ),
  ...each('lag_protocol xmit_hash_policy lacpdu_rate vlan_parent_interface vlan_tag vlan_pcp', setting),
  name: identity,
  aliases: addresses,
  ...each('failover_aliases failover_virtual_aliases', bareAddresses),
  ...each('bridge_members lag_ports', settings),
};

export const NETWORK: Readonly<Record<string, MethodRule>> = {
  'interface.create': {
    risk: 'configuration',
    why: 'an interface is prepared; it takes effect with interface.commit',
    makes: true,
    params: [fields({ ...link, type: setting })],
  },
  'interface.update': {
    risk: 'configuration',
    why: 'an interface is prepared to change; it takes effect with interface.commit',
    params: [identity, fields({ ...link, fec_mode: setting })],
  },
  'interface.delete': {
    risk: 'destroys',
    why: 'an interface is prepared to go; it takes effect with interface.commit',
    params: [identity],
  },
  'interface.commit': {
    risk: 'destroys',
    why: cutOff.reason,
    params: [
      fields({
        rollback: flag({ off: destroys('a wrong setting is not taken back by itself') }),
        checkin_timeout: setting,
      }),
    ],
  },
  'interface.checkin': { risk: 'configuration', why: 'network changes are kept', params: [] },
  'interface.cancel_rollback': {
    risk: 'destroys',
    why: 'a wrong setting is no longer taken back by itself',
    params: [],
  },
  'interface.rollback': {
    risk: 'destroys',
    why: 'network changes that were not kept yet are taken back',
    params: [],
  },
  'interface.checkin_waiting': { risk: 'reversible', why: 'a waiting time is read', params: [] },
  'interface.has_pending_changes': { risk: 'reversible', why: 'whether changes wait is read', params: [] },
  'interface.save_network_config': {
    risk: 'destroys',
    why: cutOff.reason,
    params: [fields(each('ipv4gateway nameserver1 nameserver2 nameserver3', setting))],
  },
  'network.configuration.update': {
    risk: 'configuration',
    why: 'network settings change',
    params: [
      fields({
        ...each(
          'hostname domain hostname_b hostname_virtual',
          whenChanged(loses('others no longer find the NAS under its name'), setting),
        ),
        ...each('ipv4gateway ipv6gateway', whenChanged(cutOff, whenChanged(elsewhere, setting))),
        ...each('nameserver1 nameserver2 nameserver3 httpproxy', whenChanged(elsewhere, setting)),
        ...each('hosts domains', list(setting, elsewhere, elsewhere)),
        service_announcement: fields(
          each('netbios mdns wsd', flag({ off: loses('others no longer find the NAS by themselves') })),
        ),
        activity: fields({
          type: whenChanged(exposes('the NAS may connect to more, or to less'), setting),
          activities: list(
            setting,
            exposes('the NAS may connect to more, or to less'),
            exposes('the NAS may connect to more, or to less'),
          ),
        }),
      }),
    ],
  },
  'staticroute.create': {
    risk: 'destroys',
    why: cutOff.reason,
    makes: true,
    params: [fields(each('destination gateway description', setting))],
  },
  'staticroute.update': {
    risk: 'destroys',
    why: cutOff.reason,
    params: [identity, fields(each('destination gateway description', setting))],
  },
  'staticroute.delete': { risk: 'destroys', why: 'hosts behind the route are cut off', params: [identity] },
  'ipmi.lan.update': {
    risk: 'exposes',
    why: 'how the hardware is managed from afar changes',
    params: [
      identity,
      fields({
        ...each(
          'ipaddress netmask gateway dhcp vlan',
          whenChanged(destroys('the hardware may no longer be reached from afar'), setting),
        ),
        password: given(exposes('whoever knows the password drives the hardware')),
        apply_remote: setting,
      }),
    ],
  },
  'ipmi.sel.clear': { risk: 'destroys', why: 'the log of the hardware is lost', params: [] },
  'truecommand.update': {
    risk: 'exposes',
    why: 'another host may manage the NAS',
    params: [
      fields({
        enabled: flag({ on: exposes('another host may manage the NAS') }),
        api_key: given(exposes('another host may manage the NAS')),
      }),
    ],
  },
  'support.update': {
    risk: 'exposes',
    why: 'the vendor is told of alerts, or no longer',
    params: [
      fields({
        enabled: flag({
          on: exposes('the vendor is told of alerts'),
          off: loses('the vendor is no longer told of alerts'),
        }),
        ...each(
          'name title email phone secondary_name secondary_title secondary_email secondary_phone id',
          setting,
        ),
      }),
    ],
  },
};
