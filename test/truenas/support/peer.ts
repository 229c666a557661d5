/**
 * A scripted WebSocket peer, for what a well-behaved simulator cannot do: each test says what it answers.
 * It knows JSON-RPC framing only, and shares no code with the client.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export interface PeerCall {
  readonly id: number;
  readonly method: string;
  readonly params: unknown[];
  readonly text: string;
  /** The connection it came on: 1 is the first. */
  readonly connection: number;
  result(value: unknown): void;
  error(error: Record<string, unknown>): void;
  /** Sends any text. */
  raw(text: string): void;
  readonly socket: WebSocket;
}

/** Answers a call, or returns 'unhandled' to have the default answer sent. */
export type PeerScript = (call: PeerCall) => void | 'unhandled' | Promise<void>;

export interface Peer {
  readonly url: string;
  readonly calls: PeerCall[];
  readonly sockets: Set<WebSocket>;
  /** How many WebSockets were opened so far. */
  connections(): number;
  /** Names of the methods called, in order. */
  methods(): string[];
  callsOf(method: string): PeerCall[];
  script: PeerScript;
  onConnection: ((socket: WebSocket, request: IncomingMessage) => void) | undefined;
  /** Waits until a method was called so many times. */
  called(method: string, times?: number): Promise<PeerCall>;
  close(): Promise<void>;
}

/** Calls of one connection that a NAS runs or lets wait; it refuses the next (PROTOCOL section 2). */
export const NAS_TAKES = 20;

export const SESSION_EXPIRED = {
  code: -32001,
  message: 'Method call error',
  data: { error: 13, errname: 'EACCES', reason: '[EACCES] Session is expired' },
};

export const NOT_AUTHORIZED = {
  code: -32001,
  message: 'Method call error',
  data: { error: 13, errname: 'EACCES', reason: '[EACCES] Not authorized' },
};

const SIGNED_IN = {
  response_type: 'SUCCESS',
  user_info: { pw_name: 'monitor', privilege: { roles: { $set: ['READONLY_ADMIN'] } } },
  authenticator: 'LEVEL_1',
};

/** Answers that let a client sign in as on 25.10, and nothing else. */
export function defaultAnswer(call: PeerCall): void {
  switch (call.method) {
    case 'auth.mechanism_choices':
      call.error({
        code: -32001,
        message: 'Method call error',
        data: {
          error: 22,
          errname: 'EINVAL',
          reason: "'NoneType' object has no attribute 'may_create_auth_token'",
        },
      });
      break;
    case 'auth.login_ex':
      call.result(SIGNED_IN);
      break;
    case 'auth.login_with_api_key':
    case 'auth.logout':
      call.result(true);
      break;
    case 'core.ping':
      call.result('pong');
      break;
    case 'system.version':
      call.result('TrueNAS-25.10.1');
      break;
    case 'core.subscribe':
      call.result(`subscription-${call.id}`);
      break;
    case 'core.unsubscribe':
      call.result(null);
      break;
    default:
      call.error({ code: -32601, message: 'Method does not exist' });
  }
}

/** Whatever `send` sends leaves in one write, so that the client reads it in one turn. */
export function inOnePacket(call: PeerCall, send: () => void): void {
  const { _socket: stream } = call.socket as unknown as { readonly _socket: Duplex };
  stream.cork();
  send();
  stream.uncork();
}

export interface PeerOptions {
  readonly script?: PeerScript;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly port?: number;
}

export async function startPeer(options: PeerOptions = {}): Promise<Peer> {
  const server = options.tls === undefined ? createHttpServer() : createHttpsServer(options.tls);
  const webSockets = new WebSocketServer({ server, maxPayload: 16 * 1024 * 1024 });
  const waiters = new Set<() => void>();
  let opened = 0;

  const peer: Peer = {
    url: '',
    calls: [],
    sockets: new Set(),
    connections: () => opened,
    methods: () => peer.calls.map((call) => call.method),
    callsOf: (method) => peer.calls.filter((call) => call.method === method),
    script: options.script ?? (() => 'unhandled'),
    onConnection: undefined,
    async called(method, times = 1) {
      for (;;) {
        const call = peer.callsOf(method)[times - 1];
        if (call !== undefined) return call;
        await new Promise<void>((resolve) => waiters.add(resolve));
      }
    },
    async close() {
      for (const socket of peer.sockets) socket.terminate();
      webSockets.close();
      server.closeAllConnections();
      if (server.listening) {
        server.close();
        await once(server, 'close');
      }
    },
  };

  webSockets.on('connection', (socket, request) => {
    opened += 1;
    const connection = opened;
    peer.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => peer.sockets.delete(socket));
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      const message = JSON.parse(text) as { id: number; method: string; params: unknown[] };
      const call: PeerCall = {
        ...message,
        text,
        connection,
        socket,
        result: (value) => socket.send(JSON.stringify({ jsonrpc: '2.0', result: value, id: message.id })),
        error: (error) => socket.send(JSON.stringify({ jsonrpc: '2.0', error, id: message.id })),
        raw: (raw) => socket.send(raw),
      };
      peer.calls.push(call);
      for (const wake of waiters) wake();
      waiters.clear();
      if (peer.script(call) === 'unhandled') defaultAnswer(call);
    });
    peer.onConnection?.(socket, request);
  });

  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const scheme = options.tls === undefined ? 'ws' : 'wss';
  return Object.assign(peer, { url: `${scheme}://127.0.0.1:${port}` });
}
