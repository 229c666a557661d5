/** Who may see and end which job. */
import type { Core } from '../server/core.ts';
import type { SimSession } from '../session/session-state.ts';
import type { JobRow, JobTable } from './job-table.ts';

/** Why a session may not see or end a job, in the NAS's words; null when it may. */
export function jobAccessProblem(
  { jobs }: Pick<Core, 'jobs'> | { readonly jobs: JobTable },
  session: SimSession,
  row: JobRow,
  access: 'read' | 'abort',
): string | null {
  if (session.isFullAdmin) return null;
  if (access === 'read') {
    const roles = jobs.readRoles(row.id);
    if (roles.length > 0 && session.hasRole(...roles)) return null;
  }
  const owner = row.credentials?.data.username;
  if (owner === undefined) {
    return 'Only users with full administrative privileges can access internally ran jobs';
  }
  return owner === session.credential?.user.username ? null : 'Job is not owned by current session';
}

/** A full administrator sees all jobs, others those of their connections that still live, and by reading roles. */
export function isJobVisible(
  table: Pick<Core, 'jobs'> | { readonly jobs: JobTable },
  session: SimSession,
  row: JobRow,
): boolean {
  return session.credential !== null && jobAccessProblem(table, session, row, 'read') === null;
}
