/** What hangs on a dataset and has to be taken away, each by a call of its own, before the dataset can go. */
import type { PlannedCall, Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { anyOf, query } from '../../truenas/query.ts';
import { field, oddAnswer, rawRowsOf } from '../support/rows.ts';
import { presentTarget, rowThing } from '../support/targets.ts';
import type { Attachment } from './dataset-uses.ts';
import { listed } from './dataset-uses.ts';

/** One kind that can be taken away by itself. */
interface Kind {
  /** As `pool.dataset.attachments` names it. */
  readonly type: string;
  readonly noun: string;
  readonly query: string;
  readonly remove: string;
  /** Field that ties a row to the dataset, by path or by name. */
  readonly tie: 'path' | 'dataset';
  readonly params: (id: number) => readonly unknown[];
}

const KINDS: readonly Kind[] = [
  kind('SMB Share', 'SMB share', 'sharing.smb', 'path'),
  kind('NFS Share', 'NFS share', 'sharing.nfs', 'path'),
  kind('Snapshot Task', 'snapshot task', 'pool.snapshottask', 'dataset'),
];

function kind(type: string, noun: string, namespace: string, tie: Kind['tie']): Kind {
  return {
    type,
    noun,
    query: `${namespace}.query`,
    remove: `${namespace}.delete`,
    tie,
    params: (id) => (tie === 'path' ? [id] : [id, { fixate_removal_date: false }]),
  };
}

/** Methods that {@link readRemovals} calls, and those that its calls name. */
export const REMOVAL_READS = KINDS.map((each) => each.query);
export const REMOVAL_WRITES = KINDS.map((each) => each.remove);

/** Something that is taken away first. */
interface Removal {
  readonly kind: Kind;
  readonly id: number;
  readonly label: string;
  readonly isOn: boolean;
  readonly tie: string;
}

/**
 * Everything on the dataset that is taken away first, also what is switched off.
 * @throws InputProblem for what has no call of its own here, or when the NAS counts otherwise: it would be deleted unseen
 */
export async function readRemovals(
  nas: ReadClient,
  dataset: string,
  mountpoint: string,
  attachments: readonly Attachment[],
): Promise<Removal[]> {
  const foreign = attachments.filter(({ type }) => !KINDS.some((each) => each.type === type));
  if (foreign.length > 0)
    throw new InputProblem(
      'dataset',
      `${dataset} is in use: ${foreign.map(({ type, names }) => `${safeCell(type, 60)} ${listed(names)}`).join('; ')}`,
      'The NAS would delete these, or stop them, before it tries to delete the dataset. Take them away or move them first.',
    );
  const found = await Promise.all(KINDS.map((each) => rowsOn(nas, each, dataset, mountpoint)));
  for (const [index, each] of KINDS.entries()) {
    const told = attachments
      .filter(({ type }) => type === each.type)
      .reduce((sum, { names }) => sum + names.length, 0);
    const on = (found[index] ?? []).filter(({ isOn }) => isOn).length;
    if (told !== on)
      throw new InputProblem(
        'dataset',
        `the NAS counts ${told} of the kind ${each.noun} on ${dataset}, and ${on} were found`,
        'Take them away one by one first.',
      );
  }
  return found.flat();
}

async function rowsOn(nas: ReadClient, each: Kind, dataset: string, mountpoint: string): Promise<Removal[]> {
  const root = each.tie === 'path' ? mountpoint : dataset;
  const filters = [anyOf([each.tie, '=', root], [each.tie, '^', `${root}/`])];
  const rows = rawRowsOf(await nas.call(each.query, query({ filters, orderBy: ['id'] })));
  return rows.map((row) => {
    const id = field.integer(row['id']);
    const tie = field.rawText(row[each.tie]);
    if (id === null || tie === null) throw oddAnswer(row, `a row of ${each.query}`);
    const name = field.text(row['name']) ?? tie;
    return {
      kind: each,
      id,
      tie,
      label: `${each.noun} ${each.tie === 'dataset' ? `${id} (${name})` : name}`,
      isOn: row['enabled'] !== false,
    };
  });
}

/** The calls that take these away, and what they touch; the first call has the index 0. */
export async function removalSteps(
  nas: ReadClient,
  dataset: string,
  removals: readonly Removal[],
): Promise<{ readonly calls: readonly PlannedCall[]; readonly targets: readonly Target[] }> {
  const targets = await Promise.all(
    removals.map(({ kind: { query: method, tie }, id, label }, changedBy) =>
      presentTarget(
        nas,
        rowThing(label, method, ['id', '=', id], { dataset, identity: ['id', tie] }),
        'absent',
        {
          changedBy,
          absent: () => new InputProblem('dataset', `${label} is there no more`, 'Plan it again.'),
        },
      ),
    ),
  );
  const calls = removals.map(
    ({ kind: each, id, label, isOn }): PlannedCall => ({
      method: each.remove,
      params: each.params(id),
      purpose: `take the ${isOn ? '' : 'switched-off '}${label} away`,
    }),
  );
  return { calls, targets };
}
