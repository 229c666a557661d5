/** A schedule of the NAS as people say it. */
import { planOf, type CronFields } from './schedule-times.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `daily 02:30`, `hourly :15 09:00-17:59`, `Sun 00:00`; the five fields of cron where there are no few words for it. */
export function scheduleText(fields: CronFields): string {
  const words = wordsOf(fields);
  const cron = [fields.minute, fields.hour, fields.dom, fields.month, fields.dow].join(' ');
  const { begin, end } = fields;
  const isAllDay = begin == null || end == null || (begin === '00:00' && end.startsWith('23:59'));
  return `${words ?? `cron ${cron}`}${isAllDay ? '' : ` ${begin}-${end}`}`;
}

function wordsOf(fields: CronFields): string | undefined {
  const plan = planOf({ ...fields, begin: null, end: null }, 'cron');
  if (plan === undefined) return undefined;
  const day = dayWords(fields);
  if (day === undefined) return undefined;
  const every = /^\*\/(\d+)$/u;
  const [minute] = plan.minutes;
  if (fields.hour === '*') {
    const step = every.exec(fields.minute)?.[1];
    const often =
      fields.minute === '*'
        ? 'every minute'
        : step !== undefined && 60 % Number(step) === 0
          ? `every ${step} min`
          : plan.minutes.length === 1
            ? `hourly${minute === 0 ? '' : ` :${two(minute)}`}`
            : undefined;
    return often === undefined ? undefined : join(day === 'daily' ? '' : day, often);
  }
  if (plan.minutes.length !== 1) return undefined;
  const step = every.exec(fields.hour)?.[1];
  if (step !== undefined && 24 % Number(step) === 0)
    return join(day === 'daily' ? '' : day, `every ${step} h${minute === 0 ? '' : ` :${two(minute)}`}`);
  if (plan.hours.length > 4) return undefined;
  return join(day, plan.hours.map((hour) => `${two(hour)}:${two(minute)}`).join(','));
}

function join(...words: readonly string[]): string {
  return words.filter((word) => word !== '').join(' ');
}

/** `daily`, `Mon-Fri`, `day 1 of the month`, `Jan 1`; undefined where days follow two rules. */
function dayWords({ dom, month, dow }: CronFields): string | undefined {
  const plan = planOf({ minute: '0', hour: '0', dom, month, dow }, 'cron');
  if (plan === undefined) return undefined;
  const isAnyDow = plan.dows.size === 7;
  const isAnyDom = plan.doms.size === 31;
  const isAnyMonth = plan.months.size === 12;
  if (!isAnyDow && !isAnyDom) return undefined;
  if (!isAnyDow) return isAnyMonth ? daysText(plan.dows) : undefined;
  if (isAnyDom) return isAnyMonth ? 'daily' : undefined;
  const days = [...plan.doms].join(',');
  if (plan.doms.size > 4) return undefined;
  if (isAnyMonth) return `monthly on day ${days}`;
  if (plan.months.size > 4) return undefined;
  return `${[...plan.months].map((each) => MONTHS[each - 1]).join(',')} ${days}`;
}

function daysText(dows: ReadonlySet<number>): string {
  // Weeks begin on Monday, so that a weekend is one span.
  const days = [1, 2, 3, 4, 5, 6, 0].filter((day) => dows.has(day));
  const names = days.map((day) => DAYS[day] ?? '');
  const places = days.map((day) => (day + 6) % 7);
  const isSpan = places.every((place, index) => index === 0 || place === (places[index - 1] ?? 0) + 1);
  return isSpan && names.length > 2 ? `${names[0] ?? ''}-${names.at(-1) ?? ''}` : names.join(',');
}

function two(value: number | undefined): string {
  return String(value ?? 0).padStart(2, '0');
}
