/** `delete_snapshots`: by name, by age or by pattern; counts and bytes first; holds, clones and bases of replication respected. */
import { z } from 'zod';
import type { Change, PlannedCall, Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { parseMoment } from '../../output/time.ts';
import { formatBytes, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { defineChange, type ToolContext } from '../define.ts';
import { datasetName, nameFilter } from '../support/inputs.ts';
import { rawRowsOf } from '../support/rows.ts';
import { presentTarget, snapshotThing } from '../support/targets.ts';
import { readSnapshot, type SnapshotFacts } from './snapshot-facts.ts';

/** Most snapshots of one change: each is read again before it goes. */
const MAX_SNAPSHOTS = 100;
/** Most snapshots that are looked through. */
const MAX_SEEN = 5_000;

export const deleteSnapshots = defineChange({
  name: 'delete_snapshots',
  toolset: 'storage',
  access: 'destroy',
  title: 'Delete snapshots',
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
  uses: ['pool.snapshot.query', 'pool.snapshottask.query', 'replication.query'],
  writes: ['pool.snapshot.delete'],
  examples: [
    { args: { dataset: 'tank/media', keep: 3, automatic: true }, why: 'all but the newest three' },
    { args: { dataset: 'tank/media', older_than: '2w', automatic: true }, why: 'old ones' },
  ],
  async plan(nas, input, context) {
    const chosen = await chosenSnapshots(nas, input, context);
    if (chosen.length === 0) throw new InputProblem('dataset', 'no snapshot fits');
    if (chosen.length > MAX_SNAPSHOTS) {
      throw new InputProblem(
        'dataset',
        `${chosen.length} snapshots fit, and at most ${MAX_SNAPSHOTS} are deleted at once`,
        'Narrow it with older_than or keep.',
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
    return changeOf(chosen, targets);
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

async function chosenSnapshots(
  nas: ReadClient,
  input: Input,
  context: ToolContext,
): Promise<SnapshotFacts[]> {
  const found = await readSnapshots(nas, filtersOf(input));
  const byAge = found.toSorted((a, b) => (b.createdMs ?? 0) - (a.createdMs ?? 0));
  const limit = input.older_than === undefined ? undefined : parseMoment(input.older_than, context.now());
  if (input.older_than !== undefined && limit === undefined)
    throw new InputProblem('older_than', 'is no time', '2w, 90d or 2026-01-31');
  const kept = new Map<string, number>();
  const chosen = byAge.filter(({ dataset, createdMs }) => {
    const count = kept.get(dataset) ?? 0;
    kept.set(dataset, count + 1);
    if (input.keep !== undefined && count < input.keep) return false;
    return limit === undefined || (createdMs !== undefined && createdMs < limit);
  });
  return refused(chosen, input, await namingSchemas(nas));
}

function filtersOf({ snapshots, dataset, name, older_than, keep }: Input): Filter[] {
  if (snapshots !== undefined) {
    if (dataset !== undefined || name !== undefined || older_than !== undefined || keep !== undefined)
      throw new InputProblem('snapshots', 'names them already: leave dataset, name, older_than and keep out');
    const names = snapshots.map((each) => each.trim());
    const odd = names.find((each) => !/^[^@]+@[^@]+$/u.test(each));
    if (odd !== undefined)
      throw new InputProblem('snapshots', `${safeCell(odd)} is no full name`, 'tank/media@name');
    return [['id', 'in', names]];
  }
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

async function readSnapshots(nas: ReadClient, filters: readonly Filter[]): Promise<SnapshotFacts[]> {
  const answer = await nas.call(
    'pool.snapshot.query',
    query({
      filters,
      limit: MAX_SEEN,
      extra: { holds: true, properties: ['used', 'creation', 'clones', 'userrefs'] },
    }),
  );
  const rows = rawRowsOf(answer);
  if (rows.length === MAX_SEEN)
    throw new InputProblem('dataset', `has more than ${MAX_SEEN} snapshots that fit`, 'Narrow it with name.');
  return rows.map(readSnapshot);
}

/** Naming of the snapshot tasks, as patterns. */
async function namingSchemas(nas: ReadClient): Promise<RegExp[]> {
  const rows = rawRowsOf(await nas.call('pool.snapshottask.query', query({ select: ['naming_schema'] })));
  return rows.map(({ naming_schema: schema }) => schemaPattern(typeof schema === 'string' ? schema : '%Y'));
}

/** `auto-%Y-%m-%d_%H-%M` as a pattern: each place holds digits (or a word, for names of months and zones). */
function schemaPattern(schema: string): RegExp {
  const literal = schema.split(/%./u).map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${literal.join(String.raw`[\w+-]+`)}$`, 'u');
}

/** @throws InputProblem for a named snapshot that must stay; those found by a rule are left out. */
function refused(
  chosen: readonly SnapshotFacts[],
  input: Input,
  schemas: readonly RegExp[],
): SnapshotFacts[] {
  return chosen.filter((snapshot) => {
    const why = obstacle(snapshot, schemas, input.automatic === true);
    if (why !== undefined && input.snapshots !== undefined)
      throw new InputProblem('snapshots', `${snapshot.name} ${why}`);
    return why === undefined;
  });
}

function obstacle(
  { holds, clones, snapshotName }: SnapshotFacts,
  schemas: readonly RegExp[],
  isAutomaticMeant: boolean,
): string | undefined {
  if (holds === undefined) return 'may be held: the NAS does not tell';
  if (holds.length > 0)
    return `is held (${holds.map((each) => safeCell(each)).join(', ')}); release_snapshot comes first`;
  if (clones.length > 0)
    return `has clones (${clones
      .slice(0, 3)
      .map((each) => safeCell(each))
      .join(', ')})`;
  if (!isAutomaticMeant && schemas.some((schema) => schema.test(snapshotName)))
    return 'is one of a snapshot task; automatic: true takes those, too';
  return undefined;
}

function changeOf(chosen: readonly SnapshotFacts[], targets: readonly Target[]): Change {
  const calls = chosen.map(
    ({ name }): PlannedCall => ({
      method: 'pool.snapshot.delete',
      params: [name, {}],
      purpose: `delete the snapshot ${name}`,
    }),
  );
  const [first, ...others] = calls;
  if (first === undefined) throw new InputProblem('dataset', 'no snapshot fits');
  const sizes = chosen.map(({ usedBytes }) => usedBytes);
  const known = sizes.filter((size) => size !== undefined);
  const total = formatBytes(known.reduce((sum, size) => sum + size, 0));
  const title = chosen.length === 1 ? `snapshot ${chosen[0]?.name ?? ''}` : plural(chosen.length, 'snapshot');
  return {
    summary: `Delete ${title}${chosen.length === 1 ? '' : ` (${chosen[0]?.name ?? ''} and others)`}`,
    calls: [first, ...others],
    targets,
    impact: [
      `${plural(chosen.length, 'snapshot')} lost; at least ${total} freed${known.length < sizes.length ? ', some sizes unknown' : ''}. Files that only they hold are gone.`,
    ],
    undo: { impossible: 'a deleted snapshot does not come back' },
  };
}
