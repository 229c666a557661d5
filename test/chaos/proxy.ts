/** A TCP hop between the program and its NAS, for faults below TLS: silence, half a handshake, cut cables. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The hop's treatment of connections. */
export type Hop =
  | { readonly kind: 'pass' }
  /** Takes new connections and never passes a byte on. */
  | { readonly kind: 'silent' }
  /** Passes so many bytes of the NAS on to each new connection, then nothing more: a handshake that never ends. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** Resets new connections at once. */
  | { readonly kind: 'reset' };

/** A running hop. */
export interface HopProxy {
  readonly url: string;
  hop: Hop;
  /** From now on nothing passes on the connections that are open, and nobody is told: a pulled cable. */
  freeze(): void;
  /** Resets the connections that are open. */
  reset(): void;
  /** Connections taken so far. */
  taken(): number;
  close(): Promise<void>;
}

/** Starts a hop in front of a NAS (`wss://host:port`). */
export async function startProxy(nasUrl: string): Promise<HopProxy> {
  const target = new URL(nasUrl);
  const open = new Set<Socket>();
  let taken = 0;

  const server = createServer((socket) => {
    taken += 1;
    keep(socket);
    const { hop } = proxy;
    if (hop.kind === 'reset') return void socket.resetAndDestroy();
    if (hop.kind === 'silent') return void socket.resume();
    const upstream = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    keep(upstream);
    socket.setNoDelay(true);
    let left = hop.kind === 'stall' ? hop.afterBytes : Number.POSITIVE_INFINITY;
    socket.on('data', (bytes) => isLive(upstream) && upstream.write(bytes));
    upstream.on('data', (bytes: Buffer) => {
      const passed = left === Number.POSITIVE_INFINITY ? bytes : bytes.subarray(0, left);
      left -= passed.length;
      if (passed.length > 0 && isLive(socket)) socket.write(passed);
    });
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => !frozen.has(socket) && socket.destroy());
  });
  const frozen = new Set<Socket>();
  const isLive = (socket: Socket) => !frozen.has(socket) && socket.writable;
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: HopProxy = {
    url: `${target.protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    hop: { kind: 'pass' },
    freeze() {
      for (const socket of open) frozen.add(socket);
    },
    reset() {
      for (const socket of open) socket.resetAndDestroy();
    },
    taken: () => taken,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}
