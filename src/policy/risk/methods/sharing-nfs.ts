/** NFS exports. */
import type { JudgedCall } from '../call.ts';
import { cutsOffClients, exposes, type Finding, opensData } from '../finding.ts';
import { isRecord, type MethodRule, type Rule } from '../rule.ts';
import { custom, fields, flag, given, identity, members, setting, settings } from '../rules.ts';
import { sharedPathRule } from './paths.ts';
import { after, sends, sharedPath } from './support.ts';

const cutOff = (reason: string): Finding => cutsOffClients(reason, 'manage');
const noLongerRoot = cutOff('clients no longer act as the user they acted as');

/** Hosts and networks are judged together below; here only their form is. */
const who: Rule = {
  ...custom(
    'destroys',
    (value) => value === null || (Array.isArray(value) && value.every((entry) => typeof entry === 'string')),
    () => [],
  ),
  item: setting,
};

const share: Readonly<Record<string, Rule>> = {
  path: sharedPathRule(),
  aliases: settings,
  comment: setting,
  networks: who,
  hosts: who,
  ro: flag({ on: cutOff('clients can no longer write'), off: opensData('clients may write') }),
  maproot_user: given(exposes('root of a client acts as this user'), { cleared: noLongerRoot }),
  maproot_group: given(exposes('root of a client acts as this group'), { cleared: noLongerRoot }),
  mapall_user: given(exposes('everybody on a client acts as this user'), {
    cleared: opensData('users of a client act under their own numbers'),
  }),
  mapall_group: given(exposes('everybody on a client acts as this group'), {
    cleared: opensData('users of a client act under their own numbers'),
  }),
  security: members({
    added: opensData('clients may sign in by another way'),
    removed: cutOff('clients that sign in by the old way are cut off'),
    empty: opensData('clients are believed without Kerberos'),
  }),
  enabled: flag({
    on: opensData('clients reach the data under the path'),
    off: cutOff('the export can no longer be reached'),
  }),
  expose_snapshots: flag({
    on: opensData('clients get at the snapshots'),
    off: cutOff('clients no longer see snapshots'),
  }),
};

export const SHARING_NFS: Readonly<Record<string, MethodRule>> = {
  'sharing.nfs.create': {
    risk: 'exposes',
    unless: 'emptyData',
    why: 'clients reach the data under the path',
    makes: true,
    data: sharedPath(0),
    params: [fields(share)],
  },
  'sharing.nfs.update': {
    risk: 'configuration',
    why: 'settings of an export change',
    data: sharedPath(1),
    params: [identity, fields(share)],
    also: hostFindings,
  },
  'sharing.nfs.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'the export is removed; its data stays',
    params: [identity],
    also: () => [cutsOffClients('clients of the export are cut off')],
  },
};

/** Who may mount: hosts and networks together; when both are empty, everybody. */
function hostFindings(call: JudgedCall): readonly Finding[] {
  if (!sends(call, 1, ['hosts', 'networks'])) return [];
  const next = entriesOf(after(call, 1, 'hosts'), after(call, 1, 'networks'));
  const row = isRecord(call.before) ? call.before : {};
  const last = entriesOf(row['hosts'], row['networks']);
  const opened = opensData('more hosts may mount the export');
  const closed = cutOff('hosts may no longer mount the export');
  if (next?.length === 0) return last?.length === 0 ? [] : [opensData('every host may mount the export')];
  if (next === undefined || last === undefined) return [opened, closed];
  if (last.length === 0) return [closed];
  return [
    ...(next.some((entry) => !last.includes(entry)) ? [opened] : []),
    ...(last.some((entry) => !next.includes(entry)) ? [closed] : []),
  ];
}

function entriesOf(hosts: unknown, networks: unknown): readonly unknown[] | undefined {
  return Array.isArray(hosts) && Array.isArray(networks) ? [...hosts, ...networks] : undefined;
}
