/**
 * A scripted NAS behind the protocol before JSON-RPC: each test says what it answers. It knows the frames only, and shares
 * no code with the client.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { closers } from './client.ts';

/** A frame of the client, and ways to answer it. */
export interface LegacyFrame {
  readonly frame: {
    readonly msg?: string;
    readonly id?: string;
    readonly method?: string;
    readonly name?: string;
  };
  readonly params: readonly unknown[];
  readonly socket: WebSocket;
  readonly result: (value: unknown) => void;
  readonly error: (error: Record<string, unknown>) => void;
  readonly send: (frame: unknown) => void;
}

export interface LegacyPeerOptions {
  readonly product: 'CORE' | 'SCALE';
  /** Answers a frame; `unhandled` has the default answer sent. */
  readonly script?: (frame: LegacyFrame) => unknown;
  /** What GET answers, by path; anything else is redirected to the web interface, as nginx does. */
  readonly pages?: Readonly<Record<string, { readonly status: number; readonly body: string }>>;
}

export interface LegacyPeer {
  readonly url: string;
  readonly frames: LegacyFrame[];
  /** Paths of HTTP requests and upgrades, in order. */
  readonly paths: string[];
  readonly sockets: Set<WebSocket>;
  /** Names of the methods called, in order. */
  methods(): string[];
}

export const VERSION = { CORE: 'TrueNAS-13.3-U1.2', SCALE: 'TrueNAS-SCALE-24.10.2.4' } as const;

/** The error of a call that needs a sign-in, or one that an allow list does not name. */
export const refusals = {
  CORE: { error: 13, type: null, reason: 'Not authenticated', trace: null, extra: null },
  SCALE: {
    error: 207,
    errname: 'ENOTAUTHENTICATED',
    type: null,
    reason: 'Not authenticated',
    trace: null,
    extra: null,
  },
  notAllowed: {
    error: 13,
    errname: 'EACCES',
    type: null,
    reason: 'Not authorized',
    trace: null,
    extra: null,
  },
} as const;

/** As a NAS answers that lets the key in, and knows nothing else. */
export function legacyDefault(received: LegacyFrame, product: 'CORE' | 'SCALE'): void {
  const { frame, send } = received;
  if (frame.msg === 'connect') send({ msg: 'connected', session: 'a' });
  else if (frame.msg === 'ping') send({ msg: 'pong', id: frame.id });
  else if (frame.msg === 'sub') send({ msg: 'ready', subs: [frame.id] });
  else if (frame.method !== undefined) defaultAnswer(received, frame.method, product);
}

function defaultAnswer({ result, error }: LegacyFrame, method: string, product: 'CORE' | 'SCALE'): void {
  if (method === 'auth.login_with_api_key') result(true);
  else if (method === 'system.version') result(VERSION[product]);
  else if (method !== 'system.product_type') error(noMethod(method, product));
  else if (product === 'CORE') result('CORE');
  else error(refusals.SCALE);
}

function noMethod(method: string, product: 'CORE' | 'SCALE'): Record<string, unknown> {
  const dot = method.lastIndexOf('.');
  return {
    error: 201,
    ...(product === 'CORE' ? {} : { errname: 'ENOMETHOD' }),
    type: null,
    reason: `[ENOMETHOD] Method '${method.slice(dot + 1)}' not found in '${method.slice(0, dot)}'`,
    trace: { class: 'MethodNotFoundError', frames: [], formatted: '' },
    extra: null,
  };
}

export async function legacyPeerForTest(options: LegacyPeerOptions): Promise<LegacyPeer> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    const page = options.pages?.[request.url ?? ''];
    if (page === undefined) response.writeHead(302, { location: '/ui/' }).end();
    else response.writeHead(page.status, { 'content-type': 'application/json' }).end(page.body);
  });
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    paths.push(request.url ?? '');
    if (request.url === '/websocket') {
      webSockets.handleUpgrade(request, socket, head, (webSocket) =>
        webSockets.emit('connection', webSocket),
      );
    } else {
      socket.end('HTTP/1.1 302 Found\r\nLocation: /ui/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    }
  });
  const peer: LegacyPeer = {
    url: '',
    frames: [],
    paths,
    sockets: new Set(),
    methods: () => peer.frames.flatMap(({ frame }) => frame.method ?? []),
  };
  webSockets.on('connection', (socket: WebSocket) => {
    peer.sockets.add(socket);
    socket.on('close', () => peer.sockets.delete(socket));
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as LegacyFrame['frame'] & { params?: unknown[] };
      const send = (answer: unknown) => socket.send(JSON.stringify(answer));
      const received: LegacyFrame = {
        frame,
        params: frame.params ?? [],
        socket,
        send,
        result: (result) => send({ id: frame.id, msg: 'result', result }),
        error: (error) => send({ id: frame.id, msg: 'result', error }),
      };
      peer.frames.push(received);
      const isHandled = options.script !== undefined && options.script(received) !== 'unhandled';
      if (!isHandled) legacyDefault(received, options.product);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of peer.sockets) socket.terminate();
    webSockets.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(peer, { url: `ws://127.0.0.1:${port}` });
}
