/** Lets requests that are being worked on be answered when the client closes its end of the pipe. */
import {
  type JSONRPCMessage,
  ProtocolErrorCode,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/server';

/** A transport that knows which requests still wait for their answer. */
export interface DrainingTransport extends Transport {
  /** Resolves when every request received so far has been answered, at the latest after `limitMs`. */
  drained(limitMs: number): Promise<void>;
  /** Answers every request that still waits: nobody will know what became of it. Later answers to them are dropped. */
  abandon(): void;
  /** Resolves when it was closed, by us or by itself over a message that it could not take. */
  readonly closed: Promise<void>;
}

/** Wraps a transport; everything passes through unchanged. `beforeSend` is called before each message goes out. */
export function draining(inner: Transport, beforeSend: () => void = () => {}): DrainingTransport {
  const pending = new Set<string | number>();
  const waiting = new Set<() => void>();
  let isAbandoned = false;
  const settle = (id: string | number) => {
    pending.delete(id);
    if (pending.size === 0) for (const wake of waiting) wake();
  };

  let onClosed: (() => void) | undefined;
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  const outer: DrainingTransport = {
    closed,
    start: () => inner.start(),
    close: () => inner.close(),
    async send(message: JSONRPCMessage, options?: TransportSendOptions) {
      if (isAbandoned && !('method' in message)) return;
      try {
        beforeSend();
        await inner.send(message, options);
      } finally {
        if (!('method' in message) && message.id !== undefined) settle(message.id);
      }
    },
    abandon() {
      isAbandoned = true;
      for (const id of pending) {
        const error = { code: ProtocolErrorCode.InternalError, message: UNKNOWN_END };
        // Written at once; whether anybody reads it is not waited for.
        inner.send({ jsonrpc: '2.0', id, error }).catch(() => {});
        settle(id);
      }
    },
    drained: (limitMs) =>
      new Promise((resolve) => {
        if (pending.size === 0) return resolve();
        const done = () => {
          clearTimeout(limit);
          waiting.delete(done);
          resolve();
        };
        const limit = setTimeout(done, limitMs);
        waiting.add(done);
      }),
  };
  inner.onmessage = (message) => {
    // A subscription is open until somebody closes it.
    if ('method' in message && 'id' in message && message.method !== 'subscriptions/listen')
      pending.add(message.id);
    const cancelled = cancelledId(message);
    if (cancelled !== undefined) settle(cancelled);
    outer.onmessage?.(message);
  };
  inner.onerror = (error) => outer.onerror?.(error);
  inner.onclose = () => {
    pending.clear();
    for (const wake of waiting) wake();
    onClosed?.();
    outer.onclose?.();
  };
  return outer;
}

const UNKNOWN_END =
  'The server is ending before this was answered. What became of it is not known: look before you ask again.';

/** The request that a cancellation names; it is never answered. */
function cancelledId(message: JSONRPCMessage): string | number | undefined {
  if (!('method' in message) || message.method !== 'notifications/cancelled') return undefined;
  const id = message.params?.requestId;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}
