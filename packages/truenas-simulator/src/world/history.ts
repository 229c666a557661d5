/** Jobs of the past, and those under way when the simulator starts: what a look at a busy NAS finds. */
import type { JobHandle, JobSeed, JobTable } from '../jobs/job-table.ts';
import { BY_ADMIN, failedJob, jobSpan } from './past-jobs.ts';
import { scanProgress } from './scans.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './units.ts';
import type { World } from './world.ts';

const SOON_MS = 5 * SECOND_MS;
const REPLICATION_READERS = ['REPLICATION_TASK_READ'];
const CLOUD_SYNC_READERS = ['CLOUD_SYNC_READ'];

/** Plants finished and failed jobs, and starts those that run: a scrub, a replication, a cloud sync. */
export function seedJobs(world: World, jobs: JobTable): void {
  jobs.seed(world.blueprint.pastJobs(world));
  for (const [index, { name, scan }] of world.pools.all.entries()) {
    if (scan === null || scanProgress(scan, world.now()).state !== 'SCANNING') continue;
    jobs.start({
      method: 'pool.scrub.scrub',
      args: [name, 'START'],
      options: { lock: `zfs_scrub_${String(index)}`, abortable: false },
      run: (handle) => followScrub(world, name, handle),
    });
  }
  if (!world.blueprint.isBusy) return;
  jobs.start({
    method: 'replication.run',
    args: [1],
    options: { logs: true, readRoles: REPLICATION_READERS },
    run: (handle) =>
      grow(
        world,
        handle,
        12 * MINUTE_MS,
        50 * MINUTE_MS,
        'Sending 1 of 2: tank/home@auto (61.3 GiB / 97.8 GiB)',
      ),
  });
  jobs.start({
    method: 'cloudsync.sync',
    args: [1, { dry_run: false }],
    options: {
      lock: 'cloud_sync:1',
      lockQueueSize: 1,
      logs: true,
      abortable: true,
      readRoles: CLOUD_SYNC_READERS,
    },
    run: (handle) =>
      grow(world, handle, 31 * MINUTE_MS, 3 * HOUR_MS, 'Transferred: 18.204 GiB / 104.117 GiB, ETA 2h21m'),
  });
}

/** Reports the scan until it ends. */
export async function followScrub(world: World, poolName: string, handle: JobHandle): Promise<null> {
  for (;;) {
    const scan = world.pools.byName(poolName)?.scan;
    if (scan === null || scan === undefined || scan.kind !== 'SCRUB') return null;
    const { state, percent, secondsLeft } = scanProgress(scan, world.now());
    if (state !== 'SCANNING') return null;
    handle.progress(Math.floor(percent), 'Scrubbing');
    await handle.wait(Math.min(SOON_MS, Math.max(20, (secondsLeft ?? 1) * SECOND_MS)));
  }
}

/** A transfer that began `sinceMs` ago and takes `wholeMs`. */
async function grow(
  world: World,
  handle: JobHandle,
  sinceMs: number,
  wholeMs: number,
  text: string,
): Promise<boolean> {
  const beganMs = world.now() - sinceMs;
  for (;;) {
    const percent = Math.floor(((world.now() - beganMs) / wholeMs) * 100);
    if (percent >= 100) return true;
    handle.progress(percent, text);
    await handle.wait(SOON_MS);
  }
}

/** The jobs that the mixed world has behind it. */
export function mixedJobs(world: World): JobSeed[] {
  const nowMs = world.createdAtMs;
  const span = (agoMs: number, tookMs: number) => jobSpan(nowMs, agoMs, tookMs);
  return [
    {
      method: 'pool.import_on_boot',
      transient: false,
      ...span(nowMs - world.system.bootedMs - 40 * SECOND_MS, 14 * SECOND_MS),
    },
    {
      method: 'pool.dataset.unlock',
      arguments: ['tank/medical', { datasets: [{ name: 'tank/medical', passphrase: '********' }] }],
      result: { unlocked: ['tank/medical'], failed: {} },
      credentials: BY_ADMIN,
      ...span(30 * HOUR_MS, 2 * SECOND_MS),
    },
    {
      method: 'pool.scrub.scrub',
      arguments: ['backup', 'START'],
      progress: { percent: 100, description: 'Scrub finished', extra: null },
      ...span(146 * HOUR_MS, 7 * HOUR_MS),
    },
    {
      method: 'app.upgrade',
      arguments: ['nextcloud', { app_version: 'latest' }],
      credentials: BY_ADMIN,
      progress: { percent: 40, description: "Upgrading 'nextcloud' app to '2.0.4' version", extra: null },
      ...failedJob(
        "Failed 'up' action for 'nextcloud' app: container nextcloud-redis is unhealthy",
        14,
        'EFAULT',
      ),
      ...span(26 * HOUR_MS, 3 * MINUTE_MS),
    },
    {
      method: 'replication.run',
      readRoles: REPLICATION_READERS,
      arguments: [2],
      logs_path: '/var/log/jobs/5.log',
      logs_excerpt: [
        "[zettarepl.replication.run] For task 'task_2' doing push from tank/projects to vault/nas/projects",
        '[zettarepl.transport.ssh] Connecting to backup.example.org...',
        '[zettarepl.replication.run] connection to backup.example.org timed out',
      ].join('\n'),
      progress: { percent: 0, description: 'Connecting to backup.example.org', extra: null },
      ...failedJob('connection to backup.example.org timed out', 110, 'ETIMEDOUT'),
      ...span(14 * HOUR_MS, 2 * MINUTE_MS),
    },
    {
      method: 'cloudsync.sync',
      readRoles: CLOUD_SYNC_READERS,
      arguments: [2, { dry_run: false }],
      logs_path: '/var/log/jobs/6.log',
      logs_excerpt:
        'Transferred: 1.204 GiB / 1.204 GiB, 100%\nChecks: 18204 / 18204, 100%\nElapsed time: 11m4s',
      progress: { percent: 100, description: 'Transferred: 1.204 GiB', extra: null },
      ...span(20 * HOUR_MS, 11 * MINUTE_MS),
    },
    {
      method: 'update.download',
      arguments: [],
      state: 'ABORTED',
      credentials: BY_ADMIN,
      progress: { percent: 23, description: 'Downloading update', extra: null },
      ...span(9 * HOUR_MS, 90 * SECOND_MS),
    },
  ];
}
