/** `delete_share` of an iSCSI target: LUNs first, then the target, then its extents. Volumes, portals and initiator groups stay. */
import { type Change, type PlannedCall, remade, type Target, type UndoCall } from '../../changes/change.ts';
import { stateOf } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { rowThing } from '../support/targets.ts';
import { type FoundShare, text } from './changed-share.ts';
import { extentBodyOf, lunsOf, targetBodyOf, type TargetLun, volumeText } from './iscsi-parts.ts';
import { clientFacts, clientText, connectedClients } from './share-clients.ts';

/** Methods that the plan reads with. */
export const ISCSI_DELETE_USES = [
  'iscsi.target.query',
  'iscsi.targetextent.query',
  'iscsi.extent.query',
] as const;
/** Methods that the plan names. */
export const ISCSI_DELETE_WRITES = ['target', 'targetextent', 'extent'].flatMap((kind) => [
  `iscsi.${kind}.delete`,
  `iscsi.${kind}.create`,
]);

export async function deleteTargetPlan(nas: ReadClient, share: FoundShare): Promise<Change> {
  const { title, row } = share;
  const name = text(row['name']);
  const [clients, luns] = await Promise.all([connectedClients(nas, 'iscsi', name), lunsOf(nas, share.id)]);
  if ('value' in clients && clients.value.length > 0)
    throw new InputProblem(
      'share',
      `has ${clientText(clients)}`,
      'The NAS refuses while initiators are logged in: log out on those hosts first.',
    );
  const facts = clientFacts(clients);
  const calls: [PlannedCall, ...PlannedCall[]] = [
    ...luns.map(
      (lun): PlannedCall => ({
        method: 'iscsi.targetextent.delete',
        params: [lun.id, false],
        purpose: `take LUN ${String(lun.lunid)} from ${name}`,
        facts,
      }),
    ),
    {
      method: 'iscsi.target.delete',
      params: [share.id, false, false],
      purpose: `remove the ${title}`,
      before: row,
      facts,
    },
    ...luns.map(
      (lun): PlannedCall => ({
        method: 'iscsi.extent.delete',
        params: [lun.extent.id, false, false],
        purpose: `remove the extent ${lun.extentName}`,
        before: lun.extent,
        facts,
      }),
    ),
  ] as [PlannedCall, ...PlannedCall[]];
  return {
    summary: `Delete ${title}`,
    calls,
    targets: targetsOf(share, luns),
    impact: [
      clientText(clients),
      ...(luns.length === 0 ? [] : [`the data stays: ${volumeText(luns)} with all that is on it`]),
      'the portal and the initiator group stay',
      'gentler: update_share with enabled: false switches its extents off',
    ],
    undo: {
      calls: undoOf(share, luns),
      lost: [
        'the ids of target and extents, and the NAA identifier of an extent: an initiator may take it for another disk',
      ],
    },
  };
}

function targetsOf({ id, title, row }: FoundShare, luns: readonly TargetLun[]): Target[] {
  const dataset = luns[0]?.volume;
  const name = text(row['name']);
  return [
    ...luns.map((lun, index): Target => {
      const thing = rowThing(lunTitle(lun, name), 'iscsi.targetextent.query', ['id', '=', lun.id], {
        dataset: lun.volume,
      });
      return {
        ...thing,
        changedBy: index,
        before: { id: lun.id, lunid: lun.lunid },
        after: 'absent',
        readAgain: { ...thing.read, params: [[['id', '=', remade(thing.name, 'id', lun.id)]]] },
      };
    }),
    {
      ...rowThing(title, 'iscsi.target.query', ['name', '=', name], { dataset }),
      changedBy: luns.length,
      before: { id, ...stateOf(row, Object.keys(targetBodyOf(row))) },
      after: 'absent',
    },
    ...luns.map(
      (lun, index): Target => ({
        ...rowThing(extentTitle(lun), 'iscsi.extent.query', ['name', '=', lun.extentName], {
          dataset: lun.volume,
        }),
        changedBy: luns.length + 1 + index,
        before: { id: lun.extent.id, ...stateOf(lun.extent, Object.keys(extentBodyOf(lun.extent))) },
        after: 'absent',
      }),
    ),
  ];
}

/** In the order in which they depend on each other. */
function undoOf({ id, title, row }: FoundShare, luns: readonly TargetLun[]): UndoCall[] {
  const name = text(row['name']);
  return [
    ...luns.map(
      (lun, index): UndoCall => ({
        method: 'iscsi.extent.create',
        params: [extentBodyOf(lun.extent)],
        purpose: `make the extent ${lun.extentName} again`,
        remakes: extentTitle(lun),
        undoes: luns.length + 1 + index,
      }),
    ),
    {
      method: 'iscsi.target.create',
      params: [targetBodyOf(row)],
      purpose: `create the ${title} again`,
      remakes: title,
      undoes: luns.length,
    },
    ...luns.map(
      (lun, index): UndoCall => ({
        method: 'iscsi.targetextent.create',
        params: [
          {
            target: remade(title, 'id', id),
            extent: remade(extentTitle(lun), 'id', lun.extent.id),
            lunid: lun.lunid,
          },
        ],
        purpose: `offer ${lun.extentName} as LUN ${String(lun.lunid)} of ${name} again`,
        remakes: lunTitle(lun, name),
        undoes: index,
      }),
    ),
  ];
}

function extentTitle({ extentName }: TargetLun): string {
  return `iSCSI extent ${extentName}`;
}

function lunTitle({ lunid }: TargetLun, target: string): string {
  return `LUN ${String(lunid)} of iSCSI target ${target}`;
}
