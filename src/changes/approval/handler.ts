/**
 * HTTP of the approval page, on loopback and on the socket of the terminal. Nothing of a plan is answered before a sign-in.
 * Another site cannot use it: Host and Origin must be this page's own, and requests are JSON.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Log } from '../../truenas/log.ts';
import type { WriteCredential } from '../../truenas/sign-in/write-sign-in.ts';
import { MAX_SECRET } from '../secrets.ts';
import type { ApprovalDesk } from './desk.ts';
import { PAGE_HTML, PAGE_SCRIPT, PAGE_STYLE } from './page.ts';

/** Longest request body, in bytes. */
const MAX_BODY = 16 * 1024;

const SIGN_IN = z.union([
  z.strictObject({
    plan: z.string().max(40),
    username: z.string().min(1).max(200),
    password: z.string().min(1).max(1_000),
    code: z.string().max(40).optional(),
  }),
  z.strictObject({
    plan: z.string().max(40),
    username: z.string().max(200).optional(),
    apiKey: z.string().min(1).max(1_000),
  }),
]);
const APPLY = z.strictObject({
  token: z.string().max(100),
  hash: z.string().max(100),
  /** What the person typed, by the keys that came with the preview. */
  secrets: z.record(z.string().max(1_000), z.string().max(MAX_SECRET)).optional(),
});
const TOKEN = z.strictObject({ token: z.string().max(100) });

/** Where requests come from. `socket`: an owner-only socket, where Host and Origin say nothing. */
export type Way = { readonly kind: 'page'; readonly hosts: readonly string[] } | { readonly kind: 'socket' };

/** Answers requests of the page and of the terminal. */
export function approvalHandler(desk: ApprovalDesk, way: Way, log: Log) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response, desk, way).catch((error: unknown) => {
      log.error('a request of the approval page failed', { error });
      if (!response.headersSent)
        send(response, 500, 'text/plain', 'This failed; see the log of the MCP server.');
      else response.destroy();
    });
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  desk: ApprovalDesk,
  way: Way,
): Promise<void> {
  const { status, type, body } = await replyTo(request, desk, way);
  send(response, status, type, body);
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function replyTo(request: IncomingMessage, desk: ApprovalDesk, way: Way): Promise<Reply> {
  if (!isOurs(request, way)) return plain(403, 'Not from here.');
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (request.method === 'GET') return get(path, desk, way);
  if (request.method !== 'POST') return plain(405, 'GET or POST.');
  const body = await bodyOf(request);
  if (body === undefined) return plain(400, 'JSON of at most 16 KiB.');
  const result = await post(path, body, desk);
  if (result === undefined) return plain(400, 'Unknown, or not as expected.');
  return json('problem' in result ? 422 : 200, result);
}

const plain = (status: number, body: string): Reply => ({ status, type: 'text/plain', body });
const json = (status: number, value: object): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

function get(path: string, desk: ApprovalDesk, way: Way): Reply {
  if (way.kind === 'socket')
    return path === '/plans' ? json(200, { plans: desk.waiting() }) : plain(404, 'Nothing is here.');
  if (path === '/page.js') return { status: 200, type: 'text/javascript', body: PAGE_SCRIPT };
  if (path === '/page.css') return { status: 200, type: 'text/css', body: PAGE_STYLE };
  // The same page for every path: that a plan exists shows after the sign-in only.
  if (/^\/[a-z0-9]{1,40}$/.test(path)) return { status: 200, type: 'text/html', body: PAGE_HTML };
  return plain(404, 'Nothing is here.');
}

async function post(path: string, body: unknown, desk: ApprovalDesk): Promise<object | undefined> {
  if (path === '/sign-in') {
    const input = SIGN_IN.safeParse(body);
    return input.success ? desk.signIn(input.data.plan, credentialOf(input.data)) : undefined;
  }
  if (path === '/apply') {
    const input = APPLY.safeParse(body);
    if (!input.success) return undefined;
    const { token, hash, secrets = {} } = input.data;
    return desk.apply(token, hash, new Map(Object.entries(secrets)));
  }
  const input = TOKEN.safeParse(body);
  if (!input.success) return undefined;
  if (path === '/decline') return desk.decline(input.data.token);
  if (path === '/leave') return desk.leave(input.data.token);
  return undefined;
}

function credentialOf(input: z.output<typeof SIGN_IN>): WriteCredential {
  if ('apiKey' in input)
    return { kind: 'api-key', apiKey: input.apiKey.trim(), username: input.username || undefined };
  const oneTimeCode = input.code?.replace(/\s/gu, '') || undefined;
  return { kind: 'person', username: input.username, password: input.password, oneTimeCode };
}

/** Host must be this page's own, which stops other names that lead here; Origin its own, which stops other pages. */
function isOurs({ headers, method }: IncomingMessage, way: Way): boolean {
  if (way.kind === 'socket') return true;
  const { host, origin } = headers;
  if (host === undefined || !way.hosts.includes(host)) return false;
  const site = headers['sec-fetch-site'];
  if (method === 'GET')
    return site === undefined || site === 'none' || site === 'same-origin' || isNavigation(headers);
  return origin === `http://${host}` && (site === undefined || site === 'same-origin');
}

/** A link or a redirect elsewhere may lead to the page; it shows nothing before the sign-in. */
function isNavigation(headers: IncomingMessage['headers']): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type']?.split(';', 1)[0]?.trim() !== 'application/json') return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    length += part.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(part);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return value ?? undefined;
  } catch {
    return undefined;
  }
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    connection: 'close',
  });
  response.end(body);
}
