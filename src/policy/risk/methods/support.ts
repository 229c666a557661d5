/** Looks into calls, for the tables. */
import type { JudgedCall } from '../call.ts';
import { loses } from '../finding.ts';
import { found, isRecord, isUnchanged, odd, type Rule } from '../rule.ts';
import { each, fields, setting } from '../rules.ts';

/** The argument at a position. */
export function argumentOf(call: JudgedCall, index: number): unknown {
  return call.params[index];
}

/** A text field of an object. */
export function textAt(value: unknown, name: string): string | undefined {
  const inner = isRecord(value) ? value[name] : undefined;
  return typeof inner === 'string' ? inner : undefined;
}

/** The dataset above; `undefined` for what is no name. */
export function parentOf(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  const end = name.lastIndexOf('/');
  return end === -1 ? '' : name.slice(0, end);
}

/** A field as the call would leave it: the one that is sent, else the one before. */
export function after(call: JudgedCall, index: number, name: string): unknown {
  const data = call.params[index];
  if (isRecord(data) && data[name] !== undefined) return data[name];
  return isRecord(call.before) ? call.before[name] : undefined;
}

/** True when the call sends one of these fields. */
export function sends(call: JudgedCall, index: number, names: readonly string[]): boolean {
  const data = call.params[index];
  return isRecord(data) && names.some((name) => data[name] !== undefined);
}

/** The path of a share, as it would be after the call. */
export function sharedPath(index: number): (call: JudgedCall) => unknown {
  return (call) => after(call, index, 'path');
}

/** Bytes in a KiB, as limits of speed may be given in it. */
export const KIB = 1024;
/** In bytes per second: what is slower takes a day for ten gigabytes. */
const SLOWEST = 128 * KIB;

/** A limit of speed, in units of so many bytes per second. A very low one ends a task without switching it off. */
export function pace(unitBytes: number): Rule {
  return {
    worst: 'destroys',
    judge(looked) {
      const { value } = looked;
      if (value === null || isUnchanged(looked)) return [];
      if (typeof value !== 'number' || !Number.isFinite(value)) return odd(looked, 'destroys');
      if (value * unitBytes >= SLOWEST) return [];
      return found(looked, loses('data is copied so slowly that it may never be done'));
    },
  };
}

/** When something runs. */
export const plainSchedule = fields(each('minute hour dom month dow', setting));

/** The same, with hours of the day between which it runs. */
export const scheduleWithHours = fields(each('minute hour dom month dow begin end', setting));
