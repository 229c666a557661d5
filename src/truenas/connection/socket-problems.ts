/** The errors for a connection that could not be opened or has ended. */
import { TrueNasError } from '../errors.ts';
import { explainTlsAlert, type Explanation, NO_COMMON_TLS } from './tls-alerts.ts';

/** The error for a peer that does not keep to the protocol. */
export function brokenProtocol(summary: string): TrueNasError {
  return new TrueNasError('protocol', {
    summary,
    nextStep:
      'Check that nothing between this computer and the NAS alters the traffic; the connection is opened anew.',
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

/** The error for a WebSocket that ended with a close code (1006: without one). */
export function closeProblem(code: number, reason: string, error: unknown): TrueNasError {
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

const NETWORK_PROBLEMS: Readonly<Record<string, Explanation>> = {
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
  ERR_SSL_UNSUPPORTED_PROTOCOL: NO_COMMON_TLS,
  EPROTO: ['the TLS handshake failed', 'Use the HTTPS port of the web interface, and TLS 1.2 or later.'],
};

/** The error for a connection that did not come about. */
export function connectProblem(
  error: unknown,
  host: string,
  timedOutAfterMs: number | undefined,
): TrueNasError {
  if (timedOutAfterMs !== undefined) {
    return unreachable(
      `${host} did not answer within ${Math.round(timedOutAfterMs / 1000)} s.`,
      'Check that the NAS is up, and the network and firewall in between.',
      error,
    );
  }
  const alert = explainTlsAlert(error);
  if (alert !== undefined) return unreachable(`${host} is not reachable: ${alert[0]}.`, alert[1], error);
  const code = errorCode(error);
  const known = code === undefined ? undefined : explainCode(code);
  if (known !== undefined)
    return unreachable(`${host} is not reachable: ${known[0]} (${code}).`, known[1], error);
  const text = error instanceof Error ? error.message : String(error);
  // The texts of the WebSocket library for an answer that is HTTP 101 and yet no WebSocket.
  if (/^Invalid (?:Upgrade|Sec-WebSocket|subprotocol)|^Server sent/u.test(text))
    return unreachable(
      `${host} is not reachable: it answers the upgrade, but not as a WebSocket.`,
      PROXY_STEP,
      error,
    );
  return unreachable(
    `${host} is not reachable: ${text.slice(0, 200)}.`,
    'Check TRUENAS_URL, that the NAS is up, and the network in between.',
    error,
  );
}

/** The texts of OpenSSL and the HTTP parser quote source files: their codes are explained instead. */
function explainCode(code: string): Explanation | undefined {
  const known = NETWORK_PROBLEMS[code];
  if (known !== undefined) return known;
  if (code.startsWith('ERR_SSL_')) return NETWORK_PROBLEMS.EPROTO;
  return code.startsWith('HPE_') ? ['it does not speak HTTP', PROXY_STEP] : undefined;
}

const PROXY_STEP =
  'Check that TRUENAS_URL is the address of the NAS itself; something in between answers in its place.';

function unreachable(summary: string, nextStep: string, cause?: unknown): TrueNasError {
  return new TrueNasError('unreachable', { summary, nextStep, cause });
}

function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
