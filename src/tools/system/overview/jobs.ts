/** Jobs that failed lately: those that this key sees, and the last runs of tasks, whoever started them. */
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { sortRows } from '../../support/list-reading.ts';
import { valueOr } from '../../support/part.ts';
import { field, type RowOf, rowsOf } from '../../support/rows.ts';
import { readJobSight } from '../job-sight.ts';
import { readTaskJobs, TASK_JOB_USES } from '../task-jobs.ts';
import type { Finding } from './finding.ts';
import { QUOTE_LENGTH, type Subject } from './subject.ts';

const RECENT_MS = 24 * 3_600_000;
/** Methods whose failed jobs are named; the summary counts all. */
const MAX_METHODS = 3;
/** Failed jobs read; a NAS keeps about 1,000 jobs in all. */
const MAX_FAILED = 2000;

const JOB = {
  id: field.number,
  method: field.text,
  error: field.text,
  time_started: field.time,
  time_finished: field.time,
};
type Job = RowOf<typeof JOB>;

export const jobs: Subject = {
  name: 'failed jobs',
  uses: ['core.get_jobs', 'auth.me', ...TASK_JOB_USES],
  async read({ nas, nowMs }) {
    // The time is compared here: a NAS cannot compare its job times with a date that is sent to it.
    const parameters = query({
      filters: [['state', '=', 'FAILED']],
      select: Object.keys(JOB),
      orderBy: ['-id'],
      limit: MAX_FAILED,
    });
    const [answer, tasks, sight] = await Promise.all([
      nas.call('core.get_jobs', parameters),
      readTaskJobs(nas),
      readJobSight(nas),
    ]);
    const listed = rowsOf(answer, JOB);
    const ids = new Set(listed.map(({ id }) => id));
    const hidden = tasks.jobs.filter(({ id, state }) => state === 'FAILED' && !ids.has(id));
    const failed: readonly Job[] = sortRows([...listed, ...hidden], ({ id }) => id, 'desc');
    const recent = failed.filter((job) => {
      // When it ended may be unknown; nothing that could be recent is left out.
      const endedMs = job.time_finished ?? job.time_started;
      return endedMs === null || nowMs - endedMs < RECENT_MS;
    });
    // Newest first, so that the first of each method is its last failure.
    const methods = [...new Set(recent.map((job) => job.method))];
    const findings = methods.slice(0, MAX_METHODS).flatMap((method) =>
      findingOf(
        method,
        recent.filter((job) => job.method === method),
      ),
    );
    // Tasks that could not be read are named by their own subjects; what they would add to the number is not known.
    const isStateless = tasks.jobs.some(({ state }) => state === null);
    const isLeast = listed.length >= MAX_FAILED || tasks.gaps.length > 0 || isStateless;
    const seen = valueOr(sight, undefined) === 'all' ? '' : ' (visible to this key)';
    const number = `${isLeast ? 'at least ' : ''}${plural(recent.length, 'failed job')} in 24 h${seen}`;
    return { findings, summary: isLeast && recent.length === 0 ? 'failed jobs not all known' : number };
  },
};
/** One finding for the failures of a method; only a single one may be the failure that its task tells of. */
function findingOf(method: string | null, failed: readonly Job[]): Finding[] {
  const [last] = failed;
  if (last === undefined) return [];
  const times = failed.length > 1 ? ` ${failed.length} times in 24 h, last` : '';
  const id = last.id === null ? '' : ` (#${last.id})`;
  const error = safeCell(last.error ?? 'no text', QUOTE_LENGTH);
  return [
    {
      level: 'WARNING',
      text: `job ${safeCell(method ?? '-', 60)} failed${times}${id}: ${error}`,
      next: last.id === null ? 'list_jobs' : `get_job ${JSON.stringify({ id: last.id })}`,
      ...(failed.length === 1 && last.id !== null ? { trouble: 'failed', about: [`job:${last.id}`] } : {}),
    },
  ];
}
