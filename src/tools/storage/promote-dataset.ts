/** `promote_dataset`: a clone becomes independent; the dataset that it came from becomes the clone. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { formatBytes, plural } from '../../output/units.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { datasetThing, presentTarget } from '../support/targets.ts';
import { datasetFacts, originOf } from './dataset-facts.ts';
import { listed } from './dataset-uses.ts';
import { unknownDataset } from './find.ts';
import { filteredSnapshots } from './snapshot-lookup.ts';
import type { SnapshotFacts } from './snapshot-facts.ts';

export const promoteDataset = defineChange({
  name: 'promote_dataset',
  toolset: 'storage',
  access: 'manage',
  isUnlisted: true,
  title: 'Promote a clone',
  words: 'independent detach from its origin snapshot dataset',
  description:
    'Makes a clone independent of the dataset that it came from: the snapshots up to its origin move to it, and the other becomes the clone.',
  input: z.strictObject({ dataset: z.string().min(1).max(200) }),
  uses: ['pool.dataset.query', 'pool.snapshot.query'],
  writes: ['pool.dataset.promote'],
  examples: [
    {
      args: { dataset: 'fast/trial' },
      why: 'a clone',
      given: [
        { tool: 'create_snapshot', args: { dataset: 'fast/scratch/ml-datasets', name: 'base' } },
        {
          tool: 'clone_snapshot',
          args: { snapshot: 'fast/scratch/ml-datasets@base', dataset: 'fast/trial' },
        },
      ],
    },
  ],
  async plan(nas, input): Promise<Change> {
    const dataset = datasetName(input.dataset);
    const facts = await datasetFacts(nas, dataset);
    const origin = originOf(facts);
    if (origin === undefined) throw new InputProblem('dataset', `${dataset} is no clone: nothing to promote`);
    const source = origin.slice(0, origin.indexOf('@'));
    const originName = origin.slice(origin.indexOf('@') + 1);
    const [ofSource, own] = await Promise.all([
      filteredSnapshots(nas, [['dataset', '=', source]]),
      filteredSnapshots(nas, [['dataset', '=', dataset]]),
    ]);
    const moving = movingSnapshots(ofSource, origin);
    checkNames(moving, own, dataset);
    const absent = (name: string) => () => unknownDataset(nas, 'dataset', name);
    const clone = await presentTarget(
      nas,
      datasetThing(dataset),
      { 'origin.rawvalue': '' },
      { absent: absent(dataset) },
    );
    const other = await presentTarget(
      nas,
      datasetThing(source),
      { 'origin.rawvalue': `${dataset}@${originName}` },
      { absent: absent(source) },
    );
    const wasClone = other.before['origin.rawvalue'];
    // A clone of a clone hands its own origin on.
    const after = typeof wasClone === 'string' && wasClone !== '' ? wasClone : '';
    const bytes = moving.reduce((sum, { usedBytes = 0 }) => sum + usedBytes, 0);
    return {
      summary: `Promote clone ${dataset} (of ${origin})`,
      calls: [
        {
          method: 'pool.dataset.promote',
          params: [dataset],
          purpose: `make ${dataset} independent of ${source}`,
          before: clone.before,
        },
      ],
      targets: [{ ...clone, after: { 'origin.rawvalue': after } }, other],
      impact: [
        `${source} becomes a clone of ${dataset}: it can then be deleted, and ${dataset} no longer before it.`,
        `${plural(moving.length, 'snapshot')} of ${source} (${formatBytes(bytes)} of their own) belong to ${dataset} afterwards: ${listed(moving.map(({ name }) => name))}`,
        'Snapshot and replication tasks go by the names of datasets: those of the old one no longer find the snapshots that moved, and a replication may have to start anew.',
      ],
      undo: {
        calls: [
          {
            method: 'pool.dataset.promote',
            params: [source],
            purpose: `make ${source} independent again`,
            undoes: 0,
          },
        ],
      },
    };
  },
});

/** The snapshots up to the origin, by the order of the pool, else of time. */
function movingSnapshots(all: readonly SnapshotFacts[], origin: string): SnapshotFacts[] {
  const last = all.find(({ name }) => name === origin);
  if (last === undefined) return [];
  return all.filter(({ createTxg, createdMs }) =>
    createTxg !== undefined && last.createTxg !== undefined
      ? createTxg <= last.createTxg
      : (createdMs ?? 0) <= (last.createdMs ?? 0),
  );
}

/** @throws InputProblem for snapshots of one name on both sides: the NAS refuses these */
function checkNames(moving: readonly SnapshotFacts[], own: readonly SnapshotFacts[], dataset: string): void {
  const twice = moving.filter(({ snapshotName }) => own.some((each) => each.snapshotName === snapshotName));
  if (twice.length > 0)
    throw new InputProblem(
      'dataset',
      `${plural(twice.length, 'snapshot')} would be there twice: ${listed(twice.map(({ snapshotName }) => `${dataset}@${snapshotName}`))}`,
      'Delete or rename those of the clone first.',
    );
}
