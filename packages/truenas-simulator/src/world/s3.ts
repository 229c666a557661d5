/** Object storage of 27.0: buckets, each in a dataset of its own, and the keys that open them. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { Random } from './random.ts';
import { createTable, type Table, type TableRow } from './table.ts';
import { DAY_MS, HOUR_MS } from './units.ts';

/** What somebody besides the owner may do with a bucket, or with all of them. */
export interface S3Grant {
  readonly principal_type: 'USER' | 'GROUP' | 'EVERYONE';
  /** The uid or gid; null for everyone. */
  readonly xid: number | null;
  readonly access: 'READONLY' | 'WRITEONLY' | 'READWRITE' | 'DENY';
}

export interface S3Bucket extends TableRow {
  readonly name: string;
  readonly dataset: string;
  readonly enabled: boolean;
  readonly ownerUid: number;
  readonly grants: readonly S3Grant[];
  readonly permissions_model: 'S3' | 'MULTIPROTOCOL';
  readonly object_ownership: string;
  readonly versioning: 'OFF' | 'ENABLED' | 'SUSPENDED';
  readonly snapshot_versions: readonly string[];
  readonly snapshot_versions_max: number;
  readonly multipart_etag: string;
  readonly object_lock: boolean;
  readonly object_lock_default_mode: string | null;
  readonly object_lock_default_days: number | null;
  readonly audit: readonly string[] | 'ALL' | null;
  readonly audit_overflow: string | null;
}

export interface S3AccessKey extends TableRow {
  readonly name: string;
  readonly uid: number;
  readonly access_key: string;
  readonly secret: string;
  readonly enabled: boolean;
  readonly expires_at: Date | null;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly manage_buckets: boolean;
}

/** All of it. */
export interface S3 {
  readonly buckets: Table<S3Bucket>;
  readonly keys: Table<S3AccessKey>;
  /** Buckets that were removed; their datasets and objects are still there. */
  readonly removed: S3Bucket[];
}

/** No object storage. */
export function noS3(): S3 {
  return { buckets: createTable<S3Bucket>([]), keys: createTable<S3AccessKey>([]), removed: [] };
}

/** The object storage of the mixed world; older releases have none. */
export function createS3(random: Random, release: SimRelease, nowMs: number): S3 {
  const has = isAtLeast(release, '27.0');
  const everyone: S3Grant = { principal_type: 'EVERYONE', xid: null, access: 'READONLY' };
  const family: S3Grant = { principal_type: 'GROUP', xid: 3000, access: 'READWRITE' };
  const buckets = [
    bucket('ml-datasets', 'fast/scratch/ml-datasets', 3000, [family], true),
    bucket('laptop-backups', 'tank/backups/laptops', 3002, [], true),
    bucket('installers', 'tank/iso', 3000, [everyone], true),
  ];
  const key = (
    name: string,
    uid: number,
    agoMs: number,
    more: Partial<S3AccessKey>,
  ): Omit<S3AccessKey, 'id'> => ({
    ...{ name, uid, enabled: true, expires_at: null, last_used_at: null, manage_buckets: false },
    ...newSecrets(random),
    created_at: new Date(nowMs - agoMs),
    ...more,
  });
  const keys = [
    key('restic on laptops', 3002, 120 * DAY_MS, { last_used_at: new Date(nowMs - 5 * HOUR_MS) }),
    key('old training job', 3000, 400 * DAY_MS, { expires_at: new Date(nowMs - 30 * DAY_MS) }),
  ];
  return {
    buckets: createTable<S3Bucket>(has ? buckets : []),
    keys: createTable<S3AccessKey>(has ? keys : []),
    removed: [],
  };
}

/** An access key and its secret, drawn anew. */
export function newSecrets(random: Random): Pick<S3AccessKey, 'access_key' | 'secret'> {
  const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return {
    access_key: random.text(20, LETTERS),
    secret: random.text(40, `${LETTERS}abcdefghijkmnopqrstuvwxyz`),
  };
}

function bucket(
  name: string,
  dataset: string,
  ownerUid: number,
  grants: readonly S3Grant[],
  enabled: boolean,
): Omit<S3Bucket, 'id'> {
  return {
    ...{ name, dataset, enabled, ownerUid, grants },
    permissions_model: 'S3',
    object_ownership: 'BUCKET_OWNER_ENFORCED',
    versioning: 'OFF',
    snapshot_versions: [],
    snapshot_versions_max: 64,
    multipart_etag: 'MINTED',
    object_lock: false,
    object_lock_default_mode: null,
    object_lock_default_days: null,
    audit: null,
    audit_overflow: null,
  };
}
