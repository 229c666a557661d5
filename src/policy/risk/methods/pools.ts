/** Pools and scrubs. */
import type { JudgedCall } from '../call.ts';
import { destroys, endsWork, type Finding, loses } from '../finding.ts';
import type { MethodRule, Rule } from '../rule.ts';
import {
  amount,
  choice,
  each,
  fields,
  flag,
  identity,
  list,
  setting,
  settings,
  whenChanged,
} from '../rules.ts';
import { frequencySchedule } from './schedules.ts';

const overwritten = destroys('whatever is on the disks is lost');
const doubtful = flag({ on: destroys('disks that may be one and the same are taken for two') });

const disks = { type: setting, disks: settings };
const vdevs = list(fields(disks), overwritten);
const parityVdevs = list(
  fields({ ...disks, ...each('draid_data_disks draid_spare_disks', setting) }),
  overwritten,
);
const topology = fields({
  ...each('data special', parityVdevs),
  ...each('dedup cache log', vdevs),
  spares: list(setting, overwritten),
});

const label = fields({ label: identity });

function scrubbed(action: unknown): readonly Finding[] {
  switch (action) {
    case undefined:
    case null:
    case 'START':
    case 'PAUSE':
      return [];
    default:
      return [endsWork('the scrub is broken off and what it has done is lost')];
  }
}

function scrub(at: number): Pick<MethodRule, 'risk' | 'why' | 'also'> {
  return {
    risk: 'reversible',
    why: 'all data of the pool is checked, or the check pauses',
    also: (call: JudgedCall) => scrubbed(call.params[at]),
  };
}

const scrubTask: Readonly<Record<string, Rule>> = {
  pool: whenChanged(loses('the pool it was for is no longer checked'), identity),
  threshold: amount({ more: loses('the pool is checked less often') }),
  description: setting,
  schedule: frequencySchedule('the pool is checked less often'),
  enabled: flag({ off: loses('the pool is no longer checked') }),
};

const POOLS_AS_SUCH: Readonly<Record<string, MethodRule>> = {
  'pool.create': {
    risk: 'destroys',
    why: overwritten.reason,
    makes: true,
    params: [
      fields({
        name: identity,
        ...each(
          'encryption dedup_table_quota dedup_table_quota_value deduplication checksum all_sed force_topology',
          setting,
        ),
        encryption_options: fields(each('generate_key pbkdf2iters algorithm passphrase key', setting)),
        topology,
        allow_duplicate_serials: doubtful,
      }),
    ],
  },
  'pool.update': {
    risk: 'configuration',
    why: 'settings of a pool change',
    params: [
      identity,
      fields({
        ...each('dedup_table_quota dedup_table_quota_value autotrim all_sed force_topology', setting),
        topology,
        allow_duplicate_serials: doubtful,
      }),
    ],
  },
  'pool.attach': {
    risk: 'destroys',
    why: 'whatever is on the new disk is lost',
    params: [
      identity,
      fields({ ...each('target_vdev new_disk', identity), allow_duplicate_serials: doubtful }),
    ],
  },
  'pool.replace': {
    risk: 'destroys',
    why: 'whatever is on the new disk is lost, and the old one leaves the pool',
    params: [
      identity,
      fields({
        ...each('label disk', identity),
        force: flag({ on: destroys('the disk is taken although something is on it') }),
        ...each('preserve_settings preserve_description', setting),
      }),
    ],
  },
  'pool.detach': {
    risk: 'destroys',
    why: 'the pool loses a disk, and redundancy with it',
    params: [identity, fields({ label: identity, wipe: flag({ on: destroys('the disk is wiped') }) })],
  },
  'pool.remove': { risk: 'destroys', why: 'the pool loses disks', params: [identity, label] },
  'pool.offline': {
    risk: 'destroys',
    level: 'manage',
    why: 'the pool has less redundancy until the disk is back',
    params: [identity, label],
  },
  'pool.online': {
    risk: 'reversible',
    why: 'a disk takes part in the pool again',
    params: [identity, label],
  },
  'pool.expand': { risk: 'configuration', why: 'the pool grows, which cannot be undone', params: [identity] },
  'pool.export': {
    risk: 'destroys',
    why: 'the data of the pool can no longer be reached, and what hangs on it stops',
    params: [
      identity,
      fields({
        cascade: flag({ on: destroys('shares and tasks on the pool are deleted') }),
        restart_services: setting,
        destroy: flag({ on: destroys('the pool and all its data are destroyed') }),
      }),
    ],
  },
  'pool.import_pool': {
    risk: 'exposes',
    why: 'the data of the pool can be reached',
    params: [fields({ ...each('guid name', identity), enable_attachments: setting })],
  },
  'pool.reimport': {
    risk: 'destroys',
    why: 'the pool is taken away from those who use it for a moment',
    params: [identity],
  },
  'pool.upgrade': {
    risk: 'destroys',
    why: 'older releases can no longer read the pool, which cannot be undone',
    params: [identity],
  },
  'pool.prefetch': { risk: 'reversible', why: 'tables are read into memory', params: [identity] },
  'pool.ddt_prefetch': { risk: 'reversible', why: 'tables are read into memory', params: [identity] },
  'pool.ddt_prune': {
    risk: 'configuration',
    why: 'old entries leave the deduplication table: later copies take space again',
    params: [fields({ pool_name: identity, ...each('percentage days', setting) })],
  },
};

const SCRUBS: Readonly<Record<string, MethodRule>> = {
  'pool.scrub': { ...scrub(1), params: [identity, setting] },
  'pool.scrub.scrub': { ...scrub(1), params: [identity, setting] },
  'pool.scrub.run': {
    risk: 'reversible',
    why: 'all data of the pool is checked when it is due',
    params: [identity, setting],
  },
  'zpool.scrub.run': {
    risk: 'reversible',
    why: 'all data of the pool is checked, or the check pauses',
    params: [
      fields({
        pool_name: identity,
        ...each('scan_type threshold', setting),
        action: choice({
          START: undefined,
          PAUSE: undefined,
          CANCEL: endsWork('the scrub is broken off and what it has done is lost'),
        }),
      }),
    ],
  },
  'pool.scrub.create': {
    risk: 'configuration',
    why: 'a new task checks a pool',
    makes: true,
    params: [fields(scrubTask)],
  },
  'pool.scrub.update': {
    risk: 'configuration',
    why: 'a scrub task changes',
    params: [identity, fields(scrubTask)],
  },
  'pool.scrub.delete': {
    risk: 'destroys',
    why: 'the pool is no longer checked by this task',
    params: [identity],
  },
  'pool.resilver.update': {
    risk: 'configuration',
    why: 'hours in which disks are rebuilt with priority change',
    params: [fields({ ...each('begin end enabled', setting), weekday: settings })],
  },
};

export const POOLS: Readonly<Record<string, MethodRule>> = {
  ...POOLS_AS_SUCH,
  ...SCRUBS,
};
