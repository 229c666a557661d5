/** `release_snapshot`: takes away what keeps snapshots from being deleted. */
import * as z from 'zod';
import type { Change, UndoCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { defineChange } from '../define.ts';
import { gapText, valueOr } from '../support/part.ts';
import { holdTarget } from './snapshot-hold.ts';
import { NAS_TAG, type SnapshotFacts, someOf } from './snapshot-facts.ts';
import { namedSnapshots } from './snapshot-lookup.ts';
import { automaticLines, readSnapshotTasks } from './snapshot-tasks.ts';

/** Most snapshots of one change. */
const MAX_SNAPSHOTS = 50;

export const releaseSnapshot = defineChange({
  name: 'release_snapshot',
  toolset: 'storage',
  access: 'destroy',
  isUnlisted: true,
  title: 'Release held snapshots',
  words: 'unhold remove hold unprotect allow deletion',
  description: 'Takes the hold of snapshots away: tasks and people may delete them again.',
  input: z.strictObject({
    snapshots: z.array(z.string().max(400)).min(1).max(MAX_SNAPSHOTS).describe('Full names, tank/a@b'),
  }),
  uses: ['pool.dataset.query', 'pool.snapshot.query', 'pool.snapshottask.query'],
  writes: ['pool.snapshot.hold', 'pool.snapshot.release'],
  examples: [
    {
      args: { snapshots: ['tank/media@before'] },
      given: [
        { tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } },
        { tool: 'hold_snapshot', args: { snapshots: ['tank/media@before'] } },
      ],
      why: 'a protection is lost',
    },
  ],
  async plan(nas, input): Promise<Change> {
    const snapshots = await namedSnapshots(nas, 'snapshots', input.snapshots);
    for (const snapshot of snapshots) checkHeld(snapshot);
    const [tasks, ...targets] = await Promise.all([
      readSnapshotTasks(nas),
      ...snapshots.map(({ name }, index) => holdTarget(nas, name, index, -1)),
    ]);
    const calls = snapshots.map(({ name, holds }) => ({
      method: 'pool.snapshot.release',
      params: [name, {}],
      purpose: `release the snapshot ${name}`,
      before: { holds },
    }));
    const [first, ...others] = calls;
    if (first === undefined) throw new InputProblem('snapshots', 'name at least one');
    const gap = gapText(tasks);
    return {
      summary: `Release ${snapshots.length === 1 ? `snapshot ${snapshots[0]?.name ?? ''}` : plural(snapshots.length, 'snapshot')}`,
      calls: [first, ...others],
      targets,
      impact: [
        'Released snapshots are no longer kept from deletion.',
        ...automaticLines(snapshots, valueOr(tasks, [])).map(
          (line) => `${line} Its retention may delete them at its next run.`,
        ),
        ...(gap === undefined
          ? []
          : [`Whether a snapshot task deletes them is not known: the tasks ${gap}.`]),
        ...snapshots.flatMap(otherHolds),
      ],
      undo: {
        calls: snapshots.map(
          ({ name }, undoes): UndoCall => ({
            method: 'pool.snapshot.hold',
            params: [name, {}],
            purpose: `hold the snapshot ${name} again`,
            undoes,
          }),
        ),
        lost: ['the time since which they were held'],
      },
    };
  },
});

function checkHeld({ name, holds }: SnapshotFacts): void {
  if (holds === undefined)
    throw new InputProblem('snapshots', `whether ${name} is held is not known: the NAS does not tell`);
  if (holds.length === 0) throw new InputProblem('snapshots', `${name} is not held`);
  if (!holds.includes(NAS_TAG)) {
    throw new InputProblem(
      'snapshots',
      `${name} is held by ${someOf(holds)}, not by the tag "${NAS_TAG}", which alone the NAS lifts`,
      'Whoever set that hold lifts it, with "zfs release" in a shell of the NAS.',
    );
  }
}

function otherHolds({ name, holds = [] }: SnapshotFacts): string[] {
  const others = holds.filter((tag) => tag !== NAS_TAG);
  return others.length === 0 ? [] : [`${name} stays held by ${someOf(others)}.`];
}
