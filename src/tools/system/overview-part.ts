/** What a part of the overview is. */
import type { ReadClient } from '../../truenas/client.ts';
import type { Finding } from './verdict.ts';

/** What a part found. */
export interface PartReport {
  readonly findings: readonly Finding[];
  /** A few words for the summary line, e.g. `3 pools`. */
  readonly summary: string;
}

/** What a part needs to read. */
export interface PartContext {
  readonly nas: ReadClient;
  readonly nowMs: number;
}

/** One subject of the overview. */
export interface Part {
  readonly name: string;
  /** The methods it calls, by canonical name. */
  readonly uses: readonly string[];
  read(context: PartContext): Promise<PartReport>;
}

/** Longest quoted text of the NAS, in characters: the overview is short or it is not read. */
export const QUOTE_LENGTH = 90;
