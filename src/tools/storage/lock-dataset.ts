/** `lock_dataset`: takes the key of an encrypted dataset out of memory; whoever uses it is cut off. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { datasetThing, presentTarget } from '../support/targets.ts';
import { type DatasetFacts, datasetFacts, namesBelow } from './dataset-facts.ts';
import { readUses, USES_READS, usesFacts, usesLines } from './dataset-uses.ts';
import { unknownDataset } from './find.ts';
import { unlockCall } from './unlock-call.ts';

export const lockDataset = defineChange({
  name: 'lock_dataset',
  toolset: 'storage',
  access: 'manage',
  isUnlisted: true,
  title: 'Lock a dataset',
  words: 'close encrypted encryption unload key unmount',
  description:
    'Locks an encrypted dataset with a passphrase of its own, and all below it: nothing reaches the data until it is unlocked.',
  input: z.strictObject({ dataset: z.string().min(1).max(200) }),
  uses: ['pool.dataset.query', ...USES_READS],
  writes: ['pool.dataset.lock', 'pool.dataset.unlock'],
  examples: [{ args: { dataset: 'tank/medical' }, why: 'a dataset with a passphrase' }],
  async plan(nas, input): Promise<Change> {
    const dataset = datasetName(input.dataset);
    const facts = await datasetFacts(nas, dataset);
    checkLockable(facts, dataset);
    const target = await presentTarget(
      nas,
      datasetThing(dataset),
      { locked: true },
      { absent: () => unknownDataset(nas, 'dataset', dataset) },
    );
    const [uses, below] = await Promise.all([readUses(nas, dataset), namesBelow(nas, dataset)]);
    return {
      summary: `Lock dataset ${dataset}`,
      calls: [
        {
          method: 'pool.dataset.lock',
          params: [dataset, { force_umount: false }],
          purpose: `lock the dataset ${dataset}`,
          before: target.before,
          facts: usesFacts(uses),
        },
      ],
      targets: [target],
      impact: [
        ...(below.length === 0 ? [] : [`${plural(below.length, 'dataset')} below it locked with it`]),
        ...usesLines(uses),
        'What uses it stops working and comes back only after unlocking; whoever lacks the passphrase has lost the data.',
      ],
      undo: {
        calls: [{ ...unlockCall(dataset, { of: target.name, field: 'passphrase' }, true), undoes: 0 }],
      },
    };
  },
});

/** @throws InputProblem for what the NAS cannot lock */
function checkLockable(facts: DatasetFacts, dataset: string): void {
  const { encrypted, encryption_root: root, key_format: format, locked } = facts;
  if (encrypted === false) throw new InputProblem('dataset', `${dataset} is not encrypted`);
  if (locked === true) throw new InputProblem('dataset', `${dataset} is locked already`);
  if (root !== null && root !== dataset)
    throw new InputProblem('dataset', `${dataset} has no key of its own`, `it is locked with ${root}`);
  if (format?.value?.toUpperCase() !== 'PASSPHRASE')
    throw new InputProblem(
      'dataset',
      `${dataset} is encrypted with a key that the NAS keeps; only those with a passphrase can be locked`,
    );
}
