/** The clock of a NAS. Its times are by its own clock, which may be wrong: an age by ours would be wrong too. */
import { formatDuration } from '../../output/time.ts';
import { type TimeZone, timeZone } from '../../output/time-zone.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { gapText, readPart, valueOr } from './part.ts';
import { field, objectOf } from './rows.ts';

/** What time it is on the NAS. */
export interface NasClock {
  readonly nowMs: number;
  /** Says that the clocks differ, or why ours is used. */
  readonly notes: readonly string[];
  /** The NAS did not tell its time: ours stands in. */
  readonly isGuessed?: true;
}

/** Clocks that differ by less agree: calls take a while, and times are shown to the minute. */
const TOLERANCE_MS = 5 * 60_000;

/** The clock of a NAS that says it is `datetimeMs`; ours where it does not say. */
export function readClock(datetimeMs: number | null, ownMs: number): NasClock {
  if (datetimeMs === null || Math.abs(datetimeMs - ownMs) < TOLERANCE_MS) return { nowMs: ownMs, notes: [] };
  const by = formatDuration(Math.abs(datetimeMs - ownMs));
  const side = datetimeMs < ownMs ? 'behind' : 'ahead of';
  return {
    nowMs: datetimeMs,
    notes: [`CLOCK: the NAS is ${by} ${side} this machine; ages are by the clock of the NAS`],
  };
}

/** As {@link readClock}, asking `system.info`. Where the NAS does not tell its time, ours is used and a note says so. */
export async function clockOf(nas: ReadClient, ownMs: number): Promise<NasClock> {
  const known = knownTime(nas, ownMs);
  if (known !== undefined) return readClock(ownMs + known.aheadMs, ownMs);
  const info = await readInfo(nas);
  const datetimeMs = valueOr(info, undefined)?.datetime ?? null;
  if (datetimeMs !== null) {
    keepTime(nas, ownMs, valueOr(info, undefined));
    return readClock(datetimeMs, ownMs);
  }
  const why = gapText(info) ?? 'is unknown';
  return {
    nowMs: ownMs,
    isGuessed: true,
    notes: [`(ages are by this machine's clock: that of the NAS ${why})`],
  };
}

/**
 * What was read of the clock of a NAS, by connection. `system.info` asks the hardware of a real NAS; a clock that runs ahead
 * does so for a while.
 */
const readings = new WeakMap<object, { aheadMs: number; timezone: string | null; readAtMs: number }>();
/** For how long a reading is believed, in milliseconds. */
const BELIEVED_MS = 5 * 60_000;

function knownTime({ origin }: ReadClient, ownMs: number) {
  const time = origin === undefined ? undefined : readings.get(origin);
  return time !== undefined && Math.abs(ownMs - time.readAtMs) < BELIEVED_MS ? time : undefined;
}

function keepTime(
  { origin }: ReadClient,
  ownMs: number,
  info: { datetime: number | null; timezone: string | null } | undefined,
): void {
  if (origin === undefined || info === undefined || info.datetime === null) return;
  if (!isPlausible(info.datetime)) return;
  readings.set(origin, { aheadMs: info.datetime - ownMs, timezone: info.timezone, readAtMs: ownMs });
}

function readInfo(nas: ReadClient) {
  return readPart(nas, async (limited) => objectOf(await limited.call('system.info', []), INFO));
}

/** The clock of a NAS, and the time zone that its people read it in. */
export interface NasTime extends NasClock {
  /** Absent when it is not known: times are shown in UTC then. */
  readonly zone?: TimeZone;
}

const INFO = { datetime: field.time, timezone: field.text };

/** Asks `system.info` once, for {@link readClock} and the time zone; ours and UTC where the NAS does not say. */
export async function timeOf(nas: ReadClient, ownMs: number): Promise<NasTime> {
  const kept = knownTime(nas, ownMs);
  const info = kept === undefined ? await readInfo(nas) : undefined;
  const read = info === undefined ? undefined : valueOr(info, undefined);
  keepTime(nas, ownMs, read);
  const { datetime: said = null, timezone = null } =
    kept === undefined ? (read ?? {}) : { datetime: ownMs + kept.aheadMs, timezone: kept.timezone };
  const datetime = said !== null && isPlausible(said) ? said : null;
  const clock = readClock(datetime, ownMs);
  const zone = timezone === null ? undefined : timeZone(timezone);
  const gap =
    (info === undefined ? undefined : gapText(info)) ?? (datetime === null ? 'could not be read' : undefined);
  return {
    ...clock,
    ...(zone === undefined ? {} : { zone }),
    notes: [
      ...clock.notes,
      ...(gap === undefined ? [] : [`(the clock of the NAS ${gap}; ages are by the clock of this machine)`]),
    ],
  };
}

/** True from 1970, where a clock without a battery begins, to the year 9999. */
function isPlausible(ms: number): boolean {
  return ms >= 0 && ms < 253_402_300_800_000;
}
