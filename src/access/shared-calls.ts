/** A client for one question of many parts, which may ask the NAS the same. */
import { tailOf } from './tail.ts';
import type { ReadClient, WireValue } from '../truenas/client.ts';

/** The same client; calls of a method with equal parameters share one answer, or its failure. */
export function withSharedCalls(client: ReadClient): ReadClient {
  const answers = new Map<string, Promise<WireValue>>();
  return {
    release: (options) => client.release(options),
    has: (method, options) => client.has(method, options),
    ...tailOf(client),
    call(method, params, options) {
      const key = `${method} ${JSON.stringify(params ?? [])}`;
      let answer = answers.get(key);
      if (answer === undefined) {
        answer = client.call(method, params, options);
        answers.set(key, answer);
      }
      return answer;
    },
  };
}
