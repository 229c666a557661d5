import { tailOf } from './tail.ts';
import type { ReadClient } from '../truenas/client.ts';
import { Problem } from '../truenas/problem.ts';
import { DeniedError, denialFor } from '../policy/denials.ts';

/** A tool called a method that it does not declare: an error in the program, never in the input. */
export class UndeclaredMethodError extends Problem {
  override readonly name = 'UndeclaredMethodError';
  constructor(method: string, uses: readonly string[]) {
    const summary = `${method} is not among the methods this tool declares (${uses.join(', ')})`;
    const nextStep = 'add it to "uses" or do not call it';
    super({ summary, nextStep }, `${summary}; ${nextStep}`);
  }
}

/** Event sources that tell a log, and the method whose callers may hear it: the NAS grants both by the same role. */
const METHOD_OF_SOURCE: Readonly<Record<string, string>> = { 'app.container_log_follow': 'app.query' };

function methodOfSource(source: string): string {
  return METHOD_OF_SOURCE[source] ?? source;
}

/**
 * The same client, letting through only `uses`: what a tool may do is what it declares, whatever its code does.
 * @throws UndeclaredMethodError, DeniedError (from the returned client) before anything is sent.
 */
export function confine(client: ReadClient, uses: readonly string[]): ReadClient {
  const allowed = new Set(uses);
  const check = (method: string): void => {
    if (!allowed.has(method)) throw new UndeclaredMethodError(method, uses);
  };
  return {
    origin: client.origin,
    release: (options) => client.release(options),
    call(method, params, options) {
      // Not async: a promise around the client's own is made for every call otherwise.
      try {
        check(method);
        const denied = denialFor(method, params);
        if (denied !== undefined) throw new DeniedError(denied);
      } catch (error) {
        return Promise.reject(error as Error);
      }
      return client.call(method, params, options);
    },
    async has(method, options) {
      check(method);
      return client.has(method, options);
    },
    ...tailOf(client, undefined, async (read, source) => {
      check(methodOfSource(source));
      return read();
    }),
  };
}
