/** A snapshot as a change of its holds touches it. */
import type { Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { presentTarget, snapshotThing } from '../support/targets.ts';
import { SNAPSHOT_FACTS_EXTRA } from './snapshot-facts.ts';

/** How many holds there are: told on every release, unlike when each was set. */
const COUNT = 'properties.userrefs.rawvalue';

/**
 * The snapshot with one hold more or fewer.
 * @throws InputProblem when the NAS does not tell how many it has: then nobody could see whether the change worked
 */
export async function holdTarget(
  nas: ReadClient,
  name: string,
  changedBy: number,
  by: 1 | -1,
): Promise<Target> {
  const thing = {
    ...snapshotThing(name),
    read: {
      method: 'pool.snapshot.query',
      params: query({ filters: [['id', '=', name]], limit: 1, extra: SNAPSHOT_FACTS_EXTRA }),
    },
  };
  const target = await presentTarget(
    nas,
    thing,
    { [COUNT]: null },
    {
      changedBy,
      absent: () => new InputProblem('snapshots', `${name} does not exist`),
    },
  );
  const before = target.before[COUNT];
  if (typeof before !== 'string' || !/^\d+$/u.test(before))
    throw new InputProblem('snapshots', `how many holds ${name} has is not known: the NAS does not tell`);
  return { ...target, after: { [COUNT]: String(Number(before) + by) } };
}
