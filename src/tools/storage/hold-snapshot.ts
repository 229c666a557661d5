/** `hold_snapshot`: keeps snapshots from being deleted, by tasks and by people. */
import * as z from 'zod';
import type { Change, UndoCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { defineChange } from '../define.ts';
import { holdTarget } from './snapshot-hold.ts';
import { NAS_TAG, type SnapshotFacts } from './snapshot-facts.ts';
import { namedSnapshots } from './snapshot-lookup.ts';

/** Most snapshots of one change. */
const MAX_SNAPSHOTS = 50;

export const holdSnapshot = defineChange({
  name: 'hold_snapshot',
  toolset: 'storage',
  access: 'operate',
  isUnlisted: true,
  title: 'Hold snapshots',
  words: 'protect keep retain lock prevent deletion delete forever',
  description: 'Keeps snapshots from being deleted, by tasks and by people, until release_snapshot.',
  input: z.strictObject({
    snapshots: z.array(z.string().max(400)).min(1).max(MAX_SNAPSHOTS).describe('Full names, tank/a@b'),
  }),
  uses: ['pool.dataset.query', 'pool.snapshot.query'],
  writes: ['pool.snapshot.hold', 'pool.snapshot.release'],
  examples: [
    {
      args: { snapshots: ['tank/media@before'] },
      given: [{ tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } }],
      why: 'keeps one snapshot',
    },
  ],
  async plan(nas, input): Promise<Change> {
    const snapshots = await namedSnapshots(nas, 'snapshots', input.snapshots);
    for (const snapshot of snapshots) checkFree(snapshot);
    const targets = await Promise.all(snapshots.map(({ name }, index) => holdTarget(nas, name, index, 1)));
    const calls = snapshots.map(({ name }) => ({
      method: 'pool.snapshot.hold',
      params: [name, {}],
      purpose: `hold the snapshot ${name}`,
    }));
    const [first, ...others] = calls;
    if (first === undefined) throw new InputProblem('snapshots', 'name at least one');
    return {
      summary: `Hold ${snapshots.length === 1 ? `snapshot ${snapshots[0]?.name ?? ''}` : plural(snapshots.length, 'snapshot')}`,
      calls: [first, ...others],
      targets,
      impact: ['A held snapshot is not deleted, and keeps its space; snapshot tasks skip it.'],
      undo: {
        calls: snapshots.map(
          ({ name }, undoes): UndoCall => ({
            method: 'pool.snapshot.release',
            params: [name, {}],
            purpose: `release the snapshot ${name}`,
            undoes,
          }),
        ),
      },
    };
  },
});

function checkFree({ name, holds }: SnapshotFacts): void {
  if (holds === undefined)
    throw new InputProblem('snapshots', `whether ${name} is held is not known: the NAS does not tell`);
  if (holds.includes(NAS_TAG)) throw new InputProblem('snapshots', `${name} is held already`);
}
