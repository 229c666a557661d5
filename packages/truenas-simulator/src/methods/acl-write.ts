/** `filesystem.setacl`, `setperm` and `chown`: changes of who owns a directory and who may do what in it. */
import * as z from 'zod';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { type Acl, type AclFlags, modeOf } from '../world/acl.ts';
import { addDirectory, type Directory, type Place, placeAt } from '../world/directories.ts';
import { getAcl, isTrivial, kindOf } from './acl.ts';
import { daclSchema, ownerId, readAcl } from './acl-form.ts';
import { checkReach } from './acl-reach.ts';
import { type ApiRow, refuse } from './common.ts';
import { memoized } from './crud.ts';
import { ownedBy, setOn } from './filesystem-row.ts';

const write = ['FILESYSTEM_ATTRS_WRITE'];
const path = text({ min: 1 });
const flag = z.boolean().default(false);
const some = text({ min: 1 }).nullable().default(null);
const reach = { recursive: flag, traverse: flag };
const owners = { uid: ownerId.default(null), user: some, gid: ownerId.default(null), group: some };

interface Owners {
  readonly uid: number | null;
  readonly user: string | null;
  readonly gid: number | null;
  readonly group: string | null;
}
interface Change extends Owners {
  readonly path: string;
  readonly options: {
    readonly recursive: boolean;
    readonly traverse: boolean;
    readonly stripacl?: boolean;
    readonly validate_effective_acl?: boolean;
  };
}

export const ACL_WRITE_METHODS: readonly SimMethod[] = [
  {
    name: 'filesystem.setacl',
    description: 'Sets the access list of a path, of what lies below it when recursive.',
    roles: write,
    audited: 'Filesystem set ACL',
    params: memoized((release) => [
      [
        'filesystem_acl',
        model(isAtLeast(release, '25.10') ? 'FilesystemSetaclArgs' : 'FilesystemSetAclArgs', {
          path,
          dacl: daclSchema,
          options: model('FilesystemSetAclOptions', {
            stripacl: flag,
            ...reach,
            ...(isAtLeast(release, '27.0') ? {} : { canonicalize: z.boolean().default(true) }),
            validate_effective_acl: z.boolean().default(true),
          }).prefault({}),
          nfs41_flags: model('NFS4ACL_Flags', {
            autoinherit: flag,
            protected: flag,
            defaulted: flag,
          }).prefault({}),
          uid: ownerId.default(-1),
          user: text().nullable().default(null),
          gid: ownerId.default(-1),
          group: text().nullable().default(null),
          acltype: z.enum(['NFS4', 'POSIX1E']).nullable().default(null),
        }),
      ],
    ]),
    job: { lock: 'perm_change' },
    run: setAcl,
  },
  {
    name: 'filesystem.setperm',
    description: 'Sets owner and mode of a path, of what lies below it when recursive.',
    roles: write,
    audited: 'Filesystem set permission',
    params: memoized((release) => [
      [
        'filesystem_setperm',
        model(isAtLeast(release, '25.10') ? 'FilesystemSetpermArgs' : 'FilesystemSetPermArgs', {
          ...{ path, ...owners, mode: text().nullable().default(null) },
          options: model('FilesystemSetpermOptions', { ...reach, stripacl: flag }).prefault({}),
        }),
      ],
    ]),
    job: { lock: 'perm_change' },
    run: setPermissions,
  },
  {
    name: 'filesystem.chown',
    description: 'Sets the owner of a path, of what lies below it when recursive.',
    roles: write,
    audited: 'Filesystem change owner',
    params: [
      [
        'filesystem_chown',
        model('FilesystemChownArgs', {
          ...{ path, ...owners },
          options: model('FilesystemChownOptions', reach).prefault({}),
        }),
      ],
    ],
    job: { lock: 'perm_change' },
    run(context: MethodContext, change: Change) {
      const problems = new ValidationErrors();
      const place = changeable(context, change.path, 'filesystem.chown', problems);
      const owner = newOwner(context, change, 'filesystem.chown', problems);
      problems.check();
      apply(context, place, change.options, (directory) => ({ ...directory, ...owner }));
      return null;
    },
  },
];

function setAcl(
  context: MethodContext,
  change: Change & {
    readonly dacl: readonly { readonly tag: string }[];
    readonly nfs41_flags: AclFlags;
    readonly acltype: string | null;
  },
): ApiRow {
  const { accounts } = context;
  const at = 'filesystem.setacl';
  const problems = new ValidationErrors();
  const place = changeable(context, change.path, at, problems);
  const owner = newOwner(context, change, at, problems);
  const kind = kindOf(place.dataset);
  const acl = withFlags(context, readAcl(accounts, change.dacl), change.nfs41_flags);
  if (kind === 'DISABLED') problems.add(`${at}.path`, 'ACLs are disabled on this filesystem.');
  if (acl === null) problems.add(`${at}.dacl`, 'An entry names nobody who exists.');
  const isStripped = change.options.stripacl === true;
  if (acl !== null && !isStripped) checkEntries(acl, kind, change.acltype, problems, `${at}.dacl`);
  problems.check();
  if (acl !== null && !isStripped && change.options.validate_effective_acl === true) {
    checkReach(context, place, acl, { ...ownedBy(context, place), ...owner });
  }
  apply(context, place, change.options, (directory) => {
    if (isStripped || acl === null) return { ...directory, ...owner, acl: null };
    const extra = acl.kind === 'POSIX1E' ? acl.entries.length > 3 : true;
    return { ...directory, ...owner, mode: modeOf(acl), acl: extra ? acl : null };
  });
  return getAcl(context, change.path, true, false);
}

/** Flags of the whole list; a 27.0 does not look at them. */
function withFlags({ release }: MethodContext, acl: Acl | null, flags: AclFlags): Acl | null {
  return acl?.kind !== 'NFS4' || isAtLeast(release, '27.0') ? acl : { ...acl, flags };
}

function checkEntries(
  acl: Acl,
  kind: string,
  claimed: string | null,
  problems: ValidationErrors,
  at: string,
): void {
  if (acl.entries.length === 0) {
    problems.add(at, 'At least one entry is required.');
  } else if (acl.kind !== kind || (claimed !== null && claimed !== kind)) {
    problems.add(at, `The type of this list is invalid: the filesystem has ${kind}.`);
  } else if (acl.kind === 'POSIX1E') {
    const tags = new Set(acl.entries.flatMap(({ tag, isDefault }) => (isDefault ? [] : [tag as string])));
    for (const needed of ['USER_OBJ', 'GROUP_OBJ', 'OTHER']) {
      if (!tags.has(needed)) problems.add(at, `An entry for ${needed} is required.`);
    }
    if ((tags.has('USER') || tags.has('GROUP')) && !tags.has('MASK')) {
      problems.add(at, 'An entry for MASK is required where users or groups are named.');
    }
  }
}

function setPermissions(context: MethodContext, change: Change & { readonly mode: string | null }): null {
  const at = 'filesystem.setperm';
  const problems = new ValidationErrors();
  const place = changeable(context, change.path, at, problems);
  const owner = newOwner(context, change, at, problems);
  const kind = kindOf(place.dataset);
  const isPlain = kind === 'DISABLED' || isTrivial(ownedBy(context, place), kind);
  const mayStrip = change.options.stripacl === true || isAtLeast(context.release, '27.0');
  if (!isPlain && !mayStrip) {
    const rule = 'Option "stripacl" required to change permission.';
    problems.add(`${at}.mode`, `Non-trivial ACL present on [${change.path}]. ${rule}`);
  }
  const mode =
    change.mode === null
      ? null
      : /^[0-7]{1,4}$/.test(change.mode)
        ? Number.parseInt(change.mode, 8)
        : Number.NaN;
  if (Number.isNaN(mode)) problems.add(`${at}.mode`, 'Not an octal mode.');
  if (mode === 0) problems.add(`${at}.mode`, 'Empty permissions are not permitted.');
  problems.check();
  apply(context, place, change.options, (directory) => ({
    ...{ ...directory, ...owner, acl: null },
    ...(mode === null ? {} : { mode }),
  }));
  return null;
}

/** The place whose permissions may change; complains where they may not. @throws CallError when nothing is there */
function changeable(context: MethodContext, wanted: string, at: string, problems: ValidationErrors): Place {
  const { world, release } = context;
  const place = placeAt(world.datasets, wanted);
  if (place === null) return refuse(`Path ${wanted} not found`, ERRNO.ENOENT);
  if (!place.path.startsWith('/mnt/')) {
    problems.add(
      `${at}.path`,
      `Changes to permissions on paths that are not beneath the directory /mnt are not permitted: ${wanted}`,
    );
  } else if (
    place.path.split('/').length === 3 &&
    (at !== 'filesystem.setacl' || isAtLeast(release, '27.0'))
  ) {
    problems.add(`${at}.path`, `The specified path is a ZFS pool mountpoint "(${wanted})"`);
  } else if (place.lockedDataset !== null) {
    problems.add(`${at}.path`, 'Path component for is currently encrypted and locked');
  } else if (setOn(place.dataset, 'readonly') === 'on') {
    problems.add(`${at}.path`, 'The dataset is read-only');
  }
  return place;
}

function newOwner(
  { accounts }: MethodContext,
  { uid, user, gid, group }: Owners,
  at: string,
  problems: ValidationErrors,
): Partial<Pick<Directory, 'uid' | 'gid'>> {
  const byUser = user === null || user === '' ? undefined : accounts.userByName(user)?.uid;
  const byGroup =
    group === null || group === ''
      ? undefined
      : [...accounts.groups.values()].find(({ name }) => name === group)?.gid;
  if (user !== null && user !== '' && byUser === undefined) {
    problems.add(`${at}.user`, `${user}: user does not exist`);
  }
  if (group !== null && group !== '' && byGroup === undefined) {
    problems.add(`${at}.group`, `${group}: group does not exist`);
  }
  const owner = byUser ?? (uid === null || uid === -1 ? undefined : uid);
  const owningGroup = byGroup ?? (gid === null || gid === -1 ? undefined : gid);
  return {
    ...(owner === undefined ? {} : { uid: owner }),
    ...(owningGroup === undefined ? {} : { gid: owningGroup }),
  };
}

/** Changes a directory; recursively what lies below it, with `traverse` across mount points too. */
function apply(
  context: MethodContext,
  place: Place,
  { recursive, traverse }: Change['options'],
  change: (directory: Directory) => Directory,
): void {
  const { dataset, inside } = place;
  addDirectory(dataset, inside, change(ownedBy(context, place)));
  if (!recursive) return;
  const prefix = inside === '' ? '' : `${inside}/`;
  for (const [name, directory] of dataset.directories ?? []) {
    if (name !== inside && name.startsWith(prefix)) addDirectory(dataset, name, change(directory));
  }
  if (!traverse || inside !== '') return;
  for (const child of dataset.children) {
    const below = placeAt(context.world.datasets, `/mnt/${child.id}`);
    if (child.type === 'FILESYSTEM' && below?.dataset === child) {
      apply(context, below, { recursive, traverse }, change);
    }
  }
}
