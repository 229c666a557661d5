/** Cloud sync, cloud backup, rsync and cron tasks. */
import type { JudgedCall } from '../call.ts';
import { destroys, endsWork, executes, exposes, type Finding, loses, mayExecute } from '../finding.ts';
import { isRecord, type MethodRule, type Rule } from '../rule.ts';
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
  settings,
  tree,
  whenChanged,
  without,
} from '../rules.ts';
import { isPlainPath, isSystemPath } from './paths.ts';
import { frequencySchedule } from './schedules.ts';
import { KIB, pace, plainSchedule } from './support.ts';

const elsewhere = exposes('data goes to, or comes from, another place');
const elsewhereWhenChanged = whenChanged(elsewhere, setting);
/** A task is configuration, though its runs delete: the level of the task is manage. */
const asTask = (finding: Finding): Finding => ({ ...finding, level: 'manage' });

const syncDeletes = asTask(destroys('each run deletes at the target what the source no longer has'));
const moveDeletes = asTask(destroys('each run deletes at the source what it has copied'));
const pulls = asTask(destroys('each run overwrites files of the NAS'));

const script = given(executes('a script runs as root before or after each run'), {
  cleared: loses('a script no longer runs before or after each run'),
});
const programOptions = given(executes('options of the program that copies can run other programs'), {
  cleared: exposes('more may be copied than the options allowed'),
});

const bucket: Rule = tree(
  `bucket folder fast_list bucket_policy_only chunk_size acknowledge_abuse region encryption storage_class
  upload_cutoff upload_concurrency hard_delete`,
  elsewhere,
);

const cloud: Readonly<Record<string, Rule>> = {
  description: setting,
  path: whenChanged(elsewhere, setting),
  credentials: elsewhereWhenChanged,
  attributes: bucket,
  schedule: frequencySchedule('data is copied less often'),
  pre_script: script,
  post_script: script,
  snapshot: setting,
  include: members({ added: elsewhere, removed: loses('files are no longer copied') }),
  exclude: members({ added: loses('files are no longer copied'), removed: elsewhere }),
  args: programOptions,
  enabled: flag({ on: elsewhere, off: loses('data is no longer copied') }),
};

const otherPassword = asTask(destroys('the copies can only be read with this password'));
const inTheClear = asTask(
  loses('what was copied before can no longer be read, or the next copies are in the clear'),
);

const sync: Readonly<Record<string, Rule>> = {
  ...cloud,
  bwlimit: list(fields({ time: setting, bandwidth: pace(1) })),
  ...each('transfers create_empty_src_dirs', setting),
  direction: choice({ PUSH: elsewhere, PULL: pulls }),
  transfer_mode: choice({ COPY: undefined, SYNC: syncDeletes, MOVE: moveDeletes }),
  encryption: flag({
    off: exposes('data is no longer encrypted before it leaves'),
    on: asTask(loses('what was copied before can no longer be read by this task')),
  }),
  filename_encryption: flag({ off: exposes('names of files are no longer encrypted before they leave') }),
  ...each('encryption_password encryption_salt', given(otherPassword, { cleared: inTheClear })),
  follow_symlinks: flag({ on: exposes('files outside of the folder are copied too') }),
};

const backup: Readonly<Record<string, Rule>> = {
  ...cloud,
  ...each('transfer_setting absolute_paths', setting),
  rate_limit: pace(KIB),
  cache_path: custom(
    'executes',
    (value) => value === null || value === '' || (isPlainPath(value) && !isSystemPath(value)),
    () => [],
  ),
  password: given(otherPassword, { cleared: otherPassword }),
  keep_last: amount({ less: loses('fewer states of the backup are kept') }),
};

const rsync: Readonly<Record<string, Rule>> = {
  ...each('validate_rpath times compress quiet preserveperm preserveattr delayupdates desc', setting),
  // The second is the first, and more.
  ...each('recursive archive', flag({ on: elsewhere, off: loses('files in folders are no longer copied') })),
  ...each(
    'path user mode remotehost remoteport remotemodule ssh_credentials remotepath',
    elsewhereWhenChanged,
  ),
  ssh_keyscan: flag({ on: exposes('the key of the other host is believed unseen') }),
  direction: choice({ PUSH: elsewhere, PULL: pulls }),
  schedule: frequencySchedule('data is copied less often'),
  delete: flag({ on: syncDeletes }),
  extra: list(
    setting,
    executes('options of rsync can run other programs'),
    exposes('more may be copied than the options allowed'),
  ),
  enabled: flag({ on: elsewhere, off: loses('data is no longer copied') }),
};

const cron: Readonly<Record<string, Rule>> = {
  ...each('stderr stdout description', setting),
  command: given(executes('a command runs by itself')),
  user: given(executes('a command runs as this user')),
  schedule: whenChanged(executes('a command runs at other times'), plainSchedule),
  enabled: flag({ on: executes('a command runs by itself'), off: loses('a task no longer runs') }),
};

const startScript: Readonly<Record<string, Rule>> = {
  ...each('timeout comment', setting),
  ...each('type command script when', given(executes('a command runs as root when the NAS starts or stops'))),
  enabled: flag({
    on: executes('a command runs as root when the NAS starts or stops'),
    off: loses('a command no longer runs'),
  }),
};

/** What a run of a stored task does; of a task that nobody read it may be anything. */
function runFindings(call: JudgedCall): readonly Finding[] {
  const row = call.before;
  if (!isRecord(row))
    return [mayExecute('what the task does was not read: it may run scripts and delete files')];
  const code = ['pre_script', 'post_script', 'args', 'extra'].filter((name) => !isEmpty(row[name]));
  return [
    ...(code.length > 0 ? [mayExecute(`the task runs programs of its own (${code.join(', ')})`)] : []),
    ...(row['transfer_mode'] !== 'COPY' && 'transfer_mode' in row
      ? [destroys('the run deletes files at the source or at the target')]
      : []),
    ...(row['delete'] !== false && 'delete' in row
      ? [destroys('the run deletes at the target what the source no longer has')]
      : []),
    ...(row['direction'] === 'PUSH' ? [] : [destroys('the run overwrites files of the NAS')]),
  ];
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** A backup runs only one way, and deletes nothing but its own old states. */
function backupRunFindings(call: JudgedCall): readonly Finding[] {
  return runFindings({
    ...call,
    ...(isRecord(call.before) ? { before: { direction: 'PUSH', ...call.before } } : {}),
  });
}

function tasks(
  namespace: string,
  what: string,
  rules: Readonly<Record<string, Rule>>,
  /** Fields that cannot be changed later. */
  fixed = '',
): Readonly<Record<string, MethodRule>> {
  return {
    [`${namespace}.create`]: {
      risk: 'exposes',
      why: elsewhere.reason,
      makes: true,
      params: [fields({ ...rules, schedule: plainSchedule })],
    },
    [`${namespace}.update`]: {
      risk: 'configuration',
      why: `settings of ${what} change`,
      params: [identity, fields(without(rules, fixed))],
    },
    [`${namespace}.delete`]: {
      risk: 'destroys',
      why: 'data is no longer copied by this task',
      params: [identity],
    },
  };
}

const aborts = (what: string): MethodRule => ({
  risk: 'reversible',
  why: `${what} is told to stop`,
  params: [identity],
  also: () => [endsWork(`${what} is broken off half done`)],
});

export const SYNC_TASKS: Readonly<Record<string, MethodRule>> = {
  ...tasks('cloudsync', 'a cloud sync task', sync),
  ...tasks('cloud_backup', 'a cloud backup task', backup, 'absolute_paths'),
  ...tasks('rsynctask', 'an rsync task', rsync),
  'cloudsync.sync': {
    risk: 'exposes',
    why: elsewhere.reason,
    params: [identity, fields({ dry_run: setting })],
    also: runFindings,
  },
  'cloudsync.sync_onetime': {
    risk: 'exposes',
    why: elsewhere.reason,
    makes: true,
    params: [fields({ ...sync, schedule: plainSchedule }), fields({ dry_run: setting })],
  },
  'cloudsync.abort': aborts('the cloud sync'),
  'cloudsync.restore': {
    risk: 'configuration',
    why: 'a task is made that brings copied data back',
    params: [
      identity,
      fields({
        description: setting,
        path: setting,
        transfer_mode: choice({ COPY: undefined, SYNC: syncDeletes }),
      }),
    ],
    also: () => [pulls],
  },
  'cloud_backup.sync': {
    risk: 'exposes',
    why: elsewhere.reason,
    params: [identity, fields(each('dry_run rate_limit', setting))],
    also: backupRunFindings,
  },
  'cloud_backup.abort': aborts('the cloud backup'),
  'cloud_backup.delete_snapshot': {
    risk: 'destroys',
    why: 'a state of the backup is lost',
    params: [identity, identity],
  },
  'cloud_backup.restore': {
    risk: 'destroys',
    why: 'files of the NAS are overwritten with those of the backup',
    params: [
      identity,
      identity,
      identity,
      identity,
      fields({ exclude: settings, include: settings, rate_limit: setting }),
    ],
  },
  'rsynctask.run': { risk: 'exposes', why: elsewhere.reason, params: [identity], also: runFindings },
  'cronjob.create': {
    risk: 'executes',
    why: 'a command runs by itself',
    makes: true,
    params: [fields(cron)],
  },
  'cronjob.update': { risk: 'configuration', why: 'a cron task changes', params: [identity, fields(cron)] },
  'cronjob.delete': { risk: 'destroys', why: 'a task no longer runs', params: [identity] },
  'cronjob.run': { risk: 'executes', why: 'the command of the task runs now', params: [identity, setting] },
  'initshutdownscript.create': {
    risk: 'executes',
    why: 'a command runs as root when the NAS starts or stops',
    makes: true,
    params: [fields(startScript)],
  },
  'initshutdownscript.update': {
    risk: 'configuration',
    why: 'a start script changes',
    params: [identity, fields(startScript)],
  },
  'initshutdownscript.delete': { risk: 'destroys', why: 'a command no longer runs', params: [identity] },
};
