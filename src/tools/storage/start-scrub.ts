/** `start_scrub`: reads all data of a pool and mends what a checksum shows to be wrong. */
import * as z from 'zod';
import type { Change } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { defineChange } from '../define.ts';
import { presentTarget } from '../support/targets.ts';
import { unknownPool } from './find.ts';
import { poolThing } from './pool-target.ts';
import { isPaused, isScanning, lastScanText, scanText, scrubbedPool } from './scrub-state.ts';

export const startScrub = defineChange({
  name: 'start_scrub',
  toolset: 'storage',
  access: 'operate',
  isUnlisted: true,
  title: 'Start a scrub',
  words: 'run check verify checksum integrity bit rot pool data',
  description: 'Checks all data of a pool against its checksums and mends what is wrong.',
  input: z.strictObject({ pool: z.string().min(1).max(100) }),
  uses: ['boot.get_state', 'pool.query'],
  writes: ['pool.scrub.run'],
  examples: [{ args: { pool: 'tank' }, why: 'one that is idle' }],
  async plan(nas, { pool: named }): Promise<Change> {
    const pool = await scrubbedPool(nas, named.trim());
    if (isPaused(pool)) {
      throw new InputProblem(
        'pool',
        `has a scrub that is paused (${scanText(pool)})`,
        'Let it go on in the web interface, or break it off with stop_scrub and start anew.',
      );
    }
    if (isScanning(pool)) throw new InputProblem('pool', `is busy already: ${scanText(pool)}`);
    const target = await presentTarget(
      nas,
      // The NAS answers before the scrub runs, and a small pool is checked in a moment.
      { ...poolThing(pool.name), renewed: ['scan.start_time'] },
      { 'scan.function': 'SCRUB' },
      { absent: () => unknownPool(nas, 'pool', pool.name) },
    );
    return {
      summary: `Start a scrub of pool ${pool.name}`,
      // Unlike pool.scrub it does not last as long as the scrub, and with 0 days any scrub before is long enough ago.
      calls: [
        {
          method: 'pool.scrub.run',
          params: [pool.name, 0],
          purpose: `check all data of ${pool.name}`,
        },
      ],
      targets: [target],
      impact: [
        lastScanText(pool),
        'It reads all data, for hours or days; the pool stays usable, slower. get_pool shows how far it is.',
      ],
      undo: { impossible: 'a scrub changes no data; stop_scrub breaks it off' },
    };
  },
});
