/** Temperatures of disks in degrees Celsius, by name. A NAS caches them for some minutes. */
import type { ReadClient } from '../../truenas/client.ts';

/** Readings of these disks; a disk that gives none is absent. */
export async function readTemperatures(
  nas: ReadClient,
  names: readonly string[],
  options: { readonly signal: AbortSignal },
): Promise<Map<string, number>> {
  const answer = await nas.call('disk.temperatures', [names], options);
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
