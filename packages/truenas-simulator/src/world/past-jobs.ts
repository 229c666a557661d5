/** Parts of jobs of the past. */
import type { JobSeed } from '../jobs/job-table.ts';

/** Started by the administrator in the web interface. */
export const BY_ADMIN = { type: 'LOGIN_PASSWORD', data: { username: 'truenas_admin' } } as const;

/** When a job ran. */
export function jobSpan(
  nowMs: number,
  agoMs: number,
  tookMs: number,
): { readonly time_started: Date; readonly time_finished: Date } {
  return { time_started: new Date(nowMs - agoMs), time_finished: new Date(nowMs - agoMs + tookMs) };
}

/** How a job failed, by the number and the name of its error. */
export function failedJob(message: string, errno: number, name: string): Partial<JobSeed> {
  return {
    state: 'FAILED',
    error: `[${name}] ${message}`,
    exception: `Traceback (most recent call last):\n  File "job.py", line 515, in run\nCallError: [${name}] ${message}\n`,
    exc_info: { repr: `CallError('${message}')`, type: 'CallError', errno, extra: null },
  };
}
