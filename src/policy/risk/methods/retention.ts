/** How long snapshots are kept: number and unit together. */
import type { JudgedCall } from '../call.ts';
import { type Finding, loses } from '../finding.ts';
import { isRecord } from '../rule.ts';
import { after, sends } from './support.ts';

/** A loss when the retention of a task becomes shorter, or may become so. */
export function retentionFindings(call: JudgedCall, index: number, reason: string): readonly Finding[] {
  if (!sends(call, index, ['lifetime_value', 'lifetime_unit'])) return [];
  const next = hoursOf(after(call, index, 'lifetime_value'), after(call, index, 'lifetime_unit'));
  const row = isRecord(call.before) ? call.before : {};
  const last = hoursOf(row['lifetime_value'], row['lifetime_unit']);
  const isAsLong = next !== undefined && last !== undefined && next >= last;
  return isAsLong ? [] : [loses(reason)];
}

const HOURS: Readonly<Record<string, number>> = { HOUR: 1, DAY: 24, WEEK: 168, MONTH: 720, YEAR: 8760 };

function hoursOf(value: unknown, unit: unknown): number | undefined {
  if (typeof value !== 'number' || typeof unit !== 'string' || !Object.hasOwn(HOURS, unit)) return undefined;
  return value * (HOURS[unit] ?? 0);
}
