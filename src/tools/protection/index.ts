/** The toolset of what protects data: tasks that take snapshots and copy data elsewhere. */
import type { Toolset } from '../toolset.ts';

export const protection: Toolset = {
  name: 'protection',
  title: 'Data protection',
  about: 'Tasks that take snapshots and copy data: replication, cloud sync, rsync.',
  load: {
    backup_coverage: async () => (await import('./backup-coverage.ts')).backupCoverage,
    schedule_calendar: async () => (await import('./schedule-calendar.ts')).scheduleCalendar,
    create_snapshot_task: async () => (await import('./create-snapshot-task.ts')).createSnapshotTask,
    create_replication: async () => (await import('./create-replication.ts')).createReplication,
    update_snapshot_task: async () => (await import('./update-snapshot-task.ts')).updateSnapshotTask,
    delete_snapshot_task: async () => (await import('./delete-snapshot-task.ts')).deleteSnapshotTask,
    run_task: async () => (await import('./run-task.ts')).runTask,
  },
};
