/**
 * What a NAS without `/api/current` speaks (LEGACY section 1). TrueNAS 25.04 and later answer `/api/versions` with JSON; an
 * older one redirects to its web interface, and serves the older protocol at `/websocket`.
 */
import { request } from 'node:http';
import { limitedBy } from '../abort.ts';
import type { SocketOptions } from '../connection/socket.ts';
import { openStream } from '../connection/tls.ts';

const VERSIONS_PATH = '/api/versions';
/** The list is shorter than a line; what is longer is a page of something else. */
const MAX_VERSIONS_CHARS = 16_384;

/** True when the NAS lists API versions: it is then of 25.04 or later, whatever hides `/api/current`. @throws network and TLS errors */
export async function listsApiVersions(options: SocketOptions): Promise<boolean> {
  const limit = limitedBy(options.signal, options.connectTimeoutMs);
  try {
    const url = new URL(VERSIONS_PATH, options.url);
    const { stream } = await openStream(url, options.tls, limit.signal);
    const text = await new Promise<string | undefined>((resolve, reject) => {
      const asked = request(
        {
          createConnection: () => stream,
          host: url.hostname,
          path: VERSIONS_PATH,
          signal: limit.signal,
          headers: { host: url.host, accept: 'application/json' },
        },
        (response) => {
          if (response.statusCode !== 200) return resolve(undefined);
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => {
            body += part;
            if (body.length > MAX_VERSIONS_CHARS) resolve(undefined);
          });
          response.on('end', () => resolve(body));
          response.on('error', reject);
        },
      );
      asked.on('error', reject);
      asked.end();
    }).finally(() => stream.destroy());
    return text !== undefined && isList(text);
  } finally {
    limit.release();
  }
}

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
