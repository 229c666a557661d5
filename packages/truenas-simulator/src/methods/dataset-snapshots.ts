/** `pool.dataset.destroy_snapshots` (until 25.10): many snapshots of a dataset at once. */
import * as z from 'zod';
import { ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import { type Snapshot, snapshotId } from '../world/snapshots.ts';
import { announce, ONLY_25_04, refuse, UNTIL_25_10 } from './common.ts';
import { existing } from './dataset-write.ts';
import { keepersOf, remove } from './snapshot-find.ts';

interface Range {
  readonly start: string | null;
  readonly end: string | null;
}

interface Wanted {
  readonly all: boolean;
  readonly recursive: boolean;
  readonly snapshots: readonly (Range | string)[];
}

const edge = text().nullable().default(null);
const flag = z.boolean().default(false);

export const DATASET_SNAPSHOT_METHODS: readonly SimMethod[] = [
  {
    name: 'pool.dataset.destroy_snapshots',
    description: 'Destroys the named snapshots of a dataset, or ranges of them, or all.',
    releases: UNTIL_25_10,
    roles: ['SNAPSHOT_WRITE'],
    params: [
      ['name', text()],
      [
        'snapshots',
        model('PoolDatasetDestroySnapshotsArgsSnapshots', {
          all: flag,
          recursive: flag,
          snapshots: z
            .array(
              z.union([
                model('PoolDatasetDestroySnapshotsArgsSnapshotSpec', { start: edge, end: edge }),
                text(),
              ]),
            )
            .default([]),
        }),
      ],
    ],
    job: { lock: ([name]) => `destroy_snapshots_${String(name)}` },
    run: destroyAll,
  },
];

function destroyAll(context: MethodContext, name: string, wanted: Wanted): string[] {
  const { world, job, release } = context;
  const dataset = existing(world, name);
  const problems = new ValidationErrors();
  if (wanted.all && wanted.snapshots.length > 0) {
    problems.add(
      'destroy_snapshots.snapshots',
      'Must not be specified when all snapshots are specified for removal',
    );
  }
  problems.check();
  job?.progress(20, 'Initial validation complete');
  const targets = wanted.recursive ? [...world.datasets.walk(dataset)] : [dataset];
  const chosen = targets.flatMap(({ snapshots }) => (wanted.all ? snapshots : picked(snapshots, wanted)));
  const keepers = keepersOf(world);
  for (const snapshot of chosen) {
    const { holds, clones } = keepers(snapshot);
    const failure = `cannot destroy '${snapshotId(snapshot)}'`;
    if (holds.length > 0) refuse(`${failure}: it is held (${holds.join(', ')})`);
    if (clones.length > 0) refuse(`${failure}: it has dependent clones: ${clones.join(', ')}`);
  }
  remove(chosen);
  const namespace = ONLY_25_04.includes(release) ? 'zfs.snapshot' : 'pool.snapshot';
  for (const snapshot of chosen) announce(context, namespace, 'removed', snapshotId(snapshot));
  world.datasets.touch();
  return chosen.map(snapshotId);
}

/** Those named, and those from a start to an end, both included. */
function picked(snapshots: readonly Snapshot[], { snapshots: wanted }: Wanted): Snapshot[] {
  const position = (name: string): number => snapshots.findIndex((each) => each.name === name);
  return snapshots.filter((snapshot, index) =>
    wanted.some((each) => {
      if (typeof each === 'string') return snapshot.name === each;
      if (each.start === null && each.end === null) return false;
      const from = each.start === null ? 0 : position(each.start);
      const to = each.end === null ? snapshots.length - 1 : position(each.end);
      return from >= 0 && index >= from && index <= to;
    }),
  );
}
