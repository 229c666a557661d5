/** `offline_disk`: takes a disk of a pool out of use, as long as its vdev keeps redundancy. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { plural } from '../../output/units.ts';
import { defineChange } from '../define.ts';
import { memberTarget } from './member-target.ts';
import { memberName, type PoolMember, poolMember } from './pool-member.ts';

export const offlineDisk = defineChange({
  name: 'offline_disk',
  toolset: 'storage',
  access: 'manage',
  isUnlisted: true,
  title: 'Take a disk out of use',
  words: 'pull remove detach drive disable',
  description: 'Takes a disk of a pool out of use, e.g. to pull it; refused where that leaves no redundancy.',
  input: z.strictObject({
    pool: z.string().min(1).max(100),
    disk: z.string().min(1).max(120).describe('Name, serial number or vdev guid'),
  }),
  uses: ['disk.query', 'pool.query'],
  writes: ['pool.offline', 'pool.online'],
  examples: [
    { args: { pool: 'tank', disk: 'sda' }, why: 'one of a RAIDZ2' },
    { args: { pool: 'backup', disk: 'sdi' }, why: 'one that has failed already' },
  ],
  async plan(nas, input): Promise<Change> {
    const pool = input.pool.trim();
    const member = await poolMember(nas, 'disk', pool, input.disk);
    checkMayLeave(member);
    const name = memberName(member);
    const call = { params: [member.poolId, { label: member.guid }] };
    return {
      summary: `Take ${name} of pool ${pool} out of use`,
      calls: [{ ...call, method: 'pool.offline', purpose: `take ${name} out of use` }],
      targets: [await memberTarget(nas, member, 'OFFLINE')],
      impact: [
        redundancyLine(member),
        'What is written meanwhile is missing on it: once it is online again, that is copied to it.',
      ],
      undo:
        member.status === 'ONLINE'
          ? {
              calls: [{ ...call, method: 'pool.online', purpose: `take ${name} into use again`, undoes: 0 }],
            }
          : { impossible: `it was ${member.status} before; online_disk tries it again` },
    };
  },
});

/** @throws InputProblem where it is needed */
function checkMayLeave(member: PoolMember): void {
  const { vdevClass, status, vdev, survives, scan, isPaired } = member;
  const name = memberName(member);
  const refuse = (problem: string, right?: string): never => {
    throw new InputProblem('disk', problem, right);
  };
  if (vdevClass === 'spare' || vdevClass === 'cache')
    refuse(`${name} is a ${vdevClass} disk, which holds no data of the pool: it needs no such step`);
  if (status === 'OFFLINE') refuse(`${name} is out of use already`, 'online_disk takes it back.');
  if (isPaired) refuse(`${name} is being replaced, or a spare stands in for it: wait until that has ended`);
  if (scan === 'RESILVER')
    refuse(`${member.pool} is being rebuilt at the moment: wait until the resilver has ended`);
  // One that does no work any more takes nothing with it.
  if (status !== 'ONLINE') return;
  if (survives === undefined)
    refuse(`how many disks ${vdev.name} can lose is not known for its type ${vdev.type}`);
  if (vdevClass === 'log' && (survives ?? 0) < 1) {
    refuse(
      `without ${name} synchronous writes of ${member.pool} have no log any more`,
      'A log is removed from its pool in the web interface.',
    );
  }
  if ((survives ?? 0) < 1)
    refuse(`without ${name} the pool ${member.pool} is lost: ${vdev.name} can lose no disk`);
  if (survives === 1) {
    refuse(
      `without ${name} ${vdev.name} has no redundancy left: the next failed disk takes the pool ${member.pool} with it`,
      'replace_disk puts another disk in its place while it still works.',
    );
  }
}

function redundancyLine({ vdev, survives, status }: PoolMember): string {
  if (survives === undefined) return `How many disks ${vdev.name} can lose is not known.`;
  if (status !== 'ONLINE')
    return `It is ${status}: ${vdev.name} can lose ${plural(Math.max(0, survives), 'more disk')} as before.`;
  return `${vdev.name} can lose ${plural(survives - 1, 'more disk')} while it is out of use, instead of ${survives}.`;
}
