/** `delete_share`: takes a share away; its data stays. */
import * as z from 'zod';
import { type Change, type PlannedCall, remade, type Target, type UndoCall } from '../../changes/change.ts';
import { stateOf } from '../../changes/state.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { rowThing } from '../support/targets.ts';
import { CHANGED_KINDS, findShare, type FoundShare, QUERY_OF, text } from './changed-share.ts';
import { deleteTargetPlan, ISCSI_DELETE_USES, ISCSI_DELETE_WRITES } from './delete-iscsi.ts';
import { nfsBodyOf } from './nfs-form.ts';
import { letsEverybodyIn, readShareAcl, SHARE_ACL_USES, sentBack, shareAclThing } from './share-acl.ts';
import { CLIENT_USES, clientFacts, clientText, connectedClients } from './share-clients.ts';
import { datasetOfShare, SHARED_PLACE_USES } from './share-place.ts';
import { KIND_SYNONYMS } from './share.ts';
import { smbBodyOf, smbStateOf } from './smb-form.ts';

export const deleteShare = defineChange({
  name: 'delete_share',
  toolset: 'sharing',
  access: 'destroy',
  title: 'Delete a share',
  words: 'remove unshare stop sharing export unpublish target extent',
  description: 'Removes an SMB share, NFS export or iSCSI target with its extents. Files and volumes stay.',
  input: z.strictObject({
    share: z.string().describe('Name, path or id'),
    kind: z.enum(CHANGED_KINDS).optional(),
  }),
  synonyms: { kind: KIND_SYNONYMS },
  uses: [...new Set([...SHARED_PLACE_USES, ...CLIENT_USES, ...SHARE_ACL_USES, ...ISCSI_DELETE_USES])],
  writes: [
    ...['smb', 'nfs'].flatMap((kind) => [`sharing.${kind}.delete`, `sharing.${kind}.create`]),
    'sharing.smb.update',
    'sharing.smb.setacl',
    ...ISCSI_DELETE_WRITES,
  ],
  examples: [
    { args: { share: 'media' }, why: 'an SMB share' },
    { args: { share: '/mnt/tank/iso', kind: 'nfs' }, why: 'an NFS export' },
    { args: { share: 'lab' }, why: 'an iSCSI target' },
  ],
  async plan(nas, { share: wanted, kind }) {
    const share = await findShare(nas, wanted, kind);
    return share.kind === 'iscsi' ? deleteTargetPlan(nas, share) : deletePlan(nas, share, share.kind);
  },
});

async function deletePlan(nas: ReadClient, share: FoundShare, kind: 'smb' | 'nfs'): Promise<Change> {
  const { id, title, row } = share;
  const [clients, dataset, list] = await Promise.all([
    connectedClients(nas, kind, text(row['name']) || text(row['path'])),
    datasetOfShare(nas, row),
    kind === 'smb' ? readShareAcl(nas, text(row['name'])) : [],
  ]);
  const hasList = kind === 'smb' && !letsEverybodyIn(list);
  const body = kind === 'smb' ? smbBodyOf(row) : nfsBodyOf(row);
  const thing = rowThing(title, QUERY_OF[kind], ['id', '=', id], { dataset });
  const target: Target = {
    ...thing,
    changedBy: 0,
    before: { id, ...(kind === 'smb' ? smbStateOf(row) : stateOf(row, Object.keys(body))) },
    after: 'absent',
    readAgain: { ...thing.read, params: [[['id', '=', remade(title, 'id', id)]]] },
  };
  const acl: Target = {
    ...shareAclThing(text(row['name']), dataset),
    changedBy: 0,
    before: { share_acl: list },
    after: 'absent',
  };
  const call: PlannedCall = {
    method: `sharing.${kind}.delete`,
    params: [id],
    purpose: `remove the ${title}`,
    before: row,
    facts: clientFacts(clients),
  };
  return {
    summary: `Delete ${title}`,
    calls: [call],
    targets: [target, ...(hasList ? [acl] : [])],
    impact: [
      `${clientText(clients)}${kind === 'smb' ? '; the NAS disconnects them and does not refuse' : '; they get errors'}`,
      `the data under ${text(row['path'])} stays`,
      'gentler: update_share with enabled: false keeps the settings',
    ],
    undo: {
      calls: hasList ? withList(share, body, sentBack(list)) : [makingOf(kind, title, body)],
      lost: [`the id ${id} of the share; clients that were connected sign in again`],
    },
  };
}

function makingOf(kind: 'smb' | 'nfs', title: string, body: Readonly<Record<string, unknown>>): UndoCall {
  return {
    method: `sharing.${kind}.create`,
    params: [body],
    purpose: `create the ${title} again`,
    remakes: title,
    undoes: 0,
  };
}

/** Switched off until its list holds again. */
function withList(
  { id, title, row }: FoundShare,
  body: Readonly<Record<string, unknown>>,
  entries: readonly unknown[],
): UndoCall[] {
  const making = makingOf('smb', title, { ...body, enabled: false });
  const name = text(row['name']);
  return [
    making,
    {
      method: 'sharing.smb.setacl',
      params: [{ share_name: name, share_acl: entries }],
      purpose: `set who may use the ${title} again`,
      before: { share_acl: [] },
      undoes: 0,
    },
    ...(row['enabled'] === true
      ? [
          {
            method: 'sharing.smb.update',
            params: [remade(title, 'id', id), { enabled: true }],
            purpose: `switch the ${title} on again`,
            before: { ...body, enabled: false },
            facts: { clients: 0 },
            undoes: 0,
          },
        ]
      : []),
  ];
}
