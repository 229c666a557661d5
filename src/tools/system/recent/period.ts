/** The period that is asked about, and what one source tells of it. */
import type { ReadClient } from '../../../truenas/client.ts';
import type { Happening } from './happening.ts';

/** A period, by the clock of the NAS. */
export interface Period {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly nowMs: number;
  /** Only what this account did. */
  readonly user?: string | undefined;
}

/** What a source tells. */
export interface SourceRead {
  readonly happenings: readonly Happening[];
  /** What of the period it does not tell; safe text. It makes the verdict UNKNOWN. */
  readonly unread?: readonly string[];
  /** Safe text. */
  readonly notes?: readonly string[];
  /** What of the period the NAS does not keep; safe text. */
  readonly notKept?: readonly string[];
  /** Since when it is kept. */
  readonly keptSinceMs?: number;
}

/** Where happenings are read. */
export interface Source {
  /** Stands before why it could not be read: `audit log`. */
  readonly noun: string;
  readonly uses: readonly string[];
  /** @throws TrueNasError when it cannot be read */
  read(nas: ReadClient, period: Period): Promise<SourceRead>;
}

/** True within the period, and where the time is not known: it may be. */
export function isWithin(atMs: number | null, { sinceMs, untilMs }: Period): boolean {
  return atMs === null || (atMs >= sinceMs && atMs <= untilMs);
}
