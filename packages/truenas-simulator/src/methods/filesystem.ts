/** `filesystem.*`: looking at directories, making them, and the space of the filesystem that holds them. */
import * as z from 'zod';
import { CallError, ERRNO, PlainError, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { applyQuery } from '../query/apply.ts';
import { queryParams } from '../query/params.ts';
import { model, text } from '../schema/schema.ts';
import { addDirectory, namesIn, normalized, type Place, placeAt } from '../world/directories.ts';
import type { Options } from './common.ts';
import { memoized } from './crud.ts';
import { entryRow, setOn, statfsRow, statRow } from './filesystem-row.ts';

const read = ['FILESYSTEM_ATTRS_READ'];
const path = text({ min: 1 });

/** Outside of these nobody may make directories. */
const WRITABLE = ['/mnt/', '/root/.ssh', '/home/admin/.ssh', '/home/truenas_admin/.ssh'];

interface Mkdir {
  readonly path: string;
  readonly options: { readonly mode: string; readonly raise_chmod_error: boolean };
}

export const FILESYSTEM_METHODS: readonly SimMethod[] = [
  {
    name: 'filesystem.stat',
    description: 'Owner, mode, times and kind of what a path names.',
    roles: read,
    params: [['path', path]],
    run: (context: MethodContext, wanted: string) => statRow(context, existingPlace(context, wanted)),
  },
  {
    name: 'filesystem.listdir',
    description: 'What is in a directory; here directories only, as files are not simulated.',
    roles: read,
    params: memoized((release) => [
      ['path', path],
      ...queryParams(release).map(([name, schema]) => [`query_${name}`, schema] as const),
    ]),
    run: list,
  },
  {
    name: 'filesystem.mkdir',
    description: 'Makes a directory in one that exists.',
    roles: ['FILESYSTEM_DATA_WRITE'],
    params: [
      [
        'filesystem_mkdir',
        model('FilesystemMkdirArgs', {
          path,
          options: model('FilesystemMkdirOptions', {
            mode: text().default('755'),
            raise_chmod_error: z.boolean().default(true),
          }).prefault({}),
        }),
      ],
    ],
    run: make,
  },
  {
    name: 'filesystem.statfs',
    description: 'Size and free space of the filesystem that holds a path.',
    roles: read,
    params: [['path', path]],
    run(context: MethodContext, wanted: string) {
      if (!wanted.startsWith('/mnt/')) throw new CallError('Path must start with "/mnt/"');
      if (wanted === '/mnt/') throw new CallError('Path must include more than "/mnt/"');
      const place = placeAt(context.world.datasets, wanted);
      if (place === null) throw new CallError('Path not found.', ERRNO.ENOENT);
      return statfsRow(context.world, place);
    },
  },
];

/** What a path names. @throws CallError with the words of `filesystem.stat` */
export function existingPlace({ world }: MethodContext, wanted: string): Place {
  if (isExternal(wanted)) throw new CallError(`${wanted} is external to TrueNAS`, ERRNO.EXDEV);
  if (!wanted.startsWith('/')) throw new CallError(`${wanted}: path must be absolute`, ERRNO.EINVAL);
  const place = placeAt(world.datasets, wanted);
  if (place === null) throw new CallError(`Path ${wanted} not found`, ERRNO.ENOENT);
  return place;
}

/** True for what SMB shares name instead of a path when they only refer to another server. */
export function isExternal(wanted: string): boolean {
  return wanted === 'EXTERNAL' || wanted.startsWith('EXTERNAL:');
}

function list(
  context: MethodContext,
  wanted: string,
  filters: readonly unknown[],
  options: Options,
): unknown {
  const store = context.world.datasets;
  const place = wanted.startsWith('/') ? placeAt(store, wanted) : null;
  if (place === null) throw new CallError(`Directory ${wanted} does not exist`, ERRNO.ENOENT);
  const rows = namesIn(store, place).flatMap((name) => {
    const child = placeAt(store, `${place.path === '/' ? '' : place.path}/${name}`);
    return child === null ? [] : [entryRow(context, child)];
  });
  // Of /mnt only what is mounted shows: a pool that is gone may leave its directory behind.
  const shown = place.path === '/mnt' ? rows.filter((row) => row.is_mountpoint === true) : rows;
  return applyQuery(shown, filters, options);
}

function make(context: MethodContext, { path: wanted, options }: Mkdir): unknown {
  const { world } = context;
  checkMode(options.mode);
  if (!wanted.startsWith('/')) throw new CallError(`${wanted}: not an absolute path.`, ERRNO.EINVAL);
  if (placeAt(world.datasets, wanted) !== null) {
    throw new CallError(`${wanted}: path already exists.`, ERRNO.EEXIST);
  }
  const short = normalized(wanted);
  if (!WRITABLE.some((start) => short.startsWith(start))) {
    throw new CallError(`${wanted}: path not permitted`, ERRNO.EPERM);
  }
  makeDirectory(context, wanted, { mode: Number.parseInt(options.mode, 8), uid: 0, gid: 0 });
  return entryRow(context, existingPlace(context, short), wanted);
}

/** Makes a directory as the operating system does. @throws PlainError with its text for what it refuses */
export function makeDirectory(
  { world, now }: MethodContext,
  wanted: string,
  owner: { readonly mode: number; readonly uid: number; readonly gid: number },
): void {
  const short = normalized(wanted);
  const cut = short.lastIndexOf('/');
  const name = short.slice(cut + 1);
  const parent = placeAt(world.datasets, short.slice(0, cut) || '/');
  if (parent === null) throw systemError(2, 'No such file or directory', 'FileNotFoundError', wanted);
  // The mount point of a locked dataset is immutable, lest somebody fills it meanwhile.
  if (parent.lockedDataset !== null)
    throw systemError(1, 'Operation not permitted', 'PermissionError', wanted);
  if (setOn(parent.dataset, 'readonly') === 'on')
    throw systemError(30, 'Read-only file system', 'OSError', wanted);
  const inside = parent.inside === '' ? name : `${parent.inside}/${name}`;
  addDirectory(parent.dataset, inside, { ...owner, createdMs: now() });
}

function systemError(number: number, words: string, className: string, about: string): PlainError {
  return new PlainError(`[Errno ${String(number)}] ${words}: '${about}'`, className);
}

function checkMode(mode: string): void {
  const attribute = 'filesystem_mkdir.options.mode';
  if (!/^[0-7]+$/.test(mode)) {
    throw new ValidationErrors().add(
      attribute,
      'Value error, Not a valid integer. Must be between 000 and 777',
    );
  }
  if (Number.parseInt(mode, 8) > 0o777) {
    throw new ValidationErrors().add(attribute, 'Value error, Please supply a value between 000 and 777');
  }
}
