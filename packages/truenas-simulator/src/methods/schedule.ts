/** When a task runs, as cron writes it: the same fields in every kind of task, with defaults of its own. */
import { model, text } from '../schema/schema.ts';

/** At every full hour: the default of most tasks. */
export const HOURLY = { minute: '00', hour: '*', dom: '*', month: '*', dow: '*' } as const;

/** The same within a day, for tasks that may be confined to a part of it. */
export const HOURLY_ALL_DAY = { ...HOURLY, begin: '00:00', end: '23:59' } as const;

/** The parameter's model: a text for each field of `defaults`. */
export function scheduleModel(name: string, defaults: Readonly<Record<string, string>> = HOURLY) {
  const fields = Object.entries(defaults).map(([field, value]) => [field, text().default(value)]);
  return model(name, Object.fromEntries(fields));
}
