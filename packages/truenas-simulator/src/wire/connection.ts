/** One WebSocket connection: frames in, replies in any order out, at most so many calls at once. */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { recordLogout } from '../audit/entries.ts';
import { type CallSlots, createCallSlots } from './call-slots.ts';
import { toJson } from './codec.ts';
import type { Core } from '../server/core.ts';
import type { Dispatcher } from '../calls/dispatch.ts';
import { isMutating } from '../calls/mutating.ts';
import { ERRNO } from '../errors/exceptions.ts';
import type { Fault, FaultQueue } from '../control/faults.ts';
import { INTERNAL_ERROR, type RequestId, readFrame, TOO_MANY_CALLS } from './framing.ts';
import type { OpenRecord, Recorder } from '../control/recorder.ts';
import { type Twist, twistOf } from '../control/twists.ts';
import { isAtLeast } from '../releases.ts';
import { type ConnectionOrigin, createSession } from '../session/session.ts';
import type { SimSession } from '../session/session-state.ts';
import { createSubscriptions, type Subscriptions } from '../session/subscriptions.ts';
import { ProtocolError, type WireError, wireError } from './wire-error.ts';

/** What every connection of one boot shares. */
export interface ConnectionHost {
  readonly core: Core;
  readonly dispatcher: Dispatcher;
  readonly faults: FaultQueue;
  readonly recorder: Recorder;
  /** Waits, or not at all once the server has stopped. */
  wait(ms: number): Promise<void>;
  /** Holds a call back that comes before sign-in: answers what it must fail with, if it must. */
  throttle(method: string, session: SimSession): Promise<Error> | null;
  /** True while nothing is to be answered. */
  isSilent(): boolean;
}

/** A connection, as the server sees it. */
export interface Connection {
  readonly session: SimSession;
  readonly subscriptions: Subscriptions;
  /** Ends it properly. */
  close(code: number, reason?: string): void;
  /** Cuts the socket. */
  cut(): void;
  /** Sends a frame as it is. */
  sendRaw(text: string): void;
}

/** Listeners of a socket that keeps all its calls waiting, and our own. */
const MAX_LISTENERS = 32;

interface Request {
  readonly id: RequestId | undefined;
  readonly idText: string;
  readonly method: string;
  /** Parameters, special values decoded. */
  readonly args: readonly unknown[];
  readonly record: OpenRecord;
}

/** Serves a connection until it closes. */
export function serveConnection(
  host: ConnectionHost,
  socket: WebSocket,
  stream: Duplex,
  origin: ConnectionOrigin,
): Connection {
  const { core, dispatcher, faults, recorder } = host;
  const session = createSession(core, origin);
  const subscriptions = createSubscriptions(core, session, (text) => send(text));
  const slots: CallSlots = createCallSlots(stream);
  const dialect = { namesTrailingComma: isAtLeast(core.release, '27.0') };
  let isClosed = false;

  function send(text: string): void {
    if (!isClosed && !host.isSilent()) socket.send(text);
  }

  function sendReply(request: Request, text: string): void {
    request.record.bytesOut = Buffer.byteLength(text);
    send(text);
  }

  function succeed(request: Request, result: unknown): void {
    if (request.id === undefined) return;
    let text: string;
    try {
      text = `{"jsonrpc":"2.0","result":${toJson(result)},"id":${request.idText}}`;
    } catch (error) {
      const { data } = wireError(error, core.release, session.options.pyExceptions);
      fail(request, {
        code: INTERNAL_ERROR,
        message: 'Failed to JSON serialize server message',
        data: { ...(data as object), error: ERRNO.EFAULT, errname: 'EFAULT' },
      });
      return;
    }
    sendReply(request, text);
  }

  function fail(request: Request, error: WireError): void {
    request.record.errorCode = error.code;
    if (request.id === undefined) return;
    sendReply(request, errorReply(error, request.idText));
  }

  function failWith(request: Request, thrown: unknown): void {
    fail(request, wireError(thrown, core.release, session.options.pyExceptions));
  }

  function accept(request: Request): void {
    if (slots.enter(() => start(request))) return;
    failWith(
      request,
      new ProtocolError(TOO_MANY_CALLS, 'Maximum number of concurrent calls (20) has exceeded'),
    );
  }

  /** Executes a call; null when it is answered already. */
  function start(request: Request): Promise<void> | null {
    const fault = faults.take(request.method);
    const throttled = session.credential === null ? host.throttle(request.method, session) : null;
    if (throttled !== null) return throttled.then((error) => failWith(request, error));
    if (fault !== null) return runFaulty(request, fault);
    let result: unknown;
    try {
      result = admit(request)();
    } catch (error) {
      failWith(request, error);
      return null;
    }
    if (!(result instanceof Promise)) {
      succeed(request, result);
      return null;
    }
    return result.then(
      (value) => succeed(request, value),
      (error: unknown) => failWith(request, error),
    );
  }

  function admit({ id, method, args }: Request, twist?: Twist): () => unknown {
    return dispatcher.admit({ session, requestId: id, twist }, method, args);
  }

  async function runFaulty(request: Request, fault: Fault): Promise<void> {
    if (preventsExecution(request, fault)) return;
    let result: unknown;
    try {
      const run = admit(request, twistOf(fault));
      if (fault.kind === 'delay') await host.wait(fault.ms);
      if (isClosed && isAtLeast(core.release, '27.0')) return;
      result = await run();
    } catch (error) {
      failWith(request, error);
      return;
    }
    await answerFaultily(request, fault, result);
  }

  /** True when the fault took the place of the call. */
  function preventsExecution(request: Request, fault: Fault): boolean {
    switch (fault.kind) {
      case 'drop-before':
        cut();
        return true;
      case 'close':
        close(fault.code, fault.reason);
        return true;
      case 'too-many-calls':
        fail(request, {
          code: TOO_MANY_CALLS,
          message: 'Maximum number of concurrent calls (20) has exceeded',
        });
        return true;
      case 'error':
        fail(request, { code: fault.code, message: fault.message, data: fault.data });
        return true;
      default:
        return false;
    }
  }

  async function answerFaultily(request: Request, fault: Fault, result: unknown): Promise<void> {
    switch (fault.kind) {
      case 'drop-after':
        return cut();
      case 'silence':
        return new Promise((resolve) => {
          socket.once('close', () => resolve());
        });
      case 'slow-answer':
        await host.wait(fault.ms);
        return succeed(request, result);
      case 'malformed':
        return sendReply(request, '{"jsonrpc":"2.0","result":{"na');
      case 'half-frame':
        return sendHalfFrame();
      case 'answer-to-nobody':
        send('{"jsonrpc":"2.0","result":true,"id":"nobody-asked"}');
        return succeed(request, result);
      case 'duplicate':
        succeed(request, result);
        return succeed(request, result);
      case 'giant':
        return succeed(request, 'x'.repeat(fault.megabytes * 1_000_000));
      case 'result':
        return succeed(request, fault.result);
      default:
        return succeed(request, result);
    }
  }

  /** A text frame that announces 1000 bytes and brings 20. */
  function sendHalfFrame(): void {
    const header = Buffer.from([0x81, 126, 0x03, 0xe8]);
    stream.write(Buffer.concat([header, Buffer.from('{"jsonrpc":"2.0","re')]), () => cut());
  }

  function close(code: number, reason = ''): void {
    if (hasCloseFrame(code)) socket.close(code, reason);
    else cut();
  }

  function cut(): void {
    socket.terminate();
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) return close(1003, 'Invalid websocket message type: <WSMsgType.BINARY: 2>');
    const frame = readFrame(textOf(data), session.credential !== null, dialect);
    switch (frame.kind) {
      case 'call': {
        const called = core.methods.get(frame.method);
        const record = recorder.note(frame.method, frame.params, {
          sessionId: session.id,
          isMutating: called !== undefined && isMutating(called),
        });
        const { id, idText, method, args } = frame;
        return accept({ id, idText, method, args, record });
      }
      case 'error': {
        const { idText, code, message } = frame;
        return send(errorReply({ code, message }, idText));
      }
      case 'close':
        return close(frame.code, frame.reason);
      case 'cut':
        return cut();
      default:
        return undefined;
    }
  });
  socket.setMaxListeners(MAX_LISTENERS);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    subscriptions.end();
    // First: afterwards nobody is signed in whom the entry could name.
    recordLogout(core, session);
    session.signIn(null);
    if (isAtLeast(core.release, '27.0')) slots.forgetWaiting();
  });

  return { session, subscriptions, close, cut, sendRaw: send };
}

function errorReply(error: WireError, idText: string): string {
  return `{"jsonrpc":"2.0","error":${toJson(error)},"id":${idText}}`;
}

/** 1006 and the like say that there was no close frame. */
function hasCloseFrame(code: number): boolean {
  return code !== 1005 && code !== 1006 && code !== 1015;
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
