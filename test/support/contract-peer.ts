/**
 * A test peer with the WHOLE surface of a contract release: sign-in, `core.get_services`, `core.get_methods`, and a
 * small plausible answer to every other method the caller may call. It keeps no state; the simulator does that.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ContractRelease, loadContract, loadRoles } from './contract.ts';
import { type NasMethod, nasMethods, nasServices } from './nas-form.ts';
import { sampleOf } from './sample.ts';

export interface ContractPeerOptions {
  readonly release: ContractRelease;
  /** What the caller holds; full administrator by default. */
  readonly roles?: readonly string[];
  /** Changes what `core.get_methods` says of a method (a lying or strange NAS). */
  readonly publish?: (name: string, method: NasMethod) => Record<string, unknown>;
  /** Answers a method instead of the sample; `undefined` leaves it to the sample. */
  readonly answer?: (method: string, params: readonly unknown[]) => unknown;
}

export interface ContractPeer {
  readonly url: string;
  readonly apiKey: string;
  readonly username: string;
  /** Every call received after the last `forget()`, sign-in included. */
  calls(): { method: string; params: readonly unknown[] }[];
  forget(): void;
  /** From now on another release answers; connections are closed, as an upgrade does. */
  upgrade(release: ContractRelease): void;
  close(): Promise<void>;
}

interface Request {
  id?: number | string | null;
  method: string;
  params?: unknown[];
}

const VERSIONS: Record<ContractRelease, string> = {
  '25.04': 'TrueNAS-25.04.2.6',
  '25.10': 'TrueNAS-25.10.6',
  '26.0': 'TrueNAS-26.0.0-BETA.3',
  '27.0': 'TrueNAS-27.0.0-RC.1',
  '28-dev': 'TrueNAS-28.0.0-MASTER',
};

/** Starts a peer on a free loopback port, plain WebSocket. */
export async function startContractPeer(options: ContractPeerOptions): Promise<ContractPeer> {
  let surface = openSurface(options, options.release);
  let seen: { method: string; params: readonly unknown[] }[] = [];
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, maxPayload: 4 << 20 });
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('message', (frame: Buffer) => {
      const request = JSON.parse(frame.toString('utf8')) as Request;
      const params = request.params ?? [];
      seen.push({ method: request.method, params });
      const reply = surface(request.method, params);
      if (request.id !== undefined) socket.send(JSON.stringify({ jsonrpc: '2.0', ...reply, id: request.id }));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    apiKey: `1-${'k'.repeat(64)}`,
    username: 'ai',
    calls: () => [...seen],
    forget() {
      seen = [];
    },
    upgrade(release) {
      surface = openSurface(options, release);
      for (const socket of sockets.clients) socket.close(1012);
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

type Reply = { result: unknown } | { error: { code: number; message: string; data?: unknown } };

function openSurface(options: ContractPeerOptions, release: ContractRelease) {
  const contract = loadContract(release);
  const table = loadRoles(release);
  const held = new Set(options.roles ?? ['FULL_ADMIN']);
  const mayCall = (name: string): boolean =>
    held.has('FULL_ADMIN') ||
    table.no_authentication.includes(name) ||
    table.no_authorization.includes(name) ||
    (table.method_granted[name] ?? []).some((role) => held.has(role));
  const published = [...nasMethods(release)].map(([name, method]): [string, Record<string, unknown>] => [
    name,
    options.publish === undefined ? method : options.publish(name, method),
  ]);

  const listed = (service: unknown): Record<string, unknown> =>
    Object.fromEntries(
      published.filter(
        ([name]) =>
          mayCall(name) && (typeof service !== 'string' || name.slice(0, name.lastIndexOf('.')) === service),
      ),
    );

  return (method: string, params: readonly unknown[]): Reply => {
    const own = options.answer?.(method, params);
    if (own !== undefined) return { result: own };
    if (method === 'core.get_services') return { result: nasServices(release) };
    if (method === 'core.get_methods') return { result: listed(params[0]) };
    const session = sessionAnswer(method, release, [...held]);
    if (session !== undefined) return session;
    const known = contract.methods[method];
    if (known === undefined) return { error: { code: -32601, message: 'Method does not exist' } };
    if (!mayCall(method)) return callError(13, 'EACCES', 'Not authorized');
    if (known.job) return { result: 1 };
    const last = params[params.length - 1];
    return { result: sampleOf(known.returns, known.filterable ? wantedShape(last) : undefined) };
  };
}

function wantedShape(options: unknown): 'array' | 'object' | 'integer' {
  const asked = (options ?? {}) as { count?: unknown; get?: unknown };
  if (asked.count === true) return 'integer';
  return asked.get === true ? 'object' : 'array';
}

function sessionAnswer(
  method: string,
  release: ContractRelease,
  roles: readonly string[],
): Reply | undefined {
  switch (method) {
    case 'auth.mechanism_choices':
      if (release === '25.04' || release === '25.10') {
        return callError(22, 'EINVAL', "'NoneType' object has no attribute 'may_create_auth_token'");
      }
      return { result: ['API_KEY_PLAIN', 'TOKEN_PLAIN', 'PASSWORD_PLAIN'] };
    case 'auth.login_ex':
      return { result: { response_type: 'SUCCESS', user_info: null, authenticator: 'LEVEL_1' } };
    case 'auth.login_with_api_key':
      return { result: true };
    case 'auth.me':
      return { result: { pw_name: 'ai', privilege: { roles: { $set: roles }, allowlist: [] } } };
    case 'core.ping':
      return { result: 'pong' };
    case 'system.version':
      return { result: VERSIONS[release] };
    case 'system.boot_id':
      return { result: `boot-of-${release}` };
    default:
      return undefined;
  }
}

function callError(errno: number, errname: string, text: string): Reply {
  const data = { error: errno, errname, reason: `[${errname}] ${text}`, trace: null, extra: null };
  return { error: { code: -32001, message: 'Method call error', data } };
}
