/** One WebSocket connection: frames in, replies in any order out, at most so many calls at once. */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { recordLogout } from '../audit/entries.ts';
import { type AnswerForm, type ConnectionHost, createCallRunner, type FailureText } from './call-runner.ts';
import { toJson } from './codec.ts';
import { CallError, ERRNO } from '../errors/exceptions.ts';
import { INTERNAL_ERROR, readFrame, TOO_MANY_CALLS } from './framing.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { type ConnectionOrigin, createSession } from '../session/session.ts';
import type { SimSession } from '../session/session-state.ts';
import { createSubscriptions, type Subscriptions } from '../session/subscriptions.ts';
import { ProtocolError, type WireError, wireError } from './wire-error.ts';

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
export const MAX_LISTENERS = 32;

/** Serves a connection until it closes. */
export function serveConnection(
  host: ConnectionHost,
  socket: WebSocket,
  stream: Duplex,
  origin: ConnectionOrigin,
): Connection {
  const { core } = host;
  const session = createSession(core, origin);
  const subscriptions = createSubscriptions(core, session, (text) => send(text));
  const dialect = { namesTrailingComma: isAtLeast(core.release, '27.0') };
  let isClosed = false;

  function send(text: string): void {
    if (!isClosed && !host.isSilent()) socket.send(text);
  }

  const line = { socket, stream, session, send, close, cut, isClosed: () => isClosed };
  const runner = createCallRunner(host, line, jsonRpcForm(core.release, session));

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
      case 'call':
        return runner.accept(frame);
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
    if (isAtLeast(core.release, '27.0')) runner.forgetWaiting();
  });

  return { session, subscriptions, close, cut, sendRaw: send };
}

/** Answers as JSON-RPC 2.0 has them. */
function jsonRpcForm(release: SimRelease, session: SimSession): AnswerForm {
  const failed = (idText: string, error: WireError): FailureText => ({
    text: errorReply(error, idText),
    code: error.code,
  });
  const failure = (idText: string, thrown: unknown): FailureText =>
    failed(idText, wireError(thrown, release, session.options.pyExceptions));
  return {
    success: (idText, json) => `{"jsonrpc":"2.0","result":${json},"id":${idText}}`,
    failure,
    unwritable(idText, thrown) {
      const { data } = wireError(thrown, release, session.options.pyExceptions);
      return failed(idText, {
        code: INTERNAL_ERROR,
        message: 'Failed to JSON serialize server message',
        data: { ...(data as object), error: ERRNO.EFAULT, errname: 'EFAULT' },
      });
    },
    tooManyCalls: (idText) =>
      failure(
        idText,
        new ProtocolError(TOO_MANY_CALLS, 'Maximum number of concurrent calls (20) has exceeded'),
      ),
    throttled: (idText) => failure(idText, new CallError('Rate Limit Exceeded', ERRNO.EBUSY)),
    ordered: (idText, { code, message, data }) => failed(idText, { code, message, data }),
    toNobody: '{"jsonrpc":"2.0","result":true,"id":"nobody-asked"}',
    beginning: '{"jsonrpc":"2.0","result":',
    counts: ({ credential }) => credential === null,
    countsFirst: false,
    failedSilently: () => undefined,
  };
}

function errorReply(error: WireError, idText: string): string {
  return `{"jsonrpc":"2.0","error":${toJson(error)},"id":${idText}}`;
}

/** 1006 and the like say that there was no close frame. */
export function hasCloseFrame(code: number): boolean {
  return code !== 1005 && code !== 1006 && code !== 1015;
}

/** The text of a message as the socket hands it over. */
export function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
