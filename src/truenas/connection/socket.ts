/** One WebSocket to a NAS: opening, sending text, and why it ended. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import { limitedBy } from '../abort.ts';
import { TrueNasError } from '../errors.ts';
import type { TlsTrust } from '../options.ts';
import { httpProblem } from './http-problems.ts';
import { brokenProtocol, closeProblem, connectProblem } from './socket-problems.ts';
import { openStream } from './tls.ts';

/** The largest answer that is taken, in bytes; the longest string of the JavaScript engine bounds it. */
export const MAX_INCOMING_BYTES = 400 * 1024 * 1024;

/** The listeners of a socket. */
export interface SocketEvents {
  onText(text: string, socket: NasSocket): void;
  /** Called once when an open socket ends for any reason but `close`. */
  onEnd(problem: TrueNasError): void;
}

/** An open WebSocket. */
export interface NasSocket {
  /** Hands a text frame to the operating system's queue; false when the socket no longer takes any. */
  send(text: string): boolean;
  /** Asks the peer for a sign of life. */
  ping(): void;
  /** Bytes that have come in so far: grows also in the middle of a large frame. */
  bytesReceived(): number;
  /** Ends the connection; `onEnd` is not called. */
  close(): void;
  /** Ends the connection because of a fault; `onEnd` is called with it. */
  fail(problem: TrueNasError): void;
  readonly certificateDer: Buffer | undefined;
}

/** The address of a NAS, its trust, and how long connecting may take. */
export interface SocketOptions {
  readonly url: string;
  /** The path of the API; `/api/current` when absent. */
  readonly path?: string | undefined;
  readonly tls: TlsTrust;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Takes our own credential out of a text of the NAS. */
  readonly scrub: (text: string) => string;
}

/** After this long, a peer that does not finish a closing handshake no longer keeps calls or the process waiting. */
const CLOSE_TIMEOUT_MS = 1_000;
const API_PATH = '/api/current';

/**
 * Opens a WebSocket on a stream whose certificate has already been judged.
 * @throws TrueNasError `unreachable` or `tls`.
 */
export async function openSocket(options: SocketOptions, events: SocketEvents): Promise<NasSocket> {
  const url = new URL(options.path ?? API_PATH, options.url);
  if (url.protocol !== 'wss:' && !isLoopback(url.hostname)) {
    throw new TrueNasError('tls', {
      summary:
        'The API key would travel in clear, and a TrueNAS revokes a key that it sees so. Nothing was sent.',
      nextStep: 'Set TRUENAS_URL to the https (wss) address of the NAS.',
    });
  }
  const limit = limitedBy(options.signal, options.connectTimeoutMs);
  const { signal } = limit;
  try {
    const { stream, certificateDer } = await openStream(url, options.tls, signal);
    // The types of ws do not know `closeTimeout` yet.
    const how: ClientOptions & { readonly closeTimeout: number } = {
      createConnection: () => stream,
      // On a local network compression costs more time than it saves.
      perMessageDeflate: false,
      maxPayload: MAX_INCOMING_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
    };
    const webSocket = new WebSocket(url, how);
    // A NAS may close right behind the upgrade, in the same packet: listen from the start.
    let early: TrueNasError | undefined;
    let isHandedOver = false;
    const socket = attach(webSocket, stream, certificateDer, options.scrub, {
      onText: (text, from) => events.onText(text, from),
      onEnd(problem) {
        if (isHandedOver) events.onEnd(problem);
        else early = problem;
      },
    });
    await upgraded(webSocket, stream, signal, url);
    if (early !== undefined) throw early;
    isHandedOver = true;
    return socket;
  } catch (error) {
    if (error instanceof TrueNasError) throw error;
    throw connectProblem(error, url.host, limit.isTimeUp() ? options.connectTimeoutMs : undefined);
  } finally {
    limit.release();
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function attach(
  webSocket: WebSocket,
  stream: Duplex & { readonly bytesRead?: number },
  certificateDer: Buffer | undefined,
  scrub: (text: string) => string,
  events: SocketEvents,
): NasSocket {
  let isEnded = false;
  let lastError: unknown;
  const end = (problem: TrueNasError) => {
    if (isEnded) return;
    isEnded = true;
    events.onEnd(problem);
  };
  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    if (isEnded) return;
    if (isBinary) {
      fail(brokenProtocol('The NAS sent a binary frame; its protocol has only text.'));
    } else {
      events.onText(textOf(data), socket);
    }
  });
  webSocket.on('error', (error) => {
    lastError = error;
  });
  webSocket.on('close', (code, reason) => end(closeProblem(code, scrub(reason.toString()), lastError)));
  const fail = (problem: TrueNasError) => {
    webSocket.terminate();
    end(problem);
  };
  let isCorked = false;
  /** Calls made in the same turn leave in one write. */
  const cork = () => {
    if (isCorked) return;
    isCorked = true;
    stream.cork();
    process.nextTick(() => {
      isCorked = false;
      stream.uncork();
    });
  };
  const socket: NasSocket = {
    certificateDer,
    send(text) {
      if (isEnded || webSocket.readyState !== WebSocket.OPEN) return false;
      cork();
      webSocket.send(text);
      return true;
    },
    ping() {
      if (webSocket.readyState === WebSocket.OPEN) webSocket.ping();
    },
    bytesReceived: () => stream.bytesRead ?? 0,
    close() {
      isEnded = true;
      webSocket.close(1000);
    },
    fail,
  };
  return socket;
}

function upgraded(webSocket: WebSocket, stream: Duplex, signal: AbortSignal, url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      signal.removeEventListener('abort', onAbort);
      webSocket.off('open', onOpen);
      webSocket.off('error', settle);
      webSocket.off('unexpected-response', onResponse);
      if (error === undefined) {
        resolve();
      } else {
        webSocket.on('error', () => undefined);
        webSocket.terminate();
        stream.destroy();
        reject(error);
      }
    };
    const onOpen = () => settle();
    const onAbort = () => settle(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    const onResponse = (_request: unknown, { statusCode: status = 0, headers }: IncomingMessage) =>
      settle(httpProblem({ status, location: headers.location }, url));
    webSocket.once('open', onOpen);
    webSocket.once('error', settle);
    webSocket.once('unexpected-response', onResponse);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data).toString('utf8');
}
