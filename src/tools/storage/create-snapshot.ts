/** `create_snapshot`: a snapshot of a dataset, and of everything below it when asked. */
import * as z from 'zod';
import type { Change, PlannedCall, Target, UndoCall } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { defineChange, type ToolContext } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { field, rowsOf } from '../support/rows.ts';
import {
  datasetThing,
  isMadeEarlier,
  newSnapshotThing,
  newTarget,
  presentTarget,
} from '../support/targets.ts';
import { unknownDataset } from './find.ts';

/** Most snapshots of one recursive change: each is read before and after. */
const MAX_SNAPSHOTS = 100;

export const createSnapshot = defineChange({
  name: 'create_snapshot',
  toolset: 'storage',
  access: 'operate',
  title: 'Take a snapshot',
  words: 'create make new restore point back up before a change',
  description:
    'Takes a snapshot of a dataset or volume; recursive takes one of everything below at the same moment.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    name: z
      .string()
      .regex(/^[\w.:-]{1,128}$/u, 'must be letters, digits and _ - : . only')
      .describe('After the @'),
    recursive: z.boolean().optional(),
    exclude: z.array(z.string().max(200)).max(50).optional().describe('Datasets below to leave out'),
  }),
  uses: ['pool.dataset.query', 'pool.snapshot.query'],
  writes: ['pool.snapshot.create', 'pool.snapshot.delete'],
  examples: [
    { args: { dataset: 'tank/media', name: 'before-cleanup' }, why: 'one snapshot' },
    { args: { dataset: 'tank/media', name: 'all-of-it', recursive: true }, why: 'of everything below, too' },
  ],
  async plan(nas, input, context) {
    const dataset = datasetName(input.dataset);
    if (input.exclude !== undefined && input.recursive !== true)
      throw new InputProblem('exclude', 'only says something with recursive: true');
    const excluded = (input.exclude ?? []).map(datasetName);
    await mustBeThere(nas, dataset, context);
    const below = input.recursive === true ? await datasetsBelow(nas, dataset, excluded) : [];
    const targets = await Promise.all(
      [dataset, ...below].map((each) =>
        newTarget(nas, newSnapshotThing(`${each}@${input.name}`), 'present', { argument: 'name' }),
      ),
    );
    return changeOf({ dataset, name: input.name, isRecursive: input.recursive === true, excluded }, targets);
  },
});

interface Wanted {
  readonly dataset: string;
  readonly name: string;
  readonly isRecursive: boolean;
  readonly excluded: readonly string[];
}

function changeOf({ dataset, name, isRecursive, excluded }: Wanted, targets: readonly Target[]): Change {
  const many = targets.length > 1 ? ` (${plural(targets.length, 'snapshot')})` : '';
  const create: PlannedCall = {
    method: 'pool.snapshot.create',
    params: [
      { dataset, name, recursive: isRecursive, ...(excluded.length === 0 ? {} : { exclude: excluded }) },
    ],
    purpose: `take the snapshot ${dataset}@${name}${isRecursive ? ' and those below' : ''}`,
  };
  return {
    summary: `Take snapshot ${dataset}@${name}${many}`,
    calls: [create],
    targets,
    impact: ['A snapshot keeps the space of what is deleted after it.'],
    undo: { calls: targets.map(({ name: thing }): UndoCall => removal(thing.replace(/^snapshot /u, ''))) },
  };
}

function removal(snapshot: string): UndoCall {
  return {
    method: 'pool.snapshot.delete',
    params: [snapshot, {}],
    purpose: `delete the snapshot ${snapshot}`,
    undoes: 0,
  };
}

async function mustBeThere(nas: ReadClient, dataset: string, { known }: ToolContext): Promise<void> {
  if (isMadeEarlier(known, `dataset ${dataset}`)) return;
  await presentTarget(nas, datasetThing(dataset), 'present', {
    absent: () => unknownDataset(nas, 'dataset', dataset),
  });
}

async function datasetsBelow(
  nas: ReadClient,
  dataset: string,
  excluded: readonly string[],
): Promise<string[]> {
  const answer = await nas.call(
    'pool.dataset.query',
    query({
      filters: [['id', '^', `${dataset}/`]],
      select: ['id'],
      orderBy: ['id'],
      limit: MAX_SNAPSHOTS + excluded.length + 1,
      extra: { flat: true, retrieve_children: true, properties: [] },
    }),
  );
  const names = rowsOf(answer, { id: field.rawText }).map(({ id }) => id);
  if (names.includes(null))
    throw new InputProblem('recursive', 'the NAS names a dataset below in an unknown form');
  const below = names.filter((id) => id !== null).filter((id) => !isExcluded(id, excluded));
  if (below.length >= MAX_SNAPSHOTS) {
    throw new InputProblem(
      'recursive',
      `more than ${MAX_SNAPSHOTS} datasets lie below ${dataset}`,
      'Take snapshots of its children one by one, or set up a snapshot task.',
    );
  }
  return below;
}

function isExcluded(dataset: string, excluded: readonly string[]): boolean {
  return excluded.some((each) => dataset === each);
}
