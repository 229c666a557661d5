/** Instants and durations as people read them. Everything is UTC: the reader's time zone is unknown here. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `2026-03-01 04:05Z` (to the minute; `formatInstantSeconds` where seconds matter). */
export function formatInstant(ms: number): string {
  if (!isDate(ms)) return '-';
  const iso = new Date(ms).toISOString();
  // Counted from the end: years beyond 9999 have more digits.
  return `${iso.slice(0, -14)} ${iso.slice(-13, -8)}Z`;
}

/** ISO 8601 with seconds, `2026-03-01T04:05:06Z`, for data. */
export function isoInstant(ms: number): string {
  return isDate(ms) ? new Date(ms).toISOString().replace('.000Z', 'Z') : '-';
}

/** `3 h ago`, `in 2 d`, `now`: the largest unit, rounded down. */
export function formatAge(ms: number, nowMs: number): string {
  const distance = nowMs - ms;
  if (Math.abs(distance) < MINUTE_MS) return 'now';
  const span = formatDuration(Math.abs(distance));
  return distance > 0 ? `${span} ago` : `in ${span}`;
}

/** `41 d`, `3 h`, `12 min`, `5 s`: the largest unit that is not zero; `-` for what is no number. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '-';
  if (ms >= DAY_MS) return `${Math.floor(ms / DAY_MS)} d`;
  if (ms >= HOUR_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  if (ms >= MINUTE_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  return `${Math.floor(ms / 1000)} s`;
}

/** `1 d 4 h`, `16 min 40 s`, `2.5 s`: nothing is left out; below a minute to a tenth of a second. */
export function exactDuration(ms: number): string {
  if (ms < MINUTE_MS) return `${Number((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return units.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ');
}

const SPAN = /^(\d{1,5})\s*(s|m|min|mins|minutes?|h|hours?|d|days?|w|weeks?)(?:\s+ago)?$/u;
const SPAN_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: MINUTE_MS,
  min: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/** Milliseconds of `90m`, `24h`, `7d`, `2w`, `1 week`, `3 days ago`; undefined when it is not a span. */
export function parseSpan(text: string): number | undefined {
  const match = SPAN.exec(text.trim().toLowerCase());
  const unit = SPAN_MS[match?.[2]?.slice(0, match[2].startsWith('min') ? 3 : 1) ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}

/**
 * Milliseconds since the epoch of an ISO date, of a span before now (`24h` is 24 hours ago), or of the beginning of `today`
 * or `yesterday` (UTC); undefined when it is none of these.
 */
export function parseMoment(text: string, nowMs: number): number | undefined {
  const span = parseSpan(text);
  if (span !== undefined) return nowMs - span;
  const daysBack = DAYS_BACK.get(text.trim().toLowerCase());
  if (daysBack !== undefined) return nowMs - (nowMs % DAY_MS) - daysBack * DAY_MS;
  if (!/^\d{4}-\d{2}-\d{2}/u.test(text)) return undefined;
  const ms = Date.parse(
    /\d{2}:\d{2}/u.test(text) && !/(?:Z|[+-]\d{2}:?\d{2})$/iu.test(text) ? `${text}Z` : text,
  );
  return Number.isNaN(ms) ? undefined : ms;
}

const DAYS_BACK: ReadonlyMap<string, number> = new Map([
  ['today', 0],
  ['yesterday', 1],
]);

function isDate(ms: number): boolean {
  return Math.abs(ms) <= 8_640_000_000_000_000;
}
