/** `rename_dataset`: another name or place in the same pool; what names the old one is not changed by the NAS. */
import * as z from 'zod';
import type { Change, Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { datasetThing, newTarget, presentTarget } from '../support/targets.ts';
import { type DatasetFacts, datasetFacts, hasRename, namesBelow } from './dataset-facts.ts';
import { listed, readUses, sharesNaming, USES_READS, usesFacts, usesLines } from './dataset-uses.ts';
import { parentOf, placeFor } from './new-dataset.ts';
import { unknownDataset } from './find.ts';

export const renameDataset = defineChange({
  name: 'rename_dataset',
  toolset: 'storage',
  access: 'manage',
  isUnlisted: true,
  title: 'Rename a dataset',
  words: 'move change name another parent zvol filesystem',
  description:
    'Gives a dataset or volume another name or place in its pool. Shares, tasks and apps keep naming the old path and must be changed.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    new_name: z.string().min(1).max(200).describe('A name, or the whole path in the pool'),
  }),
  uses: ['pool.dataset.query', ...USES_READS],
  writes: ['pool.dataset.rename'],
  examples: [
    {
      args: { dataset: 'tank/backups/laptops', new_name: 'notebooks' },
      why: 'another name',
      notOn: ['25.04'],
    },
    { args: { dataset: 'tank/media/music', new_name: 'tank/music' }, why: 'another place', notOn: ['25.04'] },
  ],
  async plan(nas, input, context): Promise<Change> {
    const dataset = datasetName(input.dataset);
    const newName = fullName(dataset, datasetName(input.new_name));
    if (!(await hasRename(nas)))
      throw new InputProblem('dataset', 'cannot be renamed on this release; TrueNAS 25.10 and later can');
    const facts = await datasetFacts(nas, dataset);
    checkRename(dataset, newName);
    const place = await placeFor(nas, newName, { known: context.known, mayMakeParents: false }, 'new_name');
    if (place.parent?.id?.startsWith(`${dataset}/`) === true || place.parent?.id === dataset)
      throw new InputProblem('new_name', `lies below ${dataset} itself`);
    checkKeys(facts, place.parent, dataset);
    const old = await presentTarget(nas, datasetThing(dataset), 'absent', {
      absent: () => unknownDataset(nas, 'dataset', dataset),
    });
    const fresh = await newTarget(nas, datasetThing(newName), identityOf(old), { argument: 'new_name' });
    const waiting = await sharesNaming(nas, newName);
    if (waiting.length > 0)
      throw new InputProblem(
        'new_name',
        `is named already by ${listed(waiting)}: the data would be shared there at once`,
        'Take that share away or change it first.',
      );
    const [uses, below] = await Promise.all([
      readUses(nas, dataset, facts.locked === true),
      namesBelow(nas, dataset),
    ]);
    const rename = (from: string, to: string) => ({
      method: 'pool.dataset.rename',
      // The NAS refuses it without: force merely says that nothing is checked.
      params: [from, { new_name: to, recursive: false, force: true }],
      purpose: `rename ${from} to ${to}`,
    });
    return {
      summary: `Rename dataset ${dataset} to ${newName}`,
      calls: [
        {
          ...rename(dataset, newName),
          before: old.before,
          facts: usesFacts(uses),
        },
      ],
      targets: [old, fresh],
      impact: [
        ...pathLine(facts, newName),
        ...(below.length === 0
          ? []
          : [`${plural(below.length, 'dataset')} below move with it: ${listed(below)}`]),
        ...usesLines(uses),
        'Whatever names the old path stays as it is and no longer finds it: change shares, snapshot, replication and cloud tasks, apps and machines afterwards. A replication of it starts anew unless its task and its target are changed with it.',
        ...(parentOf(dataset) === parentOf(newName)
          ? []
          : ['Settings that it inherits come from its new parent.']),
      ],
      undo: { calls: [{ ...rename(newName, dataset), undoes: 0 }] },
    };
  },
});

/** `tank/b` for the new name `b` of `tank/a`. */
function fullName(dataset: string, name: string): string {
  return name.includes('/') ? name : `${parentOf(dataset)}/${name}`;
}

function checkRename(dataset: string, newName: string): void {
  if (!dataset.includes('/'))
    throw new InputProblem('dataset', `${safeCell(dataset)} is a pool: a pool is not renamed`);
  if (dataset === newName) throw new InputProblem('new_name', 'is the name that it has');
  if (dataset.split('/')[0] !== newName.split('/')[0])
    throw new InputProblem('new_name', 'lies in another pool', 'Data goes to another pool by replication.');
  if (newName.startsWith(`${dataset}/`)) throw new InputProblem('new_name', `lies below ${dataset} itself`);
}

/** A dataset that shares the key of its parent cannot leave it. */
function checkKeys(facts: DatasetFacts, parent: DatasetFacts | undefined, dataset: string): void {
  const { encryption_root: root } = facts;
  const isOwn = root === null || root === dataset;
  if (!isOwn && parent !== undefined && parent.encryption_root !== root)
    throw new InputProblem('new_name', `leaves ${root}, whose key encrypts ${dataset}`);
  if (facts.locked === true)
    throw new InputProblem('dataset', `${dataset} is locked`, 'unlock_dataset comes first.');
}

/** It is the same dataset under its new name. */
function identityOf({ before, identity }: Target): Record<string, unknown> {
  if (before === 'absent') return {};
  return Object.fromEntries(
    identity.filter((path) => before[path] !== null).map((path) => [path, before[path]]),
  );
}

function pathLine({ mountpoint, type }: DatasetFacts, newName: string): string[] {
  if (type === 'VOLUME') return [`its device becomes /dev/zvol/${newName}`];
  return mountpoint === null ? [] : [`its path ${safeCell(mountpoint, 250)} becomes /mnt/${newName}`];
}
