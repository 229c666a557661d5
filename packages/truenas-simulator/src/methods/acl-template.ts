/** `filesystem.acltemplate.*`: access lists to choose from. */
import * as z from 'zod';
import { CallError, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { applyQuery, type QueryOptions } from '../query/apply.ts';
import { queryFilters, queryOptions } from '../query/params.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import type { AclTemplate } from '../world/acl-templates.ts';
import { placeAt } from '../world/directories.ts';
import { kindOf } from './acl.ts';
import { daclSchema, readAcl } from './acl-form.ts';
import { type ApiRow, refuse } from './common.ts';
import { type Check, crud, type Data, memoized, optional, required } from './crud.ts';
import { ownedBy } from './filesystem-row.ts';

const flag = z.boolean().default(false);

/** Groups that an administrator can add to every list. */
const BUILTIN_GROUPS = [
  [545, 'MODIFY'],
  [544, 'FULL_CONTROL'],
] as const;

interface ByPath {
  readonly path: string;
  readonly 'query-filters': readonly unknown[];
  readonly 'query-options': QueryOptions;
  readonly 'format-options': { readonly ensure_builtins: boolean; readonly resolve_names: boolean };
}

export const ACL_TEMPLATE_METHODS: readonly SimMethod[] = [
  ...crud<AclTemplate>({
    namespace: 'filesystem.acltemplate',
    entity: 'ACLTemplate',
    model: 'AclTemplate',
    what: 'access lists to choose from',
    roles: ['FILESYSTEM_ATTRS_READ'],
    writeRoles: ['FILESYSTEM_ATTRS_WRITE'],
    param: 'acltemplate',
    fields: {
      name: required(text()),
      acltype: required(z.enum(['NFS4', 'POSIX1E'])),
      acl: required(daclSchema),
      comment: optional(text(), ''),
    },
    table: (world) => world.aclTemplates,
    check: checkTemplate,
    beforeDelete(_context, { builtin }) {
      if (builtin) throw new CallError('Deletion of builtin templates is not permitted', ERRNO.EPERM);
    },
  }),
  {
    name: 'filesystem.acltemplate.by_path',
    description: 'The lists that suit a path, as its filesystem keeps them.',
    roles: ['FILESYSTEM_ATTRS_READ'],
    params: memoized((release) => {
      const isNewer = isAtLeast(release, '27.0');
      const format = {
        ...(isNewer ? {} : { canonicalize: flag }),
        ensure_builtins: flag,
        resolve_names: flag,
      };
      const whole = model(isAtLeast(release, '25.10') ? 'ACLTemplateByPathArgs' : 'AclTemplateByPathArgs', {
        path: text().default(''),
        'query-filters': queryFilters,
        'query-options': (isNewer ? pagingOptions : queryOptions(release)).prefault({}),
        'format-options': model('AclTemplateFormatOptions', format).prefault({}),
      });
      return [['filesystem_acl', isNewer ? whole.prefault({}) : whole]];
    }),
    run: byPath,
  },
];

const pagingOptions = model('ACLTemplateByPathQueryOptions', {
  order_by: z.array(text()).default([]),
  offset: z.int().default(0),
  limit: z.int().default(0),
  force_sql_filters: flag,
});

function checkTemplate({ world, accounts }: MethodContext, each: Check<AclTemplate>): Data {
  const { data, old, problems, at } = each;
  if (old?.builtin === true) problems.add(`${at}.builtin`, 'built-in ACL templates may not be changed');
  const isTaken = world.aclTemplates.rows().some((row) => row.id !== old?.id && row.name === data.name);
  if (isTaken) problems.add(`${at}.name`, `${String(data.name)}: name is not unique`);
  const acl = data.acl as AclTemplate['acl'];
  if (acl.length === 0) problems.add(`${at}.acl`, 'At least one ACL entry must be specified.');
  const read = readAcl(accounts, acl as readonly (ApiRow & { tag: string })[]);
  if (read === null) problems.add(`${at}.acl`, 'An entry names nobody who exists.');
  else if (acl.length > 0 && read.kind !== data.acltype) {
    problems.add(`${at}.acl`, `The entries are not of the type ${String(data.acltype)}.`);
  }
  return { ...data, builtin: old?.builtin ?? false };
}

function byPath(context: MethodContext, asked: ByPath): unknown {
  const { world } = context;
  const { path, 'format-options': format } = asked;
  const place = path === '' ? null : placeAt(world.datasets, path);
  if (path !== '' && place === null) refuse(`Path ${path} not found`, ERRNO.ENOENT);
  if (path === '' && format.resolve_names) {
    throw new ValidationErrors().add(
      'filesystem.acltemplate_by_path.format-options.resolve_names',
      'ACL entry ids may not be resolved into names unless path is provided.',
    );
  }
  const kind = place === null ? null : kindOf(place.dataset);
  const owner = place === null ? null : ownedBy(context, place);
  const rows = world.aclTemplates
    .rows()
    .filter(({ acltype }) => kind === null || acltype === kind)
    .map((row) => {
      const acl = format.ensure_builtins ? withBuiltins(row) : row.acl;
      return {
        ...row,
        acl: owner === null || !format.resolve_names ? acl : acl.map((entry) => named(context, entry, owner)),
      };
    });
  return applyQuery(rows, asked['query-filters'], asked['query-options']);
}

/** Adds the NAS's own groups where none of them is in the list. */
function withBuiltins({ acltype, acl }: AclTemplate): AclTemplate['acl'] {
  if (acl.some(({ id }) => BUILTIN_GROUPS.some(([gid]) => gid === id))) return acl;
  const whom = { tag: 'GROUP', who: null };
  if (acltype === 'NFS4') {
    const added = BUILTIN_GROUPS.map(([id, BASIC]) => ({
      ...{ ...whom, id, type: 'ALLOW', perms: { BASIC }, flags: { BASIC: 'INHERIT' } },
    }));
    return [...acl, ...added];
  }
  const perms = { READ: true, WRITE: true, EXECUTE: true };
  const inBoth = (entry: Readonly<Record<string, unknown>>): Record<string, unknown>[] =>
    [false, true].map((isDefault) => ({ ...entry, perms, default: isDefault }));
  const groups = BUILTIN_GROUPS.flatMap(([id]) => inBoth({ ...whom, id }));
  return [...acl, ...groups, ...inBoth({ tag: 'MASK', id: -1, who: null })];
}

function named(
  { accounts }: MethodContext,
  entry: Readonly<Record<string, unknown>>,
  owner: { readonly uid: number; readonly gid: number },
): Readonly<Record<string, unknown>> {
  const { tag, id } = entry;
  const userName = (uid: unknown): string | undefined =>
    [...accounts.users.values()].find((row) => row.uid === uid)?.username;
  const groupName = (gid: unknown): string | undefined =>
    [...accounts.groups.values()].find((row) => row.gid === gid)?.name;
  const who = (): string | undefined => {
    if (tag === 'USER') return userName(id);
    if (tag === 'GROUP') return groupName(id);
    if (tag === 'owner@' || tag === 'USER_OBJ') return userName(owner.uid);
    return tag === 'group@' || tag === 'GROUP_OBJ' ? groupName(owner.gid) : undefined;
  };
  return { ...entry, who: who() ?? null };
}
