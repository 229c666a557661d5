/** The volume that a new iSCSI target hands out: one that exists, or one of this size. */
import { InputProblem } from '../../../output/problem.ts';
import { formatBytes } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import type { ToolContext } from '../../define.ts';
import { unknownDataset } from '../../storage/find.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { bytesOf } from '../../support/size-input.ts';
import { datasetThing, isMadeEarlier, leanedOn, newTarget, presentTarget } from '../../support/targets.ts';
import type { CreateInput } from '../create-share.ts';
import { addStep, type Steps } from './steps.ts';

/**
 * Makes the volume where there is a size, else finds it.
 * @returns whether it is empty: made in this change, or by an earlier step
 * @throws InputProblem for a place or a size that is none
 */
export async function volumeStep(
  nas: ReadClient,
  volume: string,
  { size, comment }: CreateInput,
  steps: Steps,
  known: ToolContext['known'],
): Promise<boolean> {
  if (size !== undefined) {
    await makeVolume(nas, { volume, size, comment }, steps, known);
    return true;
  }
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

async function makeVolume(
  nas: ReadClient,
  {
    volume,
    size,
    comment,
  }: { readonly volume: string; readonly size: string | number; readonly comment: string | undefined },
  steps: Steps,
  known: ToolContext['known'],
): Promise<void> {
  const bytes = Math.ceil(bytesOf('size', size) / BLOCK) * BLOCK;
  if (bytes === 0) throw new InputProblem('size', 'must be more than nothing');
  const parent = volume.slice(0, Math.max(volume.lastIndexOf('/'), 0));
  if (parent === '') throw new InputProblem('path', 'must lie in a pool: tank/name');
  if (!isMadeEarlier(known, `dataset ${parent}`))
    await presentTarget(nas, datasetThing(parent), 'present', {
      absent: () => unknownDataset(nas, 'path', parent),
    });
  const target = await newTarget(
    nas,
    datasetThing(volume),
    { type: 'VOLUME', 'volsize.parsed': bytes },
    { changedBy: steps.calls.length, argument: 'path' },
  );
  const comments = comment === undefined ? {} : { comments: comment };
  addStep(steps, {
    target,
    call: {
      method: 'pool.dataset.create',
      params: [{ name: volume, type: 'VOLUME', volsize: bytes, ...comments }],
      purpose: `create the volume ${volume} of ${formatBytes(bytes)}`,
    },
    undo: { method: 'pool.dataset.delete', params: [volume, {}], purpose: `delete the volume ${volume}` },
  });
  steps.impact.push(
    `${formatBytes(bytes)} of the pool are reserved for the volume, more with redundancy and snapshots`,
  );
}

/** A volume's size is a multiple of its block: 16 KiB by default. */
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
