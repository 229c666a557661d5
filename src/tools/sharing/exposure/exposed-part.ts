/** One part of a NAS that may be open to everybody. */
import type { Opening } from '../../../findings/exposure.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';

/** A part that may be open, with the methods that read it. A release that lacks the first method lacks the part. */
export interface ExposedPart {
  readonly title: string;
  readonly uses: readonly [string, ...string[]];
  /** The service that must run. */
  readonly service?: string;
  read(nas: ReadClient): Promise<Opening[]>;
}

/** Most rows of one kind; the answer says when there may be more. */
export const MAX_THINGS = 200;

/** Parameters for a page of rows, those that are switched on unless there are other filters. */
export const page = (select: readonly string[], filters = [['enabled', '=', true]] as const) =>
  query({ filters, select, orderBy: ['id'], limit: MAX_THINGS });

/** Parameters for a page of all rows. */
export const everything = (select: readonly string[]) =>
  query({ select, orderBy: ['id'], limit: MAX_THINGS });

/** True where one flag is true; null where none is, and one is not known. */
export function someOf(flags: readonly (boolean | null)[]): boolean | null {
  return flags.includes(true) ? true : flags.includes(null) ? null : false;
}
