/** What the overview says of a NAS whose answers are written by hand. */
import type { WireValue } from '../../../src/truenas/index.ts';
import { ask, pool } from './hand-made-nas.ts';

/** Its text; all that is not given is in perfect health. */
export const overview = async (answers: Record<string, WireValue>): Promise<string> =>
  (await ask({ 'pool.query': [pool()], 'pool.dataset.query': [], ...answers }, 'system_overview')).text;
