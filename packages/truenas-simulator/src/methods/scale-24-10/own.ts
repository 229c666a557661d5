/** What 24.10 has that 25.04 lost or renamed. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { doesNotExist } from '../../errors/exceptions.ts';
import { applyQuery, type QueryOptions } from '../../query/apply.ts';
import { instanceParams } from '../../query/params.ts';
import { text } from '../../schema/schema.ts';
import type { ApiRow } from '../common.ts';
import { bootEnvironments } from '../core-13/boot.ts';
import { idmapRows } from '../idmap-rows.ts';
import { baseAnswer, baseMethod, baseRows, without } from '../legacy/base.ts';
import { authorities } from '../legacy/certificates.ts';
import { SMART_ATTRIBUTES } from '../legacy/smart-attributes.ts';

const READ = ['READONLY_ADMIN'];

interface OwnTable {
  readonly namespace: string;
  readonly entity: string;
  readonly roles?: readonly string[];
  readonly id: z.ZodType;
  rows(context: MethodContext): ApiRow[];
}

const TABLES: readonly OwnTable[] = [
  {
    ...{ namespace: 'bootenv', entity: 'BootEnv', id: text() },
    rows: bootEnvironments,
  },
  {
    ...{ namespace: 'certificateauthority', entity: 'CertificateAuthority', id: z.int() },
    roles: ['CERTIFICATE_AUTHORITY_READ'],
    rows: (context) =>
      authorities(context, '24.10').map((row) => without(row, 'acme_uri renew_days crl_path chain')),
  },
  {
    ...{ namespace: 'idmap', entity: 'Idmap', id: z.int() },
    roles: ['DIRECTORY_SERVICE_READ'],
    rows: idmapRows,
  },
  {
    ...{ namespace: 'pool.dataset.userprop', entity: 'PoolDatasetUserProp', id: text() },
    roles: ['DATASET_READ'],
    rows: (context) =>
      baseRows(context, 'pool.dataset.query').map(({ id, user_properties: properties }) => ({
        id,
        properties: properties ?? {},
      })),
  },
];

export const OWN_METHODS: readonly SimMethod[] = [
  ...TABLES.flatMap(ownTable),
  {
    name: 'disk.get_unused',
    description: 'Disks that no pool uses.',
    roles: READ,
    params: [['join_partitions', z.boolean().default(false)]],
    run(context: MethodContext, withPartitions: boolean) {
      const options = { type: 'UNUSED', join_partitions: withPartitions };
      return baseAnswer(context, 'disk.details', options);
    },
  },
  {
    name: 'filesystem.acl_is_trivial',
    description: 'True where the mode says all that the access list says.',
    roles: ['FILESYSTEM_ATTRS_READ'],
    params: [['path', text({ min: 1 })]],
    run: (context: MethodContext, path: string) =>
      (baseAnswer(context, 'filesystem.getacl', path, true, false) as ApiRow)['trivial'] === true,
  },
  {
    ...baseMethod('filesystem.stat'),
    run: (context: MethodContext, path: string) =>
      without(baseAnswer(context, 'filesystem.stat', path) as ApiRow, 'type'),
  },
  {
    ...baseMethod('filesystem.getacl'),
    run: (context: MethodContext, path: string, isSimplified: boolean, withNames: boolean) =>
      olderAcl(baseAnswer(context, 'filesystem.getacl', path, isSimplified, withNames) as ApiRow, withNames),
  },
  {
    // True means there that it still runs.
    ...baseMethod('service.stop'),
    async run(context: MethodContext, ...args: readonly unknown[]) {
      return (await baseAnswer(context, 'service.stop', ...args)) !== true;
    },
  },
  SMART_ATTRIBUTES,
  {
    name: 'directoryservices.get_state',
    description: 'Whether the NAS has joined a directory.',
    auth: 'login',
    run: ({ world }: MethodContext) =>
      Object.fromEntries(
        ['activedirectory', 'ldap'].map((service) => [
          service,
          world.settings[service]?.['enable'] === true ? 'HEALTHY' : 'DISABLED',
        ]),
      ),
  },
  {
    name: 'boot.get_scrub_interval',
    description: 'Days between scrubs of the boot pool.',
    roles: READ,
    run: () => 7,
  },
  {
    name: 'replication.list_naming_schemas',
    description: 'How snapshots are named by the tasks there are.',
    roles: ['REPLICATION_TASK_WRITE'],
    run: (context: MethodContext) => [
      ...new Set(baseRows(context, 'pool.snapshottask.query').map(({ naming_schema: schema }) => schema)),
    ],
  },
  {
    name: 'iscsi.global.sessions',
    description: 'Machines that are connected to iSCSI targets.',
    roles: ['SHARING_ISCSI_GLOBAL_READ'],
    filterable: true,
    run: (context: MethodContext) => baseAnswer(context, 'iscsi.global.sessions', [], {}),
  },
  {
    ...baseMethod('boot.get_state'),
    run: (context: MethodContext) =>
      without(baseAnswer(context, 'boot.get_state') as ApiRow, 'dedup_table_size dedup_table_quota'),
  },
  { ...baseMethod('failover.status'), auth: 'none' },
  { ...baseMethod('failover.disabled.reasons'), auth: 'none' },
];

function ownTable(table: OwnTable): SimMethod[] {
  const { namespace, entity, roles = READ, id } = table;
  return [
    {
      name: `${namespace}.query`,
      description: `Lists ${namespace.replaceAll('.', ' ')}.`,
      roles,
      filterable: true,
      run: (context: MethodContext) => table.rows(context),
    },
    {
      name: `${namespace}.get_instance`,
      description: `One of ${namespace.replaceAll('.', ' ')}.`,
      roles,
      params: instanceParams(id),
      run(context: MethodContext, wanted: unknown, options: QueryOptions) {
        const row = table.rows(context).find((each) => each['id'] === wanted);
        if (row === undefined) throw doesNotExist(entity, wanted);
        return applyQuery([row], [], { select: options.select ?? [], get: true });
      },
    },
  ];
}

/** Names only where they were asked for, and the flags of the list under names of their own. */
function olderAcl(acl: ApiRow, withNames: boolean): ApiRow {
  const { path, uid, gid, acltype, trivial, aclflags } = acl;
  const entries = Array.isArray(acl['acl']) ? (acl['acl'] as ApiRow[]) : acl['acl'];
  const shown =
    Array.isArray(entries) && !withNames ? entries.map((entry) => without(entry, 'who')) : entries;
  const flags =
    acltype === 'NFS4'
      ? { nfs41_flags: aclflags ?? NO_FLAGS }
      : acltype === 'POSIX1E'
        ? { flags: POSIX_FLAGS }
        : {};
  return { path, trivial, acltype, uid, gid, acl: shown, ...flags };
}

const NO_FLAGS = { protected: false, defaulted: false, autoinherit: false };
const POSIX_FLAGS = { setuid: false, setgid: false, sticky: false };
