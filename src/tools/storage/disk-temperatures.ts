/** Temperatures of disks in degrees Celsius, by name. A NAS caches them for some minutes. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { recordOf } from '../support/rows.ts';

/** What disks say of their temperature. */
export interface Temperatures {
  /** Degrees Celsius; a disk that gives no reading is absent. */
  readonly readings: ReadonlyMap<string, number>;
  /** What no disk can mean, in words: `255, which cannot be a temperature`. Sensors answer so that are broken or not there. */
  readonly implausible: ReadonlyMap<string, string>;
}

/** Disks work between these; a sensor that says 0, -1 or 255 says nothing. */
const PLAUSIBLE_CELSIUS = { above: 0, below: 126 };

/** Readings of these disks; of all when there are no names. */
export async function readTemperatures(nas: ReadClient, names: readonly string[]): Promise<Temperatures> {
  // 25.04 runs smartctl for each disk, and would wake those that sleep; later releases read without touching them.
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

/** `38 °C`. */
export function formatCelsius(celsius: number): string {
  return `${Math.round(celsius)} °C`;
}

function formOf(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(safeCell(value, 20)) : `a ${typeof value}`;
}
