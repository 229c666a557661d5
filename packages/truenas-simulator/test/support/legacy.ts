/** A bare connection of the older protocol, which shares no code with our client. */
import { WebSocket } from 'ws';
import type { Simulator } from '../../src/index.ts';
import type { Closed, Json } from './simulator.ts';

/** An error answer, thrown by `call`. */
export class LegacyFailure extends Error {
  override readonly name = 'LegacyFailure';
  readonly error: Json;

  constructor(error: Json) {
    super(String(error.reason));
    this.error = error;
  }
}

/** A connection to `/websocket`. */
export interface LegacyConnection {
  /** Calls and waits; special encodings stay as they travel. @throws LegacyFailure */
  call(method: string, params?: readonly unknown[]): Promise<Json>;
  /** Sends a frame as it is. */
  send(frame: string | Buffer): void;
  /** Every frame received, in order. */
  readonly frames: readonly Json[];
  /** Resolves with the first frame, past or future, that passes. */
  frame(passes: (frame: Json) => boolean): Promise<Json>;
  readonly closed: Promise<Closed>;
  close(): void;
}

/** Opens a connection; it says `connect`, and signs in with the issued key unless told not to. */
export async function connectLegacy(
  simulator: Simulator,
  options: { readonly isConnected?: boolean; readonly isSignedIn?: boolean } = {},
): Promise<LegacyConnection> {
  const socket = new WebSocket(`${simulator.url}/websocket`, {
    ca: simulator.certificatePem,
    checkServerIdentity: () => false,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024 * 1024,
  });
  const frames: Json[] = [];
  const waiting = new Set<() => void>();
  const closed = new Promise<Closed>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()));
    for (const look of [...waiting]) look();
  });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });

  function frame(passes: (each: Json) => boolean): Promise<Json> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = frames.find((each) => passes(each));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void closed.then(({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`)));
    });
  }

  let last = 0;
  const connection: LegacyConnection = {
    frames,
    frame,
    closed,
    async call(method, params = []) {
      const id = `call-${++last}`;
      socket.send(JSON.stringify({ id, msg: 'method', method, params }));
      const answer = await frame((each) => each.msg === 'result' && each.id === id);
      if ('error' in answer) throw new LegacyFailure(answer.error);
      return answer.result;
    },
    send: (text) => socket.send(text),
    close: () => socket.terminate(),
  };
  if (options.isConnected !== false) {
    connection.send('{"msg":"connect","version":"1","support":["1"]}');
    await frame((each) => each.msg === 'connected');
    if (options.isSignedIn !== false) {
      const isIn = await connection.call('auth.login_with_api_key', [simulator.apiKey]);
      if (isIn !== true) throw new Error('the issued key was refused');
    }
  }
  return connection;
}
