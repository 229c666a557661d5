import { field } from '../../support/rows.ts';
import { defineKind, joined, type KindRow } from '../kind.ts';
import { jobsOf, lastRuns, runOfJob, stateText } from './last-run.ts';
import { nextBySchedule, SCHEDULE, scheduleWords, ZONE_NOTE } from './schedule-columns.ts';

const RUN = 'cronjob.run';

interface Runs {
  readonly last: ReturnType<typeof runOfJob>;
  readonly successMs: number | null;
}

const ROW = {
  id: field.number,
  enabled: field.flag,
  schedule: SCHEDULE,
  runs: joined<Runs>(),
};
type Row = KindRow<typeof ROW>;

/** Cron jobs. Their rows say nothing of runs: those are jobs, which the NAS forgets when it starts. */
export const cronJob = defineKind({
  name: 'cron_job',
  toolset: 'protection',
  noun: 'cron jobs',
  about: 'commands that run on a schedule: user, schedule, last success, next run, last error',
  words: ['cron', 'cronjob', 'crontab', 'scheduled command'],
  sources: [{ method: 'cronjob.query' }],
  row: ROW,
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'description', isAlwaysThere: true, isKey: true, sort: 'asc', maxLength: 60 },
    command: { type: 'text', from: 'command', maxLength: 60 },
    user: { type: 'text', from: 'user', isAlwaysThere: true },
    schedule: { type: 'text', value: ({ schedule }) => scheduleWords(schedule) },
    enabled: { type: 'flag', from: 'enabled', isAlwaysThere: true },
    state: { type: 'text', value: ({ runs }) => (runs === undefined ? null : stateText(runs.last)) },
    last_success: { type: 'time', value: ({ runs }) => runs?.successMs },
    next_run: { type: 'time', sort: 'asc', value: (row) => nextBySchedule(row, 'cron') },
    error: { type: 'text', value: ({ runs }) => runs?.last?.error, maxLength: 80, isOnDemand: true },
    last_run: { type: 'time', value: ({ runs }) => runs?.last?.startedMs, isOnDemand: true },
    hides_stdout: { type: 'flag', from: 'stdout', isAlwaysThere: true, isOnDemand: true },
    hides_stderr: { type: 'flag', from: 'stderr', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['id'],
  joins: [
    ZONE_NOTE,
    {
      columns: ['state', 'last_success', 'error', 'last_run'],
      uses: ['core.get_jobs'],
      async read(nas) {
        const jobs = await jobsOf(nas, RUN);
        return {
          add: ({ id }) => {
            const own = jobs.filter(({ taskId }) => taskId === id);
            const runs: Runs = {
              last: runOfJob(own[0] ?? null),
              successMs: own.find(({ state }) => state === 'SUCCESS')?.time_finished ?? null,
            };
            return { runs };
          },
        };
      },
    },
  ],
  details: lastRuns<Row>(RUN, ({ runs }) => runs?.last ?? null),
  usesClock: true,
  mayLack: [{ method: 'system.info' }, { method: 'core.get_jobs' }],
  examples: [
    { args: {}, why: 'which commands run, and when' },
    { args: { filter: ['enabled=true'], sort: 'next_run', fields: ['schedule'] }, why: 'what comes next' },
  ],
  getExamples: [
    { args: { id: 'Nightly report' }, why: 'by its description' },
    { args: { id: '77' }, why: 'an id that is none' },
  ],
});
