/** Cloud syncs, cloud backups and rsync tasks in the calendar. */
import { lastJob } from '../../items/protection/last-run.ts';
import { field, type Fields, type RowOf } from '../../support/rows.ts';
import { type CalendarSource, cell, COMMON, isRunning, named, planned, source, tookMs } from './source.ts';

const JOB_ROW = {
  ...COMMON,
  description: field.text,
  desc: field.text,
  path: field.text,
  locked: field.flag,
  job: lastJob,
};

/** Tasks that copy data by a job. Rsync tasks call their text `desc`, the others `description`. */
export function jobSource(noun: string, method: string): CalendarSource {
  return source(
    noun,
    method,
    method === 'rsynctask.query' ? without(JOB_ROW, 'description') : without(JOB_ROW, 'desc'),
    (row) => {
      const { description = null, desc = null } = row as Partial<RowOf<typeof JOB_ROW>>;
      return {
        ...named(noun, row.id, description || desc),
        ...planned(row, 'cron'),
        ...(row.locked === true && row.enabled === true ? { state: 'locked' as const } : {}),
        about: cell(row.path),
        isHeavy: true,
        tookMs: tookMs(row.job),
        isRunning: isRunning(row.job),
        unknown: unknownJob(row),
      };
    },
  );
}

function unknownJob({ enabled, locked, job }: RowOf<Pick<typeof JOB_ROW, 'enabled' | 'locked' | 'job'>>) {
  if (enabled === true && locked === null) return 'whether its dataset is locked';
  return job?.state === null ? 'how its last run ended' : undefined;
}

function without<Shape extends Fields, Name extends keyof Shape>(
  shape: Shape,
  name: Name,
): Omit<Shape, Name> {
  const { [name]: _, ...rest } = shape;
  return rest;
}
