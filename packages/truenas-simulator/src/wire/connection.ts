/** One WebSocket connection: frames in, replies in any order out, at most so many calls at once. */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { decodeValue, encodeValue } from './codec.ts';
import type { Core } from '../server/core.ts';
import type { Dispatcher } from '../calls/dispatch.ts';
import { ERRNO } from '../errors/exceptions.ts';
import type { Fault, FaultQueue } from '../control/faults.ts';
import { INTERNAL_ERROR, type RequestId, readFrame, TOO_MANY_CALLS } from './framing.ts';
import type { OpenRecord, Recorder } from '../control/recorder.ts';
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

const MAX_RUNNING = 10;
const MAX_WAITING = 10;

interface Request {
  readonly id: RequestId | undefined;
  readonly idText: string;
  readonly method: string;
  readonly params: readonly unknown[];
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
  const waiting: Request[] = [];
  let running = 0;
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
      text = `{"jsonrpc":"2.0","result":${JSON.stringify(encodeValue(result))},"id":${request.idText}}`;
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
    if (running < MAX_RUNNING) start(request);
    else if (waiting.length < MAX_WAITING) waiting.push(request);
    else
      failWith(
        request,
        new ProtocolError(TOO_MANY_CALLS, 'Maximum number of concurrent calls (20) has exceeded'),
      );
  }

  function start(request: Request): void {
    const fault = faults.take(request.method);
    const throttled = session.credential === null ? host.throttle(request.method, session) : null;
    if (fault !== null || throttled !== null) {
      track(
        throttled === null ? runFaulty(request, fault) : throttled.then((error) => failWith(request, error)),
      );
      return;
    }
    let result: unknown;
    try {
      result = execute(request);
    } catch (error) {
      failWith(request, error);
      return;
    }
    if (!(result instanceof Promise)) {
      succeed(request, result);
      return;
    }
    track(
      result.then(
        (value) => succeed(request, value),
        (error: unknown) => failWith(request, error),
      ),
    );
  }

  /** Holds a slot until the work is done, then lets the next call in. */
  function track(work: Promise<void>): void {
    running += 1;
    void work.finally(() => {
      running -= 1;
      const next = isClosed && isAtLeast(core.release, '27.0') ? undefined : waiting.shift();
      if (next !== undefined) start(next);
    });
  }

  function execute({ id, method, params }: Request): unknown {
    const decoded = decodeValue(params) as readonly unknown[];
    return dispatcher.call({ session, requestId: id }, method, decoded);
  }

  async function runFaulty(request: Request, fault: Fault | null): Promise<void> {
    if (fault !== null && (await preventsExecution(request, fault))) return;
    let result: unknown;
    try {
      result = await execute(request);
    } catch (error) {
      failWith(request, error);
      return;
    }
    if (fault === null) succeed(request, result);
    else await answerFaultily(request, fault, result);
  }

  /** True when the fault took the place of the call. */
  async function preventsExecution(request: Request, fault: Fault): Promise<boolean> {
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
      case 'delay':
        await host.wait(fault.ms);
        return isClosed && isAtLeast(core.release, '27.0');
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
    if (isBinary) return close(1003);
    const frame = readFrame(textOf(data), session.credential !== null);
    switch (frame.kind) {
      case 'call': {
        const record = recorder.note(frame.method, frame.params, session.id);
        const { id, idText, method, params } = frame;
        return accept({ id, idText, method, params, record });
      }
      case 'error': {
        const { idText, code, message } = frame;
        return send(errorReply({ code, message }, idText));
      }
      case 'close':
        return close(frame.code, frame.reason);
      default:
        return undefined;
    }
  });
  // One for each call that is kept waiting for ever, on top of our own.
  socket.setMaxListeners(MAX_RUNNING + MAX_WAITING);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    subscriptions.end();
    if (isAtLeast(core.release, '27.0')) waiting.length = 0;
  });

  return { session, subscriptions, close, cut, sendRaw: send };
}

function errorReply(error: WireError, idText: string): string {
  return `{"jsonrpc":"2.0","error":${JSON.stringify(encodeValue(error))},"id":${idText}}`;
}

/** 1006 and the like say that there was no close frame. */
function hasCloseFrame(code: number): boolean {
  return code !== 1005 && code !== 1006 && code !== 1015;
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
