/** Jobs of periodic tasks. */
import type { JobRow, JobTable } from '../jobs/job-table.ts';
import type { MethodContext } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import type { ApiRow } from './common.ts';

/** 25.04 leaves the field out where no job has run. */
export function jobField({ jobs, release }: MethodContext, method: string, id: number): ApiRow {
  const job = lastJob(jobs, method, id);
  return job === null && !isAtLeast(release, '25.10') ? {} : { job };
}

/** The job that a task has run last. */
export function lastJob(jobs: JobTable, method: string, id: number): JobRow | null {
  return runsOf(jobs, method, id).at(-1) ?? null;
}

/** All jobs of a task, oldest first. */
export function runsOf(jobs: JobTable, method: string, id: number): JobRow[] {
  return jobs.rows().filter((row) => row.method === method && row.arguments[0] === id);
}
