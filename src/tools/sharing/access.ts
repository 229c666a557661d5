/** Lists that say who may connect, in words. Only a list that was read and is empty lets everybody in. */
import { safeCell } from '../../output/untrusted.ts';
import { gapText, type Part } from '../support/part.ts';
import { field } from '../support/rows.ts';

/** Stands for whatever is not known of a share: never "any", "none" or "no". */
export const UNKNOWN = 'UNKNOWN';
const UNKNOWN_CLIENTS = `${UNKNOWN}, the list could not be read`;

/**
 * A list that says who may connect. One that is absent, null or odd is undefined, which {@link accessText} shows as unknown.
 */
export function accessList(value: unknown): string[] | undefined {
  return field.texts(value) ?? undefined;
}

/** `any`, or the entries, at most `max` of them. */
export function clientsText(entries: readonly string[], nobody = 'any', max = 4): string {
  if (entries.length === 0) return nobody;
  const shown = entries.slice(0, max).map((entry) => safeCell(entry, 60));
  return `${shown.join(', ')}${entries.length > max ? `, … (${entries.length})` : ''}`;
}

/** As {@link clientsText}, of a list that may not be known; `unknown` then says why. */
export function accessText(
  entries: readonly string[] | undefined,
  nobody = 'any',
  max = 4,
  unknown = UNKNOWN_CLIENTS,
): string {
  return entries === undefined ? unknown : clientsText(entries, nobody, max);
}

/** `UNKNOWN, could not be read (…)`; the text for a list that is odd where the part itself was read. */
export function unknownText(part: Part<unknown>): string {
  const gap = gapText(part);
  return gap === undefined ? UNKNOWN_CLIENTS : `${UNKNOWN}, ${gap}`;
}

/** `yes` or `no`; of a setting that every share has, so that one which is missing is unknown. */
export function statedFlag(flag: boolean | null | undefined): string {
  return yesNo(flag) ?? `${UNKNOWN}, the NAS does not say`;
}

/** `yes`, `no`, or nothing when the NAS does not say. */
export function yesNo(flag: boolean | null | undefined): string | undefined {
  return flag === null || flag === undefined ? undefined : flag ? 'yes' : 'no';
}

/** Of a part of a share; nothing when it is enabled, as it should be. */
export function stateText(enabled: boolean | null): string | undefined {
  if (enabled === null) return `${UNKNOWN} whether enabled`;
  return enabled ? undefined : 'DISABLED';
}
