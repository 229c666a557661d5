/** `sharing.nfs.*`: NFS exports. */
import * as z from 'zod';
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { text } from '../schema/schema.ts';
import type { PathShare } from '../world/shares.ts';
import { type Check, crud, type Data, optional, required } from './crud.ts';
import { checkPath, placeOf } from './share-path.ts';

const nonEmpty = text({ min: 1 });
const account = text().nullable();

export const NFS_SHARE_METHODS: readonly SimMethod[] = crud<PathShare>({
  namespace: 'sharing.nfs',
  audited: 'NFS share %',
  entity: 'SharingNFS',
  model: 'NfsShare',
  what: 'NFS exports',
  roles: ['SHARING_NFS_READ'],
  writeRoles: ['SHARING_NFS_WRITE'],
  attribute: 'sharingnfs',
  fields: {
    path: required(nonEmpty),
    aliases: optional(z.array(nonEmpty), []),
    comment: optional(text(), ''),
    networks: optional(z.array(nonEmpty), []),
    hosts: optional(z.array(nonEmpty), []),
    ro: optional(z.boolean(), false),
    maproot_user: optional(account, null),
    maproot_group: optional(account, null),
    mapall_user: optional(account, null),
    mapall_group: optional(account, null),
    security: optional(z.array(z.enum(['SYS', 'KRB5', 'KRB5I', 'KRB5P'])), []),
    enabled: optional(z.boolean(), true),
    expose_snapshots: optional(z.boolean(), false),
  },
  table: (world) => world.shares.nfs,
  show: (context, share) => ({ ...share, ...placeOf(context, share.path) }),
  check,
});

function check({ world, accounts }: MethodContext, each: Check<PathShare>): Data | undefined {
  const { data, old, problems, at } = each;
  const isShared = world.shares.nfs
    .rows()
    .some((row) => row.id !== old?.id && row.path === data.path && sameClients(row, data));
  if (isShared) problems.add(`${at}.path`, 'This path is exported to the same clients already', ERRNO.EEXIST);
  checkPath(world, String(data.path), each);
  const isMapped = (user: unknown): boolean => user !== null && user !== undefined && user !== '';
  if (isMapped(data.maproot_user) && isMapped(data.mapall_user)) {
    problems.add(`${at}.mapall_user`, 'maproot_user disqualifies mapall_user');
  }
  for (const kind of ['maproot', 'mapall']) {
    const user = data[`${kind}_user`];
    const group = data[`${kind}_group`];
    if (isMapped(group) && !isMapped(user)) {
      problems.add(`${at}.${kind}_user`, 'This field is required when map group is specified');
      continue;
    }
    if (isMapped(user) && accounts.userByName(String(user)) === undefined) {
      problems.add(`${at}.${kind}_user`, `User not found: ${String(user)}`);
    }
    if (isMapped(group) && ![...accounts.groups.values()].some(({ name }) => name === group)) {
      problems.add(`${at}.${kind}_group`, `Group not found: ${String(group)}`);
    }
  }
  return undefined;
}

function sameClients(row: PathShare, data: Data): boolean {
  return ['networks', 'hosts'].every((field) => JSON.stringify(row[field]) === JSON.stringify(data[field]));
}
