/** A signed-in JSON-RPC connection in as few lines as it takes. */
import { WebSocket } from 'ws';

/** The NAS to connect to. */
export interface RawTarget {
  readonly url: string;
  readonly username: string;
  readonly apiKey: string;
}

/** Calls by hand. */
export interface RawConnection {
  call(method: string, params: readonly unknown[]): Promise<unknown>;
  close(): void;
}

/** A NAS refuses the 21st call at once of a connection; whoever writes this by hand finds out soon. */
const MOST_AT_ONCE = 20;

/** Connects and signs in. The certificate is not looked at: this is a yardstick on loopback, not an example. */
export async function openRawConnection({ url, username, apiKey }: RawTarget): Promise<RawConnection> {
  const socket = new WebSocket(`${url}/api/current`, { rejectUnauthorized: false });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: unknown): void }>();
  const queue: (() => void)[] = [];
  let nextId = 1;
  socket.on('message', (data: Buffer) => {
    const { id, result, error } = JSON.parse(data.toString('utf8')) as {
      id: number;
      result?: unknown;
      error?: unknown;
    };
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(JSON.stringify(error)));
    waiting.delete(id);
    queue.shift()?.();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const call: RawConnection['call'] = (method, params) =>
    new Promise((resolve, reject) => {
      const send = () => {
        const id = nextId;
        nextId += 1;
        waiting.set(id, { resolve, reject });
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      };
      if (waiting.size < MOST_AT_ONCE) send();
      else queue.push(send);
    });
  await call('auth.login_ex', [{ mechanism: 'API_KEY_PLAIN', username, api_key: apiKey }]);
  return { call, close: () => socket.close() };
}
