/**
 * Streamable HTTP on this machine only: for the Inspector, test suites and local clients. A web page that the user has open
 * must not reach it (Host and Origin are checked), nor another user of the machine (a bearer token is asked for).
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import {
  type McpServerFactory,
  createMcpHandler,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
} from '@modelcontextprotocol/server';
import { atMost } from '../../truenas/abort.ts';
import type { Log } from '../../truenas/log.ts';
import type { Watches } from '../../updates/shared-watches.ts';
import { httpSubscriptions } from './subscriptions.ts';

/** Parts and settings of an HTTP service. */
export interface HttpOptions {
  readonly factory: McpServerFactory;
  /** 0 picks a free one. */
  readonly port: number;
  /** The token that clients send as `Authorization: Bearer …`; random when absent. */
  readonly token?: string | undefined;
  readonly log: Log;
  /** Without it no client gets updates. */
  readonly watches?: Watches | undefined;
}

/** A running HTTP service. */
export interface HttpService {
  /** `http://127.0.0.1:PORT/mcp`. */
  readonly url: string;
  readonly token: string;
  /** Resolves when the listener has stopped for good. */
  readonly ended: Promise<void>;
  /** Takes no more connections; resolves when the requests under way are answered, at the latest after `limitMs`. */
  drained(limitMs: number): Promise<void>;
  close(): Promise<void>;
}

/** The SDK's view of a request, whose optional parts are never `undefined`. */
type NodeRequest = Parameters<ReturnType<typeof toNodeHandler>>[0];

const BODY_LIMIT_BYTES = 1024 * 1024;
const PATH = '/mcp';

/** Listens on 127.0.0.1. Rejects when the port is taken. */
export async function serveOnHttp({
  factory,
  port,
  token = randomToken(),
  log,
  watches,
}: HttpOptions): Promise<HttpService> {
  const onerror = (error: Error) => log.warn('MCP request not handled', { error });
  const subscriptions = watches === undefined ? undefined : httpSubscriptions(watches);
  const mcp = createMcpHandler(factory, {
    maxRequestBodySize: BODY_LIMIT_BYTES,
    onerror,
    ...(subscriptions === undefined ? {} : { bus: subscriptions.bus }),
  });
  const answerMcp = toNodeHandler(subscriptions?.wrap(mcp) ?? mcp, {
    maxRequestBodySize: BODY_LIMIT_BYTES,
    onerror,
  });
  const isHostAllowed = hostHeaderValidation(localhostAllowedHostnames());
  const isOriginAllowed = originValidation(localhostAllowedOrigins());
  const isTokenRight = tokenCheck(token);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // The SDK reads the header as part of a URL, in which these marks end the host or begin it anew.
    if (/[#?@/\\]/u.test(request.headers.host ?? '')) return refuse(response, 403, 'Invalid Host');
    if (!isHostAllowed(request, response) || !isOriginAllowed(request, response)) return;
    if (request.url?.split('?', 1)[0] !== PATH) return refuse(response, 404, `MCP is served at ${PATH}`);
    if (!isTokenRight(request.headers.authorization)) {
      const error = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
      response.setHeader('WWW-Authenticate', `Bearer realm="truenas-mcp"${error}`);
      return refuse(
        response,
        401,
        'A bearer token is needed; the server printed it to stderr when it started',
      );
    }
    await answerMcp(request as NodeRequest, response);
  };
  const pending = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    // A stream of updates is open until somebody closes it.
    if (request.method === 'POST' && request.headers['mcp-method'] !== 'subscriptions/listen') {
      pending.add(response);
      response.once('close', () => pending.delete(response));
    }
    answer(request, response).catch((error: unknown) => {
      log.error('HTTP request failed', { error });
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Internal error');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const ended = new Promise<void>((resolve) => {
    server.once('close', resolve);
  });
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${boundPort}${PATH}`,
    token,
    ended,
    async drained(limitMs) {
      server.close();
      const answered = [...pending].map(
        (response) => new Promise((resolve) => response.once('close', resolve)),
      );
      await atMost(Promise.all(answered), limitMs);
    },
    close: async () => {
      await mcp.close();
      server.close();
      server.closeAllConnections();
      await ended;
    },
  };
}

function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares digests, so that neither the time nor an early end tells how much of a guess was right. */
function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = digest(token);
  return (authorization) => {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    return timingSafeEqual(digest(given ?? ''), wanted) && given !== undefined;
  };
}

/** A refusal in the form in which MCP clients expect errors. */
function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }));
}
