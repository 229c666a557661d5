/** A volume as LUN 0 of a new iSCSI target: extent, target, and the tie between them. */
import { resultOf } from '../../../changes/change.ts';
import { InputProblem } from '../../../output/problem.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { newTarget, rowThing } from '../../support/targets.ts';
import { titleOf } from '../changed-share.ts';
import type { CreateInput } from '../create-share.ts';
import { addStep, type Id, type Steps } from './steps.ts';

/** Makes the volume an extent. @throws InputProblem when there is one of this name */
export async function extentStep(
  nas: ReadClient,
  name: string,
  volume: string,
  { readonly, comment }: CreateInput,
  steps: Steps,
): Promise<Id> {
  const at = steps.calls.length;
  // TrueNAS writes a space in the path of a device as a plus sign.
  const disk = `zvol/${volume.replaceAll(' ', '+')}`;
  const body = {
    name,
    type: 'DISK',
    disk,
    ro: readonly === true,
    ...(comment === undefined ? {} : { comment }),
  };
  const target = await newTarget(
    nas,
    rowThing(`iSCSI extent ${name}`, 'iscsi.extent.query', ['name', '=', name], { dataset: volume }),
    { name, disk, ro: readonly === true, enabled: true },
    { changedBy: at, argument: 'name' },
  );
  return addStep(steps, {
    target: { ...target, written: [] },
    call: { method: 'iscsi.extent.create', params: [body], purpose: `make the volume ${volume} an extent` },
    undo: {
      method: 'iscsi.extent.delete',
      params: [resultOf(at, 'id'), false, false],
      purpose: `remove the extent ${name}`,
    },
  });
}

/** Makes the target. @throws InputProblem for a name that it may not have, or that another has */
export async function targetStep(
  nas: ReadClient,
  {
    name,
    volume,
    portal,
    initiator,
  }: { readonly name: string; readonly volume: string; readonly portal: Id; readonly initiator: Id },
  steps: Steps,
): Promise<Id> {
  if (!/^[a-z0-9.:-]{1,120}$/u.test(name))
    throw new InputProblem('name', 'of a target has lower-case letters, digits, dot, dash and colon only');
  const at = steps.calls.length;
  const isKnown = typeof portal === 'number' && typeof initiator === 'number';
  const known = isKnown ? { 'groups.0.portal': portal, 'groups.0.initiator': initiator } : {};
  const target = await newTarget(
    nas,
    rowThing(titleOf('iscsi', name), 'iscsi.target.query', ['name', '=', name], { dataset: volume }),
    { name, ...known, 'groups.0.authmethod': 'NONE', 'groups.1': null },
    { changedBy: at, argument: 'name' },
  );
  return addStep(steps, {
    target: { ...target, written: [] },
    call: {
      method: 'iscsi.target.create',
      params: [{ name, groups: [{ portal, initiator, authmethod: 'NONE', auth: null }] }],
      purpose: `create the target ${name}`,
    },
    undo: {
      method: 'iscsi.target.delete',
      params: [resultOf(at, 'id'), false, false],
      purpose: `remove the target ${name}`,
    },
  });
}

/** Ties the extent to the target as its LUN 0. @param isNew the volume is empty: nobody's data is offered */
export function lunStep(
  name: string,
  volume: string,
  { target, extent }: { readonly target: Id; readonly extent: Id },
  isNew: boolean,
  steps: Steps,
): void {
  const at = steps.calls.length;
  const id = resultOf(at, 'id');
  addStep(steps, {
    target: {
      name: `LUN 0 of iSCSI target ${name}`,
      dataset: volume,
      read: { method: 'iscsi.targetextent.query', params: [[['id', '=', id]]] },
      identity: ['id'],
      changedBy: at,
      before: 'absent',
      after: { lunid: 0 },
      written: [],
    },
    call: {
      method: 'iscsi.targetextent.create',
      params: [{ target, extent, lunid: 0 }],
      purpose: `offer the volume ${volume} as LUN 0 of ${name}`,
      ...(isNew ? { facts: { isNew: true } } : {}),
    },
    undo: {
      method: 'iscsi.targetextent.delete',
      params: [id, false],
      purpose: `take LUN 0 from ${name}`,
    },
  });
}
