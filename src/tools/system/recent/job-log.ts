/** Jobs that were started. A NAS keeps about 1,000, and forgets them when it starts. */
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { field, isObject, type RowOf, rowsOf } from '../../support/rows.ts';
import { argumentsText } from '../jobs.ts';
import { readJobSight, sightNote } from '../job-sight.ts';
import type { Happening } from './happening.ts';
import { isWithin, type Source } from './period.ts';

const JOB = {
  id: field.number,
  method: field.text,
  arguments: field.unknown,
  state: field.text,
  error: field.text,
  time_started: field.time,
  credentials: field.unknown,
};
type Job = RowOf<typeof JOB>;

/** Jobs that are looked at, the newest first. A NAS cannot compare their times with one that is sent to it. */
const MAX_JOBS = 200;

export const JOBS: Source = {
  noun: 'jobs',
  uses: ['core.get_jobs', 'auth.me'],
  async read(nas, period) {
    const parameters = query({ select: Object.keys(JOB), orderBy: ['-id'], limit: MAX_JOBS });
    const [answer, sight] = await Promise.all([nas.call('core.get_jobs', parameters), readJobSight(nas)]);
    const rows = rowsOf(answer, JOB);
    const all = rows.filter(({ time_started: atMs }) => isWithin(atMs, period)).map(happeningOf);
    const jobs = period.user === undefined ? all : all.filter(({ who }) => who === period.user);
    const isCut = rows.length === MAX_JOBS && all.length === rows.length;
    const note = sightNote(sight);
    const unread = [
      ...(isCut ? [`older jobs than the newest ${MAX_JOBS}`] : []),
      ...(all.some(({ who }) => who === undefined) ? ['who started some jobs'] : []),
    ];
    return {
      happenings: jobs,
      ...(unread.length > 0 ? { unread } : {}),
      ...(note === undefined ? {} : { notes: [note] }),
    };
  },
};

function happeningOf(job: Job): Happening {
  const { method, state, error, time_started: atMs } = job;
  const about = argumentsText(job.arguments, 50);
  const isFailure = state === 'FAILED' || state === 'ABORTED';
  const ended = error === null || error === '' ? '' : `: ${safeCell(error, 100)}`;
  return {
    sort: 'job',
    atMs,
    who: whoOf(job.credentials),
    what: `${safeCell(method ?? 'UNKNOWN', 60)}${about === undefined ? '' : ` ${about}`}`,
    ...(state === 'SUCCESS'
      ? {}
      : { result: `${(state ?? 'UNKNOWN').toLowerCase()}${isFailure ? ended : ''}` }),
    ...(isFailure ? { isFailure: true } : {}),
    ...(method === null ? {} : { method }),
  };
}

/** Null for the NAS itself; undefined where it is not known. */
function whoOf(credentials: unknown): string | null | undefined {
  if (credentials === null) return null;
  const data = isObject(credentials) ? credentials['data'] : undefined;
  const name = isObject(data) ? field.text(data['username']) : null;
  return name === null ? undefined : safeCell(name, 60);
}
