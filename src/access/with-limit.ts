/** A read client whose calls end after a time, whatever the configured one is. */
import type { ReadClient } from '../truenas/client.ts';
import { withOptions } from './with-options.ts';

/** The same client. A call keeps a time of its own. @param timeoutMs milliseconds */
export function withLimit(client: ReadClient, timeoutMs: number): ReadClient {
  return withOptions(client, (options) => ({ timeoutMs, ...options }));
}
