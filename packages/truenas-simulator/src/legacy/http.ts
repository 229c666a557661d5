/** What the web server of the older releases answers: its pages, and for everything else the way to them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isCore, type LegacyRelease } from '../releases.ts';

/** Answers a plain request. */
export function answerLegacyHttp(
  legacy: LegacyRelease,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = (request.url ?? '').replace(/\?.*/, '');
  if (path.startsWith('/ui/')) {
    const title = isCore(legacy) ? 'TrueNAS' : 'TrueNAS SCALE';
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html>\n<html><head><title>${title}</title></head><body></body></html>\n`);
  } else if (path === '/websocket') {
    response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('No WebSocket UPGRADE hdr: None\n Can "Upgrade" only to "WebSocket".');
  } else if (path.startsWith('/api/v2.0')) {
    response.writeHead(401, { 'content-type': 'text/plain; charset=utf-8', 'www-authenticate': 'Basic' });
    response.end();
  } else {
    response.writeHead(302, { 'content-type': 'text/html', location: legacyHome(request) });
    response.end('<html>\r\n<head><title>302 Found</title></head>\r\n</html>\r\n');
  }
}

/** The address of the web interface, as the caller reached the machine. */
export function legacyHome(request: IncomingMessage): string {
  const isEncrypted = 'encrypted' in request.socket;
  return `${isEncrypted ? 'https' : 'http'}://${request.headers.host ?? 'nas'}/ui/`;
}
