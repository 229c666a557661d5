/** Failed jobs of the overview: all that a key may see or a task tells of. */
import { expect, test } from 'vitest';
import { failedJob, healthy, overview, said } from '../../support/healthy-nas.ts';

const me = (...roles: string[]) => ({ 'auth.me': { pw_name: 'monitor', privilege: { roles } } });
const failed = (id: number, method: string, error: string) => ({
  ...(failedJob(id, method, error) as object),
  state: 'FAILED',
});
const seenJobs = (data: object) =>
  (data as { seen: string[] }).seen.find((text) => text.includes('failed job'));

test('the last run of a task counts where the NAS hides it, and is said once', async () => {
  const { data } = await overview(
    healthy({
      ...me('READONLY_ADMIN'),
      'cloudsync.query': [
        { id: 4, description: 'docs', enabled: true, job: failed(88, 'cloudsync.sync', 'expired') },
      ],
      'rsynctask.query': [{ id: 1, desc: 'home', job: failed(89, 'rsynctask.run', 'no route') }],
    }),
  );
  expect(seenJobs(data)).toBe('2 failed jobs in 24 h (visible to this key)');
  const reasons = said(data.reasons).filter((text) => /expired|no route/u.test(text));
  expect(reasons).toHaveLength(2);
});

test('a run that both list and task tell of counts once', async () => {
  const job = failed(88, 'cloudsync.sync', 'expired');
  const { data } = await overview(
    healthy({
      ...me('FULL_ADMIN'),
      'core.get_jobs': [job],
      'cloudsync.query': [{ id: 4, description: 'docs', enabled: true, job }],
    }),
  );
  expect(seenJobs(data)).toBe('1 failed job in 24 h');
});

test('many failures of one job do not hide that of another', async () => {
  const many = Array.from({ length: 150 }, (_, index) =>
    failedJob(200 - index, 'app.pull_images', 'no route'),
  );
  const { data } = await overview(
    healthy({ 'core.get_jobs': [...many, failedJob(1, 'pool.import_pool', 'a device is missing')] }),
  );
  expect(said(data.reasons)).toEqual([
    'WARNING job app.pull_images failed 150 times in 24 h, last (#200): no route',
    'WARNING job pool.import_pool failed (#1): a device is missing',
  ]);
});
