/** `online_disk`: takes a disk that was taken out of use, or pulled and put back, into use again. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { defineChange } from '../define.ts';
import { memberTarget } from './member-target.ts';
import { memberName, poolMember } from './pool-member.ts';

/** States of a disk that may come back by itself. */
const MAY_COME_BACK = new Set(['OFFLINE', 'REMOVED', 'UNAVAIL']);

export const onlineDisk = defineChange({
  name: 'online_disk',
  toolset: 'storage',
  access: 'operate',
  isUnlisted: true,
  title: 'Take a disk into use again',
  words: 'bring back reattach plugged in drive enable offline',
  description: 'Takes a disk of a pool that is offline or was pulled into use again.',
  input: z.strictObject({
    pool: z.string().min(1).max(100),
    disk: z.string().min(1).max(120).describe('Name, serial number or vdev guid'),
  }),
  uses: ['disk.query', 'pool.query'],
  writes: ['pool.offline', 'pool.online'],
  examples: [
    {
      args: { pool: 'tank', disk: 'sda' },
      given: [{ tool: 'offline_disk', args: { pool: 'tank', disk: 'sda' } }],
      why: 'one that was taken out of use',
    },
  ],
  async plan(nas, input): Promise<Change> {
    const pool = input.pool.trim();
    const member = await poolMember(nas, 'disk', pool, input.disk);
    const name = memberName(member);
    if (member.status === 'ONLINE') throw new InputProblem('disk', `${name} is in use already`);
    if (!MAY_COME_BACK.has(member.status)) {
      throw new InputProblem(
        'disk',
        `${name} is ${member.status}: it is not out of use by anybody's wish, but fails`,
        'replace_disk puts another disk in its place.',
      );
    }
    const call = { params: [member.poolId, { label: member.guid }] };
    return {
      summary: `Take ${name} of pool ${pool} into use again`,
      calls: [{ ...call, method: 'pool.online', purpose: `take ${name} into use again` }],
      targets: [await memberTarget(nas, member, 'ONLINE')],
      impact: [
        'What was written meanwhile is copied to it (a resilver); until that has ended it counts for no redundancy.',
      ],
      undo:
        member.status === 'OFFLINE'
          ? {
              calls: [
                { ...call, method: 'pool.offline', purpose: `take ${name} out of use again`, undoes: 0 },
              ],
            }
          : { impossible: `it was ${member.status} before, which nobody can bring about` },
    };
  },
});
