/**
 * JSON-RPC 2.0 over one open socket (PROTOCOL section 2): numbers requests, matches answers that come in any
 * order, hands on notifications. It knows nothing of sign-in, limits or healing.
 */
import { decodeMessage, encodeParams } from './codec.ts';
import { TrueNasError } from '../errors.ts';
import type { Log } from '../log.ts';
import {
  errorFromReply,
  isUnreadRequest,
  isUnsendableResult,
  type ReplyErrorContext,
} from './reply-error.ts';
import { type NasSocket, openSocket, type SocketOptions } from './socket.ts';
import { brokenProtocol } from './socket-problems.ts';
import type { WireValue } from '../client.ts';

/** One request that waits for its answer. */
export interface Exchange {
  readonly method: string;
  onResult(result: WireValue): void;
  /** The NAS refused or failed the call, and says so. */
  onError(error: TrueNasError): void;
  /** The NAS ran the call, but its answer cannot be used. */
  onUnreadable(problem: TrueNasError): void;
  /** The connection ended before the answer came. */
  onLost(problem: TrueNasError): void;
}

/** A message of the NAS that nobody asked for. */
export interface Notification {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One open connection, from upgrade to end. */
export interface Wire {
  /** Sends a request; false when the connection takes none any more (nothing was sent then). */
  send(exchange: Exchange, paramsText: string): boolean;
  /** A request of the client itself, outside of any queue. */
  call(method: string, params: readonly unknown[], timeoutMs: number): Promise<WireValue>;
  ping(): void;
  bytesReceived(): number;
  /** Why it ended; undefined while it is open. */
  problem(): TrueNasError | undefined;
  /** Ends the connection on purpose: `onEnd` is not called; what is in flight is lost to `problem`. */
  close(problem: TrueNasError): void;
  /** Ends the connection because of a fault; `onEnd` is called with it. */
  fail(problem: TrueNasError): void;
  readonly certificateDer: Buffer | undefined;
}

/** What a wire needs besides the socket's address. */
export interface WireOptions extends SocketOptions {
  readonly log: Log;
  onNotification(notification: Notification): void;
  onEnd(problem: TrueNasError): void;
}

/** Opens the socket and speaks JSON-RPC on it. */
export async function openWire(options: WireOptions): Promise<Wire> {
  const { log } = options;
  const inFlight = new Map<number, Exchange>();
  let nextId = 1;
  /** The client's own calls that came while the socket was closing. */
  const unsent: Exchange[] = [];
  let endedWith: TrueNasError | undefined;

  const socket: NasSocket = await openSocket(options, {
    onText(text, from) {
      let message: unknown;
      try {
        message = decodeMessage(text);
      } catch {
        // Which call it belongs to cannot be known, so none of those in flight can be trusted to be answered.
        // The parser's own error is dropped: it quotes the message.
        log.warn('the NAS sent a message that is not JSON', { chars: text.length });
        from.fail(brokenProtocol('The NAS sent a message that is not valid JSON.'));
        return;
      }
      receive(message);
    },
    onEnd(problem) {
      loseAll(problem);
      options.onEnd(problem);
    },
  });

  function loseAll(problem: TrueNasError): void {
    endedWith = problem;
    const lost = [...inFlight.values(), ...unsent.splice(0)];
    inFlight.clear();
    for (const exchange of lost) exchange.onLost(problem);
  }

  function receive(message: unknown): void {
    if (message === null || typeof message !== 'object' || Array.isArray(message)) {
      log.warn('the NAS sent a message that is not an object');
      return;
    }
    const reply = message as {
      id?: unknown;
      method?: unknown;
      params?: unknown;
      result?: unknown;
      error?: unknown;
    };
    if (typeof reply.method === 'string') {
      const params = reply.params;
      if (params !== null && typeof params === 'object' && !Array.isArray(params)) {
        options.onNotification({ method: reply.method, params: params as Record<string, unknown> });
      }
      return;
    }
    const exchange = typeof reply.id === 'number' ? inFlight.get(reply.id) : soleExchange(reply);
    if (exchange === undefined) {
      log.debug('the NAS sent an answer that nobody waits for', { id: reply.id });
      return;
    }
    if (typeof reply.id === 'number') inFlight.delete(reply.id);
    else inFlight.clear();
    if (reply.error !== undefined && reply.error !== null) {
      const problem = errorFromReply(reply.error, contextOf(exchange.method));
      if (isUnsendableResult(reply.error)) exchange.onUnreadable(problem);
      else exchange.onError(problem);
    } else if (reply.result !== undefined) {
      exchange.onResult(reply.result as WireValue);
    } else {
      exchange.onUnreadable(
        brokenProtocol(`The NAS's answer to ${exchange.method} has neither result nor error.`),
      );
    }
  }

  /** The NAS knows no id of what it could not read; with a single call in flight it can only mean that one. */
  function soleExchange(reply: { id?: unknown; error?: unknown }): Exchange | undefined {
    if (reply.id !== null || !isUnreadRequest(reply.error)) return undefined;
    log.warn('the NAS reports a message that it could not read');
    return inFlight.size === 1 ? inFlight.values().next().value : undefined;
  }

  function contextOf(method: string): ReplyErrorContext {
    return { method, log, scrub: options.scrub };
  }

  function send(exchange: Exchange, paramsText: string): boolean {
    const id = nextId;
    const text = `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(exchange.method)},"params":${paramsText}}`;
    // Before the bytes go out: an answer must find its exchange, however fast it comes.
    inFlight.set(id, exchange);
    nextId += 1;
    if (socket.send(text)) return true;
    inFlight.delete(id);
    return false;
  }

  return {
    send,
    call(method, params, timeoutMs) {
      return new Promise<WireValue>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(
            new TrueNasError('timeout', {
              summary: `The NAS did not answer ${method} within ${Math.round(timeoutMs / 1000)} s.`,
              nextStep: 'The NAS may be busy or starting; try again in a minute.',
              method,
            }),
          );
        }, timeoutMs);
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            settle(value);
          };
        const exchange: Exchange = {
          method,
          onResult: settled(resolve),
          onError: settled(reject),
          onUnreadable: settled(reject),
          onLost: settled(reject),
        };
        if (endedWith !== undefined) exchange.onLost(endedWith);
        // A socket that is closing takes nothing more, and soon tells why: the call ends with that.
        else if (!send(exchange, encodeParams(params))) unsent.push(exchange);
      });
    },
    ping: () => socket.ping(),
    bytesReceived: () => socket.bytesReceived(),
    problem: () => endedWith,
    close(problem) {
      socket.close();
      loseAll(problem);
    },
    fail: (problem) => socket.fail(problem),
    certificateDer: socket.certificateDer,
  };
}
