/** Who sees which job. */
import type { Core } from '../server/core.ts';
import type { JobRow, JobTable } from './job-table.ts';
import type { SimSession } from '../session/session-state.ts';

/** A full administrator sees all jobs, others their own and those whose reading roles they hold. */
export function isJobVisible(
  { jobs }: Pick<Core, 'jobs'> | { readonly jobs: JobTable },
  session: SimSession,
  row: JobRow,
): boolean {
  if (session.isFullAdmin) return true;
  const { credential } = session;
  if (credential === null) return false;
  if (row.credentials?.data.username === credential.user.username) return true;
  const roles = jobs.readRoles(row.id);
  return roles.length > 0 && session.hasRole(...roles);
}
