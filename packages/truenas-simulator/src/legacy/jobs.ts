/** Rows of the job table as the older releases show them. */
import { isJobVisible } from '../jobs/job-access.ts';
import type { JobRow } from '../jobs/job-table.ts';
import type { Core } from '../server/core.ts';
import { isCore, type LegacyRelease } from '../releases.ts';
import type { SimSession } from '../session/session-state.ts';

/** A row with the fields that the release has. */
export function jobView(legacy: LegacyRelease | null, row: JobRow): Record<string, unknown> {
  if (!isCore(legacy)) return { ...row };
  return {
    ...{ id: row.id, method: row.method, arguments: row.arguments, logs_path: row.logs_path },
    ...{ logs_excerpt: row.logs_excerpt, progress: row.progress, result: row.result, error: row.error },
    exception: row.exception,
    exc_info: row.exc_info === null ? null : { type: row.exc_info.type, extra: row.exc_info.extra },
    ...{ state: row.state, time_started: row.time_started, time_finished: row.time_finished },
  };
}

/** Whoever signed in by key, or on FreeBSD at all, sees every job. */
export function seesJob(core: Core, session: SimSession, row: JobRow): boolean {
  if (session.credential === null) return false;
  if (isCore(core.legacy)) return true;
  if (core.legacy !== null && session.credential.type === 'API_KEY') return true;
  return isJobVisible(core, session, row);
}
