/** A read client for one piece of work: every call ends when its signal fires, whether or not the code remembered to pass it on. */
import { tailOf } from './tail.ts';
import type { CallOptions, ReadClient } from '../truenas/client.ts';

/** The same client; a signal that a call brings itself stands. */
export function endingWith(client: ReadClient, signal: AbortSignal): ReadClient {
  const within = (options?: CallOptions): CallOptions =>
    options?.signal === undefined ? { ...options, signal } : options;
  return {
    origin: client.origin,
    release: (options) => client.release(within(options)),
    call: (method, params, options) => client.call(method, params, within(options)),
    has: (method, options) => client.has(method, within(options)),
    ...tailOf(client, (options) => within(options)),
  };
}
