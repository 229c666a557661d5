/**
 * A NAS that answers some methods oddly: it stands in front of the simulator of a release, answers what a case says, and
 * passes everything else on (sign-in, catalog, what no case thought of). Queries that no case answers find nothing, as a
 * case describes the whole NAS and not the simulator's.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeValue, SIM_RELEASES, type Simulator, startSimulator } from 'truenas-simulator';
import { WebSocket, WebSocketServer } from 'ws';
import { isQuery, queried, replyFor } from './answers.ts';

/** The NAS's clock and ours: a fixed moment, so that ages read the same every time. */
export const NOW_MS = Date.UTC(2026, 10, 26, 12, 30, 0);

/** One call that came in. */
export interface Asked {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A running odd NAS. */
export interface OddNas {
  /** `ws://127.0.0.1:PORT` */
  readonly url: string;
  readonly apiKey: string;
  readonly username: string;
  /** Calls so far, sign-in included. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: readonly unknown[];
}

const behind = new Map<string, Promise<Simulator>>();

/** The simulator behind all odd NASes of a release, started once for a test file. */
function simulatorOf(release: string): Promise<Simulator> {
  let running = behind.get(release);
  if (running === undefined) {
    const known = SIM_RELEASES.find((each) => each === release);
    if (known === undefined) throw new Error(`the simulator has no release ${release}`);
    running = startSimulator({
      release: known,
      plainHttp: 'loopback',
      now: () => NOW_MS,
      anonymousCallsPerMinute: 10_000,
    });
    behind.set(release, running);
  }
  return running;
}

/** Ends the simulators behind. */
export async function closeSimulators(): Promise<void> {
  const running = [...behind.values()];
  behind.clear();
  for (const simulator of running) await (await simulator).close();
}

/** Starts an odd NAS on a free loopback port, without TLS. */
export async function startOddNas(
  release: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<OddNas> {
  const simulator = await simulatorOf(release);
  const asked: Asked[] = [];
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (client) => {
    const upstream = new WebSocket(`${simulator.url}/api/current`);
    const opened = once(upstream, 'open');
    /** Queries passed on, by message id: their rows are the simulator's, and none of this NAS. */
    const foreign = new Map<number, readonly unknown[]>();
    client.on('message', (frame: Buffer) => {
      const text = frame.toString('utf8');
      const { id = 0, method, params = [] } = JSON.parse(text) as Message;
      asked.push({ method, params });
      const name = canonical(method);
      if (name in answers) {
        const frame = frameOf(id, replyFor(answers[name], name, params, NOW_MS));
        if (frame !== undefined) client.send(frame);
        return;
      }
      if (isQuery(name)) foreign.set(id, params);
      void opened.then(() => upstream.send(text));
    });
    upstream.on('message', (frame: Buffer) => {
      const text = frame.toString('utf8');
      const message = JSON.parse(text) as { id?: number; result?: unknown };
      const params = message.id === undefined ? undefined : foreign.get(message.id);
      const isForeign = params !== undefined && 'result' in message;
      client.send(isForeign ? (frameOf(message.id ?? 0, queried([], params)) ?? '') : text);
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.terminate());
    upstream.on('close', (code, reason) => client.close(code === 1006 ? 1011 : code, reason));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    apiKey: simulator.apiKey,
    username: simulator.username,
    asked,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
      });
    },
  };
}

/** Cases name a method as the newest release does. */
function canonical(method: string): string {
  return method.replace(/^zfs\.snapshot\./u, 'pool.snapshot.');
}

function frameOf(id: number, reply: ReturnType<typeof replyFor>): string | undefined {
  switch (reply.kind) {
    case 'silence':
      return undefined;
    case 'raw':
      return reply.text.replaceAll('$ID', String(id));
    case 'error':
      return JSON.stringify({ jsonrpc: '2.0', error: encodeValue(reply.error), id });
    default:
      return JSON.stringify({ jsonrpc: '2.0', result: encodeValue(reply.value), id });
  }
}
