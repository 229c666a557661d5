/** The stretch of time that a question about schedules is about, as people say it. */
import { InputProblem } from '../../../output/problem.ts';
import { parseSpan } from '../../../output/time.ts';
import type { TimeZone } from '../../../output/time-zone.ts';

/** From and to, in milliseconds since the epoch. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MAX_SPAN_MS = 31 * DAY_MS;
const EVENING = 18;
const MORNING = 8;

/**
 * The window that `from` and `span` name, by the clock of the NAS.
 * @param from `now`, `tonight`, `today`, `tomorrow`, `22:00`, `2026-03-01`, `2026-03-01 22:00`; now when absent
 * @param span `8h`, `7d`; a day when absent, and till the morning for `tonight`
 * @throws InputProblem for what is none of these, too long, or past
 */
export function windowOf(
  from: string | undefined,
  span: string | undefined,
  zone: TimeZone | undefined,
  nowMs: number,
): Window {
  const given = from?.trim().toLowerCase() ?? 'now';
  const begin = beginOf(given, zone, nowMs);
  if (begin === undefined)
    throw new InputProblem(
      'from',
      `is no time: ${JSON.stringify(from)}`,
      'e.g. "tonight", "22:00" or "2026-03-01 22:00", by the clock of the NAS',
    );
  const lengthMs = span === undefined ? undefined : parseSpan(span);
  if (span !== undefined && (lengthMs === undefined || lengthMs < MINUTE_MS || lengthMs > MAX_SPAN_MS))
    throw new InputProblem('span', 'is no span of a minute to 31 days', 'e.g. "8h" or "7d"');
  const endMs = begin.endMs ?? begin.ms + DAY_MS;
  const toMs = lengthMs === undefined ? endMs : begin.ms + lengthMs;
  if (toMs <= nowMs)
    throw new InputProblem(
      'from',
      'names a time that is over; schedules tell what comes',
      'list_jobs tells what ran',
    );
  if (begin.ms - nowMs > MAX_AHEAD_MS)
    throw new InputProblem(
      'from',
      'is more than a year ahead',
      'schedules change: name a time that is nearer',
    );
  return { fromMs: Math.max(begin.ms, nowMs), toMs };
}

const MAX_AHEAD_MS = 366 * DAY_MS;

function beginOf(
  text: string,
  zone: TimeZone | undefined,
  nowMs: number,
): { readonly ms: number; readonly endMs?: number } | undefined {
  const wallMs = nowMs + (zone?.offsetMs(nowMs) ?? 0);
  const today = wallMs - (wallMs % DAY_MS);
  const at = (dayMs: number, hours: number): number => instantOf(dayMs + hours * HOUR_MS, zone);
  if (text === 'now' || text === '') return { ms: nowMs };
  if (text === 'today') return { ms: nowMs, endMs: at(today + DAY_MS, 0) };
  if (text === 'tomorrow') return { ms: at(today + DAY_MS, 0), endMs: at(today + 2 * DAY_MS, 0) };
  if (text === 'tonight') {
    // Before the morning the night is the one that is going on.
    if (wallMs - today < MORNING * HOUR_MS) return { ms: nowMs, endMs: at(today, MORNING) };
    return { ms: Math.max(nowMs, at(today, EVENING)), endMs: at(today + DAY_MS, MORNING) };
  }
  const clock = /^(\d{1,2}):(\d{2})$/u.exec(text);
  if (clock !== null) {
    const ofDay = Number(clock[1]) * HOUR_MS + Number(clock[2]) * MINUTE_MS;
    if (ofDay >= DAY_MS || Number(clock[2]) > 59) return undefined;
    const ms = instantOf(today + ofDay, zone);
    return { ms: ms >= nowMs ? ms : instantOf(today + DAY_MS + ofDay, zone) };
  }
  return dateOf(text, zone);
}

/** A date, with or without a time; with an offset of its own where it names one. */
function dateOf(text: string, zone: TimeZone | undefined): { readonly ms: number } | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[t ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?)?(z|[+-]\d{2}:?\d{2})?$/u.exec(
    text,
  );
  if (match === null) return undefined;
  const [, day = '', time = '00:00', offset] = match;
  const ms = Date.parse(`${day}T${time}:00${(offset ?? 'Z').toUpperCase()}`);
  if (Number.isNaN(ms)) return undefined;
  return { ms: offset === undefined ? instantOf(ms, zone) : ms };
}

/** The instant at which the clock on the wall shows this time; the later one where it is left out or shown twice. */
function instantOf(wallMs: number, zone: TimeZone | undefined): number {
  if (zone === undefined) return wallMs;
  const guess = wallMs - zone.offsetMs(wallMs);
  return wallMs - zone.offsetMs(guess);
}
