/** Properties of jails and plugins, which iocage tells as flat text. */
import { field } from '../../support/rows.ts';

/** A switch: `on` or `off`, `yes` or `no`, 1 or 0, by property and version. */
export function isOn(value: unknown): boolean | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (text === true || text === 'on' || text === 'yes' || text === '1') return true;
  return text === false || text === 'off' || text === 'no' || text === '0' ? false : null;
}

/** `vnet0|10.0.0.5/24,vnet0|10.0.0.6/24` without the interfaces; null for none. */
export function addressOf(value: unknown): string | null {
  const text = field.text(value);
  if (text === null || text === 'none' || text === '-') return null;
  return text
    .split(',')
    .map((each) => each.replace(/^[^|]*\|/u, '').trim())
    .join(', ');
}
