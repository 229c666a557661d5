/** Troubles of backups. */
import { rowsOf, type Trouble } from './trouble.ts';

const NAS_TASK = 'pool.snapshottask.query';

export const BACKUP_TROUBLES: readonly Trouble[] = [
  {
    id: 'backup.none',
    tool: 'backup_coverage',
    args: { dataset: 'tank/projects/archive' },
    without: { dataset: 'tank/home/alice' },
  },
  {
    id: 'backup.off',
    tool: 'backup_coverage',
    args: { dataset: 'tank/home/alice' },
    answers: rowsOf(NAS_TASK, (row) => ({ ...row, enabled: false })),
  },
  {
    id: 'backup.same_pool',
    tool: 'backup_coverage',
    args: { dataset: 'tank/home/alice' },
    without: { dataset: 'tank/projects/archive' },
  },
  {
    id: 'backup.failed',
    tool: 'backup_coverage',
    args: { dataset: 'tank/home/alice' },
    answers: rowsOf(NAS_TASK, (row) => ({ ...row, state: { state: 'ERROR', error: 'out of space' } })),
  },
  {
    id: 'backup.on_hold',
    tool: 'backup_coverage',
    args: { dataset: 'tank/home/alice' },
    answers: rowsOf(NAS_TASK, (row) => ({ ...row, state: { state: 'HOLD', reason: 'pool is gone' } })),
  },
  {
    id: 'backup.stale',
    tool: 'backup_coverage',
    args: { dataset: 'tank/home/alice' },
    answers: rowsOf(NAS_TASK, (row) => ({
      ...row,
      state: { state: 'FINISHED', datetime: new Date('2025-11-01T00:00:00Z') },
    })),
  },
];
