/** A simulated NAS for a test file, and a bare WebSocket connection to it that shares no code with our client. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { WebSocket } from 'ws';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/index.ts';

/** Whatever came over the wire: a test looks into it as it likes. */
export type Json = ReturnType<typeof JSON.parse>;

/** A JSON-RPC error reply, thrown by `call`. */
export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';
  readonly code: number;
  readonly data: Json;

  constructor(code: number, message: string, data: unknown) {
    super(`${code} ${message}`);
    this.code = code;
    this.data = data;
  }
}

/** How a connection ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A bare connection. */
export interface RawConnection {
  /** Calls and waits; special encodings stay as they travel. @throws RpcFailure */
  call(method: string, params?: readonly unknown[]): Promise<Json>;
  /** Sends a frame as it is. */
  send(frame: string | Buffer): void;
  /** Every frame received, parsed, replies and notifications alike, in order. */
  readonly frames: readonly Json[];
  /** The same as text. */
  readonly texts: readonly string[];
  /** The `collection_update` and `notify_unsubscribed` notifications received. */
  readonly events: readonly Json[];
  /** Resolves with the first frame, past or future, that passes. */
  frame(passes: (frame: Json) => boolean): Promise<Json>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<Closed>;
  close(): void;
}

/** How to connect. */
export interface ConnectOptions {
  /** `/api/current` when absent. */
  readonly path?: string;
  /** Signs in with the issued key, unless false. */
  readonly isSignedIn?: boolean;
}

/** What `withSimulator` gives; usable inside tests and hooks. */
export interface TestSimulator {
  readonly simulator: Simulator;
  connect(options?: ConnectOptions): Promise<RawConnection>;
}

/** Delays of refused sign-ins, shortened for tests. */
const TEST_DELAY_SCALE = 0.01;

/** Starts a simulator before the tests of the file or describe block and closes it after them. */
export function withSimulator(options: SimulatorOptions = {}): TestSimulator {
  let running: Simulator | null = null;
  const open = new Set<RawConnection>();
  const current = (): Simulator => {
    if (running === null) throw new Error('the simulator runs only inside tests and hooks');
    return running;
  };
  beforeAll(async () => {
    running = await startSimulator({ delayScale: TEST_DELAY_SCALE, ...options });
  });
  beforeEach(() => {
    current().control.resetRateLimit();
  });
  afterAll(async () => {
    for (const connection of open) connection.close();
    await running?.close();
  });
  return {
    get simulator() {
      return current();
    },
    async connect(connectOptions = {}) {
      const connection = await connectTo(current(), connectOptions);
      open.add(connection);
      return connection;
    },
  };
}

/** Opens a bare connection to a running simulator. */
export async function connectTo(simulator: Simulator, options: ConnectOptions = {}): Promise<RawConnection> {
  const socket = new WebSocket(`${simulator.url}${options.path ?? '/api/current'}`, {
    ca: simulator.certificatePem,
    // No complaint about the name: some releases of Node (22.23) find an IPv6 address in no certificate.
    checkServerIdentity: () => false,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024 * 1024,
  });
  const connection = wrap(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  if (options.isSignedIn !== false) {
    const { username, apiKey } = simulator;
    const answer = await connection.call('auth.login_ex', [
      { mechanism: 'API_KEY_PLAIN', username, api_key: apiKey },
    ]);
    if (answer.response_type !== 'SUCCESS') throw new Error(`sign-in answered ${answer.response_type}`);
  }
  return connection;
}

function wrap(socket: WebSocket): RawConnection {
  const frames: Json[] = [];
  const texts: string[] = [];
  const watchers = new Set<(frame: Json) => void>();
  let nextId = 1;
  const closed = new Promise<Closed>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    let frame: Json;
    try {
      frame = JSON.parse(text);
    } catch {
      frame = text;
    }
    frames.push(frame);
    texts.push(text);
    for (const watcher of [...watchers]) watcher(frame);
  });

  const connection: RawConnection = {
    frames,
    texts,
    closed,
    get events() {
      return frames.filter((frame) => typeof frame === 'object' && frame !== null && 'method' in frame);
    },
    async call(method, params = []) {
      const id = nextId++;
      const waiting = connection.frame((frame) => frame.id === id);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      const reply = await waiting;
      if ('error' in reply) throw new RpcFailure(reply.error.code, reply.error.message, reply.error.data);
      return reply.result;
    },
    send: (frame) => socket.send(frame),
    frame(passes) {
      const past = frames.find(passes);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const watcher = (frame: unknown): void => {
          if (!passes(frame)) return;
          watchers.delete(watcher);
          resolve(frame);
        };
        watchers.add(watcher);
        void closed.then(({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`)));
      });
    },
    close: () => socket.terminate(),
  };
  return connection;
}
