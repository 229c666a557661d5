/** Troubles of schedules. */
import { rowsOf, type Trouble } from './trouble.ts';

export const SCHEDULE_TROUBLES: readonly Trouble[] = [
  {
    id: 'schedule.together',
    tool: 'schedule_calendar',
    args: { from: 'tonight' },
    without: { from: 'now', span: '2h' },
  },
  {
    id: 'schedule.unscrubbed',
    tool: 'schedule_calendar',
    args: {},
    answers: rowsOf('pool.scrub.query', (row) => ({ ...row, enabled: row['pool_name'] !== 'tank' })),
  },
  {
    id: 'schedule.never',
    tool: 'schedule_calendar',
    args: { from: 'tonight' },
    answers: rowsOf('cloudsync.query', (row) => ({
      ...row,
      schedule: { minute: '0', hour: '2', dom: '31', month: '2', dow: '*' },
    })),
  },
];
