/** `stop_scrub`: breaks a scrub off; what it has checked so far does not count for the next one. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { defineChange } from '../define.ts';
import { presentTarget } from '../support/targets.ts';
import { unknownPool } from './find.ts';
import { poolThing } from './pool-target.ts';
import { isScanning, lastScanText, scanText, scrubbedPool } from './scrub-state.ts';

export const stopScrub = defineChange({
  name: 'stop_scrub',
  toolset: 'storage',
  access: 'operate',
  isUnlisted: true,
  title: 'Break a scrub off',
  words: 'pause cancel abort halt end pool slow',
  description: 'Breaks the scrub of a pool off; the next one begins anew.',
  input: z.strictObject({ pool: z.string().min(1).max(100) }),
  uses: ['boot.get_state', 'pool.query'],
  writes: ['pool.scrub.scrub', 'pool.scrub.run'],
  examples: [{ args: { pool: 'fast' }, why: 'one that runs' }],
  async plan(nas, { pool: named }): Promise<Change> {
    const pool = await scrubbedPool(nas, named.trim());
    if (!isScanning(pool)) throw new InputProblem('pool', `has no scrub that runs. ${lastScanText(pool)}`);
    if (pool.scan?.function !== 'SCRUB') {
      throw new InputProblem(
        'pool',
        `is being rebuilt (${scanText(pool)}), which nobody can break off: a disk has taken the place of another`,
      );
    }
    const target = await presentTarget(
      nas,
      poolThing(pool.name),
      { 'scan.function': 'SCRUB', 'scan.state': 'CANCELED' },
      { absent: () => unknownPool(nas, 'pool', pool.name) },
    );
    return {
      summary: `Break the scrub of pool ${pool.name} off`,
      calls: [
        {
          // A job of pool.scrub is forgotten by the NAS at its end: nobody could see how it ended.
          method: 'pool.scrub.scrub',
          params: [pool.name, 'STOP'],
          purpose: `break the scrub of ${pool.name} off`,
          facts: { isRunning: true },
        },
      ],
      targets: [target],
      impact: [`Lost: the work of this ${scanText(pool)}. Errors in what it has not read stay unfound.`],
      undo: {
        calls: [
          {
            method: 'pool.scrub.run',
            params: [pool.name, 0],
            purpose: `start a scrub of ${pool.name} again`,
            undoes: 0,
          },
        ],
        lost: ['what the scrub had done: it begins anew'],
      },
    };
  },
});
