import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { CONNECTION_COLUMN, credentialJoin, TASK_CREDENTIAL } from './task-credential.ts';
import { JOB_TASK, JOB_TASK_COLUMNS, jobTaskDetails, jobTaskJoins } from './job-task.ts';

const RUN = 'rsynctask.run';

/** Rsync tasks. A connection is never selected, as the NAS sends its key beside its name. */
export const rsyncTask = defineKind({
  name: 'rsync_task',
  toolset: 'protection',
  noun: 'rsync tasks',
  about:
    'copies from and to other machines by rsync: path, remote, direction, schedule, last success, next run, last error',
  words: ['rsync', 'rsynctask'],
  sources: [{ method: 'rsynctask.query' }],
  row: {
    ...JOB_TASK,
    ...TASK_CREDENTIAL,
    mode: field.text,
    remotehost: field.text,
    remotemodule: field.text,
    remotepath: field.text,
  },
  columns: {
    id: { type: 'number', from: 'id', isAlwaysThere: true, isKey: true, sort: 'asc' },
    name: { type: 'text', from: 'desc', isAlwaysThere: true, isKey: true, sort: 'asc' },
    path: { type: 'text', from: 'path', isAlwaysThere: true },
    direction: { type: 'text', from: 'direction', isAlwaysThere: true },
    remote: { type: 'text', value: remoteText },
    ...JOB_TASK_COLUMNS,
    user: { type: 'text', from: 'user', isAlwaysThere: true, isOnDemand: true },
    delete: { type: 'flag', from: 'delete', isAlwaysThere: true, isOnDemand: true },
    recursive: { type: 'flag', from: 'recursive', isAlwaysThere: true, isOnDemand: true },
    ...CONNECTION_COLUMN,
  },
  named: 'name',
  ids: ['id', 'path'],
  joins: [...jobTaskJoins(RUN), credentialJoin({ method: 'rsynctask.query', field: 'ssh_credentials' })],
  details: jobTaskDetails(RUN),
  usesClock: true,
  alsoSelects: [
    ...['remoteport', 'times', 'compress', 'archive', 'quiet', 'preserveperm', 'preserveattr'],
    ...['delayupdates', 'extra', 'dataset', 'relative_path'],
  ],
  changedBy: ['run_task'],
  mayLack: [{ method: 'system.info' }, { method: 'core.get_jobs' }, { method: 'keychaincredential.query' }],
  examples: [
    { args: {}, why: 'what is copied where, and whether it went well' },
    { args: { filter: ['enabled=false'] }, why: 'those that do not run' },
    { args: { fields: ['remote', 'user', 'connection'] }, why: 'as whom, and by which SSH connection' },
  ],
  getExamples: [
    { args: { id: 'Installation media' }, why: 'by its description' },
    { args: { id: '77' }, why: 'an id that is none' },
  ],
});

/** `mirror.example.org::iso` for a module, `host:/path` over SSH; without the host where a connection names it. */
function remoteText({
  mode,
  remotehost: host,
  remotemodule: module,
  remotepath: path,
}: Readonly<Record<'mode' | 'remotehost' | 'remotemodule' | 'remotepath', string | null>>): string | null {
  if (mode === 'MODULE') return host === null && module === null ? null : `${host ?? '?'}::${module ?? '?'}`;
  if (path === null) return host;
  return host === null || host === '' ? path : `${host}:${path}`;
}
