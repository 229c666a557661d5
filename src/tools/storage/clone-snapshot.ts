/** `clone_snapshot`: a writable dataset, or volume, with the content of a snapshot. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { isMadeEarlier } from '../support/targets.ts';
import { planClone } from './snapshot-clone.ts';
import { namedSnapshot, snapshotName } from './snapshot-lookup.ts';

export const cloneSnapshot = defineChange({
  name: 'clone_snapshot',
  toolset: 'storage',
  access: 'manage',
  isUnlisted: true,
  title: 'Clone a snapshot',
  words: 'writable copy duplicate dataset',
  description:
    'Makes a new dataset or volume from a snapshot, on the same pool; the original stays as it is.',
  input: z.strictObject({
    snapshot: z.string().max(400).describe('Full name, tank/a@b'),
    dataset: z.string().min(1).max(200).describe('The new dataset'),
    readonly: z.boolean().optional(),
  }),
  uses: ['pool.dataset.query', 'pool.snapshot.query', 'sharing.nfs.query', 'sharing.smb.query'],
  writes: ['pool.snapshot.clone', 'pool.dataset.delete'],
  examples: [
    {
      args: { snapshot: 'tank/media@before', dataset: 'tank/media-before' },
      given: [{ tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } }],
      why: 'a writable copy',
    },
    {
      args: { snapshot: 'tank/media@before', dataset: 'tank/media/before', readonly: true },
      given: [{ tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } }],
      why: 'one that a share shows',
    },
  ],
  async plan(nas, input, { known }): Promise<Change> {
    const name = snapshotName('snapshot', input.snapshot);
    if (!isMadeEarlier(known, `snapshot ${name}`)) await namedSnapshot(nas, 'snapshot', name);
    const dataset = datasetName(input.dataset);
    const clone = await planClone(
      nas,
      { snapshot: name, dataset, isReadOnly: input.readonly === true },
      'dataset',
      known,
    );
    return {
      summary: `Clone ${name} to ${dataset}`,
      calls: [clone.call],
      targets: clone.targets,
      impact: clone.impact,
      undo: { calls: [clone.undo] },
    };
  },
});
