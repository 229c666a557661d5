/** `create_share` of iSCSI: a volume for its initiators in one change: volume, portal, initiators, extent, target, LUN. */
import type { Change, PlannedCall, Target, UndoCall } from '../../changes/change.ts';
import { type ResultReference, resultOf } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { formatBytes } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import type { ToolContext } from '../define.ts';
import { unknownDataset } from '../storage/find.ts';
import { datasetName } from '../support/inputs.ts';
import { field, rowsOf } from '../support/rows.ts';
import { bytesOf } from '../support/size-input.ts';
import {
  datasetThing,
  isMadeEarlier,
  leanedOn,
  newTarget,
  presentTarget,
  rowThing,
} from '../support/targets.ts';
import { everybodyAsEmpty, titleOf } from './changed-share.ts';
import type { CreateInput } from './create-share.ts';
import { serviceStart } from './service-start.ts';

/** Methods that the plan reads with. */
export const ISCSI_CREATE_USES = [
  'pool.dataset.query',
  'iscsi.target.query',
  'iscsi.extent.query',
  'iscsi.targetextent.query',
  'iscsi.portal.query',
  'iscsi.initiator.query',
] as const;
/** Methods that the plan names. */
export const ISCSI_CREATE_WRITES = [
  'pool.dataset.create',
  'pool.dataset.delete',
  ...['portal', 'initiator', 'extent', 'target', 'targetextent'].flatMap((kind) => [
    `iscsi.${kind}.create`,
    `iscsi.${kind}.delete`,
  ]),
] as const;

/** Calls, targets and undos of a change that grows step by step. */
interface Steps {
  readonly calls: PlannedCall[];
  readonly targets: Target[];
  readonly undo: UndoCall[];
  readonly impact: string[];
}

export async function createTargetPlan(
  nas: ReadClient,
  args: CreateInput,
  { known }: ToolContext,
): Promise<Change> {
  const volume = datasetName(args.path);
  const name = args.name ?? targetName(volume);
  if (args.allow === undefined)
    throw new InputProblem(
      'allow',
      'is missing: name the initiators, iqn.…',
      '"all" lets every initiator in',
    );
  const initiators = everybodyAsEmpty(args.allow);
  const steps: Steps = { calls: [], targets: [], undo: [], impact: [] };
  const isNew = await volumeStep(nas, volume, args, steps, known);
  const portal = await portalStep(nas, name, volume, steps);
  const group = await initiatorStep(nas, { name, volume, initiators }, steps);
  const extent = await extentStep(nas, name, volume, args, steps);
  const target = await targetStep(nas, { name, volume, portal, initiator: group }, steps);
  lunStep(name, volume, { target, extent }, isNew, steps);
  const service = await serviceStart(nas, 'iscsi', steps.calls.length, known);
  const [first, ...others] = [...steps.calls, ...service.calls];
  if (first === undefined) throw new InputProblem('kind', 'shares nothing');
  return {
    summary: `Create ${titleOf('iscsi', name)} of ${volume}`,
    calls: [first, ...others],
    targets: [...steps.targets, ...service.targets],
    impact: [
      `reached by ${initiators.length === 0 ? 'EVERY initiator' : initiators.map((each) => safeCell(each)).join(', ')}; ${args.readonly === true ? 'read only' : 'writable'}. No CHAP: an initiator is believed its name`,
      'several initiators that write to one volume destroy its file system, unless that is made for it',
      ...steps.impact,
      ...service.impact,
    ],
    undo: { calls: [...service.undo, ...steps.undo.toReversed()] },
  };
}

/** @returns whether the volume is made in this change, and empty */
async function volumeStep(
  nas: ReadClient,
  volume: string,
  { size, comment }: CreateInput,
  steps: Steps,
  known: ToolContext['known'],
): Promise<boolean> {
  if (size === undefined) {
    if (isMadeEarlier(known, `dataset ${volume}`)) return true;
    const target = await leanedOn(nas, datasetThing(volume), {
      name: `volume ${volume}`,
      absent: async () => {
        const problem = await unknownDataset(nas, 'path', volume);
        return new InputProblem('path', `${problem.message}; size makes a new volume`);
      },
    });
    await mustBeVolume(nas, volume);
    steps.targets.push(target);
    steps.impact.push(`what is on ${volume} is reached by the initiators`);
    return false;
  }
  const bytes = Math.ceil(bytesOf('size', size) / BLOCK) * BLOCK;
  if (bytes === 0) throw new InputProblem('size', 'must be more than nothing');
  const parent = volume.slice(0, Math.max(volume.lastIndexOf('/'), 0));
  if (parent === '') throw new InputProblem('path', 'must lie in a pool: tank/name');
  if (!isMadeEarlier(known, `dataset ${parent}`))
    await presentTarget(nas, datasetThing(parent), 'present', {
      absent: () => unknownDataset(nas, 'path', parent),
    });
  const thing = datasetThing(volume);
  const at = steps.calls.length;
  steps.targets.push(
    await newTarget(
      nas,
      thing,
      { type: 'VOLUME', 'volsize.parsed': bytes },
      { changedBy: at, argument: 'path' },
    ),
  );
  steps.calls.push({
    method: 'pool.dataset.create',
    params: [
      {
        name: volume,
        type: 'VOLUME',
        volsize: bytes,
        ...(comment === undefined ? {} : { comments: comment }),
      },
    ],
    purpose: `create the volume ${volume} of ${formatBytes(bytes)}`,
  });
  steps.undo.push({
    method: 'pool.dataset.delete',
    params: [volume, {}],
    purpose: `delete the volume ${volume}`,
    undoes: at,
  });
  steps.impact.push(
    `${formatBytes(bytes)} of the pool are reserved for the volume, more with redundancy and snapshots`,
  );
  return true;
}

/** Sizes of volumes are multiples of their block, 16 KiB by default. */
const BLOCK = 16_384;

async function mustBeVolume(nas: ReadClient, volume: string): Promise<void> {
  const rows = rowsOf(
    await nas.call(
      'pool.dataset.query',
      query({ filters: [['id', '=', volume]], extra: { retrieve_children: false } }),
    ),
    { type: field.rawText },
  );
  if (rows[0]?.type !== 'VOLUME')
    throw new InputProblem(
      'path',
      `names a dataset of files: ${safeCell(volume)}`,
      'iSCSI hands out a volume; size makes one.',
    );
}

type Id = number | ResultReference;

/** The portal with the lowest number; a new one on all addresses where there is none. */
async function portalStep(nas: ReadClient, name: string, volume: string, steps: Steps): Promise<Id> {
  const [portal] = rowsOf(await nas.call('iscsi.portal.query', query({ orderBy: ['id'] })), {
    id: field.number,
    listen: field.objects({ ip: field.text }),
  });
  if (portal?.id !== undefined && portal.id !== null) {
    const addresses = portal.listen?.map(({ ip }) => ip ?? '?').join(', ') ?? 'UNKNOWN addresses';
    steps.impact.push(`the portal ${portal.id} is used, which listens on ${addresses}`);
    return portal.id;
  }
  const body = { listen: [{ ip: '0.0.0.0' }], comment: name };
  return madeStep(steps, {
    kind: 'portal',
    name: `portal of ${name}`,
    volume,
    body,
    after: { comment: name },
  });
}

/** A group of exactly these initiators is used again. */
async function initiatorStep(
  nas: ReadClient,
  {
    name,
    volume,
    initiators,
  }: { readonly name: string; readonly volume: string; readonly initiators: readonly string[] },
  steps: Steps,
): Promise<Id> {
  const groups = rowsOf(await nas.call('iscsi.initiator.query', query({ orderBy: ['id'] })), {
    id: field.number,
    initiators: field.rawTexts,
  });
  const same = groups.find(
    (group) =>
      group.initiators?.length === initiators.length &&
      initiators.every((each) => group.initiators?.includes(each)),
  );
  if (same?.id !== undefined && same.id !== null) {
    const thing = rowThing('', 'iscsi.initiator.query', ['id', '=', same.id], {
      dataset: volume,
      identity: ['id', 'initiators'],
    });
    const absent = () => new InputProblem('allow', 'names the initiators of a group that is gone');
    steps.targets.push(await leanedOn(nas, thing, { name: `initiator group ${same.id} of ${name}`, absent }));
    return same.id;
  }
  return madeStep(steps, {
    ...{ kind: 'initiator', name: `initiator group of ${name}`, volume },
    ...{ body: { initiators, comment: name }, after: { initiators } },
  });
}

async function extentStep(
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
  steps.targets.push({
    ...(await newTarget(
      nas,
      rowThing(`iSCSI extent ${name}`, 'iscsi.extent.query', ['name', '=', name], { dataset: volume }),
      { name, disk, ro: readonly === true, enabled: true },
      { changedBy: at, argument: 'name' },
    )),
    written: [],
  });
  steps.calls.push({
    method: 'iscsi.extent.create',
    params: [body],
    purpose: `make the volume ${volume} an extent`,
  });
  steps.undo.push({
    method: 'iscsi.extent.delete',
    params: [resultOf(at, 'id'), false, false],
    purpose: `remove the extent ${name}`,
    undoes: at,
  });
  return resultOf(at, 'id');
}

async function targetStep(
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
  steps.targets.push({
    ...(await newTarget(
      nas,
      rowThing(titleOf('iscsi', name), 'iscsi.target.query', ['name', '=', name], { dataset: volume }),
      { name, ...known, 'groups.0.authmethod': 'NONE', 'groups.1': null },
      { changedBy: at, argument: 'name' },
    )),
    written: [],
  });
  steps.calls.push({
    method: 'iscsi.target.create',
    params: [{ name, groups: [{ portal, initiator, authmethod: 'NONE', auth: null }] }],
    purpose: `create the target ${name}`,
  });
  steps.undo.push({
    method: 'iscsi.target.delete',
    params: [resultOf(at, 'id'), false, false],
    purpose: `remove the target ${name}`,
    undoes: at,
  });
  return resultOf(at, 'id');
}

function lunStep(
  name: string,
  volume: string,
  { target, extent }: { readonly target: Id; readonly extent: Id },
  isNew: boolean,
  steps: Steps,
): void {
  const at = steps.calls.length;
  steps.targets.push({
    name: `LUN 0 of iSCSI target ${name}`,
    dataset: volume,
    read: { method: 'iscsi.targetextent.query', params: [[['id', '=', resultOf(at, 'id')]]] },
    identity: ['id'],
    changedBy: at,
    before: 'absent',
    after: { lunid: 0 },
    written: [],
  });
  steps.calls.push({
    method: 'iscsi.targetextent.create',
    params: [{ target, extent, lunid: 0 }],
    purpose: `offer the volume ${volume} as LUN 0 of ${name}`,
    ...(isNew ? { facts: { isNew: true } } : {}),
  });
  steps.undo.push({
    method: 'iscsi.targetextent.delete',
    params: [resultOf(at, 'id'), false],
    purpose: `take LUN 0 from ${name}`,
    undoes: at,
  });
}

interface MadePart {
  readonly kind: 'portal' | 'initiator';
  readonly name: string;
  readonly volume: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** A part that has no name of its own, and is told by the id that the NAS gives it. */
function madeStep(steps: Steps, { kind, name, volume, body, after }: MadePart): Id {
  const at = steps.calls.length;
  steps.targets.push({
    name,
    dataset: volume,
    read: { method: `iscsi.${kind}.query`, params: [[['id', '=', resultOf(at, 'id')]]] },
    identity: ['id'],
    changedBy: at,
    before: 'absent',
    after,
    written: [],
  });
  steps.calls.push({ method: `iscsi.${kind}.create`, params: [body], purpose: `create the ${name}` });
  steps.undo.push({
    method: `iscsi.${kind}.delete`,
    params: [resultOf(at, 'id')],
    purpose: `remove the ${name}`,
    undoes: at,
  });
  return resultOf(at, 'id');
}

/** `vm1` of `tank/iscsi/vm1`, with what a name of a target may not have replaced. */
function targetName(volume: string): string {
  return (volume.split('/').at(-1) ?? volume).toLowerCase().replace(/[^a-z0-9.:-]+/gu, '-');
}
