/** `unlock_dataset`: a locked dataset is made reachable again; the person types the passphrase, the model never sees it. */
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

export const unlockDataset = defineChange({
  name: 'unlock_dataset',
  toolset: 'storage',
  access: 'manage',
  isUnlisted: true,
  title: 'Unlock a dataset',
  words: 'open encrypted encryption passphrase key load decrypt mount',
  description:
    'Unlocks an encrypted dataset. A person types the passphrase (or key) where they approve it; it is never an argument.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    restart_services: z
      .boolean()
      .optional()
      .describe('Start shares, apps and machines on it again; default true'),
  }),
  uses: ['pool.dataset.query', ...USES_READS],
  writes: ['pool.dataset.unlock', 'pool.dataset.lock'],
  examples: [{ args: { dataset: 'tank/vault' }, why: 'a locked dataset' }],
  async plan(nas, input): Promise<Change> {
    const dataset = datasetName(input.dataset);
    const facts = await datasetFacts(nas, dataset);
    const secretField = secretFieldOf(facts, dataset);
    const target = await presentTarget(
      nas,
      datasetThing(dataset),
      { locked: false },
      { absent: () => unknownDataset(nas, 'dataset', dataset) },
    );
    const [uses, below] = await Promise.all([readUses(nas, dataset, true), namesBelow(nas, dataset)]);
    return {
      summary: `Unlock dataset ${dataset}`,
      calls: [
        {
          ...unlockCall(dataset, { of: target.name, field: secretField }, input.restart_services !== false),
          before: target.before,
          facts: usesFacts(uses),
        },
      ],
      targets: [target],
      impact: [
        'Everybody who may reach the data can reach it again.',
        ...(below.length === 0
          ? []
          : [
              `${plural(below.length, 'dataset')} below: those without a key of their own are unlocked with it`,
            ]),
        ...usesLines(uses),
      ],
      undo:
        secretField === 'passphrase'
          ? {
              calls: [
                {
                  method: 'pool.dataset.lock',
                  params: [dataset, { force_umount: false }],
                  purpose: `lock the dataset ${dataset} again`,
                  undoes: 0,
                },
              ],
            }
          : { impossible: 'a dataset whose key the NAS keeps cannot be locked' },
    };
  },
});

/** The field that the secret fills. @throws InputProblem for what is not to be unlocked */
function secretFieldOf(facts: DatasetFacts, dataset: string): 'passphrase' | 'key' {
  const { encrypted, encryption_root: root, key_format: format, locked } = facts;
  if (encrypted === false) throw new InputProblem('dataset', `${dataset} is not encrypted`);
  if (locked === false) throw new InputProblem('dataset', `${dataset} is not locked`);
  if (root !== null && root !== dataset)
    throw new InputProblem('dataset', `${dataset} has no key of its own`, `it is unlocked with ${root}`);
  return format?.value?.toUpperCase() === 'HEX' ? 'key' : 'passphrase';
}
