/** `create_share` of iSCSI: one change makes the volume, portal, initiator group, extent, target and LUN. */
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { ToolContext } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { everybodyAsEmpty, titleOf } from './changed-share.ts';
import type { CreateInput } from './create-share.ts';
import { extentStep, lunStep, targetStep } from './new-target/lun.ts';
import { initiatorStep, portalStep } from './new-target/reach.ts';
import type { Steps } from './new-target/steps.ts';
import { volumeStep } from './new-target/volume.ts';
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

/**
 * Plans a volume for its initiators.
 * @throws InputProblem for arguments that make no target
 */
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

/** `vm1` of `tank/iscsi/vm1`; a dash stands for characters that a target's name may not have. */
function targetName(volume: string): string {
  return (volume.split('/').at(-1) ?? volume).toLowerCase().replace(/[^a-z0-9.:-]+/gu, '-');
}
