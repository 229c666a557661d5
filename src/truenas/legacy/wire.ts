/**
 * Frames of the older protocol (LEGACY section 2): numbers what is sent, matches what comes back in any order, and tells
 * events as JSON-RPC does. It knows nothing of what may be called, or of sign-in.
 */
import type { WireValue } from '../client.ts';
import { decodeMessage } from '../connection/codec.ts';
import type { Exchange, Notification } from '../connection/json-rpc.ts';
import type { NasSocket } from '../connection/socket.ts';
import { brokenProtocol } from '../connection/socket-problems.ts';
import type { TrueNasError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { LegacyNas } from './dialect.ts';
import { asJsonRpc, legacyError } from './reply-error.ts';

/** What waits for an answer. */
type Waiting = Pick<Exchange, 'method' | 'settle'>;

/** The frames of one connection. */
export interface LegacyWire {
  /** Each sends a frame; false when the connection takes none any more. */
  call(waiting: Waiting, paramsText: string): boolean;
  /** Answered with the id of the subscription. */
  subscribe(waiting: Waiting, name: string): boolean;
  /** The NAS does not answer it. */
  unsubscribe(id: string): boolean;
  ping(waiting: Waiting): boolean;
  connect(waiting: Waiting): boolean;
  receive(text: string, from: NasSocket): void;
  /** The connection has ended: nothing more will be answered. */
  lose(problem: TrueNasError): void;
}

/** The options of {@link createWire}. */
export interface WireOptions {
  /** Its product decides how errors are numbered. */
  readonly nas: LegacyNas;
  readonly log: Log;
  readonly scrub: (text: string) => string;
  send(text: string): boolean;
  onNotification(notification: Notification): void;
}

interface WireState {
  readonly options: WireOptions;
  readonly inFlight: Map<string, Waiting & { readonly isSubscription: boolean }>;
  nextId: number;
}

/** Handshakes need no id: one is in flight at most. */
const HANDSHAKE = 'connect';

/** Makes the frames of a connection. */
export function createWire(options: WireOptions): LegacyWire {
  const state: WireState = { options, inFlight: new Map(), nextId: 1 };
  const send = (waiting: Waiting, frame: (id: string) => string, isSubscription = false) => {
    const id = String(state.nextId);
    state.nextId += 1;
    return sendAs(
      state,
      id,
      { ...waiting, settle: (outcome) => waiting.settle(outcome), isSubscription },
      frame(id),
    );
  };
  return {
    call: (waiting, paramsText) =>
      send(
        waiting,
        (id) =>
          `{"id":"${id}","msg":"method","method":${JSON.stringify(waiting.method)},"params":${paramsText}}`,
      ),
    subscribe: (waiting, name) => send(waiting, (id) => JSON.stringify({ id, msg: 'sub', name }), true),
    unsubscribe: (id) => options.send(JSON.stringify({ id, msg: 'unsub' })),
    ping: (waiting) => send(waiting, (id) => JSON.stringify({ id, msg: 'ping' })),
    connect: (waiting) =>
      sendAs(
        state,
        HANDSHAKE,
        { ...waiting, isSubscription: false },
        JSON.stringify({ msg: 'connect', version: '1', support: ['1'] }),
      ),
    receive: (text, from) => receiveText(state, text, from),
    lose(problem) {
      const lost = [...state.inFlight.values()];
      state.inFlight.clear();
      for (const waiting of lost) waiting.settle({ kind: 'lost', problem });
    },
  };
}

function sendAs(
  { options, inFlight }: WireState,
  id: string,
  waiting: Waiting & { readonly isSubscription: boolean },
  text: string,
): boolean {
  // Registered before the bytes go out: a fast answer must find what waits for it.
  inFlight.set(id, waiting);
  if (options.send(text)) return true;
  inFlight.delete(id);
  return false;
}

function receiveText(state: WireState, text: string, from: NasSocket): void {
  let frame: unknown;
  try {
    frame = decodeMessage(text);
  } catch {
    // The parser's own error is dropped: it quotes the message.
    state.options.log.warn('the NAS sent a message that is not JSON', { chars: text.length });
    from.fail(brokenProtocol('The NAS sent a message that is not valid JSON.'));
    return;
  }
  if (frame === null || typeof frame !== 'object' || Array.isArray(frame)) {
    state.options.log.warn('the NAS sent a message that is not an object');
    return;
  }
  receive(state, frame);
}

interface Frame {
  readonly msg?: unknown;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly subs?: unknown;
  readonly collection?: unknown;
  readonly cleared?: unknown;
  readonly fields?: unknown;
}

function receive(state: WireState, frame: Frame): void {
  switch (frame.msg) {
    case 'result':
      receiveResult(state, frame);
      break;
    case 'pong':
      settle(state, frame.id, 'pong');
      break;
    case 'ready':
      for (const id of Array.isArray(frame.subs) ? (frame.subs as unknown[]) : []) settle(state, id, id);
      break;
    case 'nosub':
      receiveEnd(state, frame);
      break;
    case 'added':
    case 'changed':
    case 'removed':
      state.options.onNotification({ method: 'collection_update', params: eventOf(frame) });
      break;
    case 'connected':
      settle(state, HANDSHAKE, 'connected');
      break;
    case 'failed':
      settle(state, HANDSHAKE, 'failed');
      break;
    default:
      state.options.log.debug('the NAS sent a message of an unknown kind');
  }
}

/** CORE tells the end of a row as a change with a mark. */
function eventOf(frame: Frame): Record<string, unknown> {
  const isGone = frame.cleared === true;
  return {
    msg: isGone ? 'removed' : frame.msg,
    collection: frame.collection,
    id: frame.id,
    fields: frame.fields,
  };
}

function receiveResult(state: WireState, { id, result, error }: Frame): void {
  const waiting = take(state, id);
  if (waiting === undefined) return;
  const { method } = waiting;
  if (error !== undefined && error !== null) {
    waiting.settle({ kind: 'error', problem: legacyError(error, contextOf(state, waiting)) });
  } else if (result === undefined) {
    const problem = brokenProtocol(`The NAS's answer to ${method} has neither result nor error.`);
    waiting.settle({ kind: 'unreadable', problem });
  } else {
    waiting.settle({ kind: 'result', result: result as WireValue });
  }
}

/** A source of events ended, or CORE refuses a second subscription to one that still runs. */
function receiveEnd(state: WireState, { id, collection, error }: Frame): void {
  const refused = id === undefined ? undefined : take(state, id);
  if (refused !== undefined) {
    const problem = legacyError({ error: 16, reason: errorText(error) }, contextOf(state, refused));
    refused.settle({ kind: 'error', problem });
    return;
  }
  if (typeof collection !== 'string') return;
  const params = {
    collection,
    ...(error === undefined || error === null
      ? {}
      : { error: asJsonRpc(error, { method: collection, nas: state.options.nas }).data }),
  };
  state.options.onNotification({ method: 'notify_unsubscribed', params });
}

function errorText(error: unknown): string {
  const text =
    error !== null && typeof error === 'object' ? (error as { readonly error?: unknown }).error : undefined;
  return typeof text === 'string' ? text : 'the subscription was refused';
}

function contextOf(
  { options: { nas, log, scrub } }: WireState,
  waiting: { method: string; isSubscription: boolean },
) {
  const verb = waiting.isSubscription ? ('SUBSCRIBE' as const) : ('CALL' as const);
  return { method: waiting.method, verb, nas, log, scrub };
}

function settle(state: WireState, id: unknown, result: unknown): void {
  take(state, id)?.settle({ kind: 'result', result: result as WireValue });
}

function take(
  { inFlight, options }: WireState,
  id: unknown,
): (Waiting & { readonly isSubscription: boolean }) | undefined {
  const waiting = typeof id === 'string' ? inFlight.get(id) : undefined;
  if (waiting === undefined) options.log.debug('the NAS sent an answer that nobody waits for', { id });
  else inFlight.delete(String(id));
  return waiting;
}
