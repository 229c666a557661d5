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

const RUN = 'cloud_backup.sync';

/** Cloud backup tasks, which restic keeps. Keys of providers and passwords are never selected. */
export const cloudBackup = defineKind({
  name: 'cloud_backup',
  toolset: 'protection',
  noun: 'cloud backup tasks',
  about: 'versioned backups in cloud storage: path, bucket, versions kept, schedule, last success, next run',
  words: ['cloud backup task', 'truecloud', 'truecloud backup', 'restic'],
  sources: [{ method: 'cloud_backup.query' }],
  row: { ...JOB_TASK, ...TASK_CREDENTIAL, ...CLOUD_PLACE },
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'description', isAlwaysThere: true, isKey: true, sort: 'asc' },
    path: { type: 'text', from: 'path', isAlwaysThere: true },
    place: { type: 'text', value: cloudPlace },
    versions: { type: 'number', from: 'keep_last', isAlwaysThere: true },
    ...JOB_TASK_COLUMNS,
    snapshot: { type: 'flag', from: 'snapshot', isAlwaysThere: true, isOnDemand: true },
    ...ACCOUNT_COLUMN,
  },
  named: 'name',
  ids: ['id'],
  joins: [...jobTaskJoins(RUN), credentialJoin({ method: 'cloud_backup.query', field: 'credentials' })],
  details: jobTaskDetails(RUN),
  usesClock: true,
  alsoSelects: [
    ...['include', 'exclude', 'transfer_setting', 'absolute_paths', 'cache_path', 'rate_limit', 'dataset'],
    'relative_path',
  ],
  mayLack: [
    { method: 'system.info' },
    { method: 'core.get_jobs' },
    { method: 'cloudsync.credentials.query' },
  ],
  examples: [
    { args: {}, why: 'what is backed up to the cloud, and whether it went well' },
    { args: { filter: ['state=FAILED'] }, why: 'those that failed' },
    {
      args: { filter: ['account=Backblaze'], fields: ['place', 'account'] },
      why: 'those of a cloud account',
    },
  ],
  getExamples: [
    { args: { id: 'Home to bucket' }, why: 'by its description' },
    { args: { id: '77' }, why: 'an id that is none' },
  ],
});
