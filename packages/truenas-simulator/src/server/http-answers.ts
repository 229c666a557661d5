/** What the web server answers without a WebSocket: versions, the boot's id, and files that jobs made. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { TokenStore } from '../auth/tokens.ts';
import { answerLegacyHttp, legacyHome } from '../legacy/http.ts';
import { isAtLeast, RELEASE_FACTS, type SimRelease } from '../releases.ts';
import type { SimSession } from '../session/session-state.ts';
import type { Core } from './core.ts';

/** What an answer may look at. */
export interface HttpHost {
  readonly core: Core;
  readonly tokens: TokenStore;
}

/** Answers a plain request; a path that wants a WebSocket says so. */
export async function answerHttp(
  host: HttpHost,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { core } = host;
  if (core.legacy !== null) return answerLegacyHttp(core.legacy, request, response);
  const path = (request.url ?? '').replace(/\?.*/, '');
  const download = /^\/_download\/(\d+)$/.exec(path)?.[1];
  const body = plainBody(core, path);
  const isServed = body !== null || download !== undefined || endpointOf(core, path) !== null;
  if (!isServed) endHttp(response, 404, 'The WebSocket API is at /api/current.');
  else if (request.method !== 'GET') endHttp(response, 405);
  else if (download !== undefined) await sendFile(host, Number(download), request, response);
  else if (body === null) endHttp(response, 400);
  else {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  }
}

/** The API version of a path, null when nothing is served there. */
function versionOf(release: SimRelease, url: string): string | null {
  const version = /^\/api\/(current|v[\d.]+)(?:\?.*)?$/.exec(url)?.[1];
  if (version === undefined) return null;
  return version === 'current' || RELEASE_FACTS[release].apiVersions.includes(version) ? version : null;
}

/** What a WebSocket at this path speaks: a version of the newer protocol, or the older one; null where none is served. */
export function endpointOf(core: Pick<Core, 'release' | 'legacy'>, url: string): string | null {
  if (/^\/websocket(?:\?.*)?$/.test(url)) return 'legacy';
  return core.legacy === null ? versionOf(core.release, url) : null;
}

/** The answer to an upgrade that is not taken: what a test ordered, or where to go. */
export function answerUpgrade(
  core: Pick<Core, 'legacy'>,
  endpoint: string | null,
  request: IncomingMessage,
  ordered: number | null,
): string {
  const status = ordered ?? (core.legacy === null ? 404 : 302);
  const isElsewhere = endpoint === null && core.legacy === null;
  const body = isElsewhere ? 'The WebSocket API is at /api/current.\n' : '';
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    ...(status === 302 ? [`Location: ${legacyHome(request)}`] : []),
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const DOWNLOAD_TTL_MS = 300_000;

/** A path with a token in it, good once, from the caller's address, for what a job puts out. */
export function offerDownload(
  tokens: TokenStore,
  session: SimSession,
  jobId: number,
  filename: string,
): string {
  const { credential, remoteAddress } = session;
  if (credential === null) throw new Error('nobody is signed in who could download');
  const token = tokens.create({
    user: credential.user,
    maker: credential,
    ttlMs: DOWNLOAD_TTL_MS,
    attributes: { job: jobId, filename },
    address: remoteAddress,
    isSingleUse: true,
  });
  return `/_download/${jobId}?auth_token=${token}`;
}

async function sendFile(
  { core, tokens }: HttpHost,
  jobId: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const given = new URL(request.url ?? '', 'http://nas').searchParams.get('auth_token') ?? '';
  const token = tokens.use(given, request.socket.remoteAddress ?? '');
  if (token?.attributes['job'] !== jobId) return endHttp(response, 401);
  if ((await core.jobs.finished(jobId)) === undefined) return endHttp(response, 404);
  const filename = encodeURIComponent(String(token.attributes['filename']));
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${filename}"`,
  });
  response.end(core.jobs.output(jobId));
}

function endHttp(response: ServerResponse, status: number, hint = ''): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${status}: ${STATUS_CODES[status] ?? ''}${hint === '' ? '' : `\n${hint}\n`}`);
}

function plainBody(core: Core, path: string): unknown {
  if (path === '/api/versions') {
    return RELEASE_FACTS[core.release].apiVersions.filter((version) => version !== 'v24.10');
  }
  return path === '/api/boot_id' && isAtLeast(core.release, '25.10') ? core.bootId : null;
}
