/** Troubles of backups. */
import type { WireValue } from '../../src/truenas/client.ts';
import { rowsOf, type Trouble } from './trouble.ts';

const NAS_TASK = 'pool.snapshottask.query';

const off = (row: Record<string, WireValue>): Record<string, WireValue> => ({ ...row, enabled: false });

export const BACKUP_TROUBLES: readonly Trouble[] = [
  {
    id: 'backup.none',
    tool: 'backup_coverage',
    args: { dataset: 'tank/backups/timemachine' },
    without: { dataset: 'tank/home/alice' },
  },
  {
    id: 'backup.off',
    tool: 'backup_coverage',
    args: { dataset: 'tank/home/alice' },
    answers: (method, answer) =>
      [NAS_TASK, 'replication.query', 'cloud_backup.query'].reduce(
        (rows, task) => rowsOf(task, off)(method, rows),
        answer,
      ),
  },
  {
    id: 'backup.same_pool',
    tool: 'backup_coverage',
    args: { dataset: 'tank/media/movies' },
    without: { dataset: 'tank/home/alice' },
  },
  {
    id: 'backup.same_nas',
    tool: 'backup_coverage',
    args: { dataset: 'tank/home/alice' },
    answers: rowsOf('cloud_backup.query', off),
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
