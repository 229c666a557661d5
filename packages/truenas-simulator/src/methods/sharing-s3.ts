/** `sharing.s3.*` (27.0): buckets. Each lies in a dataset of its own, which removing the bucket leaves alone. */
import * as z from 'zod';
import { doesNotExist, ERRNO, type ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import { isLocked } from '../world/datasets.ts';
import type { S3Bucket, S3Grant } from '../world/s3.ts';
import { announce, type ApiRow, ONLY_27_0 } from './common.ts';
import { settingsOf } from './config-service.ts';
import { type Check, crud, type Data, type Fields, optional, required } from './crud.ts';
import { datasetRow, datasetView } from './dataset-row.ts';
import { auditMask, auditOverflow, checkGrants, grants, S3_OPERATIONS, showGrants } from './s3-grants.ts';

const read = ['SHARING_S3_READ'];
const write = ['SHARING_S3_WRITE'];
const flag = z.boolean();

const shared: Fields = {
  name: required(
    z
      .string()
      .min(3)
      .max(63)
      .regex(/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/),
  ),
  enabled: optional(flag, true),
  owner: required(text({ min: 1 })),
  grants: optional(grants, []),
  permissions_model: optional(z.enum(['S3', 'MULTIPROTOCOL']), 'S3'),
  object_ownership: optional(
    z.enum(['BUCKET_OWNER_ENFORCED', 'BUCKET_OWNER_PREFERRED', 'OBJECT_WRITER']),
    'BUCKET_OWNER_ENFORCED',
  ),
  versioning: optional(z.enum(['OFF', 'ENABLED', 'SUSPENDED']), 'OFF'),
  snapshot_versions: optional(z.array(text({ min: 1 })), []),
  snapshot_versions_max: optional(z.int().min(1).max(4_294_967_295), 64),
  multipart_etag: optional(z.enum(['COMPOSITE', 'MINTED']), 'MINTED'),
  object_lock: optional(flag, false),
  object_lock_default_mode: optional(z.enum(['GOVERNANCE', 'COMPLIANCE']).nullable(), null),
  object_lock_default_days: optional(z.int().min(1).max(36_500).nullable(), null),
  audit: optional(auditMask.nullable(), null),
  audit_overflow: optional(auditOverflow.nullable(), null),
};

const only = { releases: ONLY_27_0 } as const;

export const S3_SHARE_METHODS: readonly SimMethod[] = [
  ...crud<S3Bucket>({
    ...only,
    namespace: 'sharing.s3',
    entity: 'SharingS3',
    what: 'S3 buckets',
    roles: read,
    writeRoles: write,
    audited: 'S3 bucket %',
    fields: { ...shared, dataset: optional(text({ min: 1 }).nullable(), null) },
    updateFields: shared,
    table: (world) => world.s3.buckets,
    show: shown,
    check,
    beforeDelete({ world }, bucket) {
      world.s3.removed.push(bucket);
    },
  }),
  {
    ...only,
    name: 'sharing.s3.audit_choices',
    description: 'Operations that can be audited.',
    roles: ['READONLY_ADMIN', ...read],
    run: () => Object.fromEntries(S3_OPERATIONS.map((name) => [name, name])),
  },
  {
    ...only,
    name: 'sharing.s3.force_disable_versioning',
    description: 'Ends versioning of a bucket and destroys all versions but the newest.',
    roles: write,
    audited: 'S3 bucket disable versioning',
    params: [['id', z.int()]],
    run(context: MethodContext, id: number) {
      const bucket = context.world.s3.buckets.update(id, { versioning: 'OFF' });
      if (bucket === undefined) throw doesNotExist('SharingS3', id);
      context.about(bucket.name);
      const row = shown(context, bucket);
      announce(context, 'sharing.s3', 'changed', id, row);
      return row;
    },
  },
  {
    ...only,
    name: 'sharing.s3.recoverable_buckets',
    description: 'Buckets that were removed and whose datasets are still there.',
    roles: write,
    run: (context: MethodContext) =>
      recoverable(context).map((bucket) => {
        const { id: _, locked: _locked, tier: _tier, ...row } = shown(context, bucket);
        return row;
      }),
  },
  {
    ...only,
    name: 'sharing.s3.recover',
    description: 'Brings removed buckets back.',
    roles: write,
    audited: 'S3 bucket recover',
    params: [
      [
        'buckets',
        z.array(
          model('SharingS3RecoverBucket', {
            dataset: text({ min: 1 }),
            name_override: text().nullable().default(null),
            owner_override: text().nullable().default(null),
          }),
        ),
      ],
    ],
    run: (context: MethodContext, wanted: readonly Recovery[]) =>
      wanted.map((each) => recover(context, each)),
  },
];

interface Recovery {
  readonly dataset: string;
  readonly name_override: string | null;
  readonly owner_override: string | null;
}

function shown(context: MethodContext, bucket: S3Bucket): ApiRow {
  const { world, accounts } = context;
  const { ownerUid, grants: list, ...rest } = bucket;
  const owner = [...accounts.users.values()].find(({ uid }) => uid === ownerUid);
  const dataset = world.datasets.get(bucket.dataset);
  return {
    ...rest,
    owner: owner?.username ?? String(ownerUid),
    owner_uid: ownerUid,
    grants: showGrants(context, list),
    locked: dataset === undefined ? null : isLocked(dataset),
    tier: null,
  };
}

function check(context: MethodContext, { data, old, problems, at }: Check<S3Bucket>): Data {
  const { world, accounts } = context;
  const { owner: ownerName, ...rest } = data;
  const isTaken = world.s3.buckets.rows().some(({ id, name }) => id !== old?.id && name === data.name);
  if (isTaken) problems.add(`${at}.name`, 'A bucket with this name already exists.', ERRNO.EEXIST);
  const owner = typeof ownerName === 'string' ? accounts.userByName(ownerName) : undefined;
  if (ownerName !== undefined && owner === undefined) problems.add(`${at}.owner`, 'User does not exist.');
  if (owner?.uid === 0) problems.add(`${at}.owner`, 'The owner of a bucket may not be root.');
  checkGrants(context, data.grants as readonly S3Grant[], problems, `${at}.grants`);
  checkLicence(data, problems, at);
  const isOpen = data.permissions_model === 'MULTIPROTOCOL';
  const kept = {
    ...rest,
    ownerUid: owner?.uid ?? old?.ownerUid,
    ...(isOpen ? { object_ownership: 'OBJECT_WRITER' } : {}),
  };
  if (old !== null) return kept;
  return { ...kept, dataset: makeDataset(context, data, problems, at) };
}

/** Versions, locks and audit take a licence that this NAS does not have. */
function checkLicence(data: Data, problems: ValidationErrors, at: string): void {
  const needs = (field: string, feature: string): void => {
    problems.add(`${at}.${field}`, `This needs a licence with the feature ${feature}.`);
  };
  if (data.versioning !== 'OFF') needs('versioning', 'S3_VERSIONING');
  if (data.object_lock === true) needs('object_lock', 'S3_VERSIONING');
  if (data.audit !== null) needs('audit', 'S3_AUDIT');
}

/** A bucket never takes a dataset that is already there. */
function makeDataset(
  context: MethodContext,
  { name, dataset: wanted }: Data,
  problems: ValidationErrors,
  at: string,
): string {
  const { world, release, now } = context;
  const root = String(settingsOf(world, 's3').managed_root_dataset);
  const id = typeof wanted === 'string' ? wanted : `${root}/${String(name)}`;
  const parent = world.datasets.get(id.slice(0, id.lastIndexOf('/')));
  if (typeof wanted !== 'string' && root === '') {
    problems.add(`${at}.dataset`, 'Required unless the service has a managed root dataset.');
  } else if (world.datasets.get(id) !== undefined) {
    problems.add(`${at}.dataset`, 'Dataset already exists.', ERRNO.EEXIST);
  } else if (parent?.type !== 'FILESYSTEM') {
    problems.add(`${at}.dataset`, 'Its parent does not exist.');
  }
  problems.check();
  const dataset = world.datasets.add({ id, createdMs: now() });
  world.datasets.touch();
  announce(context, 'pool.dataset', 'added', id, datasetRow(world, dataset, datasetView(release, {})));
  return id;
}

function recoverable({ world }: MethodContext): S3Bucket[] {
  const used = new Set(world.s3.buckets.rows().map(({ dataset }) => dataset));
  return world.s3.removed.filter(
    ({ dataset }) => world.datasets.get(dataset) !== undefined && !used.has(dataset),
  );
}

function recover(context: MethodContext, wanted: Recovery): ApiRow {
  const { world, accounts } = context;
  const { dataset } = wanted;
  const found = recoverable(context).findLast((each) => each.dataset === dataset);
  if (found === undefined) return { dataset, bucket: null, error: 'No bucket can be recovered from it' };
  const name = wanted.name_override ?? found.name;
  if (world.s3.buckets.rows().some((each) => each.name === name)) {
    return { dataset, bucket: null, error: 'A bucket with this name already exists.' };
  }
  const owner = wanted.owner_override === null ? undefined : accounts.userByName(wanted.owner_override);
  if (wanted.owner_override !== null && owner === undefined) {
    return { dataset, bucket: null, error: 'User does not exist.' };
  }
  const { id: _, ...fields } = found;
  const bucket = world.s3.buckets.insert({ ...fields, name, ownerUid: owner?.uid ?? found.ownerUid });
  world.s3.removed.splice(world.s3.removed.indexOf(found), 1);
  context.about(name);
  const row = shown(context, bucket);
  announce(context, 'sharing.s3', 'added', bucket.id, row);
  return { dataset, bucket: row, error: null };
}
