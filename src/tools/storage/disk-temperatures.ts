/** Temperatures of disks in degrees Celsius, by name. A NAS caches them for some minutes. */
import type { ReadClient } from '../../truenas/client.ts';
import { isAtLeast } from '../../truenas/releases.ts';

/** Readings of these disks (of all when there are no names); a disk that gives none is absent. */
export async function readTemperatures(
  nas: ReadClient,
  names: readonly string[],
): Promise<Map<string, number>> {
  // 25.04 runs smartctl for each disk, and would wake those that sleep; later releases read without touching them.
  const isOld = !isAtLeast(await nas.release(), '25.10');
  const answer = await nas.call('disk.temperatures', isOld ? [names, { powermode: 'STANDBY' }] : [names]);
  const entries = answer !== null && typeof answer === 'object' ? Object.entries(answer) : [];
  return new Map(
    entries.flatMap(([name, celsius]): [string, number][] =>
      typeof celsius === 'number' ? [[name, celsius]] : [],
    ),
  );
}

/** `38 °C`. */
export function formatCelsius(celsius: number): string {
  return `${Math.round(celsius)} °C`;
}
