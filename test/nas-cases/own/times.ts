/** Ages are by the clock of the NAS, which may not be ours. */
import { HEALTHY_NAS } from '../support/healthy-nas.ts';
import type { NasCase } from '../support/nas-case.ts';
import {
  alert,
  daysAgo,
  failedJob,
  pool,
  replication,
  type Row,
  scrub,
  snapshotTask,
} from '../support/rows.ts';

/** `system.info` of a NAS whose clock is so many days behind ours (ahead when negative). */
const clockBehind = (days: number): Row => ({
  ...(HEALTHY_NAS['system.info'] as Row),
  datetime: daysAgo(days),
  boottime: daysAgo(days + 12),
});

export const TIMES: readonly NasCase[] = [
  {
    id: 'T-ahead-old-failure',
    input: 'the clock of the NAS is two days ahead; a job failed 30 hours before its now',
    answers: {
      'system.info': clockBehind(-2),
      'core.get_jobs': [
        failedJob(9, 'app.upgrade', '[EFAULT] an image is missing', {
          time_started: daysAgo(-0.74),
          time_finished: daysAgo(-0.75),
        }),
      ],
    },
    call: { tool: 'system_overview' },
    expect: { mustNot: ['app\\.upgrade'] },
    right: 'older than a day by the clock of the NAS',
  },
  {
    id: 'T-clock-told',
    input: 'the clock of the NAS is two days ahead',
    answers: { 'system.info': clockBehind(-2) },
    call: { tool: 'system_overview' },
    expect: { must: ['clock'], mustNot: ['^OK'] },
    right: 'a word about the clock; certificates and sign-ins depend on it',
  },
  {
    id: 'T-clock-fine',
    input: 'the clock of the NAS is half a minute behind',
    answers: { 'system.info': clockBehind(0.0003) },
    call: { tool: 'system_overview' },
    expect: { verdict: 'OK', mustNot: ['clock'] },
    right: 'OK',
  },
  {
    id: 'T-behind-tasks',
    input: 'the clock of the NAS is 40 days behind; its tasks ran today by it',
    answers: {
      'system.info': clockBehind(40),
      'pool.snapshottask.query': [
        snapshotTask(1, 'amber/docs', { state: { state: 'FINISHED', datetime: daysAgo(40.2) } }),
      ],
      'replication.query': [
        replication(1, 'docs', { state: { state: 'FINISHED', datetime: daysAgo(40.3) } }),
      ],
    },
    call: { tool: 'system_overview' },
    expect: { mustNot: ['has not run'] },
    right: 'they ran today; only the clock is wrong',
  },
  {
    id: 'T-behind-scrub',
    input: 'the clock of the NAS is 60 days behind; the last scrub was 20 days ago by it',
    answers: {
      'system.info': clockBehind(60),
      'pool.query': [pool('amber', { scan: scrub({ start_time: daysAgo(80.2), end_time: daysAgo(80) }) })],
    },
    call: [
      { tool: 'system_overview' },
      { tool: 'list_pools' },
      { tool: 'get_pool', args: { pool: 'amber' } },
    ],
    expect: { isError: false, mustNot: ['no scrub for long'] },
    right: 'the scrub is 20 days old',
  },
  {
    id: 'T-ahead-scrub',
    input: 'the clock of the NAS is 60 days ahead; the last scrub was 100 days ago by it',
    answers: {
      'system.info': clockBehind(-60),
      'pool.query': [pool('amber', { scan: scrub({ start_time: daysAgo(40.2), end_time: daysAgo(40) }) })],
    },
    call: { tool: 'system_overview' },
    expect: { must: ['no scrub for long'] },
    right: 'the scrub is 100 days old',
  },
  {
    id: 'T-alert-age',
    input: 'the clock of the NAS is five days behind; an alert is three hours old by it',
    answers: {
      'system.info': clockBehind(5),
      'alert.list': [alert({ datetime: daysAgo(5.125), last_occurrence: daysAgo(5.125) })],
    },
    call: { tool: 'system_overview' },
    expect: { verdict: 'WARNING', must: ['3 h ago'], mustNot: ['5 d ago'] },
    right: 'three hours',
  },
  {
    id: 'T-list-jobs-since',
    input: 'the clock of the NAS is five days behind; jobs of the last two hours are asked for',
    answers: {
      'system.info': clockBehind(5),
      'core.get_jobs': [
        failedJob(3, 'app.upgrade', '[EFAULT] old', { time_started: daysAgo(6), time_finished: daysAgo(6) }),
        failedJob(4, 'app.update', '[EFAULT] fresh', {
          time_started: daysAgo(5.03),
          time_finished: daysAgo(5.02),
        }),
      ],
    },
    call: { tool: 'list_jobs', args: { since: '2h' } },
    expect: { isError: false, must: ['app\\.update'], mustNot: ['app\\.upgrade'] },
    right: 'the fresh one only',
  },
  {
    id: 'T-no-clock',
    input: 'the NAS does not tell its time',
    answers: {
      'system.info': { ...(HEALTHY_NAS['system.info'] as Row), datetime: null },
      'core.get_jobs': [failedJob(9, 'app.upgrade', '[EFAULT] an image is missing')],
    },
    call: { tool: 'system_overview' },
    expect: { isError: false, verdict: 'WARNING', must: ['app\\.upgrade'] },
    right: 'ages are by our clock then',
  },
];
