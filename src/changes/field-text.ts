/** Fields of the NAS as an administrator reads them: names without the wrapping of ZFS, sizes with units and exact bytes. */
import { safeCell, safeJson } from '../output/untrusted.ts';
import { formatBytes } from '../output/units.ts';

/** `quota` for `quota.parsed`, `comments` for `user_properties.comments.value`, `scan state` for `scan.state`. */
export function fieldName(path: string): string {
  const bare = path
    .replace(/\.(?:value|parsed|rawvalue)$/u, '')
    .replace(/^(?:user_)?properties\./u, '')
    .replace(/^topology\..*\.(?=[a-z_]+$)/u, '');
  const steps = bare.split('.').filter((step, index, all) => step !== all[index - 1]);
  return safeCell(steps.join(' '));
}

/** A value in a few words. @param path of the field, whose name tells sizes, dates and modes from other numbers */
export function valueText(value: unknown, path = ''): string {
  if (value === null || value === undefined) return 'none';
  const name = fieldName(path);
  if (value === '') return path.endsWith('.rawvalue') ? 'none' : '""';
  const number = numberOf(value);
  if (number !== undefined && SIZES.has(name)) return sizeText(number);
  if (number !== undefined && name === 'creation') return new Date(number * 1000).toISOString();
  if (typeof value === 'number' && name === 'mode') return (value & 0o7777).toString(8).padStart(3, '0');
  if (typeof value === 'string') return safeCell(value, 160);
  return safeCell(cronText(value) ?? safeJson(value), 200);
}

/** Sizes of ZFS, in bytes. */
const SIZES = new Set(
  [
    'quota refquota reservation refreservation volsize available size',
    'used usedbydataset usedbysnapshots usedbychildren usedbyrefreservation referenced logicalused',
  ].flatMap((names) => names.split(' ')),
);

/** ZFS gives sizes and dates as numbers, or as digits. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string' && !/^\d{1,15}$/u.test(value)) return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** `40 TiB (43980465111040 bytes)`: what a person compares, and what is sent. */
function sizeText(bytes: number): string {
  return bytes < 1024 ? `${bytes} bytes` : `${formatBytes(bytes)} (${bytes} bytes)`;
}

/** `30 2 * * *` for a schedule of TrueNAS; with its hours where it does not run all day. */
function cronText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { minute, hour, dom, month, dow, begin, end, ...others } = value as Record<string, unknown>;
  const parts = [minute, hour, dom, month, dow];
  if (Object.keys(others).length > 0 || parts.some((part) => typeof part !== 'string')) return undefined;
  const isAllDay = (begin ?? '00:00') === '00:00' && (end ?? '23:59') === '23:59';
  return `${parts.join(' ')}${isAllDay ? '' : ` from ${String(begin)} to ${String(end)}`}`;
}
