/** Finds the job of a call whose answer, or whose connection, was lost. */
import type { CallOptions, ReadClient } from '../client.ts';
import type { SentJob } from '../errors.ts';
import { readAccount } from '../sign-in/account.ts';
import type { Job } from './job.ts';
import { identifiedJobs } from './job-identity.ts';
import { readNasClock } from './nas-clock.ts';

/** Methods that {@link findLostJob} calls, besides the release. */
export const LOST_JOB_READS = ['core.get_jobs', 'auth.me', 'system.info'] as const;

/** How long after it was sent a call may still have started its job: NAS and network may hold it up. */
const LATEST_START_MS = 60_000;

/**
 * Finds the job that a call started, through any connection.
 * @returns `undefined` when the NAS, asked by a full administrator, knows no such job: it never began, or the NAS has
 * restarted since. `not-visible` when that cannot be told: a job whose connection has ended is shown to full administrators
 * only, and 25.04 keeps no ids by which one of several like jobs could be told from another.
 * @throws TrueNasError as a read does
 */
export async function findLostJob(
  read: Pick<ReadClient, 'call' | 'release'>,
  sent: SentJob,
  options?: CallOptions,
): Promise<Job | undefined | 'not-visible'> {
  const jobs = await identifiedJobs(read, sent, undefined, options);
  const ours =
    jobs.find(({ identity }) => identity === 'ours') ?? jobs.find(({ identity }) => identity === 'joined');
  if (ours !== undefined) return ours.job;
  const alike = jobs.filter(({ identity }) => identity === 'same' || identity === 'alike');
  if (alike.length > 0) {
    const clock = await readNasClock(read, options);
    if (clock === undefined) return 'not-visible';
    const { sentAtMs } = sent;
    const inTime = alike.filter(({ job }) =>
      clock.isBetween(job.startedAt, sentAtMs, sentAtMs + LATEST_START_MS),
    );
    if (inTime.length > 1) return 'not-visible';
    if (inTime[0] !== undefined) return inTime[0].job;
  }
  return (await seesAllJobs(read, options)) ? undefined : 'not-visible';
}

async function seesAllJobs(
  read: Pick<ReadClient, 'call'>,
  options: CallOptions | undefined,
): Promise<boolean> {
  return readAccount(await read.call('auth.me', [], options))?.roles.includes('FULL_ADMIN') === true;
}
