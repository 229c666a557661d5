/**
 * `delete_dataset`: everything that goes with it is listed first. The NAS deletes shares and tasks before it tries to destroy
 * the dataset, and does so also when that fails; so they are taken away by calls of their own, whatever would make the
 * destroying fail is refused, and the full lists are read again before the dataset goes.
 */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { formatBytes, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineChange } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { gapText } from '../support/part.ts';
import { datasetThing, presentTarget } from '../support/targets.ts';
import { readRemovals, REMOVAL_READS, REMOVAL_WRITES, removalSteps } from './dataset-attachments.ts';
import { type DatasetFacts, datasetFacts, namesBelow, originOf } from './dataset-facts.ts';
import {
  listed,
  readUses,
  USES_READS,
  type UsingProcess,
  type Uses,
  usesFacts,
  usesLines,
} from './dataset-uses.ts';
import { listTargets, treeSnapshotFilters } from './doomed-lists.ts';
import { unknownDataset } from './find.ts';
import { clonesBySnapshot, filteredSnapshots } from './snapshot-lookup.ts';
import type { SnapshotFacts } from './snapshot-facts.ts';

export const deleteDataset = defineChange({
  name: 'delete_dataset',
  toolset: 'storage',
  access: 'destroy',
  title: 'Delete a dataset',
  words: 'remove destroy erase drop filesystem zvol volume folder',
  description:
    'Deletes a dataset or volume with its data and snapshots for good. Its shares and snapshot tasks go first; other uses must be removed before.',
  input: z.strictObject({
    dataset: z.string().min(1).max(200),
    recursive: z.boolean().optional().describe('Also all datasets below'),
  }),
  uses: ['pool.dataset.query', 'pool.snapshot.query', ...new Set([...USES_READS, ...REMOVAL_READS])],
  writes: ['pool.dataset.delete', ...REMOVAL_WRITES],
  examples: [
    { args: { dataset: 'tank/media/music' }, why: 'a dataset with snapshots' },
    {
      args: { dataset: 'tank/new' },
      why: 'an empty one',
      given: [{ tool: 'create_dataset', args: { dataset: 'tank/new' } }],
    },
    {
      args: { dataset: 'tank/a', recursive: true },
      why: 'with what lies below',
      given: [{ tool: 'create_dataset', args: { dataset: 'tank/a/b', parents: true } }],
    },
    { args: { dataset: 'fast/vms/win11' }, why: 'a volume' },
  ],
  async plan(nas, input): Promise<Change> {
    const dataset = datasetName(input.dataset);
    const facts = await datasetFacts(nas, dataset);
    if (!dataset.includes('/'))
      throw new InputProblem('dataset', `${dataset} is a pool: its root dataset goes with the pool only`);
    const below = await namesBelow(nas, dataset);
    if (below.length > 0 && input.recursive !== true)
      throw new InputProblem(
        'recursive',
        `${plural(below.length, 'dataset')} below ${dataset} would go with it: ${listed(below)}`,
        'recursive: true takes them, too.',
      );
    const [snapshots, uses] = await Promise.all([
      snapshotsOf(nas, dataset),
      readUses(nas, dataset, facts.locked === true),
    ]);
    await checkSnapshots(nas, dataset, below, snapshots);
    return planDelete(nas, { dataset, facts, below, snapshots, uses });
  },
});

/** What is known of a dataset that is to go. */
interface Doomed {
  readonly dataset: string;
  readonly facts: DatasetFacts;
  readonly below: readonly string[];
  readonly snapshots: readonly SnapshotFacts[];
  readonly uses: Uses;
}

async function planDelete(nas: ReadClient, doomed: Doomed): Promise<Change> {
  const { dataset, facts, below, snapshots, uses } = doomed;
  if ('gap' in uses.attachments)
    throw new InputProblem(
      'dataset',
      `what uses ${dataset} ${gapText(uses.attachments) ?? ''}: it is not deleted unseen`,
    );
  checkProcesses(uses, dataset);
  const mountpoint = facts.mountpoint ?? `/mnt/${dataset}`;
  const removals = await readRemovals(nas, dataset, mountpoint, uses.attachments.value);
  const steps = await removalSteps(nas, dataset, removals);
  const last = steps.calls.length;
  const target = await presentTarget(nas, datasetThing(dataset), 'absent', {
    changedBy: last,
    absent: () => unknownDataset(nas, 'dataset', dataset),
  });
  const isRecursive = below.length > 0 || snapshots.length > 0;
  const destroy = {
    method: 'pool.dataset.delete',
    params: [dataset, { recursive: isRecursive, force: false }],
    purpose: `delete ${facts.type === 'VOLUME' ? 'the volume' : 'the dataset'} ${dataset}`,
    before: target.before,
    facts: { ...usesFacts(uses), isFullyListed: true },
  };
  const [first, ...others] = [...steps.calls, destroy];
  return {
    summary: `Delete dataset ${dataset}${withText(doomed, removals.length)}`,
    calls: [first ?? destroy, ...others],
    targets: [...steps.targets, target, ...(await listTargets(nas, dataset, uses, last))],
    impact: impactOf(doomed, removals.filter(({ isOn }) => !isOn).length),
    undo: { impossible: 'a deleted dataset does not come back, other than from a backup or a replica' },
  };
}

function withText({ below, snapshots }: Doomed, removals: number): string {
  const parts = [
    ...(below.length === 0 ? [] : [`${plural(below.length, 'dataset')} below`]),
    ...(snapshots.length === 0 ? [] : [plural(snapshots.length, 'snapshot')]),
    ...(removals === 0 ? [] : [plural(removals, 'share or task', 'shares and tasks')]),
  ];
  return parts.length === 0 ? '' : ` with ${parts.join(', ')}`;
}

function impactOf({ dataset, facts, below, snapshots, uses }: Doomed, switchedOff: number): string[] {
  const used = facts.used?.parsed;
  const inSnapshots = facts.usedbysnapshots?.parsed;
  const origin = originOf(facts);
  return [
    `Gentler: rename_dataset (e.g. to ${dataset}-old) and take its shares away, and delete it once nobody has missed it.`,
    `Lost for good: ${typeof used === 'number' ? formatBytes(used) : 'an unknown amount'} of data${typeof inSnapshots === 'number' && inSnapshots > 0 ? `, ${formatBytes(inSnapshots)} of it in its own snapshots` : ''}.`,
    `${plural(snapshots.length, 'snapshot')}${snapshots.length === 0 ? '' : `: ${listed(snapshots.map(({ name }) => name))}`}; none is held, none has clones outside`,
    ...(below.length === 0 ? [] : [`${plural(below.length, 'dataset')} below: ${listed(below)}`]),
    ...(origin === undefined ? [] : [`It is a clone; its origin ${safeCell(origin)} stays.`]),
    ...usesLines(uses),
    ...(switchedOff === 0
      ? []
      : [`Switched off, and taken away too: ${plural(switchedOff, 'share or task', 'shares and tasks')}.`]),
    'The NAS does not tell which other tasks, extents or apps are switched off and name it: those stay behind.',
  ];
}

/** The snapshots of the dataset and of all below. */
function snapshotsOf(nas: ReadClient, dataset: string): Promise<SnapshotFacts[]> {
  return filteredSnapshots(nas, treeSnapshotFilters(dataset));
}

/** @throws InputProblem for what would make the destroying fail, after the shares are gone */
async function checkSnapshots(
  nas: ReadClient,
  dataset: string,
  below: readonly string[],
  snapshots: readonly SnapshotFacts[],
): Promise<void> {
  const unknown = snapshots.find(({ holds }) => holds === undefined);
  if (unknown !== undefined)
    throw new InputProblem('dataset', `${unknown.name} may be held: the NAS does not tell`);
  const held = snapshots.filter(({ holds = [] }) => holds.length > 0);
  if (held.length > 0)
    throw new InputProblem(
      'dataset',
      `it has ${plural(held.length, 'held snapshot')}: ${listed(held.map(({ name, holds = [] }) => `${name} (${holds.join(', ')})`))}`,
      'release_snapshot comes first, where nobody needs the hold any more.',
    );
  const own = new Set([dataset, ...below]);
  const withSnapshots = [...own].filter((name) => snapshots.some((each) => each.dataset === name));
  const clones = (await Promise.all(withSnapshots.map((name) => clonesBySnapshot(nas, name))))
    .flatMap((found) => [...found])
    .flatMap(([snapshot, names]) =>
      names.filter((name) => !own.has(name)).map((name) => `${name} (of ${snapshot})`),
    );
  if (clones.length > 0)
    throw new InputProblem(
      'dataset',
      `it has ${plural(clones.length, 'clone')} elsewhere: ${listed(clones)}`,
      'promote_dataset makes a clone independent; then this can go.',
    );
}

/** Services whose shares are taken away first: their processes let go then. */
const LETTING_GO = new Set(['cifs', 'nfs']);

function checkProcesses({ processes }: Uses, dataset: string): void {
  if ('gap' in processes) return;
  const staying = processes.value.filter(
    ({ service }: UsingProcess) => service === null || !LETTING_GO.has(service),
  );
  if (staying.length > 0)
    throw new InputProblem(
      'dataset',
      `${dataset} is in use by processes (${staying.length}): ${listed(staying.map(({ name, pid }) => `${name ?? 'unknown'} ${pid ?? '-'}`))}`,
      'Stop what uses it first: the NAS would delete its shares and tasks and then fail.',
    );
}
