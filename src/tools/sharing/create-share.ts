/** `create_share`: an SMB share, an NFS export, or a block volume for iSCSI initiators, with the service that it needs. */
import * as z from 'zod';
import type { Change, PlannedCall, Target, UndoCall } from '../../changes/change.ts';
import { resultOf } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { defineChange, type ToolContext } from '../define.ts';
import { sizeInput } from '../support/size-input.ts';
import { newTarget, rowThing } from '../support/targets.ts';
import { CHANGED_KINDS, settingInputs, type ShareSettings, titleOf, withOptions } from './changed-share.ts';
import { createTargetPlan, ISCSI_CREATE_USES, ISCSI_CREATE_WRITES } from './create-iscsi.ts';
import { nfsBody } from './nfs-form.ts';
import { SERVICE_WRITES, serviceStart } from './service-start.ts';
import { SHARE_ACL_USES, shareAclAfter, shareAclThing, wantedShareAcl } from './share-acl.ts';
import { SHARED_PLACE_USES, type SharedPlace, sharedPlace } from './share-place.ts';
import { KIND_SYNONYMS } from './share.ts';
import { smbForm } from './smb-form.ts';

const input = z.strictObject({
  kind: z.enum(CHANGED_KINDS),
  path: z.string().describe('Folder; for iSCSI the volume'),
  name: z.string().optional(),
  ...settingInputs,
  size: sizeInput.optional().describe('iSCSI: makes the volume, "100G"'),
});
/** Arguments of `create_share`, with its options. */
export type CreateInput = Omit<z.output<typeof input>, 'options'> & ShareSettings;

export const createShare = defineChange({
  name: 'create_share',
  toolset: 'sharing',
  access: 'manage',
  title: 'Create a share',
  words: 'export publish folder network windows samba mac linux time machine add new target lun extent',
  description: 'Shares a folder over SMB or NFS, or a volume over iSCSI; starts the service it needs.',
  input,
  synonyms: { kind: KIND_SYNONYMS },
  uses: [...new Set([...SHARED_PLACE_USES, ...SHARE_ACL_USES, ...ISCSI_CREATE_USES, 'service.query'])],
  writes: [
    'sharing.smb.create',
    'sharing.smb.setacl',
    'sharing.smb.update',
    'sharing.smb.delete',
    'sharing.nfs.create',
    'sharing.nfs.delete',
    ...ISCSI_CREATE_WRITES,
    ...SERVICE_WRITES,
  ],
  examples: [
    {
      args: {
        kind: 'smb',
        path: '/mnt/tank/projects',
        name: 'projects',
        options: { access: ['group:family CHANGE'] },
      },
      why: 'an SMB share with its access list',
    },
    {
      args: { kind: 'smb', path: 'tank/media/music', readonly: true, allow: ['192.0.2.0/24'] },
      why: 'read only, for one network',
    },
    {
      args: {
        kind: 'nfs',
        path: '/mnt/tank/media',
        allow: ['192.0.2.0/24', 'htpc'],
        options: { mapall: 'alice' },
      },
      why: 'an NFS export',
    },
    {
      args: {
        kind: 'iscsi',
        path: 'tank/iscsi/vm1',
        size: '100G',
        allow: ['iqn.1991-05.com.microsoft:host1'],
      },
      why: 'a block volume for one initiator',
    },
  ],
  async plan(nas, args, context) {
    const wanted = withOptions(args.kind, args);
    if (args.kind === 'iscsi') return createTargetPlan(nas, wanted, context);
    if (args.kind === 'nfs') return exportPlan(nas, wanted, context);
    return smbPlan(nas, wanted, context);
  },
});

async function smbPlan(nas: ReadClient, args: CreateInput, context: ToolContext): Promise<Change> {
  const name = args.name ?? lastPart(args.path);
  const title = titleOf('smb', name);
  const place = await sharedPlace(nas, title, args.path, context.known);
  const isFlat = !isAtLeast(await nas.release(), '25.10');
  const { access } = args;
  const entries = access === undefined ? undefined : await wantedShareAcl(nas, access, []);
  const form = smbForm({ ...args, name, path: place.path, enabled: true }, isFlat);
  const share: Target = {
    ...(await newTarget(
      nas,
      rowThing(title, 'sharing.smb.query', ['name', '=', name], { dataset: place.dataset }),
      form.after,
      { argument: 'name' },
    )),
    written: [],
  };
  const calls: PlannedCall[] = [
    {
      method: 'sharing.smb.create',
      params: [{ ...form.body, enabled: entries === undefined }],
      purpose: `create the ${title}${entries === undefined ? '' : ', switched off until its access list is set'}`,
    },
  ];
  const targets: Target[] = [share];
  if (entries !== undefined) {
    calls.push(
      {
        method: 'sharing.smb.setacl',
        params: [{ share_name: name, share_acl: entries }],
        purpose: `set who may use the ${title}`,
        // Of a share that is new and switched off nobody had any access.
        before: { share_acl: [] },
        ...(place.isNew ? { facts: { isNew: true } } : {}),
      },
      {
        method: 'sharing.smb.update',
        params: [resultOf(0, 'id'), { ...(isFlat ? { name, path: place.path } : {}), enabled: true }],
        purpose: `switch the ${title} on`,
        before: { ...form.body, enabled: false },
        facts: { clients: 0 },
      },
    );
    targets.push({
      ...shareAclThing(name, place.dataset),
      // The share comes with a list that lets everybody in.
      changedBy: 0,
      before: 'absent',
      after: shareAclAfter(entries),
      written: [],
    });
  }
  const removal = {
    method: 'sharing.smb.delete',
    params: [resultOf(0, 'id')],
    purpose: `remove the ${title}`,
    undoes: 0,
  };
  return withService(nas, args, context, { calls, targets, removal, title, place, reach: smbReach(args) });
}

async function exportPlan(nas: ReadClient, args: CreateInput, context: ToolContext): Promise<Change> {
  const title = titleOf('nfs', `/mnt/${args.path.replace(/^\/+(?:mnt\/)?|\/+$/gu, '')}`);
  const place = await sharedPlace(nas, title, args.path, context.known);
  const body = nfsBody({ ...args, path: place.path, enabled: true });
  const share: Target = {
    ...rowThing(title, 'sharing.nfs.query', ['id', '=', 0], { dataset: place.dataset }),
    read: { method: 'sharing.nfs.query', params: [[['id', '=', resultOf(0, 'id')]]] },
    changedBy: 0,
    before: 'absent',
    after: body,
    written: [],
  };
  const calls = [{ method: 'sharing.nfs.create', params: [body], purpose: `create the ${title}` }];
  const removal = {
    method: 'sharing.nfs.delete',
    params: [resultOf(0, 'id')],
    purpose: `remove the ${title}`,
    undoes: 0,
  };
  return withService(nas, args, context, {
    calls,
    targets: [share],
    removal,
    title,
    place,
    reach: nfsReach(args),
  });
}

interface Parts {
  readonly calls: readonly PlannedCall[];
  readonly targets: readonly Target[];
  readonly removal: UndoCall;
  readonly title: string;
  readonly place: SharedPlace;
  readonly reach: string;
}

async function withService(
  nas: ReadClient,
  { kind }: CreateInput,
  { known }: ToolContext,
  { calls, targets, removal, title, place, reach }: Parts,
): Promise<Change> {
  const service = await serviceStart(nas, kind, calls.length, known);
  const [first, ...others] = [...calls, ...service.calls];
  if (first === undefined) throw new InputProblem('kind', 'shares nothing');
  return {
    summary: `Create ${title} of ${place.path}`,
    calls: [first, ...others],
    targets: [...targets, ...service.targets, ...place.targets],
    impact: [reach, ...place.impact, ...service.impact],
    undo: { calls: [...service.undo, removal] },
  };
}

function smbReach({ allow, deny, guests, access, readonly }: CreateInput): string {
  const hosts = allow === undefined || allow.length === 0 ? 'every host' : allow.join(', ');
  const users = access === undefined ? 'every user who may sign in' : access.join('; ');
  return `reached by ${hosts}${deny === undefined || deny.length === 0 ? '' : ` but ${deny.join(', ')}`}; by ${users}${guests === true ? ', and by guests without a sign-in' : ''}; ${readonly === true ? 'read only' : 'writable'}; the permissions of the files hold besides`;
}

function nfsReach({ allow, readonly, mapall, maproot }: CreateInput): string {
  const hosts =
    allow === undefined || allow.length === 0 ? 'EVERY host that reaches the NAS' : allow.join(', ');
  const users =
    mapall !== undefined
      ? `as ${mapall}`
      : `under the user numbers that the clients say${maproot === undefined ? '' : `, root as ${maproot}`}`;
  return `mounted by ${hosts}, ${users}; ${readonly === true ? 'read only' : 'writable'}`;
}

function lastPart(path: string): string {
  return path.replace(/\/+$/u, '').split('/').at(-1) ?? path;
}
