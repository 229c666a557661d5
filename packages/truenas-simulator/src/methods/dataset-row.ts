/** How a dataset looks in the API: each ZFS property as an object of raw, parsed and shown value with its source. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import {
  type Dataset,
  type DatasetStore,
  encryptionRoot,
  isInternal,
  isLocked,
  mountpointOf,
} from '../world/datasets.ts';
import { formatBlockSize, formatSize, formatZfsSize, pad2, wholeSeconds } from '../world/units.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';

/** Which parts of a row are asked for; made by `datasetView`. */
export interface DatasetView {
  readonly columns: readonly Property[];
  readonly withCrypto: boolean;
  readonly withUserProperties: boolean;
  readonly children: 'nested' | 'empty' | 'absent';
  readonly withMountpoint: boolean;
  readonly withSnapshots: boolean;
  readonly withSnapshotCount: boolean;
  shows(field: string): boolean;
}

/** What `query-options.extra` says about datasets. */
export interface DatasetExtra {
  /** ZFS property names; all when it is no list. */
  readonly properties?: unknown;
  readonly retrieve_children?: unknown;
  readonly retrieve_user_props?: unknown;
  readonly snapshots?: unknown;
  readonly snapshots_count?: unknown;
}

type Kind =
  | 'size'
  | 'limit'
  | 'block'
  | 'count'
  | 'whole'
  | 'switch'
  | 'word'
  | 'ratio'
  | 'origin'
  | 'cipher'
  | 'key'
  | 'date';
type Property = readonly [
  zfsName: string,
  field: string,
  kind: Kind,
  where: 'both' | 'fs' | 'vol',
  fallback?: string,
];

const PROPERTIES: readonly Property[] = [
  ['dedup', 'deduplication', 'word', 'both', 'off'],
  ['aclmode', 'aclmode', 'word', 'fs', 'discard'],
  ['acltype', 'acltype', 'word', 'fs', 'posix'],
  ['xattr', 'xattr', 'word', 'fs', 'sa'],
  ['atime', 'atime', 'switch', 'fs', 'on'],
  ['casesensitivity', 'casesensitivity', 'word', 'fs', 'sensitive'],
  ['checksum', 'checksum', 'switch', 'both', 'on'],
  ['exec', 'exec', 'switch', 'fs', 'on'],
  ['sync', 'sync', 'word', 'both', 'standard'],
  ['compression', 'compression', 'word', 'both', 'off'],
  ['compressratio', 'compressratio', 'ratio', 'both'],
  ['origin', 'origin', 'origin', 'both'],
  ['quota', 'quota', 'limit', 'fs', '0'],
  ['refquota', 'refquota', 'limit', 'fs', '0'],
  ['reservation', 'reservation', 'limit', 'both', '0'],
  ['refreservation', 'refreservation', 'limit', 'both', '0'],
  ['copies', 'copies', 'count', 'both', '1'],
  ['snapdir', 'snapdir', 'word', 'fs', 'hidden'],
  ['readonly', 'readonly', 'switch', 'both', 'off'],
  ['recordsize', 'recordsize', 'block', 'fs', '131072'],
  ['volsize', 'volsize', 'size', 'vol'],
  ['volblocksize', 'volblocksize', 'block', 'vol', '16384'],
  ['keyformat', 'key_format', 'key', 'both'],
  ['encryption', 'encryption_algorithm', 'cipher', 'both'],
  ['used', 'used', 'size', 'both'],
  ['usedbychildren', 'usedbychildren', 'size', 'both'],
  ['usedbydataset', 'usedbydataset', 'size', 'both'],
  ['usedbyrefreservation', 'usedbyrefreservation', 'size', 'both'],
  ['usedbysnapshots', 'usedbysnapshots', 'size', 'both'],
  ['available', 'available', 'size', 'both'],
  ['special_small_blocks', 'special_small_block_size', 'word', 'fs', '0'],
  ['pbkdf2iters', 'pbkdf2iters', 'word', 'both'],
  ['creation', 'creation', 'date', 'both'],
  ['snapdev', 'snapdev', 'word', 'both', 'hidden'],
];

/** Properties that only show when `extra.properties` names them. */
const ON_REQUEST: readonly Property[] = [
  ['referenced', 'referenced', 'size', 'both'],
  ['logicalused', 'logicalused', 'size', 'both'],
  ['logicalreferenced', 'logicalreferenced', 'size', 'both'],
  ['written', 'written', 'size', 'both'],
  ['mounted', 'mounted', 'word', 'fs'],
  ['primarycache', 'primarycache', 'word', 'both', 'all'],
  ['logbias', 'logbias', 'word', 'both', 'latency'],
  ['guid', 'guid', 'whole', 'both'],
  ['createtxg', 'createtxg', 'whole', 'both'],
];

const ALL_PROPERTIES = [...PROPERTIES, ...ON_REQUEST];

/** Set and kept under TrueNAS's own user property names, shown under these. */
export const USER_FIELDS: Readonly<Record<string, string>> = {
  'org.freenas:description': 'comments',
  'org.freenas:quota_warning': 'quota_warning',
  'org.freenas:quota_critical': 'quota_critical',
  'org.freenas:refquota_warning': 'refquota_warning',
  'org.freenas:refquota_critical': 'refquota_critical',
  'org.truenas:managedby': 'managedby',
};

const CRYPTO = ['encryption', 'encryptionroot', 'keyformat', 'keylocation', 'keystatus'];

/**
 * Works out once per query what its rows need: `extra` chooses what they have, `fields` (null: all) what of it can
 * show. Encryption shows, from 25.10 on, only where all properties or one of encryption's are asked for.
 */
export function datasetView(
  release: SimRelease,
  extra: DatasetExtra = {},
  fields: ReadonlySet<string> | null = null,
): DatasetView {
  const isOld = !isAtLeast(release, '25.10');
  const named = Array.isArray(extra.properties)
    ? new Set(extra.properties.map((name) => String(name).toLowerCase()))
    : null;
  const shows = (field: string): boolean => fields === null || fields.has(field);
  const chosen =
    named === null
      ? PROPERTIES
      : (isOld ? PROPERTIES : ALL_PROPERTIES).filter(([zfsName]) => named.has(zfsName));
  const userFields = ['user_properties', ...Object.values(USER_FIELDS)];
  const asksCrypto = CRYPTO.some((name) => named?.has(name) ?? true);
  const asksLock = named === null || (named.has('encryption') && named.has('keystatus'));
  return {
    columns: chosen.filter(([, field]) => shows(field)),
    withCrypto: isOld ? asksLock : asksCrypto,
    withUserProperties: extra.retrieve_user_props !== false && userFields.some(shows),
    children: extra.retrieve_children !== false ? 'nested' : isOld ? 'absent' : 'empty',
    withMountpoint: !isOld || named === null || named.has('mountpoint'),
    withSnapshots: extra.snapshots === true,
    withSnapshotCount: extra.snapshots_count === true,
    shows,
  };
}

/** A row of `pool.dataset.query`. */
export function datasetRow(world: World, dataset: Dataset, view: DatasetView): ApiRow {
  const { release, datasets } = world;
  const { id, type, pool } = dataset;
  const row: ApiRow = { id, type, name: id, pool };
  if (view.withCrypto) {
    const root = encryptionRoot(dataset);
    row.encrypted = root !== null;
    row.encryption_root = root?.id ?? null;
    row.key_loaded = root?.key?.isLoaded ?? false;
    row.locked = isLocked(dataset);
  }
  if (view.children !== 'absent' && view.shows('children')) addChildren(row, world, dataset, view);
  for (const column of view.columns) {
    const [, field, , where] = column;
    if (where === 'both' || (where === 'vol') === (type === 'VOLUME')) {
      row[field] = propertyRow(release, datasets, dataset, column);
    }
  }
  if (view.withUserProperties) addUserProperties(row, release, dataset, view);
  if (view.withMountpoint) row.mountpoint = mountpointOf(dataset);
  if (view.withSnapshotCount) row.snapshot_count = dataset.snapshots.length;
  if (view.withSnapshots) row.snapshots = snapshotRows(dataset);
  if (isAtLeast(release, '27.0') && type === 'FILESYSTEM') row.tier = null;
  return row;
}

/** Children with all of theirs are made only where someone looks: in a flat answer of thousands nobody does. */
function addChildren(row: ApiRow, world: World, dataset: Dataset, view: DatasetView): void {
  const get = (): ApiRow[] =>
    dataset.children.filter(({ id }) => !isInternal(id)).map((child) => datasetRow(world, child, view));
  if (view.children === 'empty') row.children = [];
  else Object.defineProperty(row, 'children', { enumerable: true, configurable: true, get });
}

function snapshotRows(dataset: Dataset): ApiRow[] {
  return dataset.snapshots.map(({ name, txg }) => ({
    pool: dataset.pool,
    name: `${dataset.id}@${name}`,
    type: 'SNAPSHOT',
    snapshot_name: name,
    dataset: dataset.id,
    id: `${dataset.id}@${name}`,
    createtxg: String(txg),
  }));
}

/**
 * On 25.04 the NAS's own notes and thresholds stand beside the ZFS properties; later they stay among the user
 * properties, all of which then claim to be set here.
 */
function addUserProperties(row: ApiRow, release: SimRelease, dataset: Dataset, view: DatasetView): void {
  const isOld = !isAtLeast(release, '25.10');
  const own: ApiRow = {};
  for (const [name, { raw, source, from }] of userPropertiesOf(dataset)) {
    const field = USER_FIELDS[name];
    const shown = isOld
      ? object(release, raw, raw, raw, source, from)
      : object(release, raw, raw, raw, 'LOCAL', null);
    if (field === undefined || !isOld) own[field ?? name] = shown;
    else if (view.shows(field)) row[field] = shown;
  }
  if (view.shows('user_properties')) row.user_properties = own;
}

interface Resolved {
  readonly raw: string;
  readonly source: 'LOCAL' | 'INHERITED' | 'DEFAULT' | 'NONE';
  readonly from: string | null;
}

/** User properties are inherited like others; the notes and thresholds too. */
function userPropertiesOf(dataset: Dataset): Map<string, Resolved> {
  const found = new Map<string, Resolved>();
  for (let each: Dataset | null = dataset; each !== null; each = each.parent) {
    for (const [name, raw] of each.userProperties) {
      if (found.has(name)) continue;
      found.set(name, each === dataset ? local(raw) : { raw, source: 'INHERITED', from: each.id });
    }
  }
  return found;
}

const NOT_INHERITED = new Set([
  'quota',
  'refquota',
  'reservation',
  'refreservation',
  'volsize',
  'volblocksize',
]);

/** The value of a settable property, where it comes from, and from whom. */
export function resolve(dataset: Dataset, zfsName: string, fallback: string): Resolved {
  const own = dataset.local.get(zfsName);
  if (own !== undefined) return local(own);
  if (!NOT_INHERITED.has(zfsName)) {
    for (let each = dataset.parent; each !== null; each = each.parent) {
      const raw = each.local.get(zfsName);
      if (raw !== undefined) return { raw, source: 'INHERITED', from: each.id };
    }
  }
  return { raw: fallback, source: 'DEFAULT', from: null };
}

function local(raw: string): Resolved {
  return { raw, source: 'LOCAL', from: null };
}

function propertyRow(
  release: SimRelease,
  store: DatasetStore,
  dataset: Dataset,
  [zfsName, , kind, , fallback]: Property,
): ApiRow {
  const { raw, source, from } =
    fallback === undefined
      ? { raw: measured(store, dataset, zfsName), source: 'NONE', from: null }
      : resolve(dataset, zfsName, fallback);
  const [parsed, value] = shownAs(
    kind,
    raw,
    dataset,
    isAtLeast(release, '25.10') ? formatSize : formatZfsSize,
  );
  return object(release, raw, parsed, value, source, from);
}

/** Raw values of what cannot be set. */
function measured(store: DatasetStore, dataset: Dataset, zfsName: string): string {
  const root = encryptionRoot(dataset);
  switch (zfsName) {
    case 'used':
      return String(store.usedBytes(dataset));
    case 'usedbychildren':
      return String(
        store.usedBytes(dataset) -
          dataset.dataBytes -
          dataset.snapshotBytes -
          store.refreservedBytes(dataset),
      );
    case 'usedbydataset':
    case 'referenced':
      return String(dataset.dataBytes);
    case 'logicalused':
    case 'logicalreferenced':
      return String(Math.round(dataset.dataBytes * dataset.compressRatio));
    case 'written':
      return String(Math.round(dataset.dataBytes * 0.01));
    case 'usedbyrefreservation':
      return String(store.refreservedBytes(dataset));
    case 'usedbysnapshots':
      return String(dataset.snapshotBytes);
    case 'available':
      return String(store.availableBytes(dataset));
    case 'volsize':
      return dataset.local.get('volsize') ?? '0';
    case 'compressratio':
      return dataset.compressRatio.toFixed(2);
    case 'guid':
      return dataset.guid;
    case 'createtxg':
      return String(dataset.createTxg);
    case 'origin':
      return dataset.origin ?? '';
    case 'creation':
      return String(Math.floor(dataset.createdMs / 1000));
    case 'encryption':
      return root?.key?.algorithm ?? 'off';
    case 'keyformat':
      return root?.key?.format.toLowerCase() ?? 'none';
    case 'pbkdf2iters':
      return String(root?.key?.pbkdf2iters ?? 0);
    default:
      return isLocked(dataset) || dataset.isUnmounted === true ? 'no' : 'yes';
  }
}

/** Parsed and shown value of a raw one. */
function shownAs(
  kind: Kind,
  raw: string,
  dataset: Dataset,
  sizeText: (bytes: number) => string,
): readonly [parsed: unknown, value: string | null] {
  switch (kind) {
    case 'size':
      return [Number(raw), sizeText(Number(raw))];
    case 'limit':
      return raw === '0' ? [null, null] : [Number(raw), sizeText(Number(raw))];
    case 'block':
      return [Number(raw), formatBlockSize(Number(raw))];
    case 'whole':
      return [BigInt(raw), raw];
    case 'count':
      return [Number(raw), raw];
    case 'switch':
      return [raw === 'on' ? true : raw === 'off' ? false : raw, raw.toUpperCase()];
    case 'ratio':
      return [raw, `${raw}x`];
    case 'origin':
      return [raw, raw];
    case 'cipher':
      return [raw, raw === 'off' ? null : raw.toUpperCase()];
    case 'key':
      return [raw, raw === 'none' ? null : raw.toUpperCase()];
    case 'date':
      return [wholeSeconds(dataset.createdMs), longDate(dataset.createdMs)];
    case 'word':
      return [raw, raw.toUpperCase()];
  }
}

/** 25.04 leaves out what is null; later releases show it. */
function object(
  release: SimRelease,
  rawvalue: string,
  parsed: unknown,
  value: string | null,
  source: string,
  from: string | null,
): ApiRow {
  const isOld = !isAtLeast(release, '25.10');
  return {
    ...(isOld && parsed === null ? {} : { parsed }),
    rawvalue,
    value,
    source,
    ...(isOld && from === null ? {} : { source_info: from }),
  };
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function longDate(ms: number): string {
  const date = new Date(ms);
  const day = `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2)}`;
  return `${day} ${String(date.getUTCHours()).padStart(2)}:${pad2(date.getUTCMinutes())} ${String(date.getUTCFullYear())}`;
}
