/** Bounds the calls of one connection that are in flight at once. */
import type { Exchange } from '../connection/json-rpc.ts';
import type { TrueNasError } from '../errors.ts';

/** Sends a call that holds a place until it calls `free`; false when the connection takes none any more. */
type Start = (free: () => void) => boolean;

/** Places for calls. */
export interface Places {
  /** Starts now, or when a place is free; `exchange` is told when it then cannot be sent. False when it cannot be sent now. */
  take(start: Start, exchange: Pick<Exchange, 'settle'>): boolean;
}

/** Makes free places. @param closing the error for a call that waited for a place until the connection took none */
export function createPlaces(max: number, closing: () => TrueNasError): Places {
  const waiting: { readonly start: Start; readonly exchange: Pick<Exchange, 'settle'> }[] = [];
  let taken = 0;

  function begin(start: Start): boolean {
    taken += 1;
    const isSent = start(free);
    if (!isSent) taken -= 1;
    return isSent;
  }

  function free(): void {
    taken -= 1;
    // Told at once, as all are when their connection ends: who waits for another one must know before it comes.
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (begin(next.start)) return;
      next.exchange.settle({ kind: 'lost', problem: closing() });
    }
  }

  return {
    take(start, exchange) {
      if (taken < max) return begin(start);
      waiting.push({ start, exchange });
      return true;
    },
  };
}
