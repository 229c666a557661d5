/** The errors for an HTTP answer where a WebSocket was asked for: an older TrueNAS, or somebody between it and us. */
import { TrueNasError, type TrueNasErrorParts } from '../errors.ts';

/** Nothing serves the JSON-RPC API there; the protocol before it may be. */
export class ApiAbsentError extends TrueNasError {
  constructor(parts: TrueNasErrorParts) {
    super('unreachable', parts);
    this.name = 'ApiAbsentError';
  }
}

/** The part of an HTTP answer that tells who sent it. */
export interface HttpAnswer {
  readonly status: number;
  /** The header `Location`. */
  readonly location?: string | undefined;
}

/** Explains an HTTP answer to the upgrade of `url`. */
export function httpProblem(answer: HttpAnswer, url: URL): TrueNasError {
  const { status } = answer;
  const { host, pathname } = url;
  if (status >= 300 && status < 400) return redirectProblem(answer, url);
  if (status === 404) {
    return new ApiAbsentError({
      summary: `${host} answers, but has no TrueNAS JSON-RPC API at ${pathname}.`,
      nextStep:
        'It needs TrueNAS 25.04 or later, or the older API at /websocket; check the version, and that the URL is that of the TrueNAS web interface.',
    });
  }
  const refusal = REFUSALS[status];
  if (refusal !== undefined) {
    return unreachable(
      `${host} refuses the connection (HTTP ${status}: ${refusal.means}). A TrueNAS never answers so: a proxy or firewall in between does.`,
      refusal.nextStep(pathname),
    );
  }
  const summary = `${host} answered HTTP ${status} instead of opening a WebSocket.`;
  if (NO_WEBSOCKET.has(status)) {
    return unreachable(
      summary,
      'Probably a reverse proxy in between does not pass WebSockets: let it hand on the headers Upgrade and Connection (HTTP/1.1), or set TRUENAS_URL to the address of the NAS itself.',
    );
  }
  return unreachable(
    summary,
    status >= 500
      ? 'The NAS may be starting; wait a minute and try again.'
      : 'Check that the URL is that of the TrueNAS web interface.',
  );
}

/** Answers of web servers and proxies that took the upgrade for a plain request, or cannot do it. */
const NO_WEBSOCKET: ReadonlySet<number> = new Set([200, 204, 400, 405, 411, 426, 501, 505]);

interface HttpRefusal {
  readonly means: string;
  readonly nextStep: (path: string) => string;
}

const letPass = (path: string) =>
  `Let it pass the path ${path} without a sign-in of its own, or set TRUENAS_URL to the address of the NAS itself.`;

const REFUSALS: Readonly<Record<number, HttpRefusal>> = {
  401: { means: 'it asks for a sign-in of its own', nextStep: letPass },
  403: { means: 'it does not allow this computer, user or path', nextStep: letPass },
  407: { means: 'it asks for the sign-in of a proxy', nextStep: letPass },
  421: {
    means: 'it serves no site of this name',
    nextStep: () =>
      'Use the name under which it serves the NAS, or the address of the NAS itself, in TRUENAS_URL.',
  },
  429: {
    means: 'too many requests',
    nextStep: () => 'Wait a minute and try again; raise its limit if it comes back.',
  },
  451: { means: 'it blocks this address', nextStep: letPass },
};

function redirectProblem({ status, location }: HttpAnswer, url: URL): TrueNasError {
  const { host, pathname } = url;
  const target = targetOf(location, url);
  const toWebInterface = target !== undefined && /^\/ui(?:\/|$)/u.test(target.pathname);
  if (target === undefined) {
    return unreachable(
      `${host} redirects to another address (HTTP ${status}).`,
      'Set TRUENAS_URL to the https address of the TrueNAS web interface.',
    );
  }
  if (target.hostname === url.hostname && toWebInterface) {
    return new ApiAbsentError({
      summary: `${host} redirects ${pathname} to its web interface (HTTP ${status}), so it has no TrueNAS JSON-RPC API.`,
      nextStep:
        'It is a TrueNAS CORE, or a SCALE older than 25.04, whose API at /websocket did not answer either: check that its middleware runs.',
    });
  }
  if (target.hostname !== url.hostname && !toWebInterface) {
    return unreachable(
      `${host} redirects to ${target.host} (HTTP ${status}): a sign-in page seems to stand in front of the NAS.`,
      `Set TRUENAS_URL to the address of the NAS itself, or let the sign-in page pass the path ${pathname} to it.`,
    );
  }
  if (target.origin !== originOf(url)) {
    return unreachable(
      `${host} redirects to ${target.origin} (HTTP ${status}).`,
      `Set TRUENAS_URL to ${target.origin}, if that is the address of the TrueNAS web interface.`,
    );
  }
  return unreachable(
    `${host} redirects ${pathname} to another page of its own (HTTP ${status}): probably the sign-in page of a proxy in front of the NAS.`,
    `Set TRUENAS_URL to the address of the NAS itself, or let the proxy pass the path ${pathname} to it.`,
  );
}

/** The redirect's address; only its host is shown to anybody, as a path or query may hold a token. */
function targetOf(location: string | undefined, url: URL): URL | undefined {
  if (location === undefined || !URL.canParse(location, originOf(url))) return undefined;
  const target = new URL(location, originOf(url));
  const isWeb = target.protocol === 'http:' || target.protocol === 'https:';
  return isWeb && target.host !== '' && target.host.length <= 100 ? target : undefined;
}

function originOf(url: URL): string {
  return `${url.protocol === 'wss:' ? 'https' : 'http'}://${url.host}`;
}

function unreachable(summary: string, nextStep: string): TrueNasError {
  return new TrueNasError('unreachable', { summary, nextStep });
}
