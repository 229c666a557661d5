/** Imported pools that no scrub task looks after. */
import type { Unscrubbed } from '../../findings/schedule.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import type { Calendar } from './calendar/tasks.ts';

const SCRUB = 'scrub of ';
const POOL = { name: field.text, status: field.text };
/** States of a pool that is not there to be scrubbed. */
const GONE = /^(?:OFFLINE|UNAVAIL|FAULTED|REMOVED|SUSPENDED)$/u;

/** Calls `pool.query`. Where scrub tasks could not all be read, nothing is said of them: the calendar says why. */
export async function readUnscrubbed(
  nas: ReadClient,
  { tasks, gaps, cut }: Calendar,
): Promise<{ readonly pools: readonly Unscrubbed[]; readonly gaps: readonly string[] }> {
  const scrubs = tasks.filter(({ label }) => label.startsWith(SCRUB));
  const isWhole = ![...gaps, ...cut].some((gap) => gap.startsWith('scrubs'));
  if (!isWhole || scrubs.some(({ about, state }) => about === '-' || state === 'unknown'))
    return { pools: [], gaps: ['whether scrubs cover each pool'] };
  const part = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('pool.query', query({ select: Object.keys(POOL) })), POOL),
  );
  const why = gapText(part);
  if (!('value' in part)) return { pools: [], gaps: [`whether scrubs cover each pool ${why ?? ''}`] };
  const known = part.value.filter(({ name, status }) => name !== null && status !== null);
  const pools = known
    .filter(({ status }) => !GONE.test(status ?? ''))
    .flatMap(({ name }): Unscrubbed[] => {
      const pool = safeCell(name ?? '-', 80);
      const own = scrubs.filter(({ about }) => about === pool);
      if (own.some(({ state }) => state !== 'off')) return [];
      return [{ pool, why: own.length === 0 ? 'no scrub task' : 'its scrub task is switched off' }];
    });
  return { pools, gaps: known.length < part.value.length ? ['whether a scrub covers every pool'] : [] };
}
