/** `update_share`: settings of a share; the old ones are its undo. */
import * as z from 'zod';
import type { Change, PlannedCall, Target, UndoCall } from '../../changes/change.ts';
import { isSame, valueAt } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange, type ToolContext } from '../define.ts';
import { isObject } from '../support/rows.ts';
import { presentTarget, rowThing } from '../support/targets.ts';
import {
  CHANGED_KINDS,
  everybodyAsEmpty,
  findShare,
  type FoundShare,
  QUERY_OF,
  settingInputs,
  type ShareSettings,
  text,
  withOptions,
} from './changed-share.ts';
import { nfsBody } from './nfs-form.ts';
import {
  readShareAcl,
  SHARE_ACL_USES,
  sentBack,
  shareAclAfter,
  shareAclThing,
  wantedShareAcl,
} from './share-acl.ts';
import { CLIENT_USES, type Clients, clientFacts, clientText, connectedClients } from './share-clients.ts';
import { datasetOfShare, SHARED_PLACE_USES, type SharedPlace, sharedPlace } from './share-place.ts';
import { KIND_SYNONYMS } from './share.ts';
import { smbForm } from './smb-form.ts';
import { ISCSI_UPDATE_USES, ISCSI_UPDATE_WRITES, updateTargetPlan } from './update-iscsi.ts';

const input = z.strictObject({
  share: z.string().describe('Name, path or id'),
  kind: z.enum(CHANGED_KINDS).optional(),
  enabled: z.boolean().optional(),
  path: z.string().optional().describe('Another folder or volume'),
  name: z.string().optional(),
  ...settingInputs,
});
/** Arguments of `update_share`, with its options. */
export type UpdateInput = Omit<z.output<typeof input>, 'options'> & ShareSettings;

export const updateShare = defineChange({
  name: 'update_share',
  toolset: 'sharing',
  access: 'manage',
  title: 'Change a share',
  words:
    'edit access rights who may connect hosts guest read-only disable enable turn off export windows samba',
  description:
    'Changes who reaches a share, whether it is on, its folder and settings. Lists replace the old ones.',
  input,
  synonyms: { kind: KIND_SYNONYMS },
  uses: [...new Set([...SHARED_PLACE_USES, ...CLIENT_USES, ...SHARE_ACL_USES, ...ISCSI_UPDATE_USES])],
  writes: ['sharing.smb.update', 'sharing.smb.setacl', 'sharing.nfs.update', ...ISCSI_UPDATE_WRITES],
  examples: [
    { args: { share: 'media', readonly: true, allow: ['192.0.2.0/24'] }, why: 'narrows an SMB share' },
    { args: { share: 'documents', options: { access: ['group:family READ'] } }, why: 'another access list' },
    { args: { share: '/mnt/tank/iso', enabled: false }, why: 'switches an NFS export off' },
    { args: { share: 'lab', allow: ['iqn.1991-05.com.microsoft:host1'] }, why: 'other initiators' },
  ],
  async plan(nas, args, context) {
    const share = await findShare(nas, args.share, args.kind);
    const { share: _share, kind: _kind, ...named } = args;
    const settings = withOptions(share.kind, named);
    if (Object.values(settings).every((value) => value === undefined))
      throw new InputProblem('share', 'alone changes nothing: name a setting');
    return share.kind === 'iscsi'
      ? updateTargetPlan(nas, share, settings)
      : updatePlan(nas, share, share.kind, settings, context);
  },
});

type Settings = Omit<UpdateInput, 'share' | 'kind'>;

async function updatePlan(
  nas: ReadClient,
  share: FoundShare,
  kind: 'smb' | 'nfs',
  settings: Settings,
  { known }: ToolContext,
): Promise<Change> {
  const { id, title, row } = share;
  if (settings.name !== undefined && settings.access !== undefined)
    throw new InputProblem('access', 'is kept under the name of the share: change one after the other');
  const [clients, dataset, place] = await Promise.all([
    connectedClients(nas, kind, text(row['name']) || text(row['path'])),
    datasetOfShare(nas, row),
    settings.path === undefined ? undefined : sharedPlace(nas, title, settings.path, known),
  ]);
  const wanted = { ...settings, ...(place === undefined ? {} : { path: place.path }) };
  const form = kind === 'smb' ? smbForm(wanted, !('options' in row), row) : exportForm(wanted, row);
  const isChanged = Object.entries(form.after).some(
    ([path, value]) => !isSame(value, valueAt(form.before, path)),
  );
  const facts = clientFacts(clients);
  const list =
    settings.access === undefined
      ? undefined
      : await listSteps(nas, share, settings.access, { dataset, facts });
  if (!isChanged && list === undefined) throw new InputProblem('share', `${title} is like that already`);
  const at = list === undefined ? 0 : 1;
  const changedNames = Object.keys(form.after).join(', ');
  const update: PlannedCall = {
    method: `sharing.${kind}.update`,
    params: [id, form.body],
    purpose: `change ${changedNames} of the ${title}`,
    before: form.before,
    facts,
  };
  const target = await presentTarget(
    nas,
    rowThing(title, QUERY_OF[kind], ['id', '=', id], { dataset }),
    form.after,
    { changedBy: at, absent: () => new InputProblem('share', `${title} is gone`) },
  );
  const undo: UndoCall = {
    ...update,
    params: [id, oldBody(form.body, row)],
    purpose: `set ${changedNames} of the ${title} back`,
    before: { ...row, ...form.body },
    facts: {},
    undoes: at,
  };
  const [first, ...others] = [...(list === undefined ? [] : [list.call]), ...(isChanged ? [update] : [])];
  if (first === undefined) throw new InputProblem('share', 'alone changes nothing');
  return {
    summary: summaryOf(title, settings, place),
    calls: [first, ...others],
    targets: [
      ...(list === undefined ? [] : [list.target]),
      ...(isChanged ? [target] : []),
      ...(place?.targets ?? []),
    ],
    impact: impactOf(kind, settings, row, clients, place),
    undo: { calls: [...(isChanged ? [undo] : []), ...(list === undefined ? [] : [list.undo])] },
  };
}

function exportForm(settings: Settings, row: Readonly<Record<string, unknown>>) {
  const body = nfsBody(settings);
  return { body, after: body, before: row };
}

/** The fields as they were; of options, the whole of them. */
function oldBody(
  body: Readonly<Record<string, unknown>>,
  row: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(body).map((key) => {
      const value = row[key] ?? null;
      return [key, key === 'options' && isObject(value) ? { ...value, purpose: row['purpose'] } : value];
    }),
  );
}

interface ListSteps {
  readonly call: PlannedCall;
  readonly target: Target;
  readonly undo: UndoCall;
}

async function listSteps(
  nas: ReadClient,
  { title, row }: FoundShare,
  access: readonly string[],
  {
    dataset,
    facts,
  }: { readonly dataset: string | undefined; readonly facts: Readonly<Record<string, unknown>> },
): Promise<ListSteps | undefined> {
  const name = text(row['name']);
  const now = sentBack(await readShareAcl(nas, name));
  const entries = await wantedShareAcl(nas, access, now);
  if (isSame(entries, now)) return undefined;
  const call: PlannedCall = {
    method: 'sharing.smb.setacl',
    params: [{ share_name: name, share_acl: entries }],
    purpose: `set who may use the ${title}`,
    before: { share_acl: now },
    facts,
  };
  const target = await presentTarget(nas, shareAclThing(name, dataset), shareAclAfter(entries), {
    absent: () => new InputProblem('share', `${title} is gone`),
  });
  return {
    call,
    target,
    undo: {
      ...call,
      params: [{ share_name: name, share_acl: now }],
      purpose: `set who might use the ${title} before`,
      before: { share_acl: entries },
      undoes: 0,
    },
  };
}

function summaryOf(title: string, settings: Settings, place: SharedPlace | undefined): string {
  const parts = Object.entries(settings).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (name === 'path') return [`path to ${place?.path ?? String(value)}`];
    if (Array.isArray(value)) return [`${name} to ${value.length === 0 ? 'nothing' : value.join(', ')}`];
    return [`${name} to ${String(value)}`];
  });
  return `Change ${title}: ${parts.join('; ')}`;
}

function impactOf(
  kind: 'smb' | 'nfs',
  { allow, enabled, path }: Settings,
  row: Readonly<Record<string, unknown>>,
  clients: Clients,
  place: SharedPlace | undefined,
): string[] {
  const isOpen = allow !== undefined && everybodyAsEmpty(allow).length === 0;
  return [
    clientText(clients),
    ...(path === undefined
      ? []
      : [`the data under ${text(row['path'])} stays, and is no longer shared by it`]),
    ...(isOpen ? [`EVERY host that reaches the NAS may ${kind === 'nfs' ? 'mount it' : 'connect'}`] : []),
    ...(enabled === true && row['locked'] === true
      ? ['its dataset is locked: reachable once it is unlocked']
      : []),
    ...(place?.impact ?? []),
  ];
}
