/** Quantities as people read them. Sizes are binary (1 KiB = 1024 B), as ZFS reports them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** `1.2 TiB`; two or three significant digits, so that a column stays comparable. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  const shown = value.toFixed(digits);
  return `${bytes < 0 ? '-' : ''}${shown.endsWith('.0') ? shown.slice(0, -2) : shown} ${UNITS[unit] ?? 'B'}`;
}

/** `8 TB (8001563222016 bytes)`, `256 GB (…)`: as it is printed on a disk, and as two disks are compared. */
export function formatExactBytes(bytes: number): string {
  const isLarge = bytes >= 999_500_000_000;
  const printed = Number((bytes / (isLarge ? 1e12 : 1e9)).toPrecision(3));
  return `${printed} ${isLarge ? 'TB' : 'GB'} (${bytes} bytes)`;
}

/** `57 %`; below one percent with a decimal, so that little is not shown as nothing. */
export function formatPercent(percent: number): string {
  const digits = percent > 0 && percent < 0.95 ? 1 : 0;
  return `${percent.toFixed(digits)} %`;
}

/** Share of `part` in `whole` in percent; undefined where there is no whole. */
export function percentOf(
  part: number | null | undefined,
  whole: number | null | undefined,
): number | undefined {
  if (part === null || part === undefined || !whole || whole <= 0) return undefined;
  return (part / whole) * 100;
}

/** `3 disks`, `1 disk`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** `1,240`. */
export function formatCount(count: number): string {
  // Grouping digits by locale is slow, and most counts have nothing to group.
  return Math.abs(count) < 1000 ? String(count) : count.toLocaleString('en-US');
}

/** A number with at most three significant digits after rounding: `0.52`, `37.4`, `1,240`. */
export function formatNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 100 || Number.isInteger(value)) return formatCount(Math.round(value));
  return value.toFixed(magnitude >= 10 ? 1 : 2).replace(/\.?0+$/u, '');
}
