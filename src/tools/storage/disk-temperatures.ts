/** Temperatures of disks in degrees Celsius, by name. A NAS caches them for some minutes. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, objectOf, recordOf } from '../support/rows.ts';

/** Readings of disks. */
export interface Temperatures {
  /** Degrees Celsius; a disk that gives no reading is absent. */
  readonly readings: ReadonlyMap<string, number>;
  /** Readings that no disk can have, in words: `255, which cannot be a temperature`. A sensor answers so that is broken or missing. */
  readonly implausible: ReadonlyMap<string, string>;
}

/** A disk works between these; a sensor that gives 0, -1 or 255 measures nothing. */
const PLAUSIBLE_CELSIUS = { above: 0, below: 126 };

/** Readings of these disks; of all when there are no names. */
export async function readTemperatures(nas: ReadClient, names: readonly string[]): Promise<Temperatures> {
  // 25.04 runs smartctl for each disk, which wakes a disk that sleeps. Later releases do not touch the disks, and refuse
  // the option. Only the release tells: a wrong guess either wakes disks or costs a call each time.
  const isOld = !isAtLeast(await nas.release(), '25.10');
  const answer = await nas.call('disk.temperatures', isOld ? [names, { powermode: 'STANDBY' }] : [names]);
  const readings = new Map<string, number>();
  const implausible = new Map<string, string>();
  for (const [name, celsius] of Object.entries(recordOf(answer))) {
    if (celsius === null) continue;
    if (typeof celsius !== 'number')
      implausible.set(name, `${formOf(celsius)}, which cannot be a temperature`);
    else if (celsius <= PLAUSIBLE_CELSIUS.above || celsius >= PLAUSIBLE_CELSIUS.below)
      implausible.set(name, `${celsius}, which cannot be a temperature`);
    else readings.set(name, celsius);
  }
  return { readings, implausible };
}

const AGGREGATE = field.object({ min: field.number, max: field.number, avg: field.number });
const DAYS = 7;

/** `58 °C now, 50 °C to 59 °C in 7 d`; each part is read on its own. Calls `disk.temperatures` and `disk.temperature_agg`. */
export async function temperatureText(nas: ReadClient, name: string): Promise<string> {
  const [readings, week] = await Promise.all([
    readPart(nas, (limited) => readTemperatures(limited, [name])),
    readPart(nas, async (limited) => {
      const aggregates = await limited.call('disk.temperature_agg', [[name], DAYS]);
      return objectOf(aggregates, { [name]: AGGREGATE })[name] ?? null;
    }),
  ]);
  const now = valueOr(readings, undefined)?.readings.get(name);
  const implausible = valueOr(readings, undefined)?.implausible.get(name);
  const range = valueOr(week, null);
  const words = [
    gapText(readings) ?? implausible ?? (now === undefined ? undefined : `${formatCelsius(now)} now`),
    'gap' in week
      ? `the last ${DAYS} d ${gapText(week)}`
      : range === null || range.min === null || range.max === null
        ? undefined
        : `${formatCelsius(range.min)} to ${formatCelsius(range.max)} in ${DAYS} d`,
  ].filter(Boolean);
  return words.length > 0 ? words.join(', ') : 'not reported';
}

/** `38 °C`. */
export function formatCelsius(celsius: number): string {
  return `${Math.round(celsius)} °C`;
}

function formOf(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(safeCell(value, 20)) : `a ${typeof value}`;
}
