/** A reader for one plan: what a plan has asked is not asked again, so that all of it stands on one reading of each thing. */
import type { ReadClient } from '../truenas/client.ts';
import { canonicalJson } from './state.ts';

/** The same client; equal calls share their answer. A call that failed may be tried again. */
export function askingOnce<Client extends ReadClient>(client: Client): Client {
  const answers = new Map<string, ReturnType<ReadClient['call']>>();
  return {
    ...client,
    call(method, params = [], options) {
      const key = canonicalJson([method, params]);
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = client.call(method, params, options);
      answers.set(key, answer);
      answer.catch(() => answers.delete(key));
      return answer;
    },
  };
}
