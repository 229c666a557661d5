/** What a subject of the overview is. */
import type { ReadClient } from '../../../truenas/client.ts';
import type { Finding } from './finding.ts';

/** What was found about a subject. */
export interface SubjectReport {
  readonly findings: readonly Finding[];
  /** A few words for the summary line, e.g. `3 pools`; empty for none. */
  readonly summary: string;
  /** What could not be judged, because it is missing or odd: `tank: healthy`. It makes the verdict UNKNOWN. */
  readonly unknown?: readonly string[];
}

/** What a subject needs to be read. */
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
