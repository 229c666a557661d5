/** A read client for one piece of work: its signal ends every call, also one that was not given it. */
import type { ReadClient } from '../truenas/client.ts';
import { withOptions } from './with-options.ts';

/** The same client. A call keeps a signal of its own. */
export function endingWith(client: ReadClient, signal: AbortSignal): ReadClient {
  return withOptions(client, (options) => (options?.signal === undefined ? { ...options, signal } : options));
}
