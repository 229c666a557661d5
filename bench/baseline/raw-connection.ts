/** A signed-in JSON-RPC connection in as few lines as it takes. */
import { WebSocket } from 'ws';

/** What it connects to. */
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

/** Connects and signs in. The certificate is not looked at: this is a yardstick on loopback, not an example. */
export async function openRawConnection({ url, username, apiKey }: RawTarget): Promise<RawConnection> {
  const socket = new WebSocket(`${url}/api/current`, { rejectUnauthorized: false });
  const waiting = new Map<number, (result: unknown) => void>();
  let nextId = 1;
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString('utf8')) as { id: number; result: unknown };
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const call: RawConnection['call'] = (method, params) =>
    new Promise((resolve) => {
      const id = nextId;
      nextId += 1;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  await call('auth.login_ex', [{ mechanism: 'API_KEY_PLAIN', username, api_key: apiKey }]);
  return { call, close: () => socket.close() };
}
