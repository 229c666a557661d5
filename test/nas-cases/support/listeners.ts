/** What may stand where a NAS is expected: listeners that answer the upgrade in their own way. Closed after each test. */
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ed25519ForServer } from '../../truenas/support/certificates.ts';
import { closers } from '../../truenas/support/client.ts';

/** Where something listens, and what to trust there. */
export interface Listener {
  /** `wss://127.0.0.1:PORT` */
  readonly url: string;
  /** SHA-256 of its certificate; empty without TLS. */
  readonly fingerprint: string;
}

/** The head and body of an HTTP answer as it travels. */
export function httpAnswer(
  status: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all = { 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`;
}

/** A web server with TLS that answers every request, upgrades included, with this text. */
export async function webServer(answer: string | ((port: number) => string)): Promise<Listener> {
  const { key, cert } = ed25519ForServer();
  const server = createHttpsServer({ key, cert });
  const reply = (socket: Duplex) => {
    socket.on('error', () => undefined);
    socket.end(typeof answer === 'string' ? answer : answer(portOf(server)));
  };
  server.on('upgrade', (_request, socket: Duplex) => reply(socket));
  server.on('request', ({ socket }) => reply(socket));
  const fingerprint = createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
  return { url: `wss://127.0.0.1:${await listening(server)}`, fingerprint };
}

/** A server that does to a connection, when its first bytes have come, what the test says. */
export async function rawServer(onBytes: (socket: Socket) => void): Promise<Listener> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => onBytes(socket));
  });
  return { url: `wss://127.0.0.1:${await listening(server)}`, fingerprint: '' };
}

/** A TLS alert that ends the handshake, by its number (RFC 8446, section 6). */
export function tlsAlert(description: number): Buffer {
  const [alert, fatal] = [21, 2];
  return Buffer.from([alert, 3, 3, 0, 2, fatal, description]);
}

async function listening(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  });
  return portOf(server);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
