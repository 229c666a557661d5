/** Scales of a chart: round marks for values and times. */

/** Marks of an axis, lowest first; the first and last are its ends. */
export function valueMarks(least: number, most: number, base: 1000 | 1024): readonly number[] {
  // What varies little is drawn from near its least value, anything else from zero.
  const from = least > 0 && most - least < most / 2 ? least - (most - least) / 4 : Math.min(0, least);
  const span = most - from || Math.abs(most) || 1;
  const step = roundStep(span / 4, base);
  const first = Math.floor(from / step) * step;
  const count = Math.max(1, Math.ceil((most - first) / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => first + index * step);
}

/** The next 1, 2 or 5 of a power of ten; of bytes, of a power of two. */
function roundStep(least: number, base: 1000 | 1024): number {
  if (base === 1024 && least >= 1) return 2 ** Math.ceil(Math.log2(least));
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least * 0.999) ?? 10) * power;
}

/** Times for the axis: some five, evenly, with the words for each. */
export function timeMarks(
  fromMs: number,
  toMs: number,
  words: (ms: number) => string,
): readonly { readonly ms: number; readonly text: string }[] {
  return Array.from({ length: 5 }, (_, index) => {
    const ms = fromMs + ((toMs - fromMs) * index) / 4;
    return { ms, text: words(ms) };
  });
}

/** Writes moments of a span in the time zone of the NAS, or in UTC where nobody knows it; whole with the year. */
export function momentWords(
  spanMs: number,
  zone: string | undefined,
  isWhole = false,
): (ms: number) => string {
  const format = formatIn(zone) ?? formatIn('UTC');
  const hasDay = isWhole || spanMs > DAY_MS;
  return (ms) => {
    const of = new Map(format?.formatToParts(ms).map(({ type, value }) => [type, value]));
    const day = `${of.get('month')}-${of.get('day')}`;
    const time = `${of.get('hour')}:${of.get('minute')}${spanMs < 600_000 ? `:${of.get('second')}` : ''}`;
    if (isWhole) return `${of.get('year')}-${day} ${time}`;
    if (spanMs > 30 * DAY_MS) return day;
    return hasDay ? `${day} ${time}` : time;
  };
}

const DAY_MS = 86_400_000;

/** Undefined for a time zone that the browser does not know. */
function formatIn(zone: string | undefined): Intl.DateTimeFormat | undefined {
  const two = '2-digit';
  try {
    return new Intl.DateTimeFormat('en-GB', {
      ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two, hourCycle: 'h23' },
      timeZone: zone ?? 'UTC',
    });
  } catch {
    return undefined;
  }
}
