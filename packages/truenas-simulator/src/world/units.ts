/** Units and the spellings that ZFS and the middleware use for them. */

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;
export const TIB = 1024 * GIB;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** A datetime of the API: whole seconds, as the NAS cuts them. */
export function wholeSeconds(ms: number): Date {
  return new Date(Math.floor(ms / SECOND_MS) * SECOND_MS);
}

/** `12.3 GiB`, the way the middleware prints sizes of dataset properties. */
export function formatSize(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < names.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit === 0 || Number.isInteger(value) ? String(value) : String(Math.round(value * 100) / 100);
  return `${text} ${names[unit] ?? 'B'}`;
}

/** `1.50T`, the way `zfs list` prints sizes. */
export function formatZfsSize(bytes: number): string {
  const names = ['B', 'K', 'M', 'G', 'T', 'P'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < names.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return bytes === 0 ? '0' : `${String(bytes)}B`;
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${names[unit] ?? ''}`;
}

/** `128K`, the way ZFS spells block sizes. */
export function formatBlockSize(bytes: number): string {
  if (bytes >= MIB) return `${String(bytes / MIB)}M`;
  return bytes >= KIB ? `${String(bytes / KIB)}K` : String(bytes);
}

/** Reads `128K`, `1M` or `512`; undefined for anything else. */
export function parseBlockSize(text: string): number | undefined {
  const match = /^(\d+)([KM]?)B?$/i.exec(text);
  if (match === null) return undefined;
  const factor = match[2]?.toUpperCase() === 'M' ? MIB : match[2] === '' ? 1 : KIB;
  return Number(match[1]) * factor;
}

/** Two digits. */
export function pad2(value: number): string {
  return String(value).padStart(2, '0');
}
