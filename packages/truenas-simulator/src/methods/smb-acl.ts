/** `sharing.smb.getacl` and `setacl`: who may use a share at all, whatever the files in it say. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { EVERYONE_SID, groupSid, ownerOfSid, userSid } from '../auth/sids.ts';
import { ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, text } from '../schema/schema.ts';
import { EVERYONE_FULL, type ShareAce, type SmbShare } from '../world/shares.ts';
import type { ApiRow } from './common.ts';
import { memoized } from './crud.ts';

interface AceInput {
  readonly ae_perm: ShareAce['permission'];
  readonly ae_type: ShareAce['type'];
  readonly ae_who_sid: string | null;
  readonly ae_who_id: { readonly id_type: 'USER' | 'GROUP' | 'BOTH'; readonly id: number } | null;
}

const everyone = { ae_perm: 'FULL', ae_type: 'ALLOWED', ae_who_sid: EVERYONE_SID } as const;
const shareName = text({ min: 1 });

export const SMB_ACL_METHODS: readonly SimMethod[] = [
  {
    name: 'sharing.smb.getacl',
    description: 'Who may use an SMB share, and how.',
    roles: ['SHARING_SMB_READ'],
    audited: 'Getacl SMB share',
    params: memoized((release) => [
      ['smb_getacl', model(argumentsName(release, 'Get'), { share_name: shareName })],
    ]),
    run: (context: MethodContext, { share_name: name }: { share_name: string }) =>
      showAcl(context, existing(context, name, 'sharing_smb_getacl.share_name'), name),
  },
  {
    name: 'sharing.smb.setacl',
    description: 'Sets who may use an SMB share; an empty list lets everybody in again.',
    roles: ['SHARING_SMB_WRITE'],
    audited: 'Setacl SMB share',
    params: memoized((release) => [
      [
        'smb_setacl',
        model(argumentsName(release, 'Set'), {
          share_name: shareName,
          share_acl: z.array(aceModel(release)).default([{ ...everyone, ae_who_id: null, ae_who_str: null }]),
        }),
      ],
    ]),
    run: setAcl,
  },
];

function argumentsName(release: SimRelease, verb: 'Get' | 'Set'): string {
  return isAtLeast(release, '25.10') ? `SharingSMB${verb}aclArgs` : `${verb}SmbAclArgs`;
}

function aceModel(release: SimRelease): z.ZodType {
  const isOld = !isAtLeast(release, '25.10');
  const permissions = ['FULL', 'CHANGE', 'READ', ...(isAtLeast(release, '27.0') ? ['CUSTOM'] : [])];
  const id = isOld ? z.int() : z.int().min(0).max(2_147_483_647);
  return model('SMBShareAclEntry', {
    ae_perm: z.enum(permissions),
    ae_type: z.enum(['ALLOWED', 'DENIED']),
    ae_who_sid: text().nullable().default(null),
    ae_who_id: model('SMBShareAclEntryWhoId', {
      id_type: z.enum(isOld ? ['USER', 'GROUP', 'BOTH'] : ['USER', 'GROUP']),
      id,
    })
      .nullable()
      .default(null),
    ae_who_str: text({ min: 1 }).nullable().default(null),
  });
}

/** @throws ValidationErrors */
function existing({ world }: MethodContext, wanted: string, attribute: string): SmbShare {
  const share = world.shares.smb.rows().find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (share === undefined) throw new ValidationErrors().add(attribute, 'Share does not exist');
  return share;
}

function showAcl({ world, accounts }: MethodContext, share: SmbShare, asked: string): ApiRow {
  const entries = world.smbAcls.get(share.id) ?? EVERYONE_FULL;
  return {
    share_name: asked,
    share_acl: entries.map(({ sid, permission, type }) => {
      const owner = sid === EVERYONE_SID ? null : ownerOfSid(world, accounts, sid);
      return {
        ae_perm: permission,
        ae_type: type,
        ae_who_sid: sid,
        ae_who_id: owner === null ? null : { id_type: owner.kind, id: owner.id },
        ae_who_str: sid === EVERYONE_SID ? 'everyone@' : (owner?.name ?? null),
      };
    }),
  };
}

function setAcl(
  context: MethodContext,
  { share_name: name, share_acl: wanted }: { share_name: string; share_acl: readonly AceInput[] },
): ApiRow {
  const { world } = context;
  const problems = new ValidationErrors();
  const entries = wanted.flatMap((entry, index): ShareAce[] => {
    const sid = sidOf(context, entry, `sharing_smb_setacl.share_acl.${String(index)}`, problems);
    return sid === null ? [] : [{ sid, permission: entry.ae_perm, type: entry.ae_type }];
  });
  problems.check();
  const share = existing(context, name, 'smb_share_acl.share_name');
  if (entries.length === 0 || isDeepStrictEqual(entries, EVERYONE_FULL)) world.smbAcls.delete(share.id);
  else world.smbAcls.set(share.id, entries);
  return showAcl(context, share, name);
}

function sidOf(
  { world, accounts }: MethodContext,
  { ae_who_sid: sid, ae_who_id: who }: AceInput,
  at: string,
  problems: ValidationErrors,
): string | null {
  if (sid !== null && sid !== '') return sid;
  if (who === null) {
    problems.add(`${at}.sid`, 'Either a SID or Unix ID must be specified for ACL entry.');
    return null;
  }
  const user =
    who.id_type === 'USER' ? [...accounts.users.values()].find(({ uid }) => uid === who.id) : undefined;
  const group =
    who.id_type === 'USER' ? undefined : [...accounts.groups.values()].find(({ gid }) => gid === who.id);
  const found =
    user !== undefined ? userSid(world, user) : group !== undefined ? groupSid(world, group) : null;
  if (found === null) {
    problems.add(`${at}.ae_who_id`, 'User or group does must exist and be an SMB account.');
  }
  return found;
}
