/** What a completion is: the names a NAS has that begin with what a person has typed so far. */
import type { ReadClient } from '../truenas/client.ts';

/** Most values of one answer; the protocol allows no more. */
export const MAX_VALUES = 100;

/** Names found. */
export interface Completed {
  /** At most {@link MAX_VALUES}, in a stable order. */
  readonly values: readonly string[];
  /** True when there are more than are shown. */
  readonly hasMore: boolean;
}

/** Completes one argument from the live box. */
export interface Completion {
  /** Every API method it may call, by canonical name; the client it is handed lets no other through. */
  readonly uses: readonly string[];
  /** @throws TrueNasError; the caller answers that with no values. */
  complete(nas: ReadClient, prefix: string): Promise<Completed>;
}

/** Cuts rows that were asked for with a limit of {@link MAX_VALUES} + 1. */
export function completed(values: readonly string[]): Completed {
  return { values: values.slice(0, MAX_VALUES), hasMore: values.length > MAX_VALUES };
}
