/** Instants by the clock on the wall of a place. */

const MINUTE_MS = 60_000;

/** A time zone by its IANA name. */
export interface TimeZone {
  /** `Europe/Berlin`. */
  readonly name: string;
  /** How far its clocks are ahead of UTC at this instant, in milliseconds. */
  offsetMs(ms: number): number;
}

/** The zone of this name; undefined for a name that is none. */
export function timeZone(name: string): TimeZone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
  return {
    name,
    offsetMs(ms) {
      const part = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      // `GMT+01:00`; just `GMT` where there is no offset.
      const match = /([+-])(\d{2}):(\d{2})/u.exec(part);
      if (match === null) return 0;
      const minutes = Number(match[2]) * 60 + Number(match[3]);
      return (match[1] === '-' ? -minutes : minutes) * MINUTE_MS;
    },
  };
}

/** `2026-03-01 05:05+01:00`, to the minute; in UTC (`2026-03-01 04:05Z`) without a zone. */
export function formatZoned(ms: number, zone: TimeZone | undefined): string {
  if (!isDate(ms)) return '-';
  const offsetMs = zone?.offsetMs(ms) ?? 0;
  const iso = new Date(ms + offsetMs).toISOString();
  // Counted from the end: years beyond 9999 have more digits.
  return `${iso.slice(0, -14)} ${iso.slice(-13, -8)}${offsetText(offsetMs)}`;
}

/** `05:05`, or `03-01 05:05` with the day: for times whose year and offset are told beside them. */
export function formatShort(ms: number, zone: TimeZone | undefined, hasDay: boolean): string {
  if (!isDate(ms)) return '-';
  const iso = new Date(ms + (zone?.offsetMs(ms) ?? 0)).toISOString();
  return hasDay ? `${iso.slice(-19, -14)} ${iso.slice(-13, -8)}` : iso.slice(-13, -8);
}

function offsetText(offsetMs: number): string {
  if (offsetMs === 0) return 'Z';
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Leaves a day at either end, so that every offset fits. */
function isDate(ms: number): boolean {
  return Math.abs(ms) <= 8_640_000_000_000_000 - 86_400_000;
}
