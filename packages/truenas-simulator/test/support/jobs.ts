/** Waiting for a job of the simulated NAS by asking for it. */
import type { LegacyConnection } from './legacy.ts';
import type { Json, RawConnection } from './simulator.ts';

/** The row of a job once it has ended, whatever the way. */
export async function finishedJob(
  connection: Pick<RawConnection | LegacyConnection, 'call'>,
  id: number,
): Promise<Json> {
  for (;;) {
    const job = await connection.call('core.get_jobs', [[['id', '=', id]], { get: true }]);
    if (['SUCCESS', 'FAILED', 'ABORTED'].includes(job.state)) return job;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
