/** Entries of the audit log of a period. The log is a database: filters, order and limit are the NAS's. */
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';
import { field, objectOf, type RowOf, rowsOf } from '../support/rows.ts';

const ENTRY = {
  message_timestamp: field.time,
  username: field.text,
  address: field.text,
  event: field.text,
  event_data: field.record,
  service_data: field.record,
  success: field.flag,
};
/** An entry; null is what could not be read. */
export type Entry = RowOf<typeof ENTRY>;

/** A part of the log. */
export interface EntryQuestion {
  readonly service: 'MIDDLEWARE' | 'SUDO';
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly filters?: readonly Filter[];
  readonly limit: number;
}

/** The newest entries of one service, the newest first. Calls `audit.query`, which takes one service at a time from 25.10 on. */
export async function readEntries(
  nas: ReadClient,
  { service, sinceMs, untilMs, filters = [], limit }: EntryQuestion,
): Promise<Entry[]> {
  const [sent, options] = query({
    filters: [
      ...(sinceMs === undefined ? [] : [['message_timestamp', '>=', Math.floor(sinceMs / 1000)] as const]),
      ...(untilMs === undefined ? [] : [['message_timestamp', '<=', Math.floor(untilMs / 1000)] as const]),
      ...filters,
    ],
    select: Object.keys(ENTRY),
    orderBy: ['-message_timestamp'],
    limit,
  });
  const asked = { services: [service], 'query-filters': sent, 'query-options': options };
  return rowsOf(await nas.call('audit.query', [asked]), ENTRY);
}

/** For how many days the log is kept; null where that could not be read. Calls `audit.config`. */
export async function readRetention(nas: ReadClient): Promise<number | null> {
  return objectOf(await nas.call('audit.config', []), { retention: field.number }).retention;
}
