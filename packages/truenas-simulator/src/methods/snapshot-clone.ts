/** Making a dataset from a snapshot, with the properties it is to have. */
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import { announce, refuse } from './common.ts';
import { found } from './snapshot-find.ts';

/** ZFS properties that can be set on a clone; some take sizes. */
const SETTABLE = new Set([
  ...['aclinherit', 'aclmode', 'acltype', 'atime', 'canmount', 'checksum', 'compression', 'copies', 'dedup'],
  ...[
    'devices',
    'exec',
    'logbias',
    'mountpoint',
    'primarycache',
    'quota',
    'readonly',
    'recordsize',
    'refquota',
  ],
  ...['refreservation', 'relatime', 'reservation', 'secondarycache', 'setuid', 'sharenfs', 'sharesmb'],
  ...['snapdev', 'snapdir', 'special_small_blocks', 'sync', 'volmode', 'volsize', 'xattr'],
]);
const SIZES = new Set([
  ...['quota', 'recordsize', 'refquota', 'refreservation', 'reservation', 'special_small_blocks', 'volsize'],
]);

interface Clone {
  readonly snapshot: string;
  readonly dataset_dst: string;
  readonly dataset_properties: Readonly<Record<string, unknown>>;
}

/** Makes a dataset from a snapshot. @throws CallError */
export function cloneSnapshot(context: MethodContext, data: Clone): boolean {
  const { world } = context;
  const snapshot = found(world, data.snapshot);
  const target = data.dataset_dst;
  const parent = world.datasets.get(target.slice(0, Math.max(0, target.lastIndexOf('/'))));
  if (world.datasets.get(target) !== undefined)
    refuse(`cannot create '${target}': dataset already exists`, ERRNO.EEXIST);
  if (parent === undefined) refuse(`cannot create '${target}': parent does not exist`, ERRNO.ENOENT);
  if (parent.pool !== snapshot.dataset.pool)
    refuse(`cannot create '${target}': source and target pools differ`, ERRNO.EXDEV);
  const { dataset } = snapshot;
  const { local, user } = sorted(target, data.dataset_properties);
  // What a zvol is cannot be left to its new parent.
  for (const name of ['volsize', 'volblocksize']) {
    const raw = dataset.local.get(name);
    if (raw !== undefined) local[name] ??= raw;
  }
  const clone = world.datasets.add({
    id: target,
    type: dataset.type,
    createdMs: context.now(),
    dataBytes: 0,
    local,
    userProperties: user,
    key: dataset.key,
    origin: data.snapshot,
    compressRatio: dataset.compressRatio,
  });
  clone.directories = dataset.directories === null ? null : new Map(dataset.directories);
  announce(context, 'pool.dataset', 'added', target, { id: target });
  return true;
}

type Texts = Record<string, string>;

/** Properties of ZFS and of users, as ZFS keeps them. @throws CallError for one that cannot be set */
function sorted(target: string, properties: Clone['dataset_properties']): { local: Texts; user: Texts } {
  const local: Texts = {};
  const user: Texts = {};
  for (const [name, value] of Object.entries(properties)) {
    const text = typeof value === 'string' ? value : String(value);
    if (name.includes(':')) user[name] = text;
    else if (SETTABLE.has(name)) local[name] = SIZES.has(name) ? bytesOf(text) : text;
    else refuse(`Failed to clone snapshot: cannot create '${target}': invalid property '${name}'`);
  }
  return { local, user };
}

/** `10G` and `10737418240` alike; what is no size stays as it is. */
function bytesOf(text: string): string {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([KMGTPE])?(?:i?B)?$/i.exec(text) ?? [];
  if (digits === undefined) return text;
  const power = unit === '' ? 0 : 'KMGTPE'.indexOf(unit.toUpperCase()) + 1;
  return String(Math.floor(Number(digits) * 1024 ** power));
}
