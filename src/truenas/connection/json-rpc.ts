/**
 * JSON-RPC 2.0 over one open socket (PROTOCOL section 2): numbers requests, matches answers that come in any order, hands
 * on notifications. It knows nothing of sign-in, limits or reconnecting.
 */
import type { WireValue } from '../client.ts';
import type { TrueNasError } from '../errors.ts';
import type { LegacyNas } from '../legacy/dialect.ts';
import type { Log } from '../log.ts';
import { decodeMessage, encodeParams } from './codec.ts';
import { ownCall } from './own-call.ts';
import { errorFromReply, isUnreadRequest, isUnsendableResult } from './reply-error.ts';
import { type NasSocket, openSocket, type SocketOptions } from './socket.ts';
import { brokenProtocol } from './socket-problems.ts';

/** How an exchange ended. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: WireValue }
  /** `error`: the NAS refused or failed the call; `unreadable`: it ran the call, but its answer cannot be used; `lost`: the connection ended before the answer came. */
  | { readonly kind: 'error' | 'unreadable' | 'lost'; readonly problem: TrueNasError };

/** One request that waits for its answer. */
export interface Exchange {
  readonly method: string;
  /** The id of the message; the next number of the connection when absent. Unique among those in flight. */
  readonly messageId?: string | undefined;
  /** It changes something. */
  readonly isWrite?: boolean | undefined;
  /** Called once. */
  settle(outcome: Outcome): void;
}

/** A message of the NAS that answers no request. */
export interface Notification {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One open JSON-RPC connection, from upgrade to end; or one over the protocol before it, see legacy/open.ts. */
export interface JsonRpc {
  /** Set when the NAS speaks the protocol before JSON-RPC. */
  readonly legacy?: LegacyNas | undefined;
  /** Sends a request; false when the connection takes none any more (nothing was sent then). */
  send(exchange: Exchange, paramsText: string): boolean;
  /** Sends a request of the client itself, outside of any queue. */
  call(method: string, params: readonly unknown[], timeoutMs: number): Promise<WireValue>;
  ping(): void;
  bytesReceived(): number;
  /** Why it ended; undefined while it is open. */
  problem(): TrueNasError | undefined;
  /** Ends the connection on purpose: `onEnd` is not called; requests in flight are lost to `problem`. */
  close(problem: TrueNasError): void;
  /** Ends the connection because of a fault; `onEnd` is called with it. */
  fail(problem: TrueNasError): void;
  readonly certificateDer: Buffer | undefined;
}

/** The options of {@link openJsonRpc}. */
export interface JsonRpcOptions extends SocketOptions {
  readonly log: Log;
  onNotification(notification: Notification): void;
  onEnd(problem: TrueNasError): void;
}

interface RpcState {
  readonly options: JsonRpcOptions;
  readonly inFlight: Map<number | string, Exchange>;
  /** The client's own requests that came while the socket was closing. */
  readonly unsent: Exchange[];
  nextId: number;
  endedWith: TrueNasError | undefined;
}

/** Opens the socket and speaks JSON-RPC on it. */
export async function openJsonRpc(options: JsonRpcOptions): Promise<JsonRpc> {
  const state: RpcState = { options, inFlight: new Map(), unsent: [], nextId: 1, endedWith: undefined };
  const socket = await openSocket(options, {
    onText: (text, from) => receiveText(state, text, from),
    onEnd(problem) {
      loseAll(state, problem);
      options.onEnd(problem);
    },
  });
  return {
    send: (exchange, paramsText) => send(state, socket, exchange, paramsText),
    call: (method, params, timeoutMs) => callOwn(state, socket, method, params, timeoutMs),
    ping: () => socket.ping(),
    bytesReceived: () => socket.bytesReceived(),
    problem: () => state.endedWith,
    close(problem) {
      socket.close();
      loseAll(state, problem);
    },
    fail: (problem) => socket.fail(problem),
    certificateDer: socket.certificateDer,
  };
}

function send(state: RpcState, socket: NasSocket, exchange: Exchange, paramsText: string): boolean {
  const id = exchange.messageId ?? state.nextId;
  const text = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(exchange.method)},"params":${paramsText}}`;
  // Registered before the bytes go out: a fast answer must find its exchange.
  state.inFlight.set(id, exchange);
  state.nextId += 1;
  if (socket.send(text)) return true;
  state.inFlight.delete(id);
  return false;
}

function callOwn(
  state: RpcState,
  socket: NasSocket,
  method: string,
  params: readonly unknown[],
  timeoutMs: number,
): Promise<WireValue> {
  return ownCall(method, timeoutMs, (exchange) => {
    if (state.endedWith !== undefined) exchange.settle({ kind: 'lost', problem: state.endedWith });
    // A closing socket sends nothing more, and soon tells why: the request ends with that.
    else if (!send(state, socket, exchange, encodeParams(params))) state.unsent.push(exchange);
  });
}

function loseAll(state: RpcState, problem: TrueNasError): void {
  state.endedWith = problem;
  const lost = [...state.inFlight.values(), ...state.unsent.splice(0)];
  state.inFlight.clear();
  for (const exchange of lost) exchange.settle({ kind: 'lost', problem });
}

function receiveText(state: RpcState, text: string, from: NasSocket): void {
  let message: unknown;
  try {
    message = decodeMessage(text);
  } catch {
    // Nobody knows which call it answers, so none of those in flight can be trusted to be answered.
    // The parser's own error is dropped: it quotes the message.
    state.options.log.warn('the NAS sent a message that is not JSON', { chars: text.length });
    from.fail(brokenProtocol('The NAS sent a message that is not valid JSON.'));
    return;
  }
  if (message === null || typeof message !== 'object' || Array.isArray(message)) {
    state.options.log.warn('the NAS sent a message that is not an object');
    return;
  }
  receive(state, message);
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

function receive(state: RpcState, message: Message): void {
  const { log, scrub } = state.options;
  const { id, method, params, result, error } = message;
  if (typeof method === 'string') {
    if (params !== null && typeof params === 'object' && !Array.isArray(params)) {
      state.options.onNotification({ method, params: params as Record<string, unknown> });
    }
    return;
  }
  const isNamed = typeof id === 'number' || typeof id === 'string';
  const exchange = isNamed ? state.inFlight.get(id) : soleExchange(state, message);
  if (exchange === undefined) {
    log.debug('the NAS sent an answer that nobody waits for', { id });
    return;
  }
  if (isNamed) state.inFlight.delete(id);
  else state.inFlight.clear();
  if (error !== undefined && error !== null) {
    const problem = errorFromReply(error, { method: exchange.method, log, scrub });
    exchange.settle({ kind: isUnsendableResult(error) ? 'unreadable' : 'error', problem });
  } else if (result !== undefined) {
    exchange.settle({ kind: 'result', result: result as WireValue });
  } else {
    const problem = brokenProtocol(`The NAS's answer to ${exchange.method} has neither result nor error.`);
    exchange.settle({ kind: 'unreadable', problem });
  }
}

/** The exchange that an error without an id is about: the only one in flight, as the NAS knows no id of what it could not read. */
function soleExchange(state: RpcState, { id, error }: Message): Exchange | undefined {
  if (id !== null || !isUnreadRequest(error)) return undefined;
  state.options.log.warn('the NAS reports a message that it could not read');
  return state.inFlight.size === 1 ? state.inFlight.values().next().value : undefined;
}
