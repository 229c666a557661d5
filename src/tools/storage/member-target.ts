/** A disk of a pool as a change of its state touches it. */
import type { Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { presentTarget } from '../support/targets.ts';
import { memberName, type PoolMember } from './pool-member.ts';
import { poolThing } from './pool-target.ts';

/** The disk, told by the guids of pool and vdev, with the status that it gets; `present` where none is promised. */
export async function memberTarget(
  nas: ReadClient,
  member: PoolMember,
  status: 'OFFLINE' | 'ONLINE' | 'present',
): Promise<Target> {
  const { pool, path } = member;
  const thing = poolThing(pool);
  return presentTarget(
    nas,
    {
      ...thing,
      // Of a disk that leaves nothing is promised: its pool stays.
      name: status === 'present' ? thing.name : `disk ${memberName(member)} of pool ${pool}`,
      identity: [...thing.identity, `${path}.guid`],
    },
    status === 'present' ? status : { [`${path}.status`]: status },
    { absent: () => new InputProblem('pool', `${pool} is not imported any more`) },
  );
}
