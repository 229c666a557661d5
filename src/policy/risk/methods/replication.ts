/** Replication tasks. */
import type { JudgedCall } from '../call.ts';
import { configures, destroys, endsWork, exposes, type Finding, loses } from '../finding.ts';
import { isRecord, type MethodRule, type Rule } from '../rule.ts';
import {
  choice,
  each,
  fields,
  flag,
  given,
  identity,
  list,
  members,
  setting,
  settings,
  whenChanged,
  without,
} from '../rules.ts';
import { retentionFindings } from './retention.ts';
import { frequencySchedule } from './schedules.ts';
import { pace, plainSchedule, scheduleWithHours } from './support.ts';
import { nativeProperties } from './zfs-properties.ts';

/** At level manage: a task is configuration, though each of its runs overwrites the target. */
const overwrites: Finding = {
  ...destroys('each run overwrites what the target holds beside the replicated snapshots'),
  level: 'manage',
};
const wholeReplica: Finding = {
  ...destroys('snapshots and datasets at the target are deleted that the source does not have'),
  level: 'manage',
};
const otherKey: Finding = { ...loses('the target can only be read with another key'), level: 'manage' };
const elsewhere = exposes('data goes to, or comes from, another place');
const place = (rule: Rule): Rule => whenChanged(elsewhere, whenChanged(overwrites, rule));

const task: Readonly<Record<string, Rule>> = {
  name: identity,
  ...each(
    `netcat_active_side_port_min netcat_active_side_port_max compression large_block embed compressed retries
    logging_level netcat_active_side lifetime_value lifetime_unit mount`,
    setting,
  ),
  hold_pending_snapshots: flag({ off: loses('snapshots may be deleted before they were replicated') }),
  only_matching_schedule: flag({ on: loses('snapshots of other times are no longer replicated') }),
  properties: flag({ off: loses('settings of the datasets are no longer replicated') }),
  replicate: flag({ on: wholeReplica }),
  encryption_inherit: flag({ on: loses('the target can only be read with the key above it') }),
  encryption_key_format: whenChanged(otherKey, setting),
  encryption_key_location: whenChanged(
    exposes('the key of the target is kept in another place'),
    whenChanged(otherKey, setting),
  ),
  ...each('direction transport ssh_credentials target_dataset', place(setting)),
  ...each(
    'netcat_active_side_listen_address netcat_passive_side_connect_address',
    whenChanged(elsewhere, setting),
  ),
  source_datasets: members({
    added: exposes('the data of more datasets goes to another place'),
    removed: loses('datasets are no longer replicated'),
  }),
  sudo: flag({ on: exposes('the other side acts as root') }),
  recursive: flag({
    on: exposes('the datasets below go to another place too'),
    off: loses('the datasets below are no longer replicated'),
  }),
  exclude: members({
    added: loses('datasets are no longer replicated'),
    removed: exposes('the data of more datasets goes to another place'),
  }),
  properties_exclude: members({
    added: loses('settings of the datasets are no longer replicated'),
    removed: exposes('the target takes over settings of the source, such as where it is mounted'),
  }),
  properties_override: nativeProperties,
  encryption: flag({ off: exposes('the copy at the target is no longer encrypted'), on: otherKey }),
  encryption_key: given(destroys('the target can only be read with this key'), { cleared: otherKey }),
  periodic_snapshot_tasks: members({ removed: loses('snapshots of a task are no longer replicated') }),
  naming_schema: members({ removed: loses('snapshots of this name are no longer replicated') }),
  also_include_naming_schema: members({ removed: loses('snapshots of this name are no longer replicated') }),
  speed_limit: pace(1),
  name_regex: given(loses('snapshots of other names are no longer replicated'), {
    cleared: loses('snapshots of these names are no longer replicated'),
  }),
  schedule: frequencySchedule('data is replicated less often', true),
  restrict_schedule: frequencySchedule('data is replicated less often', true),
  auto: flag({ off: loses('data is no longer replicated by itself'), on: overwrites }),
  enabled: flag({ off: loses('data is no longer replicated'), on: overwrites }),
  allow_from_scratch: flag({
    on: destroys('a target that has nothing in common with the source is destroyed first'),
  }),
  only_from_scratch: flag({ off: overwrites }),
  exclude_mountpoint_property: flag({ off: exposes('the target may be mounted over other folders') }),
  readonly: choice({
    REQUIRE: undefined,
    SET: configures('the target becomes read-only'),
    IGNORE: loses('the target is not protected from writing'),
  }),
  retention_policy: choice({
    NONE: undefined,
    SOURCE: destroys('snapshots are deleted at the target once they are gone at the source'),
    CUSTOM: destroys('snapshots are deleted at the target by age'),
  }),
  lifetimes: list(
    fields({ schedule: plainSchedule, ...each('lifetime_value lifetime_unit', setting) }),
    loses('snapshots may be deleted at the target earlier than before'),
    loses('snapshots may be deleted at the target earlier than before'),
  ),
};

/** What only a replication that runs once has. */
const ONCE = 'mount only_from_scratch exclude_mountpoint_property';
const created = { ...task, schedule: scheduleWithHours, restrict_schedule: scheduleWithHours };

export const REPLICATION: Readonly<Record<string, MethodRule>> = {
  'replication.create': {
    risk: 'exposes',
    why: elsewhere.reason,
    makes: true,
    params: [fields(without(created, ONCE))],
    also: () => [overwrites],
  },
  'replication.update': {
    risk: 'configuration',
    why: 'settings of a replication change',
    params: [identity, fields(without(task, ONCE))],
    also: (call) => retentionFindings(call, 1, 'snapshots are deleted at the target earlier than before'),
  },
  'replication.delete': {
    risk: 'destroys',
    why: 'data is no longer replicated by this task',
    params: [identity],
  },
  'replication.run': {
    risk: 'destroys',
    why: 'the target is overwritten with the snapshots of the source',
    params: [identity, fields({})],
  },
  'replication.run_onetime': {
    risk: 'destroys',
    why: 'the target is overwritten with the snapshots of the source, and data goes to another place',
    makes: true,
    params: [fields(without(created, 'name only_matching_schedule schedule auto enabled'))],
  },
  'replication.restore': {
    risk: 'configuration',
    why: 'a task is made that brings replicated data back',
    params: [identity, fields(each('name target_dataset', identity))],
    also: () => [overwrites],
  },
  'replication.create_dataset': {
    risk: 'exposes',
    why: 'a dataset is made, perhaps on another host',
    params: [identity, setting, setting],
  },
  'replication.config.update': {
    risk: 'configuration',
    why: 'how many replications run at a time changes',
    params: [fields({ max_parallel_replication_tasks: setting })],
  },
  'replication.count_eligible_manual_snapshots': {
    risk: 'exposes',
    why: 'another host may be asked for its snapshots',
    params: [
      fields({
        ...each('datasets naming_schema', settings),
        ...each('name_regex transport ssh_credentials', setting),
      }),
    ],
  },
  'replication.list_datasets': {
    risk: 'exposes',
    why: 'another host may be asked for its datasets',
    params: [setting, setting],
  },
  'replication.list_naming_schemas': { risk: 'reversible', why: 'names of tasks are read', params: [] },
  'replication.target_unmatched_snapshots': {
    risk: 'exposes',
    why: 'another host may be asked for its snapshots',
    params: [setting, settings, identity, setting, setting],
  },
  'core.job_abort': {
    risk: 'reversible',
    why: 'a job is told to stop',
    params: [identity],
    also: (call) => (hasEnded(call) ? [] : [endsWork(abortReason(call))]),
  },
};

const FINAL_STATES = ['SUCCESS', 'FAILED', 'ABORTED'];

function hasEnded(call: JudgedCall): boolean {
  return (
    isRecord(call.before) &&
    FINAL_STATES.some((state) => isRecord(call.before) && call.before['state'] === state)
  );
}

function abortReason(call: JudgedCall): string {
  const method = isRecord(call.before) ? call.before['method'] : undefined;
  const isKnown = typeof method === 'string' && /^[a-z_]+(?:\.[a-z0-9_]+)+$/.test(method);
  return `the work of ${isKnown ? method : 'the job'} is broken off half done`;
}
