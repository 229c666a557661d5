/** What a NAS refuses about a dataset that is to be created or changed. */
import { ERRNO, type ValidationErrors } from '../errors/exceptions.ts';
import { type Dataset, encryptionRoot, isLocked } from '../world/datasets.ts';
import { parseBlockSize } from '../world/units.ts';
import type { World } from '../world/world.ts';
import type { Data } from './crud.ts';
import { DEFAULT_CIPHER } from './dataset-fields.ts';
import { resolve } from './dataset-row.ts';

const NAME_PART = /^[a-zA-Z0-9][a-zA-Z0-9_.: -]*$/;

/** Complains about a name that cannot be taken; answers the nearest parent that is there. */
export function checkPlace(
  world: World,
  name: string,
  mayLackParents: boolean,
  problems: ValidationErrors,
  at: string,
  field = 'name',
): Dataset | null {
  const attribute = `${at}.${field}`;
  const [pool, ...parts] = name.split('/');
  if (parts.length === 0) {
    problems.add(attribute, 'You need a full name, e.g. pool/newdataset');
  } else if (!parts.every((part) => NAME_PART.test(part)) || name.length > 200) {
    problems.add(attribute, 'Invalid dataset name');
  } else if (name.endsWith(' ')) {
    problems.add(attribute, 'Trailing spaces are not permitted in dataset names');
  } else if (world.datasets.get(name) !== undefined) {
    problems.add(attribute, `Path /mnt/${name} already exists`, ERRNO.EEXIST);
  }
  let parentId = name.slice(0, Math.max(0, name.lastIndexOf('/')));
  const nearest = (): Dataset | undefined => world.datasets.get(parentId);
  while (mayLackParents && parentId.includes('/') && nearest() === undefined) {
    parentId = parentId.slice(0, parentId.lastIndexOf('/'));
  }
  const parent = nearest();
  if (parent === undefined || pool === 'boot-pool') {
    if (problems.entries.length === 0) {
      problems.add(
        attribute,
        `Please specify a pool which exists for the dataset/volume to be created (no ${parentId})`,
        ERRNO.ENOENT,
      );
    }
    return null;
  }
  if (parent.type === 'VOLUME') problems.add(attribute, `Zvol ${parent.id} cannot have children`);
  if (isLocked(parent)) problems.add(attribute, `${parent.id} must be unlocked to create ${name}.`);
  if (resolve(parent, 'readonly', 'off').raw === 'on') {
    problems.add(`${at}.readonly`, `Turn off readonly mode on ${parent.id} to create ${name}`);
  }
  return parent;
}

/** Fields that zvols do not have. */
export const FILESYSTEM_ONLY = [
  'aclmode',
  'acltype',
  'atime',
  'casesensitivity',
  'quota',
  'refquota',
  'recordsize',
];

/** Complains about a size that a zvol cannot, or should not, have. */
export function checkVolume(
  world: World,
  near: Dataset,
  data: Data,
  problems: ValidationErrors,
  at: string,
): void {
  const { volsize } = data;
  if (typeof volsize !== 'number') {
    problems.add(`${at}volsize`, 'This field is required for VOLUME');
    return;
  }
  const blockSize = parseBlockSize((data.volblocksize as string | undefined) ?? '16K') ?? 16_384;
  if (volsize <= 0 || volsize % blockSize !== 0) {
    problems.add(`${at}volsize`, 'Volume size should be a multiple of volume block size');
  }
  if (volsize > world.datasets.availableBytes(near) * 0.8 && data.force_size !== true) {
    problems.add(
      `${at}volsize`,
      'It is not recommended to use more than 80% of your available space for VOLUME',
    );
  }
}

/** Record sizes that a filesystem can have. */
export const RECORD_SIZES = [
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
  '256K',
  '512K',
  '1M',
  '2M',
  '4M',
  '8M',
  '16M',
];

/** Complains about fields of the other type, and values out of range. */
export function checkLimits(
  world: World,
  dataset: Dataset | null,
  data: Data,
  problems: ValidationErrors,
  at: string,
): void {
  const { recordsize, copies, type = dataset?.type } = data;
  if (typeof recordsize === 'string' && recordsize !== 'INHERIT' && !RECORD_SIZES.includes(recordsize)) {
    problems.add(`${at}.recordsize`, `'${recordsize}' is an invalid recordsize.`);
  }
  if (typeof copies === 'number' && (copies < 1 || copies > 3)) {
    problems.add(`${at}.copies`, 'Copies must be between 1 and 3');
  }
  if (type === 'VOLUME' && dataset === null) {
    for (const field of FILESYSTEM_ONLY) {
      if (data[field] !== undefined) problems.add(`${at}.${field}`, 'This field is not valid for VOLUME');
    }
  } else if (dataset === null) {
    for (const field of ['force_size', 'sparse', 'volsize', 'volblocksize']) {
      if (data[field] !== undefined) problems.add(`${at}.${field}`, 'This field is not valid for FILESYSTEM');
    }
  }
  for (const field of ['reservation', 'refreservation']) {
    const wanted = data[field];
    const root = dataset === null ? undefined : world.datasets.get(dataset.pool);
    if (typeof wanted !== 'number' || dataset === null || root === undefined) continue;
    if (wanted - world.datasets.usedBytes(dataset) > world.datasets.availableBytes(root)) {
      problems.add(`${at}.${field}`, 'There is not that much space available', ERRNO.ENOSPC);
    }
  }
}

interface EncryptionOptions {
  readonly generate_key: boolean;
  readonly pbkdf2iters: number;
  /** 27.0 leaves no choice. */
  readonly algorithm?: string;
  readonly passphrase: string | null;
  readonly key: string | null;
}

/** Complains about contradicting encryption options; answers the key of a new encryption root. */
export function checkEncryption(
  world: World,
  parent: Dataset,
  data: Data,
  problems: ValidationErrors,
  at: string,
): Dataset['key'] {
  if (data.encryption !== true) return null;
  if (data.inherit_encryption === true) {
    problems.add(`${at}.inherit_encryption`, 'Must be disabled when encryption is enabled.');
  }
  const options = data.encryption_options as EncryptionOptions;
  const given = [options.generate_key, options.passphrase !== null, options.key !== null].filter(Boolean);
  if (given.length === 0) {
    problems.add(
      `${at}.encryption_options`,
      'Please provide a key, a passphrase, or ask for a generated key.',
    );
  } else if (given.length > 1) {
    problems.add(`${at}.encryption_options`, 'Only one of key, passphrase and generate_key can be given.');
  }
  const outer = encryptionRoot(parent);
  if (outer?.key?.format === 'PASSPHRASE' && options.passphrase === null) {
    problems.add(
      `${at}.encryption`,
      `${outer.id} is encrypted with a passphrase: its children cannot have a key.`,
    );
  }
  const isPhrase = options.passphrase !== null;
  return {
    format: isPhrase ? 'PASSPHRASE' : 'HEX',
    secret: options.passphrase ?? options.key ?? world.random.hex(64),
    isLoaded: true,
    algorithm: (options.algorithm ?? DEFAULT_CIPHER).toLowerCase(),
    pbkdf2iters: isPhrase ? options.pbkdf2iters : 0,
  };
}
