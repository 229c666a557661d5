/** `cancel_job`: ends a job that runs or waits; what it has done so far stays. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { query } from '../../truenas/query.ts';
import { defineChange } from '../define.ts';
import { rowsOf } from '../support/rows.ts';
import { presentTarget, rowThing } from '../support/targets.ts';
import { durationText, jobRow, progressText } from './jobs.ts';
import { field } from '../support/rows.ts';

export const cancelJob = defineChange({
  name: 'cancel_job',
  toolset: 'system',
  access: 'operate',
  title: 'Cancel a job',
  words: 'abort stop kill running task',
  description: 'Tells a running or waiting job to end. What it has done so far stays as it is.',
  isUnlisted: true,
  input: z.strictObject({ job: z.int().min(0).describe('Id, see list_jobs') }),
  uses: ['core.get_jobs'],
  writes: ['core.job_abort'],
  examples: [{ args: { job: 10 }, why: 'a cloud sync that runs' }],
  async plan(nas, { job: id }, { now }): Promise<Change> {
    const filters = [['id', '=', id]] as const;
    const answer = await nas.call(
      'core.get_jobs',
      query({ filters, select: [...Object.keys(jobRow), 'abortable'] }),
    );
    const [job] = rowsOf(answer, { ...jobRow, abortable: field.flag });
    const unseen = new InputProblem(
      'job',
      `no job ${String(id)} shows to the reading account`,
      'list_jobs shows those that do; without full administration these are its own only.',
    );
    if (job === undefined) throw unseen;
    if (job.state !== 'RUNNING' && job.state !== 'WAITING')
      throw new InputProblem('job', `${String(id)} has ended (${job.state ?? 'unknown'})`);
    const method = job.method ?? 'an unknown method';
    return {
      summary: `Cancel job ${String(id)} (${method})`,
      calls: [
        {
          method: 'core.job_abort',
          params: [id],
          purpose: `tell job ${String(id)} (${method}) to end`,
          before: { method: job.method, state: job.state },
          facts: { isRunning: job.state === 'RUNNING' },
        },
      ],
      targets: [
        await presentTarget(
          nas,
          {
            ...rowThing(`job ${String(id)}`, 'core.get_jobs', ['id', '=', id], {
              identity: ['id', 'method', 'time_started'],
            }),
            // It ends a moment after the NAS has answered.
            renewed: [],
          },
          { state: 'ABORTED' },
          { absent: () => unseen },
        ),
      ],
      impact: [
        `${safeCell(job.description ?? method, 160)}: ${job.state}${progressLine(progressText(job))}, for ${durationText(job, now()) ?? 'an unknown time'}`,
        ...(job.abortable === false
          ? ['the NAS says that it cannot be cancelled: it may go on all the same']
          : []),
        'what it has done so far stays, half done as it is',
      ],
      undo: { impossible: 'a job that was cut off is not resumed; start it anew' },
    };
  },
});

function progressLine(progress: string | undefined): string {
  return progress === undefined ? '' : ` (${safeCell(progress, 80)})`;
}
