/** Requests of the client itself, outside of any queue: steps of a sign-in, pings. */
import type { WireValue } from '../client.ts';
import { TrueNasError } from '../errors.ts';
import type { Exchange } from './json-rpc.ts';

/** Waits for the answer to what `start` sends. @throws TrueNasError `timeout`, or the problem that the exchange ended with */
export function ownCall(
  method: string,
  timeoutMs: number,
  start: (exchange: Exchange) => void,
): Promise<WireValue> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unanswered(method, timeoutMs)), timeoutMs);
    start({
      method,
      settle(outcome) {
        clearTimeout(timer);
        if (outcome.kind === 'result') resolve(outcome.result);
        else reject(outcome.problem);
      },
    });
  });
}

function unanswered(method: string, timeoutMs: number): TrueNasError {
  return new TrueNasError('timeout', {
    summary: `The NAS did not answer ${method} within ${Math.round(timeoutMs / 1000)} s.`,
    nextStep: 'The NAS may be busy or starting; try again in a minute.',
    method,
  });
}
