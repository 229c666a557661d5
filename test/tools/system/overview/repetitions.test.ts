/** A trouble that several parts tell of is said once, and nothing else is hidden by it. */
import { expect, test } from 'vitest';
import type { WireValue } from '../../../../src/truenas/index.ts';
import { alert, failedJob, healthy, overview, pool, said } from '../../support/healthy-nas.ts';

test('an alert that repeats what the pool itself shows is left out, one about another pool or something worse is not', async () => {
  const { data } = await overview(
    healthy({
      'pool.query': pool({ allocated: 90, free: 10 }),
      'alert.list': [
        alert('ZpoolCapacityWarning', 'WARNING', 'Space usage for pool "tank" is 90%.', { volume: 'tank' }),
        alert('VolumeStatus', 'CRITICAL', 'Pool boot-pool state is DEGRADED.', { volume: 'boot-pool' }),
        alert('VolumeStatus', 'CRITICAL', 'Pool tank state is SUSPENDED.', { volume: 'tank' }),
        alert('VolumeStatus', 'WARNING', 'Pool tank2 state is odd.', { volume: 'tank2' }),
        alert('QuotaWarning', 'WARNING', 'Quota of tank.'),
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'CRITICAL alert Pool boot-pool state is DEGRADED.',
    'CRITICAL alert Pool tank state is SUSPENDED.',
    'WARNING pool tank 90 % full, 10 B raw free',
    'WARNING alert Pool tank2 state is odd.',
    'WARNING alert Quota of tank.',
  ]);
});

const TIMED_OUT = 'connection to backup.example.org timed out';

const failedReplication = (id: number, name: string, error: string, jobId?: number): WireValue => ({
  id,
  name,
  job: jobId === undefined ? null : { id: jobId },
  enabled: true,
  state: { state: 'ERROR', error },
});

test('a failure that alert, task and job tell of is said once, by the worst of them', async () => {
  const { data } = await overview(
    healthy({
      'alert.list': [
        alert('ReplicationFailed', 'CRITICAL', `Replication "offsite" failed: ${TIMED_OUT}.`, { id: 2 }),
      ],
      'replication.query': [
        failedReplication(2, 'offsite', TIMED_OUT, 9),
        failedReplication(3, 'off', 'no route'),
      ],
      'core.get_jobs': [
        failedJob(9, 'replication.run', `[ETIMEDOUT] ${TIMED_OUT}`),
        failedJob(8, 'app.upgrade', '[EFAULT] container is unhealthy'),
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    `CRITICAL alert Replication "offsite" failed: ${TIMED_OUT}.`,
    'WARNING replication off failed: no route',
    'WARNING job app.upgrade failed (#8): [EFAULT] container is unhealthy',
  ]);
});

test('a failure without an alert is said by its task; a job that failed again and again is counted', async () => {
  const { data } = await overview(
    healthy({
      'replication.query': [failedReplication(2, 'offsite', TIMED_OUT, 9)],
      'pool.snapshottask.query': [
        { dataset: 'tank', enabled: true, state: { state: 'ERROR' } },
        { dataset: 'tank/home', enabled: true, state: { state: 'ERROR' } },
      ],
      'core.get_jobs': [
        failedJob(9, 'replication.run', `[ETIMEDOUT] ${TIMED_OUT}`),
        failedJob(8, 'app.upgrade', 'x'),
        failedJob(7, 'app.upgrade', 'y'),
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'WARNING snapshot tank failed',
    'WARNING snapshot tank/home failed',
    `WARNING replication offsite failed: ${TIMED_OUT}`,
    'WARNING job app.upgrade failed 2 times in 24 h, last (#8): x',
  ]);
});

test('a replication and another one with a longer name both tell of their own failure', async () => {
  const { data } = await overview(
    healthy({
      'replication.query': [
        failedReplication(1, 'daily', 'no base'),
        failedReplication(2, 'daily offsite', 'refused'),
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'WARNING replication daily failed: no base',
    'WARNING replication daily offsite failed: refused',
  ]);
});

test('an alert hides nothing of another task, whatever names it quotes', async () => {
  const { data } = await overview(
    healthy({
      'replication.query': [failedReplication(1, 'daily', 'no base')],
      'alert.list': [alert('ReplicationFailed', 'CRITICAL', 'Replication "daily" failed: x', { id: 2 })],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'CRITICAL alert Replication "daily" failed: x',
    'WARNING replication daily failed: no base',
  ]);
});

test('tasks without a name are told apart by their number', async () => {
  const { data } = await overview(
    healthy({
      'cloudsync.query': [
        { id: 1, description: '', enabled: true, job: { state: 'FAILED', error: 'quota exceeded' } },
        { id: 2, description: '', enabled: true, job: { state: 'FAILED', error: 'no bucket' } },
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'WARNING cloud sync #1 failed: quota exceeded',
    'WARNING cloud sync #2 failed: no bucket',
  ]);
});
