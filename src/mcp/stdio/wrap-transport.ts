/** Transports around a transport: each does one thing to the messages that pass. */
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';

/** What a wrapper does; what it does not name passes unchanged. */
export interface TransportHooks {
  /** Called once the inner transport reads. */
  started?(): void;
  /** Called with each message from the client, before the server gets it. */
  received?(message: JSONRPCMessage): void;
  /** Called instead of sending a message to the client; `pass` sends it. Rejects when the connection is gone. */
  send?(message: JSONRPCMessage, pass: () => Promise<void>): Promise<void>;
  /** Called once the connection has closed, from either side. */
  closed?(): void;
}

/** The same transport with hooks on its messages. */
export function wrapTransport(inner: Transport, hooks: TransportHooks): Transport {
  const outer: Transport = {
    start() {
      const started = inner.start();
      hooks.started?.();
      return started;
    },
    close: () => inner.close(),
    send(message, options) {
      const pass = () => inner.send(message, options);
      return hooks.send?.(message, pass) ?? pass();
    },
  };
  inner.onmessage = (message, extra) => {
    hooks.received?.(message);
    outer.onmessage?.(message, extra);
  };
  inner.onerror = (error) => outer.onerror?.(error);
  inner.onclose = () => {
    hooks.closed?.();
    outer.onclose?.();
  };
  return outer;
}

/** Tells whoever serves the transport that something could not be sent. */
export function reportError(transport: Transport, error: unknown): void {
  transport.onerror?.(error instanceof Error ? error : new Error(String(error)));
}
