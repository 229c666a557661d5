/** One WebSocket to `/api/current` of a NAS: opening, sending text, and why it ended. */
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket } from 'ws';
import { TrueNasError } from './errors.ts';
import type { TlsTrust } from './options.ts';
import { openStream } from './tls.ts';

/** Answers of this size are still taken in one piece; bounded by the longest string of the JavaScript engine. */
export const MAX_INCOMING_BYTES = 400 * 1024 * 1024;

/** What a socket reports. */
export interface SocketEvents {
  onText(text: string, socket: NasSocket): void;
  /** Called once when it ended after it was handed over, for whatever reason but `close`. */
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

/** Where to connect, and how long it may take. */
export interface SocketOptions {
  readonly url: string;
  readonly tls: TlsTrust;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
}

const CLOSE_TIMEOUT_MS = 1_000;
const API_PATH = '/api/current';

/**
 * Opens a WebSocket on a stream whose certificate has already been judged.
 * @throws TrueNasError `unreachable` or `tls`.
 */
export async function openSocket(options: SocketOptions, events: SocketEvents): Promise<NasSocket> {
  const url = new URL(API_PATH, options.url);
  if (url.protocol !== 'wss:' && !isLoopback(url.hostname)) {
    throw new TrueNasError('tls', {
      summary:
        'The API key would travel in clear, and a TrueNAS revokes a key that it sees so. Nothing was sent.',
      nextStep: 'Set TRUENAS_URL to the https (wss) address of the NAS.',
    });
  }
  const deadline = AbortSignal.timeout(options.connectTimeoutMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  try {
    const { stream, certificateDer } = await openStream(url, options.tls, signal);
    const webSocket = new WebSocket(url, {
      createConnection: () => stream,
      // Compression costs more time on a local network than it saves, and adds a thread hop to every frame.
      perMessageDeflate: false,
      maxPayload: MAX_INCOMING_BYTES,
    });
    // A NAS may close right behind the upgrade, in the same packet: listen from the start.
    let early: TrueNasError | undefined;
    let isHandedOver = false;
    const socket = attach(webSocket, stream, certificateDer, {
      onText: (text, from) => events.onText(text, from),
      onEnd(problem) {
        if (isHandedOver) events.onEnd(problem);
        else early = problem;
      },
    });
    await upgraded(webSocket, stream, signal, url.host);
    if (early !== undefined) throw early;
    isHandedOver = true;
    return socket;
  } catch (error) {
    if (error instanceof TrueNasError) throw error;
    throw connectProblem(error, url.host, deadline.aborted ? options.connectTimeoutMs : undefined);
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function attach(
  webSocket: WebSocket,
  stream: Duplex & { readonly bytesRead?: number },
  certificateDer: Buffer | undefined,
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
  webSocket.on('close', (code, reason) => end(closeProblem(code, reason.toString(), lastError)));
  const fail = (problem: TrueNasError) => {
    webSocket.terminate();
    end(problem);
  };
  const socket: NasSocket = {
    certificateDer,
    send(text) {
      if (isEnded || webSocket.readyState !== WebSocket.OPEN) return false;
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
      // A peer that does not answer the closing handshake must not keep the process alive.
      setTimeout(() => webSocket.terminate(), CLOSE_TIMEOUT_MS).unref();
    },
    fail,
  };
  return socket;
}

function upgraded(webSocket: WebSocket, stream: Duplex, signal: AbortSignal, host: string): Promise<void> {
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
    const onResponse = (_request: unknown, response: { statusCode?: number | undefined }) =>
      settle(httpProblem(response.statusCode ?? 0, host));
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

/** The error for a peer that does not keep to the protocol. */
export function brokenProtocol(summary: string, cause?: unknown): TrueNasError {
  return new TrueNasError('protocol', {
    summary,
    nextStep:
      'Check that nothing between this computer and the NAS alters the traffic; the connection is opened anew.',
    cause,
  });
}

const CLOSE_CODES: Readonly<Record<number, readonly [summary: string, nextStep: string]>> = {
  1000: ['The NAS closed the connection.', 'Call again; the connection is opened anew.'],
  1001: [
    'The NAS is going away (restart, shutdown or update).',
    'Wait until it is up again; the connection is then opened anew.',
  ],
  1003: ['The NAS refused a frame that was not text.', 'Please report this: the program never sends one.'],
  1006: [
    'The connection to the NAS broke off.',
    'Check the network and whether the NAS is up; the connection is opened anew.',
  ],
  1007: [
    'The NAS closed the connection over a message that it did not accept before sign-in.',
    'Please report this; the next call opens a new connection.',
  ],
  1008: [
    "The NAS refuses this computer's address.",
    'Add it to the allowed addresses of the web interface on the NAS (System, General Settings, GUI).',
  ],
  1009: [
    'A message was too large, and the connection was closed over it.',
    'Ask for less at once (select, limit), or send less.',
  ],
  1011: [
    'The NAS closed the connection because of a fault of its own.',
    'Look at the log of the middleware on the NAS; the next call opens a new connection.',
  ],
};

function closeProblem(code: number, reason: string, error: unknown): TrueNasError {
  const [summary, nextStep] = CLOSE_CODES[code] ?? [
    `The connection to the NAS was closed (WebSocket code ${code}).`,
    'Call again; the connection is opened anew.',
  ];
  const isTooLarge = code === 1009 || errorCode(error) === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
  return new TrueNasError(isTooLarge ? 'too-large' : 'unreachable', {
    summary: isTooLarge && code !== 1009 ? (CLOSE_CODES[1009]?.[0] ?? summary) : summary,
    nextStep,
    nasText: reason === '' ? undefined : reason.slice(0, 200),
    cause: error,
  });
}

function httpProblem(status: number, host: string): TrueNasError {
  if (status === 404) {
    return unreachable(
      `${host} answers, but has no TrueNAS JSON-RPC API at ${API_PATH}.`,
      'It needs TrueNAS 25.04 or later; check the version, and that the URL is that of the TrueNAS web interface.',
    );
  }
  if (status >= 300 && status < 400) {
    return unreachable(
      `${host} redirects to another address (HTTP ${status}).`,
      'Set TRUENAS_URL to the https address of the TrueNAS web interface.',
    );
  }
  return unreachable(
    `${host} answered HTTP ${status} instead of opening a WebSocket.`,
    status >= 500
      ? 'The NAS may be starting; wait a minute and try again.'
      : 'Check that the URL is that of the TrueNAS web interface.',
  );
}

const NETWORK_PROBLEMS: Readonly<Record<string, readonly [what: string, nextStep: string]>> = {
  ENOTFOUND: ['its name cannot be resolved', 'Check the host name in TRUENAS_URL and the DNS.'],
  EAI_AGAIN: ['the DNS does not answer', 'Check the network of this computer and the DNS.'],
  ECONNREFUSED: ['nothing listens there', 'Check host and port in TRUENAS_URL, and that the NAS is up.'],
  EHOSTUNREACH: ['there is no route to it', 'Check the network, VPN and firewall.'],
  ENETUNREACH: ['there is no route to it', 'Check the network, VPN and firewall.'],
  ETIMEDOUT: ['it does not answer', 'Check that the NAS is up, and the firewall in between.'],
  ECONNRESET: ['the connection was cut', 'Check that the NAS is up and that nothing in between blocks it.'],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'it does not speak TLS on that port',
    'Use the HTTPS port of the web interface.',
  ],
  EPROTO: ['the TLS handshake failed', 'Use the HTTPS port of the web interface, and TLS 1.2 or later.'],
};

function connectProblem(error: unknown, host: string, timedOutAfterMs: number | undefined): TrueNasError {
  if (timedOutAfterMs !== undefined) {
    return unreachable(
      `${host} did not answer within ${Math.round(timedOutAfterMs / 1000)} s.`,
      'Check that the NAS is up, and the network and firewall in between.',
      error,
    );
  }
  const code = errorCode(error);
  const known = code === undefined ? undefined : NETWORK_PROBLEMS[code];
  if (known !== undefined)
    return unreachable(`${host} is not reachable: ${known[0]} (${code}).`, known[1], error);
  const text = error instanceof Error ? error.message : String(error);
  return unreachable(
    `${host} is not reachable: ${text.slice(0, 200)}.`,
    'Check TRUENAS_URL, that the NAS is up, and the network in between.',
    error,
  );
}

function unreachable(summary: string, nextStep: string, cause?: unknown): TrueNasError {
  return new TrueNasError('unreachable', { summary, nextStep, cause });
}

function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
