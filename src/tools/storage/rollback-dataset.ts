/** `rollback_dataset`: takes a dataset back to a snapshot; newer snapshots are deleted first, each by a call of its own. */
import * as z from 'zod';
import type { Change, PlannedCall, Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { isoInstant } from '../../output/time.ts';
import { formatBytes, plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { datasetThing, presentTarget, snapshotThing } from '../support/targets.ts';
import { type DatasetFacts, datasetFacts, namesBelow, originOf } from './dataset-facts.ts';
import { readUses, USES_READS, usesFacts, usesLines } from './dataset-uses.ts';
import { readReplicationBases } from './replication-bases.ts';
import { newestFirst, type SnapshotFacts, someOf } from './snapshot-facts.ts';
import { clonesBySnapshot, filteredSnapshots, namedSnapshot, snapshotName } from './snapshot-lookup.ts';
import { automaticLines, readSnapshotTasks, taskOf } from './snapshot-tasks.ts';

/** Most newer snapshots that one change deletes: each is read again before it goes. */
const MAX_NEWER = 100;

export const rollbackDataset = defineChange({
  name: 'rollback_dataset',
  toolset: 'storage',
  access: 'destroy',
  title: 'Roll a dataset back',
  words: 'revert undo go back to a snapshot restore earlier state',
  description:
    'Takes a dataset back to a snapshot: what was written since and all newer snapshots are lost. To get at old files without loss: restore_files.',
  input: z.strictObject({
    snapshot: z.string().max(400).describe('Full name, tank/a@b'),
    automatic: z.boolean().optional().describe('Newer ones of snapshot tasks may go'),
  }),
  uses: [
    'pool.dataset.query',
    'pool.snapshot.query',
    'pool.snapshottask.query',
    'replication.query',
    ...USES_READS,
  ],
  writes: ['pool.snapshot.delete', 'pool.snapshot.rollback'],
  examples: [
    {
      args: { snapshot: 'tank/media@before' },
      given: [
        { tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } },
        { tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'later' } },
      ],
      why: 'a newer snapshot goes first',
    },
    {
      args: { snapshot: 'tank/media@before' },
      given: [{ tool: 'create_snapshot', args: { dataset: 'tank/media', name: 'before' } }],
      why: 'to the newest one',
    },
  ],
  async plan(nas, input): Promise<Change> {
    const snapshot = await namedSnapshot(nas, 'snapshot', snapshotName('snapshot', input.snapshot));
    const facts = await datasetFacts(nas, snapshot.dataset, 'snapshot');
    if (facts.locked === true) {
      throw new InputProblem('snapshot', `${snapshot.dataset} is locked`, 'unlock_dataset comes first.');
    }
    const newer = await newerSnapshots(nas, snapshot);
    const [targets, notes, uses, below] = await Promise.all([
      targetsOf(nas, snapshot, newer, facts),
      notesOn(nas, newer, input.automatic === true),
      readUses(nas, snapshot.dataset),
      readPart(nas, (limited) => namesBelow(limited, snapshot.dataset)),
    ]);
    return changeOf(snapshot, newer, targets, {
      facts: usesFacts(uses),
      impact: [
        lossLine(snapshot, newer, facts),
        ...notes,
        ...usesLines(uses),
        ...belowLines(valueOr(below, []), gapText(below)),
        'Gentler: restore_files shows the snapshot read-only, clone_snapshot makes a writable copy; neither loses anything.',
      ],
    });
  },
});

/** @throws InputProblem when one of them must stay, or their order is not known */
async function newerSnapshots(nas: ReadClient, snapshot: SnapshotFacts): Promise<SnapshotFacts[]> {
  const { dataset, createTxg } = snapshot;
  const all = await filteredSnapshots(nas, [['dataset', '=', dataset]]);
  if (createTxg === undefined || all.some((each) => each.createTxg === undefined))
    throw new InputProblem('snapshot', 'which snapshots are newer is not known: the NAS does not tell');
  const newer = newestFirst(all.filter((each) => (each.createTxg ?? 0) > createTxg));
  if (newer.length > MAX_NEWER) {
    throw new InputProblem(
      'snapshot',
      `${newer.length} newer snapshots would be lost, and at most ${MAX_NEWER} are deleted at once`,
      'Delete some with delete_snapshots first, or take clone_snapshot instead.',
    );
  }
  const clones = await clonesBySnapshot(nas, dataset);
  for (const each of newer) checkFree(each, clones.get(each.name) ?? []);
  return newer;
}

function checkFree({ name, holds, clones: own }: SnapshotFacts, clones: readonly string[]): void {
  if (holds === undefined)
    throw new InputProblem('snapshot', `the newer ${name} may be held: the NAS does not tell`);
  if (holds.length > 0) {
    throw new InputProblem(
      'snapshot',
      `the newer ${name} would be lost, and is held (${someOf(holds)})`,
      'Whoever holds it wants it kept: release_snapshot comes first, or clone_snapshot instead.',
    );
  }
  const all = [...new Set([...own, ...clones])];
  if (all.length > 0) {
    throw new InputProblem(
      'snapshot',
      `the newer ${name} would be lost, and has clones (${someOf(all)})`,
      'promote_dataset makes a clone independent; or take clone_snapshot instead.',
    );
  }
}

/** What is known of the snapshots that are lost. @throws InputProblem for automatic ones that are not meant */
async function notesOn(
  nas: ReadClient,
  newer: readonly SnapshotFacts[],
  isAutomaticMeant: boolean,
): Promise<string[]> {
  const [first] = newer;
  if (first === undefined) return [];
  const [tasks, replications] = await Promise.all([
    readSnapshotTasks(nas),
    readReplicationBases(nas, [first.dataset]),
  ]);
  const gap = gapText(tasks);
  const known = valueOr(tasks, []);
  const automatic = newer.filter((each) => gap !== undefined || taskOf(each, known) !== undefined);
  if (!isAutomaticMeant && automatic.length > 0) {
    const may = gap === undefined ? '' : `may be of snapshot tasks, which ${gap}`;
    throw new InputProblem(
      'snapshot',
      `${plural(newer.length, 'newer snapshot')} would be lost, ${automatic.length} of them ${may || `automatic (${automaticLines(automatic, known).join(' ')})`}`,
      'automatic: true takes those, too; clone_snapshot or restore_files loses none.',
    );
  }
  const names = new Set(newer.map(({ name }) => name));
  return [
    ...automaticLines(newer, known),
    ...replications.bases
      .filter(({ snapshot }) => names.has(snapshot))
      .map(({ snapshot, text }) => `LOST: ${snapshot} ${text}.`),
    ...(replications.gap === undefined
      ? []
      : [`Whether a replication goes on from one of them is not known: the tasks ${replications.gap}.`]),
  ];
}

async function targetsOf(
  nas: ReadClient,
  snapshot: SnapshotFacts,
  newer: readonly SnapshotFacts[],
  facts: DatasetFacts,
): Promise<Target[]> {
  const last = newer.length;
  const gone = (name: string) => new InputProblem('snapshot', `${name} does not exist any more`);
  const present = { changedBy: last, absent: () => gone(snapshot.name) };
  const { written: _written, ...thing } = datasetThing(snapshot.dataset);
  const dataset = await presentTarget(nas, thing, 'present', present);
  // A dataset shares data with its origin only if it is a clone: else it holds exactly what the snapshot holds.
  const size = originOf(facts) === undefined ? snapshot.referencedBytes : undefined;
  return [
    await snapshotCount(nas, snapshot.dataset),
    ...(await Promise.all(
      newer.map(({ name }, changedBy) =>
        presentTarget(nas, snapshotThing(name), 'absent', { changedBy, absent: () => gone(name) }),
      ),
    )),
    size === undefined ? dataset : { ...dataset, after: { 'usedbydataset.rawvalue': String(size) } },
    await presentTarget(nas, snapshotThing(snapshot.name), 'present', present),
  ];
}

/**
 * How many snapshots there are when the first call is sent: one taken since the plan would be lost unseen, or would stop the
 * rollback once the others are gone.
 */
async function snapshotCount(nas: ReadClient, dataset: string): Promise<Target> {
  const { written: _written, ...thing } = datasetThing(dataset);
  const path = 'snapshot_count';
  const target = await presentTarget(
    nas,
    { ...thing, name: `snapshots of ${dataset}`, written: [path] },
    'present',
    { absent: () => new InputProblem('snapshot', `${dataset} does not exist any more`) },
  );
  const { written: _path, ...counted } = target;
  return counted;
}

function changeOf(
  { name, dataset }: SnapshotFacts,
  newer: readonly SnapshotFacts[],
  targets: readonly Target[],
  { facts, impact }: { readonly facts: Record<string, number>; readonly impact: readonly string[] },
): Change {
  const deletes = newer.map(
    (each): PlannedCall => ({
      method: 'pool.snapshot.delete',
      params: [each.name, {}],
      purpose: `delete the newer snapshot ${each.name}`,
    }),
  );
  const rollback: PlannedCall = {
    method: 'pool.snapshot.rollback',
    params: [name, {}],
    purpose: `take ${dataset} back to ${name}`,
    facts,
  };
  const [first = rollback, ...others] = deletes;
  const lost = newer.length === 0 ? '' : `, losing ${plural(newer.length, 'newer snapshot')}`;
  return {
    summary: `Roll ${dataset} back to ${name}${lost}`,
    calls: deletes.length === 0 ? [rollback] : [first, ...others, rollback],
    targets,
    impact,
    undo: { impossible: 'what was written since the snapshot, and the newer snapshots, do not come back' },
  };
}

function lossLine(
  { name, createdMs, referencedBytes }: SnapshotFacts,
  newer: readonly SnapshotFacts[],
  { usedbydataset }: DatasetFacts,
): string {
  const since = createdMs === undefined ? '' : ` of ${isoInstant(createdMs)}`;
  const known = newer.flatMap(({ usedBytes }) => usedBytes ?? []);
  const unknown = newer.length - known.length;
  const bytes = formatBytes(known.reduce((sum, size) => sum + size, 0));
  const now = usedbydataset?.parsed ?? undefined;
  const sizes = [
    `it held ${referencedBytes === undefined ? 'an unknown amount' : formatBytes(referencedBytes)} then`,
    `${now === undefined ? 'an unknown amount' : formatBytes(now)} now`,
  ].join(', ');
  const lost =
    newer.length === 0
      ? 'no newer snapshot'
      : `${plural(newer.length, 'newer snapshot')} (${someOf(newer.map((each) => each.name))}; at least ${bytes} only they hold${unknown > 0 ? `, the sizes of ${unknown} are not known` : ''})`;
  return `Lost: everything written since ${name}${since} (${sizes}), and ${lost}.`;
}

function belowLines(below: readonly string[], gap: string | undefined): string[] {
  if (gap !== undefined)
    return [`Whether datasets lie below is not known: they ${gap}. None is rolled back.`];
  return below.length === 0
    ? []
    : [
        `${plural(below.length, 'dataset')} below (${someOf(below)}) stay as they are: each has snapshots of its own.`,
      ];
}
