/** The listening side: HTTPS or HTTP on loopback, WebSocket upgrades, restarts. */
import { setMaxListeners } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { createTokenStore, type TokenStore } from '../auth/tokens.ts';
import type { ConnectionHost } from '../wire/call-runner.ts';
import { type Connection, serveConnection } from '../wire/connection.ts';
import { bootNew, type Core, type CoreOptions, reboot } from './core.ts';
import { createDispatcher, jobCredentials } from '../calls/dispatch.ts';
import { createFaultQueue, type FaultQueue } from '../control/faults.ts';
import type { Internals } from '../calls/internals.ts';
import { answerHttp, answerUpgrade, endpointOf, offerDownload } from './http-answers.ts';
import { serveLegacyConnection } from '../legacy/connection.ts';
import { createLegacyDispatcher } from '../legacy/dispatch.ts';
import { changePower, type PowerSwitch } from './power.ts';
import { createRateLimiter, type RateLimiter } from '../wire/rate-limit.ts';
import { createRecorder, type Recorder } from '../control/recorder.ts';
import type { SimulatedRelease } from '../releases.ts';
import type { SimSession } from '../session/session-state.ts';
import { certificateOf, type ServerCertificate } from './tls.ts';

/** How a server listens and behaves, apart from what is in the NAS. */
export interface ServerOptions extends CoreOptions {
  readonly host: string;
  readonly port: number;
  /** Null: plain HTTP. */
  readonly certificate: ServerCertificate | null;
  /** False: a key that arrives is revoked, as over plain HTTP from another machine. */
  readonly isSecure: boolean;
  /** Factor for the delays of refused sign-ins, and for the length of a reboot. */
  readonly delayScale: number;
  readonly anonymousCallsPerMinute: number;
  readonly catalogBytes: number | null;
  readonly scramIterations: number;
}

/** How the server treats connections at the moment. */
export type Availability = 'normal' | 'refusing' | 'silent-handshake' | 'silent';

/** The server with the levers that control.ts offers to tests. */
export interface SimServer {
  readonly port: number;
  readonly core: Core;
  readonly certificate: ServerCertificate | null;
  readonly connections: ReadonlySet<Connection>;
  readonly faults: FaultQueue;
  readonly recorder: Recorder;
  readonly limiter: RateLimiter;
  /** Cuts every socket and boots again, on another release if given. */
  restart(release?: SimulatedRelease): void;
  setAvailability(availability: Availability): Promise<void>;
  /** Upgrades are answered with this HTTP status, as a proxy in front does; null: they are taken. */
  answerUpgradesWith(status: number | null): void;
  setCertificate(certificate: ServerCertificate): void;
  cutAll(): void;
  close(): Promise<void>;
}

const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/** Boots a NAS and listens. @throws Error for an address that is not loopback */
export async function listen(options: ServerOptions): Promise<SimServer> {
  if (!isLoopback(options.host)) {
    throw new Error(`the simulator listens on loopback only, not on ${options.host}`);
  }
  let core = bootNew(options);
  let certificate = options.certificate;
  let availability: Availability = 'normal';
  let upgradeStatus: number | null = null;
  const faults = createFaultQueue();
  const recorder = createRecorder();
  const limiter = createRateLimiter(options.anonymousCallsPerMinute, () => performance.now());
  const connections = new Set<Connection>();
  const sockets = new Set<Socket>();
  const stopped = new AbortController();
  // Every delay listens to it.
  setMaxListeners(0, stopped.signal);
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });

  const server: Server | HttpsServer =
    certificate === null
      ? createHttpServer()
      : createHttpsServer({ key: certificate.keyPem, cert: certificate.certificatePem });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    if (availability !== 'normal') return;
    void answerHttp({ core, tokens }, request, response);
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (availability !== 'normal') return;
    const endpoint = endpointOf(core, request.url ?? '');
    if (upgradeStatus !== null || endpoint === null) {
      stream.end(answerUpgrade(core, endpoint, request, upgradeStatus));
      return;
    }
    upgrades.handleUpgrade(request, stream, head, (socket) => {
      const serve = endpoint === 'legacy' ? serveLegacyConnection : serveConnection;
      const connection = serve(host, socket, stream, {
        remoteAddress: request.socket.remoteAddress ?? '127.0.0.1',
        remotePort: request.socket.remotePort ?? 0,
        isSecure: options.isSecure,
        apiVersion: endpoint === 'legacy' ? 'current' : endpoint,
      });
      connections.add(connection);
      socket.once('close', () => connections.delete(connection));
    });
  });

  async function wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
  }

  function later(seconds: number, act: () => void): void {
    void wait(seconds * 1000 * options.delayScale).then(() => {
      if (!stopped.signal.aborted) act();
    });
  }

  /** The certificate of the settings is served if it is a real one; for the first of a world stands the one it began with. */
  function restartWeb({ world }: Core): void {
    const chosen = world.settings['system.general']?.['ui_certificate'];
    const id = isRow(chosen) ? chosen.id : chosen;
    const row = world.certificates.find((each) => each.id === id)?.row;
    const next = certificateOf(row?.['certificate'], row?.['privatekey']) ?? options.certificate;
    if (next !== null && certificate !== null) useCertificate(next);
    cutAll();
  }

  function useCertificate(next: ServerCertificate): void {
    certificate = next;
    (server as HttpsServer).setSecureContext({ key: next.keyPem, cert: next.certificatePem });
  }

  function connectionOf(session: SimSession): Connection | undefined {
    return [...connections].find((connection) => connection.session === session);
  }

  function connect(): { readonly host: ConnectionHost; readonly tokens: TokenStore } {
    const booted = core;
    const tokens = createTokenStore(booted.now);
    const internals: Internals = {
      methods: booted.methods,
      bootId: booted.bootId,
      get certificateHash() {
        return certificate === null ? null : Buffer.from(certificate.fingerprint, 'hex');
      },
      tokens,
      catalogBytes: options.catalogBytes,
      scramIterations: options.scramIterations,
      sessions: () => [...connections].map((connection) => connection.session),
      terminate: (session) => connectionOf(session)?.close(1000),
      subscribe: (session, name) => connectionOf(session)?.subscriptions.add(name) ?? '',
      unsubscribe: (session, id) => connectionOf(session)?.subscriptions.remove(id),
      dropEventSources: (session) => connectionOf(session)?.subscriptions.dropSources(),
      mayCall: (session, method) => dispatcher.mayCall(session, method),
      callAndWait: (session, name, params) => dispatcher.callAndWait(session, name, params),
      startJob: (session, name, params) => dispatcher.startJob(session, name, params),
      jobCredentials,
      offerDownload: (session, jobId, filename) => offerDownload(tokens, session, jobId, filename),
      power: (action) => void changePower(powerSwitch(booted), action, options.delayScale),
      later,
      restartWeb: (seconds) => later(seconds, () => restartWeb(booted)),
      delay: (minMs, maxMs) => wait((minMs + Math.random() * (maxMs - minMs)) * options.delayScale),
    };
    const makeDispatcher = booted.legacy === null ? createDispatcher : createLegacyDispatcher;
    const dispatcher = makeDispatcher(booted, () => internals);
    return {
      tokens,
      host: {
        core: booted,
        dispatcher,
        faults,
        recorder,
        wait,
        isSilent: () => availability === 'silent',
        throttle(name, session) {
          const method = booted.methods.get(name);
          if (method?.auth !== 'none' || name === 'core.set_options') return null;
          if (!limiter.isExceeded(name, session.remoteAddress)) return null;
          return internals.delay(1000, 10_000);
        },
      },
    };
  }
  let { host, tokens } = connect();

  function cutAll(): void {
    for (const connection of connections) connection.cut();
    for (const socket of sockets) socket.destroy();
  }

  const port = await startListening(server, options.port, options.host).catch((error: unknown) => {
    // A port that is taken: nothing may keep the process alive, neither jobs nor delays.
    stopped.abort();
    core.jobs.stop();
    throw error;
  });

  function restart(release?: SimulatedRelease): void {
    cutAll();
    connections.clear();
    core.jobs.stop();
    core = release === undefined ? reboot(core) : bootNew({ ...options, release, accounts: core.accounts });
    limiter.reset();
    ({ host, tokens } = connect());
  }

  async function setAvailability(next: Availability): Promise<void> {
    const wasRefusing = availability === 'refusing';
    availability = next;
    if (next === 'refusing' && !wasRefusing) {
      cutAll();
      await stopListening(server);
    } else if (next !== 'refusing' && wasRefusing && !stopped.signal.aborted) {
      await startListening(server, port, options.host);
    }
  }

  function powerSwitch({ world }: Core): PowerSwitch {
    return {
      world,
      goAway: () => setAvailability('refusing'),
      bootAgain: (release) => restart(release),
      comeBack: () => setAvailability('normal'),
      wait,
    };
  }

  return {
    port,
    faults,
    recorder,
    limiter,
    connections,
    get core() {
      return core;
    },
    get certificate() {
      return certificate;
    },
    cutAll,
    restart,
    setAvailability,
    answerUpgradesWith(status) {
      upgradeStatus = status;
    },
    setCertificate: useCertificate,
    async close() {
      stopped.abort();
      core.jobs.stop();
      cutAll();
      if (server.listening) await stopListening(server);
    },
  };
}

function isRow(value: unknown): value is { readonly id: unknown } {
  return typeof value === 'object' && value !== null && 'id' in value;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function startListening(server: Server | HttpsServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stopListening(server: Server | HttpsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
