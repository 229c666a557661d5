/** Answers the requests under way when the client closes its end of the pipe or the process is told to stop. */
import { type JSONRPCMessage, ProtocolErrorCode, type Transport } from '@modelcontextprotocol/server';
import { atMost } from '../../truenas/abort.ts';
import { wrapTransport } from './wrap-transport.ts';

/** A transport that knows which requests still wait for their answer. */
export interface DrainableTransport extends Transport {
  /** Resolves when every request received so far has been answered, at the latest after `limitMs`. */
  drained(limitMs: number): Promise<void>;
  /** Answers every waiting request with an error: nobody will know its outcome. Later answers to it are dropped. */
  abandon(): void;
}

const UNKNOWN_END =
  'The server is ending before this was answered. What became of it is not known: look before you ask again.';

/** Counts the requests that pass through a transport. */
export function withDrain(inner: Transport): DrainableTransport {
  const pending = new Set<string | number>();
  const waiting = new Set<() => void>();
  let isAbandoned = false;
  const settle = (id: string | number) => {
    pending.delete(id);
    if (pending.size === 0) wakeAll();
  };
  const wakeAll = () => {
    for (const wake of waiting) wake();
    waiting.clear();
  };

  const outer = wrapTransport(inner, {
    received(message) {
      // A subscription is open until somebody closes it.
      if ('method' in message && 'id' in message && message.method !== 'subscriptions/listen')
        pending.add(message.id);
      const cancelled = cancelledId(message);
      if (cancelled !== undefined) settle(cancelled);
    },
    async send(message, pass) {
      if ('method' in message) return pass();
      if (isAbandoned) return;
      try {
        await pass();
      } finally {
        if (message.id !== undefined) settle(message.id);
      }
    },
    closed() {
      pending.clear();
      wakeAll();
    },
  });
  return Object.assign(outer, {
    abandon() {
      isAbandoned = true;
      for (const id of pending) {
        const error = { code: ProtocolErrorCode.InternalError, message: UNKNOWN_END };
        // The write is not waited for: the client may have stopped reading.
        inner.send({ jsonrpc: '2.0', id, error }).catch(() => {});
        settle(id);
      }
    },
    async drained(limitMs: number) {
      if (pending.size === 0) return;
      let wake = () => {};
      const empty = new Promise<void>((resolve) => {
        wake = resolve;
      });
      waiting.add(wake);
      await atMost(empty, limitMs);
      waiting.delete(wake);
    },
  });
}

/** The request that a cancellation names; it is never answered. */
function cancelledId(message: JSONRPCMessage): string | number | undefined {
  if (!('method' in message) || message.method !== 'notifications/cancelled') return undefined;
  const id = message.params?.requestId;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}
