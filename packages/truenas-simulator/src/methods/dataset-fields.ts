/** What `pool.dataset.create` and `update` take, and how it becomes ZFS properties. */
import * as z from 'zod';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import type { Dataset } from '../world/datasets.ts';
import { GIB, parseBlockSize } from '../world/units.ts';
import type { Data } from './crud.ts';
import { USER_FIELDS } from './dataset-row.ts';

const range = (from: number, to: number, step = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** Compression algorithms, in the API's spelling. */
export const COMPRESSIONS: readonly string[] = [
  ...['ON', 'OFF', 'LZ4', 'GZIP', 'GZIP-1', 'GZIP-9', 'ZSTD', 'ZSTD-FAST', 'ZLE', 'LZJB'],
  ...range(1, 19).map((level) => `ZSTD-${String(level)}`),
  ...[...range(1, 10), ...range(20, 100, 10), 500, 1000].map((level) => `ZSTD-FAST-${String(level)}`),
];
/** Checksum algorithms. */
export const CHECKSUMS: readonly string[] = [
  ...['ON', 'OFF', 'FLETCHER2', 'FLETCHER4', 'SHA256', 'SHA512', 'SKEIN', 'EDONR', 'BLAKE3'],
];
/** Block sizes of zvols. */
export const VOLUME_BLOCK_SIZES = [
  '512',
  '512B',
  '1K',
  '2K',
  '4K',
  '8K',
  '16K',
  '32K',
  '64K',
  '128K',
] as const;
/** Ciphers for datasets. */
export const CIPHERS = [
  ...(['AES-128-CCM', 'AES-192-CCM', 'AES-256-CCM'] as const),
  ...(['AES-128-GCM', 'AES-192-GCM', 'AES-256-GCM'] as const),
] as const;
/** The cipher of a dataset for which none is chosen. */
export const DEFAULT_CIPHER = 'AES-256-GCM';

const choice = (...values: string[]): z.ZodType => z.enum([...values, 'INHERIT']);
const onOff = choice('ON', 'OFF');
const flag = z.boolean();

function fieldsFor(release: SimRelease) {
  const isOld = !isAtLeast(release, '25.10');
  const percent = z.union([isOld ? z.int() : z.int().min(0).max(100), z.literal('INHERIT')]);
  const key = isOld ? text() : text().regex(/.*:.*/);
  const quota = isOld ? z.int().nullable() : z.union([z.int().min(GIB), z.literal(0), z.null()]);
  return {
    property: { key, value: text() },
    shared: {
      comments: text(),
      sync: choice('STANDARD', 'ALWAYS', 'DISABLED'),
      snapdev: choice('HIDDEN', 'VISIBLE'),
      compression: choice(...COMPRESSIONS),
      exec: onOff,
      managedby: isOld ? text() : text({ min: 1 }),
      quota_warning: percent,
      quota_critical: percent,
      refquota_warning: percent,
      refquota_critical: percent,
      reservation: z.int(),
      refreservation: z.int(),
      special_small_block_size: z.union([z.int(), z.literal('INHERIT')]),
      copies: z.union([z.int(), z.literal('INHERIT')]),
      snapdir: choice('DISABLED', 'VISIBLE', 'HIDDEN'),
      deduplication: choice('ON', 'VERIFY', 'OFF'),
      checksum: choice(...CHECKSUMS),
      readonly: onOff,
    },
    filesystem: {
      aclmode: choice('PASSTHROUGH', 'RESTRICTED', 'DISCARD'),
      acltype: choice('OFF', 'NFSV4', 'POSIX'),
      atime: onOff,
      quota,
      refquota: quota,
      recordsize: text(),
    },
    volume: { force_size: flag, volsize: z.int() },
  };
}

function optionalAll(shape: Readonly<Record<string, z.ZodType>>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.optional()]));
}

/** Schema of the argument of create. */
export function createSchema(release: SimRelease): z.ZodType {
  const isOld = !isAtLeast(release, '25.10');
  const { property, shared, filesystem, volume } = fieldsFor(release);
  const least = isOld ? undefined : isAtLeast(release, '27.0') ? 1_300_000 : 100_000;
  const rounds = least === undefined ? z.int() : z.int().min(least);
  const common = {
    name: isOld ? text() : text({ min: 1 }),
    ...optionalAll(shared),
    share_type: z.enum(['GENERIC', 'MULTIPROTOCOL', 'NFS', 'SMB', 'APPS']).default('GENERIC'),
    encryption_options: model('PoolDatasetEncryption', {
      generate_key: flag.default(false),
      pbkdf2iters: rounds.default(least === 1_300_000 ? 1_300_000 : 350_000),
      ...(isAtLeast(release, '27.0') ? {} : { algorithm: z.enum(CIPHERS).default(DEFAULT_CIPHER) }),
      passphrase: secret((isOld ? text() : text({ min: 8 })).nullable()).default(null),
      key: secret((isOld ? text() : text({ min: 64, max: 64 })).nullable()).default(null),
    }).prefault({}),
    encryption: flag.default(false),
    inherit_encryption: flag.default(true),
    user_properties: z.array(model('UserProperty', property)).default([]),
    create_ancestors: flag.default(false),
  };
  const forFilesystem = {
    ...optionalAll(filesystem),
    casesensitivity: choice('SENSITIVE', 'INSENSITIVE').optional(),
  };
  const forVolume = {
    force_size: flag.optional(),
    sparse: flag.optional(),
    volblocksize: z.enum(VOLUME_BLOCK_SIZES).optional(),
  };
  if (isOld) {
    const type = z.enum(['FILESYSTEM', 'VOLUME']).default('FILESYSTEM');
    return model('PoolDatasetCreate', {
      ...common,
      ...forFilesystem,
      ...forVolume,
      volsize: volume.volsize.optional(),
      type,
    });
  }
  return z.union([
    model('PoolDatasetCreateFilesystem', {
      ...common,
      ...forFilesystem,
      type: z.literal('FILESYSTEM').default('FILESYSTEM'),
    }),
    model('PoolDatasetCreateVolume', {
      ...common,
      ...forVolume,
      volsize: volume.volsize,
      type: z.literal('VOLUME').default('VOLUME'),
    }),
  ]);
}

/** Schema of the argument of update. */
export function updateSchema(release: SimRelease): z.ZodType {
  const { property, shared, filesystem, volume } = fieldsFor(release);
  const schema = model('PoolDatasetUpdate', {
    ...optionalAll(shared),
    ...optionalAll(filesystem),
    ...optionalAll(volume),
    user_properties: z.array(model('UserProperty', property)).optional(),
    create_ancestors: flag.optional(),
    user_properties_update: z
      .array(
        model('UserPropertyUpdate', {
          key: property.key,
          value: property.value.optional(),
          remove: flag.optional(),
        }),
      )
      .optional(),
  });
  return isAtLeast(release, '25.10') ? schema : schema.prefault({});
}

/** API field → ZFS property, for what is stored as a property. */
const ZFS_NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['sync', 'snapdev', 'compression', 'exec', 'reservation', 'refreservation', 'copies', 'snapdir'],
      ...['checksum', 'readonly', 'aclmode', 'acltype', 'atime', 'casesensitivity', 'quota', 'refquota'],
      ...['recordsize', 'volsize', 'volblocksize'],
    ].map((name) => [name, name]),
  ),
  special_small_block_size: 'special_small_blocks',
  deduplication: 'dedup',
};

/** Sets, changes and inherits properties of a dataset as `data` says. */
export function applyProperties(dataset: Dataset, data: Data): void {
  for (const [field, zfsName] of Object.entries(ZFS_NAMES)) {
    const value = data[field];
    if (value === undefined) continue;
    const raw = rawValue(field, value);
    if (raw === null) dataset.local.delete(zfsName);
    else dataset.local.set(zfsName, raw);
  }
  for (const [name, field] of Object.entries(USER_FIELDS)) {
    const value = data[field];
    if (value === undefined) continue;
    if (value === 'INHERIT') dataset.userProperties.delete(name);
    else dataset.userProperties.set(name, typeof value === 'number' ? String(value) : (value as string));
  }
}

/** Null where the property falls back to its parent or default. */
function rawValue(field: string, value: unknown): string | null {
  if (typeof value === 'number') return value === 0 ? null : String(value);
  if (typeof value !== 'string' || value === 'INHERIT') return null;
  if (field === 'recordsize' || field === 'volblocksize') return String(parseBlockSize(value) ?? value);
  return value.toLowerCase();
}
