/**
 * Places for generic calls. A NAS runs ten calls of a connection at once, and a generic call may be of any method, also of
 * one that hangs on a dead disk or an unreachable cloud. So only some of the ten run generic calls, and only some of those
 * the same method: the rest is left to the tools with methods of their own, and to whoever asks for something else.
 *
 * Clients that share the HTTP token share the places: nothing tells them apart. HTTP is stateless, so there is no session;
 * each request at once has a connection of its own; on loopback, or behind a proxy, all come from one address; and a client
 * names itself as it likes. So it is what is asked for that is bounded, not who asks. Whoever must not wait for another
 * client gets a process of their own.
 */
import { limitedBy, unlessAborted } from '../truenas/abort.ts';
import { TrueNasError } from '../truenas/errors.ts';

/** Generic calls of a connection at once. */
export const MAX_GENERIC = 6;
/** Those of the same method. */
export const MAX_SAME_METHOD = 3;
/** Longest wait for a place, in milliseconds. */
const MAX_WAIT_MS = 20_000;

/** The places of one connection. */
export interface GenericSlots {
  /**
   * Does `work` once there is a place, which it holds until it has ended: a caller who leaves frees no worker of the NAS.
   * @throws TrueNasError `timeout` or `aborted` when no place came in time; what `work` throws
   */
  run<Answer>(method: string, signal: AbortSignal | undefined, work: () => Promise<Answer>): Promise<Answer>;
}

interface Waiter {
  readonly method: string;
  readonly start: () => void;
}

/** Makes free places. @param maxWaitMs for tests */
export function createGenericSlots(maxWaitMs = MAX_WAIT_MS): GenericSlots {
  const running = new Map<string, number>();
  const waiting = new Set<Waiter>();
  let total = 0;

  const hasPlace = (method: string) => total < MAX_GENERIC && (running.get(method) ?? 0) < MAX_SAME_METHOD;

  function take(method: string): void {
    total += 1;
    running.set(method, (running.get(method) ?? 0) + 1);
  }

  function leave(method: string): void {
    total -= 1;
    const left = (running.get(method) ?? 1) - 1;
    if (left > 0) running.set(method, left);
    else running.delete(method);
    for (const waiter of waiting) {
      if (!hasPlace(waiter.method)) continue;
      waiting.delete(waiter);
      take(waiter.method);
      waiter.start();
      return;
    }
  }

  async function enter(method: string, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) throw notSent(method, 'aborted');
    if (hasPlace(method)) return take(method);
    const limit = limitedBy(signal, maxWaitMs);
    let waiter: Waiter | undefined;
    const place = new Promise<void>((start) => {
      waiter = { method, start };
      waiting.add(waiter);
    });
    try {
      await unlessAborted(place, limit.signal, () =>
        notSent(method, limit.isTimeUp() ? 'timeout' : 'aborted'),
      );
    } catch (error) {
      // The place may have come at the very moment of leaving.
      if (waiter === undefined || !waiting.delete(waiter)) leave(method);
      throw error;
    } finally {
      limit.release();
    }
  }

  return {
    async run(method, signal, work) {
      await enter(method, signal);
      const answer = work().finally(() => leave(method));
      if (signal === undefined) return answer;
      answer.catch(() => undefined);
      return unlessAborted(answer, signal, () => left(method));
    },
  };
}

function notSent(method: string, kind: 'timeout' | 'aborted'): TrueNasError {
  return new TrueNasError(kind, {
    summary:
      kind === 'timeout'
        ? `${method} was not sent: other calls of call_api_read are still running on the NAS.`
        : `${method} was not sent before it was cancelled.`,
    nextStep:
      kind === 'timeout'
        ? 'Wait for them, or use another tool: places are left for those.'
        : 'Call again if the answer is still wanted.',
    method,
  });
}

function left(method: string): TrueNasError {
  return new TrueNasError('aborted', {
    summary: `${method}: the wait was cancelled.`,
    nextStep: 'Call again if the answer is still wanted.',
    method,
  });
}
