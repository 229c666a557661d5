/** `zfs.resource.query` (25.10 and later): the storage without the older layers around it. */
import * as z from 'zod';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { type Dataset, isInternal } from '../world/datasets.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, SINCE_25_10 } from './common.ts';
import { memoized } from './crud.ts';
import { datasetRow, datasetView } from './dataset-row.ts';

const SPACE = [
  'available',
  'used',
  'usedbychildren',
  'usedbydataset',
  'usedbyrefreservation',
  'usedbysnapshots',
];
const CRYPTO = ['encryption', 'encryptionroot', 'keyformat', 'keylocation', 'keystatus'];
const RENAMED: Readonly<Record<string, string>> = {
  dedup: 'deduplication',
  encryption: 'encryption_algorithm',
  keyformat: 'key_format',
  special_small_blocks: 'special_small_block_size',
};

interface Query {
  readonly paths: readonly string[];
  readonly properties: readonly string[] | null;
  readonly get_user_properties: boolean;
  readonly get_source: boolean;
  readonly nest_results: boolean;
  readonly get_children: boolean;
  readonly max_depth?: number;
}

export const ZFS_METHODS: readonly SimMethod[] = [
  {
    name: 'zfs.resource.query',
    description: 'Filesystems and zvols by path, with the properties named and nothing else.',
    releases: SINCE_25_10,
    roles: ['ZFS_RESOURCE_READ'],
    params: memoized((release) => {
      const isNew = isAtLeast(release, '27.0');
      const flag = z.boolean().default(false);
      const paths = z
        .array(text())
        .refine((list) => new Set(list).size === list.length, 'paths must be unique');
      const fields = {
        paths: paths.default([]),
        properties: z.array(text()).nullable().default([]),
        get_user_properties: flag,
        get_source: z.boolean().default(!isNew),
        nest_results: flag,
        get_children: flag,
      };
      const extra = isNew ? { max_depth: z.int().default(0), get_tier: flag } : {};
      return [['data', model('ZFSResourceQuery', { ...fields, ...extra }).prefault({})]];
    }),
    run: queryResources,
  },
];

function queryResources({ world, release }: MethodContext, query: Query): ApiRow[] {
  const problems = new ValidationErrors();
  for (const path of query.paths) {
    if (path.includes('@')) problems.add('zfs.resource.query', `${path}: snapshots are not resources`);
    const isInside = query.paths.some((other) => other !== path && path.startsWith(`${other}/`));
    if (query.get_children && isInside) problems.add('zfs.resource.query', `${path} overlaps another path`);
    if (world.datasets.get(path) === undefined && !isAtLeast(release, '27.0')) {
      problems.add('zfs.resource.query', `'${path}' not found`, ERRNO.ENOENT);
    }
  }
  problems.check();
  const starts =
    query.paths.length === 0
      ? world.pools.all.flatMap(({ name }) => world.datasets.get(name) ?? [])
      : query.paths.flatMap((path) => world.datasets.get(path) ?? []);
  if (!query.get_children) return starts.map((dataset) => resourceRow(world, dataset, query, []));
  if (query.nest_results) return starts.map((dataset) => tree(world, dataset, query));
  const all = starts.flatMap((start) => [...world.datasets.walk(start)]);
  return all
    .filter(({ id }) => !isInternal(id) || query.paths.includes(id))
    .map((dataset) => resourceRow(world, dataset, query, []));
}

function tree(world: World, dataset: Dataset, query: Query): ApiRow {
  const children = dataset.children
    .filter(({ id }) => !isInternal(id))
    .map((child) => tree(world, child, query));
  return resourceRow(world, dataset, query, children);
}

function resourceRow(world: World, dataset: Dataset, query: Query, children: ApiRow[]): ApiRow {
  const { properties } = query;
  const wanted = properties === null ? [] : properties.length === 0 ? SPACE : withCrypto(properties);
  const view = datasetView(world.release, { properties: wanted, retrieve_children: false });
  const row = datasetRow(world, dataset, view);
  const shown: Record<string, ApiRow> = {};
  for (const name of wanted) {
    const property = row[RENAMED[name] ?? name];
    if (typeof property === 'object' && property !== null)
      shown[name] = plainProperty(name, property as ApiRow, query);
    else if (CRYPTO.includes(name)) shown[name] = cryptoProperty(name, row);
  }
  return {
    createtxg: dataset.createTxg,
    guid: BigInt(dataset.guid),
    name: dataset.id,
    pool: dataset.pool,
    properties: properties === null ? null : shown,
    type: dataset.type,
    user_properties: query.get_user_properties ? Object.fromEntries(dataset.userProperties) : null,
    children: query.nest_results ? children : null,
  };
}

/** An integer with all its digits: a guid has more than a float can hold. */
function wholeNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

function plainProperty(name: string, { rawvalue, source, source_info: from }: ApiRow, query: Query): ApiRow {
  const raw = String(rawvalue);
  const isNumber = /^\d+$/.test(raw) && name !== 'pbkdf2iters';
  return {
    raw,
    source: query.get_source ? { type: source, value: from ?? null } : null,
    value: isNumber ? wholeNumber(raw) : raw,
  };
}

function cryptoProperty(name: string, row: ApiRow): ApiRow {
  const isEncrypted = row.encrypted === true;
  const raw =
    name === 'encryptionroot'
      ? typeof row.encryption_root === 'string'
        ? row.encryption_root
        : ''
      : name === 'keystatus'
        ? isEncrypted
          ? row.locked === true
            ? 'unavailable'
            : 'available'
          : 'none'
        : isEncrypted
          ? 'prompt'
          : 'none';
  return { raw, source: null, value: raw };
}

/** Asking for one encryption property brings all five. */
function withCrypto(properties: readonly string[]): string[] {
  const isAsked = properties.some((name) => CRYPTO.includes(name));
  return isAsked ? [...new Set([...properties, ...CRYPTO])] : [...properties];
}
