/** A read client whose calls end after a time, whatever the configured one is. */
import { tailOf } from './tail.ts';
import type { CallOptions, ReadClient } from '../truenas/client.ts';

/** The same client; a time that a call brings itself stands. */
export function withLimit(client: ReadClient, timeoutMs: number): ReadClient {
  const within = (options?: CallOptions): CallOptions => ({ timeoutMs, ...options });
  return {
    origin: client.origin,
    release: (options) => client.release(within(options)),
    call: (method, params, options) => client.call(method, params, within(options)),
    has: (method, options) => client.has(method, within(options)),
    ...tailOf(client, (options) => within(options)),
  };
}
