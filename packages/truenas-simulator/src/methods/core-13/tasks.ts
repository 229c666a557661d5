/** Tasks on FreeBSD: replication, cloud sync, rsync, snapshots, scrubs, scripts. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import type { JobRow } from '../../jobs/job-table.ts';
import { jobView } from '../../legacy/jobs.ts';
import { announce, type ApiRow } from '../common.ts';
import { baseRows, type CoreQuery, coreInstance, coreQuery, sameTable, without } from '../legacy/base.ts';
import { model, text } from '../../schema/schema.ts';
import type { CoreTunable } from '../../world/legacy/core-tunables.ts';

const TUNABLE_TYPES = ['SYSCTL', 'LOADER', 'RC'] as const;

/** A row whose last run shows as a job does there. */
function withCoreJob(row: ApiRow): ApiRow {
  const { job } = row;
  return { ...row, job: job === null || job === undefined ? null : jobView('core-13.3', job as JobRow) };
}

const QUERIES: readonly CoreQuery[] = [
  {
    namespace: 'replication',
    entity: 'Replication',
    rows: (context) =>
      baseRows(context, 'replication.query').map((row) =>
        without(
          withCoreJob(row),
          'sudo properties_override encryption_inherit name_regex lifetimes has_encrypted_dataset_keys',
        ),
      ),
  },
  {
    namespace: 'cloudsync',
    entity: 'Cloud Sync',
    rows: (context) =>
      baseRows(context, 'cloudsync.query').map((row) => ({
        ...without(withCoreJob(row), 'include create_empty_src_dirs'),
        credentials: olderCredentials(row['credentials'] as ApiRow),
      })),
  },
  {
    namespace: 'cloudsync.credentials',
    entity: 'Cloud Sync Credentials',
    rows: (context) => baseRows(context, 'cloudsync.credentials.query').map(olderCredentials),
  },
  {
    namespace: 'rsynctask',
    entity: 'Rsync Task',
    rows: (context) =>
      baseRows(context, 'rsynctask.query').map((row) => ({
        ...without(withCoreJob(row), 'ssh_credentials'),
        ...{ remotehost: row['remotehost'] ?? '', remotemodule: row['remotemodule'] ?? '' },
        remoteport: row['remoteport'] ?? 22,
      })),
  },
  {
    namespace: 'initshutdownscript',
    entity: 'Init/Shutdown Script',
    rows: (context) =>
      baseRows(context, 'initshutdownscript.query').map((row) => ({ ...row, script_text: '' })),
  },
  { namespace: 'pool.snapshottask', entity: 'Periodic Snapshot Task', rows: rowsOf('pool.snapshottask') },
  { namespace: 'pool.scrub', entity: 'Pool Scrub', rows: rowsOf('pool.scrub') },
  { namespace: 'smart.test', entity: 'SMARTTest', rows: rowsOf('smart.test') },
  { namespace: 'keychaincredential', entity: 'Keychain Credential', rows: rowsOf('keychaincredential') },
  { namespace: 'alertservice', entity: 'AlertService', rows: rowsOf('alertservice') },
  { namespace: 'staticroute', entity: 'Static Route', rows: rowsOf('staticroute') },
  { namespace: 'system.ntpserver', entity: 'NTP Server', rows: rowsOf('system.ntpserver') },
  { namespace: 'kerberos.realm', entity: 'Kerberos Realm', rows: rowsOf('kerberos.realm') },
  { namespace: 'kerberos.keytab', entity: 'Kerberos Keytab', rows: rowsOf('kerberos.keytab') },
  {
    namespace: 'acme.dns.authenticator',
    entity: 'ACME DNS Authenticator',
    rows: (context) =>
      baseRows(context, 'acme.dns.authenticator.query').map(({ id, name, attributes }) => {
        const { authenticator, ...rest } = attributes as ApiRow;
        return { id, authenticator, name, attributes: rest };
      }),
  },
  {
    namespace: 'tunable',
    entity: 'Tunable',
    rows: ({ world }) => shownTunables(world.legacy?.core?.tunables.rows() ?? []),
  },
];

export const TASK_METHODS: readonly SimMethod[] = [
  ...sameTable('cronjob', 'CronJob'),
  ...QUERIES.flatMap((query) => [coreQuery(query), coreInstance(query)]),
  {
    name: 'tunable.create',
    description: 'Adds a tunable.',
    params: [
      [
        'tunable_create',
        model('tunable_create', {
          var: text(),
          value: text(),
          type: z.enum(TUNABLE_TYPES),
          comment: text().default(''),
          enabled: z.boolean().default(true),
        }),
      ],
    ],
    run(context: MethodContext, data: Omit<CoreTunable, 'id'>) {
      const row = context.world.legacy?.core?.tunables.insert(data);
      if (row !== undefined) announce(context, 'tunable', 'added', row.id, row);
      return row;
    },
  },
  {
    name: 'tunable.tunable_type_choices',
    description: 'Kinds of tunables.',
    run: () => Object.fromEntries(TUNABLE_TYPES.map((type) => [type, type])),
  },
];

function rowsOf(namespace: string): CoreQuery['rows'] {
  return (context) => baseRows(context, `${namespace}.query`);
}

/** Credentials before kind and attributes became one object. */
export function olderCredentials(row: ApiRow): ApiRow {
  const { id, name, provider } = row;
  if (provider === null || typeof provider !== 'object') return { ...row };
  const { type, ...attributes } = provider as ApiRow;
  return { id, name, provider: type, attributes };
}

function shownTunables(rows: readonly CoreTunable[]): ApiRow[] {
  return rows.map(({ id, value, type, comment, enabled, ...row }) => ({
    ...{ id, value, type, comment, enabled, var: row.var },
  }));
}
