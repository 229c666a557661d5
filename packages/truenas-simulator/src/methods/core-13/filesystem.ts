/** `filesystem.*` on FreeBSD. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { looseOptions } from '../../query/params.ts';
import { type CoreOptions, filterCoreList } from '../../legacy/core-filters.ts';
import { text } from '../../schema/schema.ts';
import type { ApiRow } from '../common.ts';
import { showAcl } from '../acl-form.ts';
import { existingPlace } from '../filesystem.ts';
import { ownedBy } from '../filesystem-row.ts';
import { baseAnswer, fields } from '../legacy/base.ts';
import { trivialAcl } from '../../world/acl.ts';

const STAT = 'size mode uid gid atime mtime ctime dev inode nlink user group acl';
const ENTRY = 'name path realpath type size mode acl uid gid';
const path = [['path', text({ min: 1 })]] as const;

export const FILESYSTEM_METHODS: readonly SimMethod[] = [
  {
    name: 'filesystem.stat',
    description: 'Owner, mode and times of what a path names.',
    params: path,
    run: (context: MethodContext, wanted: string) =>
      fields(baseAnswer(context, 'filesystem.stat', wanted) as ApiRow, STAT),
  },
  {
    name: 'filesystem.listdir',
    description: 'What is in a directory.',
    params: [
      ...path,
      ['query-filters', z.array(z.unknown()).default([])],
      ['query-options', looseOptions.prefault({})],
    ],
    run(context: MethodContext, wanted: string, filters: readonly unknown[], options: CoreOptions) {
      const rows = baseAnswer(context, 'filesystem.listdir', wanted, [], {}) as ApiRow[];
      return filterCoreList(
        rows.map((row) => fields(row, ENTRY)),
        filters,
        options,
      );
    },
  },
  {
    name: 'filesystem.statfs',
    description: 'Size and free space of the filesystem that holds a path.',
    params: path,
    run: (context: MethodContext, wanted: string) =>
      baseAnswer(context, 'filesystem.statfs', wanted) as ApiRow,
  },
  {
    name: 'filesystem.getacl',
    description: 'The access list of a path.',
    params: [...path, ['simplified', z.boolean().default(true)]],
    run: coreAcl,
  },
  {
    name: 'filesystem.acl_is_trivial',
    description: 'True where the mode says all that the access list says.',
    params: path,
    run: (context: MethodContext, wanted: string) =>
      ownedBy(context, existingPlace(context, wanted)).acl?.kind !== 'NFS4',
  },
];

/** Every file system has lists of the newer kind there. */
function coreAcl(context: MethodContext, wanted: string, isSimplified: boolean): ApiRow {
  const { acl, mode, uid, gid } = ownedBy(context, existingPlace(context, wanted));
  const list = acl?.kind === 'NFS4' ? acl : trivialAcl('NFS4', mode);
  return { uid, gid, acl: showAcl(list, isSimplified, null), acltype: 'NFS4' };
}
