/** `update_share` of an iSCSI target: its initiators, its name, and its extents. */
import { type Change, type PlannedCall, resultOf, type Target, type UndoCall } from '../../changes/change.ts';
import type { State } from '../../changes/change.ts';
import { isSame, stateOf } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { datasetName } from '../support/inputs.ts';
import { isObject, rawRowsOf } from '../support/rows.ts';
import { datasetThing, leanedOn, rowThing } from '../support/targets.ts';
import { everybodyAsEmpty, type FoundShare, text } from './changed-share.ts';
import { lunsOf, type Row, type TargetLun } from './iscsi-parts.ts';
import { clientFacts, clientText, connectedClients } from './share-clients.ts';
import { defined } from './smb-form.ts';
import type { UpdateInput } from './update-share.ts';

/** Methods that the plan reads with. */
export const ISCSI_UPDATE_USES = [
  'iscsi.target.query',
  'iscsi.targetextent.query',
  'iscsi.extent.query',
  'iscsi.initiator.query',
  'pool.dataset.query',
] as const;
/** Methods that the plan names. */
export const ISCSI_UPDATE_WRITES = [
  'iscsi.target.update',
  'iscsi.extent.update',
  'iscsi.initiator.create',
  'iscsi.initiator.update',
  'iscsi.initiator.delete',
] as const;

interface Steps {
  readonly calls: PlannedCall[];
  readonly targets: Target[];
  readonly undo: UndoCall[];
  readonly impact: string[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly dataset: string | undefined;
}

export async function updateTargetPlan(
  nas: ReadClient,
  share: FoundShare,
  settings: Omit<UpdateInput, 'share' | 'kind'>,
): Promise<Change> {
  const name = text(share.row['name']);
  const [clients, luns] = await Promise.all([connectedClients(nas, 'iscsi', name), lunsOf(nas, share.id)]);
  const steps: Steps = {
    ...{ calls: [], targets: [], undo: [], impact: [clientText(clients)] },
    ...{ facts: clientFacts(clients), dataset: luns[0]?.volume },
  };
  const groups = settings.allow === undefined ? {} : await initiatorSteps(nas, share, settings.allow, steps);
  targetStep(share, { ...defined({ name: settings.name }), ...groups }, steps);
  const extent = defined({ ro: settings.readonly, enabled: settings.enabled, comment: settings.comment });
  const disk = settings.path === undefined ? {} : await diskOf(nas, luns, settings.path, steps);
  if (luns.length === 0 && Object.keys(extent).length > 0)
    throw new InputProblem('share', 'is a target without a LUN');
  for (const lun of luns) extentStep(lun, { ...extent, ...disk }, steps);
  const [first, ...others] = steps.calls;
  if (first === undefined) throw new InputProblem('share', `${share.title} is like that already`);
  return {
    summary: `Change ${share.title}: ${steps.calls.map(({ purpose }) => purpose).join('; ')}`,
    calls: [first, ...others],
    targets: steps.targets,
    impact: steps.impact,
    undo: { calls: steps.undo.toReversed() },
  };
}

/**
 * Changes the group of initiators; where other targets use it too, or there is none, a new one takes its place.
 * @returns the fields of the target that change with it
 */
async function initiatorSteps(
  nas: ReadClient,
  { id, row }: FoundShare,
  allow: readonly string[],
  steps: Steps,
): Promise<Row> {
  const initiators = everybodyAsEmpty(allow);
  const name = text(row['name']);
  const groups = (Array.isArray(row['groups']) ? row['groups'] : []).filter(isObject);
  const used = new Set(groups.map(({ initiator }) => initiator ?? null));
  const [group, ...more] = used;
  if (group === undefined || more.length > 0 || (group !== null && typeof group !== 'number'))
    throw new InputProblem(
      'allow',
      `fits no target with ${used.size} groups of initiators`,
      'Use call_api_write for iscsi.initiator.update.',
    );
  if (initiators.length === 0) steps.impact.push('EVERY initiator may connect');
  const others = rawRowsOf(await nas.call('iscsi.target.query', query({}))).filter(
    (target) =>
      target['id'] !== id &&
      Array.isArray(target['groups']) &&
      target['groups'].some((each) => isObject(each) && each['initiator'] === group),
  );
  if (group === null || others.length > 0) {
    if (others.length > 0)
      steps.impact.push(
        `other targets keep their group of initiators: ${others.map((each) => safeCell(text(each['name']))).join(', ')}`,
      );
    return newGroupStep(name, groups, initiators, steps);
  }
  const [now] = rawRowsOf(await nas.call('iscsi.initiator.query', query({ filters: [['id', '=', group]] })));
  if (now === undefined) throw new InputProblem('allow', 'fits no target whose group of initiators is gone');
  pushUpdate(steps, {
    thing: `initiator group of ${name}`,
    kind: 'initiator',
    id: group,
    body: { initiators },
    row: now,
    purpose: `set the initiators of ${name} to ${initiators.join(', ') || 'any'}`,
  });
  return {};
}

function newGroupStep(
  name: string,
  groups: readonly Row[],
  initiators: readonly string[],
  steps: Steps,
): Row {
  const at = steps.calls.length;
  const thing = `new initiator group of ${name}`;
  steps.targets.push({
    name: thing,
    ...(steps.dataset === undefined ? {} : { dataset: steps.dataset }),
    read: { method: 'iscsi.initiator.query', params: [[['id', '=', resultOf(at, 'id')]]] },
    ...{ identity: ['id'], changedBy: at, before: 'absent', after: { initiators }, written: [] },
  });
  steps.calls.push({
    method: 'iscsi.initiator.create',
    params: [{ initiators, comment: name }],
    purpose: `create a group of initiators: ${initiators.join(', ') || 'any'}`,
  });
  steps.undo.push({
    method: 'iscsi.initiator.delete',
    params: [resultOf(at, 'id')],
    purpose: `remove the ${thing}`,
    undoes: at,
  });
  return { groups: groups.map((each) => ({ ...each, initiator: resultOf(at, 'id') })) };
}

function targetStep({ id, title, row }: FoundShare, body: Row, steps: Steps): void {
  if (Object.keys(body).length === 0) return;
  const name = body['name'];
  if (typeof name === 'string' && !/^[a-z0-9.:-]{1,120}$/u.test(name))
    throw new InputProblem('name', 'of a target has lower-case letters, digits, dot, dash and colon only');
  pushUpdate(steps, {
    thing: title,
    kind: 'target',
    id,
    body,
    row,
    purpose: `change ${Object.keys(body).join(', ')} of the ${title}`,
  });
}

function extentStep({ extent, extentName, volume }: TargetLun, body: Row, steps: Steps): void {
  if (Object.keys(body).length === 0) return;
  pushUpdate(
    { ...steps, dataset: volume },
    {
      thing: `iSCSI extent ${extentName}`,
      kind: 'extent',
      id: extent.id,
      body,
      row: extent,
      purpose: `change ${Object.keys(body).join(', ')} of the extent ${extentName}`,
    },
  );
}

/** Another volume behind the only LUN. */
async function diskOf(nas: ReadClient, luns: readonly TargetLun[], path: string, steps: Steps): Promise<Row> {
  const volume = datasetName(path);
  const [lun, ...more] = luns;
  if (lun === undefined || more.length > 0 || lun.extent['type'] !== 'DISK')
    throw new InputProblem('path', 'can be changed for a target with one LUN that is a volume');
  const rows = rawRowsOf(
    await nas.call(
      'pool.dataset.query',
      query({ filters: [['id', '=', volume]], extra: { retrieve_children: false } }),
    ),
  );
  if (rows[0]?.['type'] !== 'VOLUME') throw new InputProblem('path', `names no volume: ${safeCell(volume)}`);
  steps.targets.push(
    await leanedOn(nas, datasetThing(volume), {
      name: `volume ${volume}`,
      absent: () => new InputProblem('path', `names no volume: ${safeCell(volume)}`),
    }),
  );
  steps.impact.push(
    `initiators find ${safeCell(volume)} instead of ${safeCell(lun.volume ?? '-')}, whose data stays`,
  );
  return { disk: `zvol/${volume.replaceAll(' ', '+')}` };
}

interface Update {
  readonly thing: string;
  readonly kind: 'target' | 'extent' | 'initiator';
  readonly id: number;
  readonly body: Row;
  readonly row: Row;
  readonly purpose: string;
}

function pushUpdate(steps: Steps, { thing, kind, id, body, row, purpose }: Update): void {
  if (Object.entries(body).every(([key, value]) => isSame(value, row[key]))) return;
  const at = steps.calls.length;
  const method = `iscsi.${kind}.update`;
  const old: State = stateOf(row, Object.keys(body));
  // A group that is not made yet has no number to compare.
  const after = Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'groups'));
  steps.targets.push({
    ...rowThing(thing, `iscsi.${kind}.query`, ['id', '=', id], { dataset: steps.dataset }),
    changedBy: at,
    before: { id, ...old },
    after: Object.keys(after).length === 0 ? 'present' : after,
  });
  steps.calls.push({ method, params: [id, body], purpose, before: row, facts: steps.facts });
  steps.undo.push({
    method,
    params: [id, old],
    purpose: `set ${Object.keys(body).join(', ')} of the ${thing} back`,
    before: { ...row, ...body },
    undoes: at,
  });
}
