/** One WebSocket connection at `/websocket`: messages with a `msg`, answered in any order. */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { recordLogout } from '../audit/entries.ts';
import { ERRNO } from '../errors/exceptions.ts';
import { isCore } from '../releases.ts';
import { type ConnectionOrigin, createSession } from '../session/session.ts';
import type { AnswerForm, ConnectionHost, FailureText } from '../wire/call-runner.ts';
import { createCallRunner } from '../wire/call-runner.ts';
import { toJson } from '../wire/codec.ts';
import { type Connection, hasCloseFrame, MAX_LISTENERS, textOf } from '../wire/connection.ts';
import { dialectOf, type LegacyDialect } from './dialect.ts';
import { freebsdErrno } from './errno.ts';
import { legacyError, legacyNotAuthenticated, Refusal } from './errors.ts';
import { readLegacyFrame } from './frames.ts';
import { findLegacyMethod } from './lookup.ts';
import { isPrivateName } from '../calls/private-names.ts';
import type { SimMethod } from '../calls/method.ts';
import { createLegacySubscriptions } from './subscriptions.ts';

/** Serves a connection until it closes. */
export function serveLegacyConnection(
  host: ConnectionHost,
  socket: WebSocket,
  stream: Duplex,
  origin: ConnectionOrigin,
): Connection {
  const { core } = host;
  const dialect = dialectOf(core.legacy);
  const session = createSession(core, origin);
  let isClosed = false;
  let isConnected = false;

  function send(text: string): void {
    if (!isClosed && !host.isSilent()) socket.send(text);
  }

  function close(code: number, reason = ''): void {
    if (hasCloseFrame(code)) socket.close(code, reason);
    else cut();
  }

  function cut(): void {
    socket.terminate();
  }

  const subscriptions = createLegacySubscriptions(core, session, send, close);
  const line = { socket, stream, session, send, close, cut, isClosed: () => isClosed };
  const form = answerForm(dialect, () => close(1011, "'id'"));
  const runner = createCallRunner(host, line, form);

  function refuse(id: unknown, error: unknown): void {
    if (id === undefined) form.failedSilently();
    else send(form.failure(toJson(id), error).text);
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) return close(1003, 'Invalid websocket message type: <WSMsgType.BINARY: 2>');
    const isSignedIn = session.credential !== null;
    const frame = readLegacyFrame(textOf(data), { isConnected, isSignedIn }, dialect);
    switch (frame.kind) {
      case 'connect':
        if (!frame.isKnownVersion) return send(FAILED);
        isConnected = true;
        return send(toJson({ msg: 'connected', session: session.id }));
      case 'too-early':
        return send(FAILED);
      case 'ping':
        return send(toJson({ msg: 'pong', ...(frame.id === undefined ? {} : { id: frame.id }) }));
      case 'call':
        // Newer releases look a name up as late as their own protocol does.
        if (core.legacy === null && !core.methods.has(frame.method) && !isPrivateName(frame.method)) {
          return refuse(frame.id, lookupFailure(core.methods, frame.method));
        }
        return runner.accept(frame);
      case 'sub':
        return subscriptions.subscribe(frame.id, frame.name, (error) => refuse(frame.id, error));
      case 'unsub':
        return isSignedIn || !isCore(core.legacy)
          ? subscriptions.unsubscribe(frame.id)
          : refuse(frame.id, legacyNotAuthenticated(dialect));
      case 'unknown':
        return isSignedIn || !isCore(core.legacy)
          ? undefined
          : refuse(frame.id, legacyNotAuthenticated(dialect));
      case 'refused':
        return refuse(frame.id, frame.error);
      case 'close':
        return close(frame.code, frame.reason);
      case 'cut':
        return cut();
    }
  });
  socket.setMaxListeners(MAX_LISTENERS);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    subscriptions.end();
    if (!isCore(core.legacy)) recordLogout(core, session);
    session.signIn(null);
  });

  return { session, subscriptions, close, cut, sendRaw: send };
}

/** Why there is no such method. */
function lookupFailure(methods: ReadonlyMap<string, SimMethod>, name: string): unknown {
  try {
    return findLegacyMethod(methods, name);
  } catch (error) {
    return error;
  }
}

const FAILED = '{"msg":"failed","version":"1"}';

function answerForm(dialect: LegacyDialect, failedSilently: () => void): AnswerForm {
  const failedWith = (idText: string, error: Record<string, unknown>): FailureText => ({
    text: `{"msg":"result","id":${idText},"error":${toJson(error)}}`,
    code: Number(error.error),
  });
  const failure = (idText: string, thrown: unknown): FailureText =>
    failedWith(idText, legacyError(thrown, dialect));
  return {
    success: (idText, json) => `{"id":${idText},"msg":"result","result":${json}}`,
    failure,
    unwritable: failure,
    tooManyCalls: (idText) =>
      failure(
        idText,
        new Refusal('Maximum number of concurrent calls (20) has exceeded.', ERRNO.ETOOMANYREFS),
      ),
    throttled: (idText) => failure(idText, new Refusal('Rate Limit Exceeded', ERRNO.EBUSY)),
    ordered: (idText, { message, data }) =>
      failedWith(
        idText,
        orderedError(message, data, legacyError(new Refusal(message, ERRNO.EFAULT), dialect)),
      ),
    toNobody: '{"id":"nobody-asked","msg":"result","result":true}',
    beginning: '{"id":"1","msg":"result","result":',
    counts: () => dialect.limitsRate,
    countsFirst: true,
    failedSilently,
  };
}

/** What a test ordered, with the fields and the numbers that the error of this protocol has. */
function orderedError(
  message: string,
  data: unknown,
  base: Record<string, unknown>,
): Record<string, unknown> {
  const given = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const known = Object.entries({ reason: message, ...given }).filter(([name]) => name in base);
  const error = { ...base, ...Object.fromEntries(known) };
  return 'errname' in base ? error : { ...error, error: freebsdErrno(Number(error['error'])) };
}
