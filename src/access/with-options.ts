/** A read client whose calls get options besides those that they bring. */
import type { CallOptions, ReadClient } from '../truenas/client.ts';
import { tailOf } from './tail.ts';

/** The same client. @param within the options of a call, made from its own */
export function withOptions(client: ReadClient, within: (options?: CallOptions) => CallOptions): ReadClient {
  return {
    origin: client.origin,
    release: (options) => client.release(within(options)),
    call: (method, params, options) => client.call(method, params, within(options)),
    has: (method, options) => client.has(method, within(options)),
    ...tailOf(client, (options) => within(options)),
  };
}
