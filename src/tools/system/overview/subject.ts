/** The subjects of the overview, and words they share. */
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import type { Finding } from './finding.ts';

/** The findings about a subject. */
export interface SubjectReport {
  readonly findings: readonly Finding[];
  /** A few words for the summary line, e.g. `3 pools`; empty for none. */
  readonly summary: string;
  /** Facts that could not be judged, because they are missing or odd: `tank: healthy`. They make the verdict UNKNOWN. */
  readonly unknown?: readonly string[];
}

/** The NAS to read a subject from, and its time. */
export interface SubjectContext {
  readonly nas: ReadClient;
  /** The clock of the NAS, in milliseconds since the epoch: its times are its own. */
  readonly nowMs: number;
}

/** One subject of the overview. */
export interface Subject {
  readonly name: string;
  /** The methods it calls, by canonical name. */
  readonly uses: readonly string[];
  read(context: SubjectContext): Promise<SubjectReport>;
}

/** Longest quoted text of the NAS, in characters: the overview is short or it is not read. */
export const QUOTE_LENGTH = 90;

/** Names the first few of many; the rest is counted. */
export function firstFew(names: readonly string[], most = 4): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A call as a model would make it: `get_pool {"pool":"tank"}`. */
export function callText(tool: string, args: Readonly<Record<string, unknown>>): string {
  return `${tool} ${JSON.stringify(args)}`;
}

/** A thing whose state nobody knows: its name, with the word that the NAS uses if there is one. */
export function withState(name: string, state: string | null): string {
  return state === null ? name : `${name}: ${safeCell(state, 20)}`;
}
