/** A trouble hides another only when it is about the very same thing. */
import type { NasCase } from '../support/nas-case.ts';
import {
  alert,
  cloudSync,
  failedJob,
  failedRun,
  failedState,
  pool,
  replication,
  snapshotTask,
} from '../support/rows.ts';

const OVERVIEW = { tool: 'system_overview' };
const TIB = 1024 ** 4;

export const REPETITIONS: readonly NasCase[] = [
  {
    id: 'R-same-name',
    input: 'two replications of one name fail for different reasons',
    answers: {
      'replication.query': [
        replication(4, 'nightly', { state: failedState('destination is full') }),
        replication(5, 'nightly', { state: failedState('host key has changed') }),
      ],
    },
    call: OVERVIEW,
    expect: { verdict: 'WARNING', must: ['destination is full', 'host key has changed'] },
    right: 'both, told apart by their ids',
  },
  {
    id: 'R-same-error',
    input: 'two cloud syncs fail for the same reason',
    answers: {
      'cloudsync.query': [
        cloudSync(1, 'photos', { job: failedRun(51, 'cloudsync.sync', 'the access key is disabled') }),
        cloudSync(2, 'letters', { job: failedRun(52, 'cloudsync.sync', 'the access key is disabled') }),
      ],
    },
    call: OVERVIEW,
    expect: { must: ['photos', 'letters'] },
    right: 'both tasks are named',
  },
  {
    id: 'R-no-names',
    input: 'two snapshot tasks without a dataset fail',
    answers: {
      'pool.snapshottask.query': [
        snapshotTask(8, '', { dataset: null, state: failedState('dataset does not exist') }),
        snapshotTask(9, '', { dataset: null, state: failedState('quota is used up') }),
      ],
    },
    call: OVERVIEW,
    expect: { must: ['dataset does not exist', 'quota is used up'] },
    right: 'both, by their ids',
  },
  {
    id: 'R-error-within-alert',
    input: 'a job fails with words that an alert about something else holds too',
    answers: {
      'core.get_jobs': [failedJob(61, 'app.image.pull', '[EFAULT] Temporary failure in name resolution')],
      'alert.list': [
        alert({
          klass: 'NTPHealthCheck',
          formatted: 'NTP health check failed: Temporary failure in name resolution',
        }),
      ],
    },
    call: OVERVIEW,
    expect: { must: ['app\\.image\\.pull', 'NTP health check'] },
    right: 'the job and the alert',
  },
  {
    id: 'R-word-pool',
    input: 'a pool whose name is a word of every alert about pools is full; another pool is degraded',
    answers: {
      'pool.query': [pool('state', { allocated: 7.9 * TIB, free: 0.1 * TIB })],
      'alert.list': [
        alert({
          klass: 'VolumeStatus',
          level: 'WARNING',
          formatted: 'Pool granite state is DEGRADED: One or more devices are faulted.',
        }),
      ],
    },
    call: OVERVIEW,
    expect: { must: ['granite'] },
    right: 'the alert about granite stands beside the full pool',
  },
  {
    id: 'R-alert-of-exported',
    input: 'a pool that is there is degraded, and an alert tells of one whose name begins alike',
    answers: {
      'pool.query': [
        pool('data', { status: 'DEGRADED', healthy: false, status_detail: 'A device is missing.' }),
      ],
      'alert.list': [
        alert({ klass: 'VolumeStatus', formatted: 'Pool data 2 state is SUSPENDED: I/O failures.' }),
      ],
    },
    call: OVERVIEW,
    expect: { must: ['data 2 state is SUSPENDED'] },
    right: 'the alert about "data 2" is not the one about "data"',
  },
  {
    id: 'R-capacity-alert',
    input: 'a pool is degraded; an alert says that it is nearly full, which its row does not tell',
    answers: {
      'pool.query': [
        pool('amber', {
          status: 'DEGRADED',
          healthy: false,
          status_detail: 'A device is missing.',
          size: null,
          allocated: null,
          free: null,
        }),
      ],
      'alert.list': [
        alert({
          klass: 'ZpoolCapacityCritical',
          level: 'CRITICAL',
          formatted: 'Space usage for pool "amber" is 97%.',
        }),
      ],
    },
    call: OVERVIEW,
    expect: { verdict: 'CRITICAL', must: ['97%'] },
    right: 'the state and the alert about space',
  },
  {
    id: 'R-name-is-common-word',
    input: 'a replication called "replication" fails beside the alert about another',
    answers: {
      'replication.query': [replication(1, 'replication', { state: failedState('no space on target') })],
      'alert.list': [
        alert({ klass: 'ReplicationFailed', formatted: 'Replication "to the attic" failed: broken pipe' }),
      ],
    },
    call: OVERVIEW,
    expect: { must: ['no space on target', 'to the attic'] },
    right: 'both',
  },
  {
    id: 'R-long-name',
    input: 'a failed replication has a name as long as a page',
    answers: {
      'replication.query': [
        replication(1, 'long '.repeat(20_000), { state: failedState('no space on target') }),
        replication(2, 'short', { state: failedState('broken pipe') }),
      ],
    },
    call: OVERVIEW,
    expect: { isError: false, verdict: 'WARNING', must: ['no space on target', 'broken pipe'] },
    right: 'both; no length of a name makes the overview fail',
  },
  {
    id: 'R-same-run',
    input: 'a cloud sync fails, and so does the job that was its run',
    answers: {
      'cloudsync.query': [
        cloudSync(1, 'photos', {
          job: failedRun(71, 'cloudsync.sync', '[EFAULT] the bucket is not there any more'),
        }),
      ],
      'core.get_jobs': [failedJob(71, 'cloudsync.sync', '[EFAULT] the bucket is not there any more')],
    },
    call: OVERVIEW,
    expect: {
      verdict: 'WARNING',
      must: ['photos'],
      mustNot: ['is not there any more(.|\\n)*is not there any more'],
    },
    right: 'once: the job is the run of the task',
  },
];
