/** `delete_snapshots`: by name, by age or by pattern; counts and bytes first; holds, clones and bases of replication respected. */
import * as z from 'zod';
import type { Change, PlannedCall, Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { parseMoment } from '../../output/time.ts';
import { formatBytes, plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { Filter } from '../../truenas/query.ts';
import { defineChange, type ToolContext } from '../define.ts';
import { datasetName, nameFilter } from '../support/inputs.ts';
import { gapText, valueOr } from '../support/part.ts';
import { presentTarget, snapshotThing } from '../support/targets.ts';
import { mustExist } from './find.ts';
import { readReplicationBases } from './replication-bases.ts';
import { newestFirst, type SnapshotFacts, someOf } from './snapshot-facts.ts';
import { clonesBySnapshot, filteredSnapshots, namedSnapshots } from './snapshot-lookup.ts';
import { automaticLines, readSnapshotTasks, type SnapshotTask, taskOf } from './snapshot-tasks.ts';

/** Most snapshots of one change: each is read again before it goes. */
const MAX_SNAPSHOTS = 100;
export const deleteSnapshots = defineChange({
  name: 'delete_snapshots',
  toolset: 'storage',
  access: 'destroy',
  title: 'Delete snapshots',
  words: 'remove destroy prune old purge clean up free space',
  description:
    'Deletes snapshots: by full name, or those of a dataset by pattern or age, keeping the newest N. Held, cloned and automatic ones stay unless named by automatic: true.',
  input: z.strictObject({
    snapshots: z
      .array(z.string().max(400))
      .min(1)
      .max(MAX_SNAPSHOTS)
      .optional()
      .describe('Full names, tank/a@b'),
    dataset: z.string().max(200).optional(),
    name: z.string().max(200).optional().describe('Part of the name, or with * and ?'),
    older_than: z.string().max(60).optional().describe('2w, 90d, 2026-01-31'),
    keep: z.number().int().min(0).max(10_000).optional().describe('Newest ones to keep of each dataset'),
    automatic: z.boolean().optional().describe('Also those of snapshot tasks'),
  }),
  uses: ['pool.dataset.query', 'pool.snapshot.query', 'pool.snapshottask.query', 'replication.query'],
  writes: ['pool.snapshot.delete'],
  examples: [
    { args: { dataset: 'tank/media', keep: 3, automatic: true }, why: 'all but the newest three' },
    { args: { dataset: 'tank/media', older_than: '2w', automatic: true }, why: 'old ones' },
  ],
  async plan(nas, input, context) {
    const { chosen, notes } = await chosenSnapshots(nas, input, context);
    if (chosen.length > MAX_SNAPSHOTS) {
      throw new InputProblem(
        'dataset',
        `${chosen.length} snapshots fit, and at most ${MAX_SNAPSHOTS} are deleted at once`,
        'Narrow it with older_than, name or keep.',
      );
    }
    const targets = await Promise.all(
      chosen.map(({ name }, changedBy) =>
        presentTarget(nas, snapshotThing(name), 'absent', {
          changedBy,
          absent: () => new InputProblem('snapshots', `${name} does not exist`),
        }),
      ),
    );
    return changeOf(chosen, targets, notes);
  },
});

type Input = Readonly<{
  snapshots?: readonly string[] | undefined;
  dataset?: string | undefined;
  name?: string | undefined;
  older_than?: string | undefined;
  keep?: number | undefined;
  automatic?: boolean | undefined;
}>;

interface Chosen {
  readonly chosen: readonly SnapshotFacts[];
  /** Impact lines: what stays and why, which are automatic, what is not known. */
  readonly notes: readonly string[];
}

/** @throws InputProblem when a named one must stay, or none is left */
async function chosenSnapshots(nas: ReadClient, input: Input, context: ToolContext): Promise<Chosen> {
  const found =
    input.snapshots === undefined
      ? await byRule(nas, input, context)
      : await namedSnapshots(nas, 'snapshots', namesOf(input));
  const datasets = [...new Set(found.map(({ dataset }) => dataset))];
  const [tasks, replications, ...clones] = await Promise.all([
    readSnapshotTasks(nas),
    readReplicationBases(nas, datasets),
    ...datasets.map((dataset) => clonesBySnapshot(nas, dataset)),
  ]);
  const keepers: Keepers = {
    clones: new Map(clones.flatMap((each) => [...each])),
    bases: new Map(
      replications.bases.filter(({ isEnabled }) => isEnabled).map(({ snapshot, text }) => [snapshot, text]),
    ),
    tasks: valueOr(tasks, undefined),
    isAutomaticMeant: input.automatic === true,
  };
  const kept = found.flatMap((snapshot) => {
    const why = obstacle(snapshot, keepers);
    return why === undefined ? [] : [{ name: snapshot.name, why }];
  });
  const [first] = kept;
  if (first !== undefined && input.snapshots !== undefined)
    throw new InputProblem('snapshots', `${first.name} ${first.why}`);
  const keptNames = new Set(kept.map(({ name }) => name));
  const chosen = found.filter(({ name }) => !keptNames.has(name));
  if (chosen.length === 0) throw noneLeft(kept);
  const names = new Set(chosen.map(({ name }) => name));
  const gap = gapText(tasks);
  return {
    chosen,
    notes: [
      ...automaticLines(chosen, keepers.tasks ?? []),
      ...(gap === undefined ? [] : [`Which of them are automatic is not known: the snapshot tasks ${gap}.`]),
      ...keptLines(kept),
      ...replications.bases
        .filter(({ snapshot, isEnabled }) => !isEnabled && names.has(snapshot))
        .map(({ snapshot, text }) => `${snapshot} ${text}.`),
      ...(replications.gap === undefined
        ? []
        : [`Whether one is the base of a replication is not known: the tasks ${replications.gap}.`]),
    ],
  };
}

function namesOf({ snapshots = [], dataset, name, older_than, keep }: Input): readonly string[] {
  if (dataset !== undefined || name !== undefined || older_than !== undefined || keep !== undefined)
    throw new InputProblem('snapshots', 'names them already: leave dataset, name, older_than and keep out');
  return snapshots;
}

async function byRule(nas: ReadClient, input: Input, context: ToolContext): Promise<SnapshotFacts[]> {
  const limit = input.older_than === undefined ? undefined : parseMoment(input.older_than, context.now());
  if (input.older_than !== undefined && limit === undefined)
    throw new InputProblem('older_than', 'is no time', '2w, 90d or 2026-01-31');
  const found = await filteredSnapshots(nas, filtersOf(input));
  if (found.length === 0) await mustExist(nas, 'dataset', 'dataset', datasetName(input.dataset ?? ''));
  const chosen = newestFirst(found)
    .slice(input.keep ?? 0)
    .filter(({ createdMs }) => limit === undefined || (createdMs !== undefined && createdMs < limit));
  if (chosen.length === 0) throw new InputProblem('dataset', 'no snapshot fits');
  return chosen;
}

function filtersOf({ dataset, name, older_than, keep }: Input): Filter[] {
  if (dataset === undefined)
    throw new InputProblem('dataset', 'is missing: say which dataset, or name the snapshots');
  if (name === undefined && older_than === undefined && keep === undefined) {
    throw new InputProblem(
      'dataset',
      'alone would mean all of its snapshots',
      'Add older_than, name or keep; keep: 0 if all are meant.',
    );
  }
  return [['dataset', '=', datasetName(dataset)], ...nameFilter('snapshot_name', name)];
}

/** Whatever keeps a snapshot. */
interface Keepers {
  readonly clones: ReadonlyMap<string, readonly string[]>;
  /** Why, by full name. */
  readonly bases: ReadonlyMap<string, string>;
  /** Undefined when they could not be read: then every snapshot may be one of theirs. */
  readonly tasks: readonly SnapshotTask[] | undefined;
  readonly isAutomaticMeant: boolean;
}

/** Why a snapshot must stay, completing its name to a sentence. */
function obstacle(snapshot: SnapshotFacts, keepers: Keepers): string | undefined {
  const { holds, name } = snapshot;
  if (holds === undefined) return 'may be held: the NAS does not tell';
  if (holds.length > 0) return `is held (${someOf(holds)}); release_snapshot comes first`;
  const clones = [...new Set([...snapshot.clones, ...(keepers.clones.get(name) ?? [])])];
  if (clones.length > 0)
    return `has clones (${someOf(clones)}), which live on its data; promote_dataset makes a clone independent`;
  const base = keepers.bases.get(name);
  if (base !== undefined) return `${base}. Run the replication first: then a newer one is the base`;
  if (keepers.isAutomaticMeant) return undefined;
  if (keepers.tasks === undefined)
    return 'may be one of a snapshot task, which could not be read; automatic: true takes those, too';
  const task = taskOf(snapshot, keepers.tasks);
  return task === undefined ? undefined : `is automatic (${task}); automatic: true takes those, too`;
}

interface Kept {
  readonly name: string;
  readonly why: string;
}

function noneLeft(kept: readonly Kept[]): InputProblem {
  const [first] = kept;
  if (first === undefined) return new InputProblem('snapshots', 'name at least one');
  const more = kept.length === 1 ? '' : ` (and so on: ${plural(kept.length, 'snapshot')} fit, all stay)`;
  return new InputProblem('dataset', `no snapshot that fits may go: ${first.name} ${first.why}${more}`);
}

/** `Stay: 2 snapshots, tank/a@b is held (…)`, the first of each reason. */
function keptLines(kept: readonly Kept[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { name, why } of kept) reasons.set(why, [...(reasons.get(why) ?? []), name]);
  return [...reasons].slice(0, MAX_REASONS).map(([why, names]) => {
    const title = names.length === 1 ? someOf(names) : `${plural(names.length, 'snapshot')}, each`;
    return `Left out: ${title} ${why}.`;
  });
}

const MAX_REASONS = 10;

function changeOf(
  chosen: readonly SnapshotFacts[],
  targets: readonly Target[],
  notes: readonly string[],
): Change {
  const calls = chosen.map(
    ({ name }): PlannedCall => ({
      method: 'pool.snapshot.delete',
      params: [name, {}],
      purpose: `delete the snapshot ${name}`,
    }),
  );
  const [first, ...others] = calls;
  if (first === undefined) throw new InputProblem('dataset', 'no snapshot fits');
  const title = chosen.length === 1 ? `snapshot ${chosen[0]?.name ?? ''}` : plural(chosen.length, 'snapshot');
  return {
    summary: `Delete ${title}${chosen.length === 1 ? '' : ` (${chosen[0]?.name ?? ''} and others)`}`,
    calls: [first, ...others],
    targets,
    impact: [lossLine(chosen), ...notes],
    undo: { impossible: 'a deleted snapshot does not come back' },
  };
}

/** What only one snapshot holds is its `used`; what several share comes free as well once all of them are gone. */
function lossLine(chosen: readonly SnapshotFacts[]): string {
  const known = chosen.flatMap(({ usedBytes }) => usedBytes ?? []);
  const unknown = chosen.length - known.length;
  const total = formatBytes(known.reduce((sum, size) => sum + size, 0));
  const freed =
    known.length === 0
      ? 'how much comes free is not known'
      : `at least ${total} freed${unknown > 0 ? `, the sizes of ${unknown} are not known` : ''}`;
  return `${plural(chosen.length, 'snapshot')} lost; ${freed}. Files that only they hold are gone.`;
}
