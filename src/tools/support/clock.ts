/** The clock of a NAS. Its times are by its own clock, which may be wrong: an age by ours would be wrong too. */
import { formatDuration } from '../../output/time.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { readPart, valueOr } from './part.ts';
import { field, objectOf } from './rows.ts';

/** What time it is on the NAS. */
export interface NasClock {
  readonly nowMs: number;
  /** Says that the clocks differ, when they do. */
  readonly note?: string;
}

/** Clocks that differ by less agree: calls take a while, and times are shown to the minute. */
const TOLERANCE_MS = 5 * 60_000;

/** The clock of a NAS that says it is `datetimeMs`; ours where it does not say. */
export function readClock(datetimeMs: number | null, ownMs: number): NasClock {
  if (datetimeMs === null || Math.abs(datetimeMs - ownMs) < TOLERANCE_MS) return { nowMs: ownMs };
  const by = formatDuration(Math.abs(datetimeMs - ownMs));
  const side = datetimeMs < ownMs ? 'behind' : 'ahead of';
  return {
    nowMs: datetimeMs,
    note: `CLOCK: the NAS is ${by} ${side} this machine; ages are by the clock of the NAS`,
  };
}

/** As {@link readClock}, asking `system.info`; ours for a key that may not. */
export async function clockOf(nas: ReadClient, ownMs: number): Promise<NasClock> {
  const info = await readPart(nas, async (limited) =>
    objectOf(await limited.call('system.info', []), { datetime: field.time }),
  );
  return readClock(valueOr(info, undefined)?.datetime ?? null, ownMs);
}
