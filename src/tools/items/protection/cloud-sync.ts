import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { ACCOUNT_COLUMN, credentialJoin, TASK_CREDENTIAL } from './task-credential.ts';
import {
  CLOUD_PLACE,
  cloudPlace,
  JOB_TASK,
  JOB_TASK_COLUMNS,
  jobTaskDetails,
  jobTaskJoins,
} from './job-task.ts';

const RUN = 'cloudsync.sync';

/** Cloud sync tasks. Keys of providers and passwords are never selected. */
export const cloudSync = defineKind({
  name: 'cloud_sync',
  toolset: 'protection',
  noun: 'cloud sync tasks',
  about: 'copies to and from cloud storage: path, bucket, schedule, last success, next run, last error',
  words: ['cloud sync task', 'cloudsync', 's3 sync', 'rclone'],
  sources: [{ method: 'cloudsync.query' }],
  row: { ...JOB_TASK, ...TASK_CREDENTIAL, ...CLOUD_PLACE, direction: field.text, transfer_mode: field.text },
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'description', isAlwaysThere: true, isKey: true, sort: 'asc' },
    path: { type: 'text', from: 'path', isAlwaysThere: true },
    place: { type: 'text', value: cloudPlace },
    mode: {
      type: 'text',
      value: ({ direction, transfer_mode: mode }) =>
        direction === null || mode === null ? null : `${direction} ${mode}`,
    },
    ...JOB_TASK_COLUMNS,
    encryption: { type: 'flag', from: 'encryption', isAlwaysThere: true, isOnDemand: true },
    snapshot: { type: 'flag', from: 'snapshot', isAlwaysThere: true, isOnDemand: true },
    ...ACCOUNT_COLUMN,
  },
  named: 'name',
  ids: ['id'],
  joins: [...jobTaskJoins(RUN), credentialJoin({ method: 'cloudsync.query', field: 'credentials' })],
  details: jobTaskDetails(RUN),
  usesClock: true,
  alsoSelects: [
    ...['include', 'exclude', 'bwlimit', 'transfers', 'filename_encryption', 'create_empty_src_dirs'],
    ...['follow_symlinks', 'dataset', 'relative_path'],
  ],
  changedBy: ['run_task'],
  mayLack: [
    { method: 'system.info' },
    { method: 'core.get_jobs' },
    { method: 'cloudsync.credentials.query' },
  ],
  examples: [
    { args: {}, why: 'what goes to the cloud, and whether it went well' },
    { args: { filter: ['state=FAILED'] }, why: 'those that failed' },
    {
      args: { filter: ['account=Backblaze'], fields: ['place', 'account'] },
      why: 'those of a cloud account',
    },
  ],
  getExamples: [
    { args: { id: 'Documents to Backblaze' }, why: 'by its description' },
    { args: { id: '77' }, why: 'an id that is none' },
  ],
});
