/**
 * The whole program in one process: an MCP client on a pipe, our server, a real TLS socket, a simulated NAS. After each
 * test every program is ended and held to what must be true whatever went wrong: each request was answered at most once,
 * no promise was forgotten, nothing is left in flight, and no socket or timer stays behind.
 */
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { offerDocuments } from '../../src/mcp/handlers/documents.ts';
import { createServerFactory } from '../../src/mcp/server.ts';
import { serveOnStdio, type StdioService } from '../../src/mcp/stdio/serve.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { resourceWatches } from '../../src/resources/watches.ts';
import {
  type Fault,
  type RecordedCall,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from 'truenas-simulator';
import { accessTo } from '../support/access.ts';
import { ALL_TOOLS, registryOf } from '../support/registry.ts';
import { openTrueNas, type TlsTrust, type TrueNas } from '../../src/truenas/index.ts';
import type { Timings } from '../../src/truenas/connection/timings.ts';
import { keepingLog, type LogLine, QUICK } from '../truenas/support/client.ts';
import { type HopProxy, startProxy } from './proxy.ts';

/** Options of a program. */
export interface ProgramOptions {
  readonly simulator?: SimulatorOptions;
  readonly timings?: Partial<Timings>;
  readonly tls?: (simulator: Simulator) => TlsTrust;
  readonly timeoutMs?: number;
  /** Puts a hop in between that can fail below TLS. */
  readonly hasProxy?: boolean;
  /** 2025-11-25 when absent. */
  readonly isModern?: boolean;
  /** False: the requests are written by hand with `send`. */
  readonly isConnected?: boolean;
}

/** The answer to a tool call as the model sees it. */
export interface Seen {
  readonly isError: boolean;
  readonly text: string;
}

/** A running program. */
export interface Program {
  readonly simulator: Simulator;
  readonly proxy: HopProxy;
  readonly nas: TrueNas;
  readonly client: Client;
  readonly service: StdioService;
  readonly log: readonly LogLine[];
  /** Calls a tool, and waits for what the model sees. */
  ask(tool: string, args?: Record<string, unknown>, signal?: AbortSignal): Promise<Seen>;
  /** Calls of a method that reached the NAS, in order. */
  sent(method: string): RecordedCall[];
  /** Resolves when so many calls of a method have reached the NAS. */
  reached(method: string, times?: number): Promise<void>;
  /** Writes to the server's input as it is. */
  send(text: string): void;
  /** Everything on the server's output: one message each. */
  readonly output: readonly Record<string, unknown>[];
  end(): Promise<void>;
}

/** A read that takes exactly one call of the NAS, `service.query`. */
export const READ = 'list_services';
export const READ_METHOD = 'service.query';
/** A write for the executor's client, which leaves a trace that can be read: how often it was applied. */
export const WRITE_METHOD = 'service.update';

const running = new Set<Program>();
const unhandled: unknown[] = [];
const noteUnhandled = (error: unknown) => void unhandled.push(error);

beforeEach(() => {
  process.on('unhandledRejection', noteUnhandled);
});
afterEach(async () => {
  for (const program of [...running].reverse()) await program.end();
  vi.useRealTimers();
  process.off('unhandledRejection', noteUnhandled);
  const forgotten = unhandled.splice(0);
  if (forgotten.length > 0) throw new AggregateError(forgotten, 'forgotten promises');
});

/** Starts the program; it is ended, and checked, after the test. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const before = openResources();
  const simulator = await startSimulator({ delayScale: 0.01, ...options.simulator });
  const proxy = options.hasProxy === true ? await startProxy(simulator.url) : undefined;
  const log = keepingLog();
  const nas = openTrueNas(
    {
      url: proxy?.url ?? simulator.url,
      apiKey: simulator.apiKey,
      username: simulator.username,
      tls: options.tls?.(simulator) ?? { fingerprintSha256: simulator.fingerprint },
      timeoutMs: options.timeoutMs ?? 5_000,
      log,
    },
    { ...QUICK, ...options.timings },
  );
  const redactor = createRedactor({ ownSecrets: [simulator.apiKey] });
  const source = { nas: accessTo(async () => nas, redactor), log };
  const tools = registryOf(ALL_TOOLS);
  const watches = resourceWatches({ ...source, toolNames: tools.names, timings: { quietMs: 5 } });
  const factory = createServerFactory({
    version: '2.0.0',
    tools,
    ...source,
    redactor,
    maxResultTokens: 6000,
    extend: offerDocuments({ ...source, redactor, watches }),
  });
  const pipe = pipeWithCounts();
  const service = serveOnStdio(factory, { stdin: pipe.stdin, stdout: pipe.stdout }, log, watches);
  const client = new Client(
    { name: 'chaos', version: '1' },
    { versionNegotiation: { mode: options.isModern === true ? { pin: '2026-07-28' } : 'legacy' } },
  );

  const program: Program = {
    simulator,
    get proxy() {
      if (proxy === undefined) throw new Error('this program was started without a proxy');
      return proxy;
    },
    nas,
    client,
    service,
    log: log.lines,
    async ask(tool, args = {}, signal) {
      const result = await client.callTool(
        { name: tool, arguments: args },
        signal === undefined ? { timeout: 60_000 } : { timeout: 60_000, signal },
      );
      return { isError: result.isError === true, text: textOf(result.content) };
    },
    sent: (method) => simulator.calls().filter((call) => call.method === method),
    reached: (method, times = 1) =>
      until(() => program.sent(method).length >= times, `${times} × ${method} at the NAS`),
    send: (text) => pipe.stdin.write(text),
    output: pipe.output,
    async end() {
      if (!running.delete(program)) return;
      await client.close();
      await service.close();
      await nas.close();
      await until(() => simulator.control.connectionCount() === 0, 'the NAS sees no connection any more');
      await proxy?.close();
      await simulator.close();
      pipe.end();
      expect(nas.status()).toMatchObject({ state: 'closed', inFlight: 0, queued: 0 });
      expect(pipe.repeatedAnswers(), 'requests answered more than once').toEqual([]);
      expect(log.lines.filter((line) => line.level === 'error')).toEqual([]);
      await until(
        () => excess(before).length === 0,
        () => `released: ${excess(before).join(', ')}`,
      );
    },
  };
  running.add(program);
  if (options.isConnected !== false) {
    await client.connect(new StdioServerTransport(pipe.stdout, pipe.stdin));
  }
  return program;
}

/** Timings under which only {@link beatUntilLost} and {@link beat} let heartbeats pass. */
export const BEATS_BY_HAND = { heartbeatMs: 50, silentBeats: 3 } as const;

/** Stops the clock of heartbeats, before a program is started: a busy machine would be taken for a silent NAS. */
export function stopHeartbeats(): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
}

/** Lets one heartbeat pass. */
export function beat(): void {
  vi.advanceTimersByTime(BEATS_BY_HAND.heartbeatMs);
}

/** Lets heartbeats pass until the connection is given up for its silence. */
export async function beatUntilLost({ nas }: Program): Promise<void> {
  const { connections } = nas.status();
  await until(() => {
    beat();
    return nas.status().state !== 'ready' || nas.status().connections > connections;
  }, 'the silence is noticed');
}

/** Orders a fault, asks once, and tells what was seen and sent. */
export async function askUnder(
  program: Program,
  fault: Fault,
): Promise<{ seen: Seen; sent: number; connections: number }> {
  await program.ask(READ);
  const before = { sent: program.sent(READ_METHOD).length, connections: program.nas.status().connections };
  program.simulator.control.next(READ_METHOD, fault);
  const seen = await program.ask(READ);
  return {
    seen,
    sent: program.sent(READ_METHOD).length - before.sent,
    connections: program.nas.status().connections - before.connections,
  };
}

/** Resolves when `isTrue`; fails after 10 s, which no test that passes waits for. */
export async function until(isTrue: () => boolean, what: string | (() => string)): Promise<void> {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 5) {
    if (isTrue()) return;
    await sleep(5);
  }
  throw new Error(`still not: ${typeof what === 'string' ? what : what()}`);
}

/** Both directions of the client's pipe, with an eye on what passes. */
function pipeWithCounts() {
  const stdin = new PassThrough({ highWaterMark: 32 * 1024 * 1024 });
  const stdout = new PassThrough({ highWaterMark: 32 * 1024 * 1024 });
  const output: Record<string, unknown>[] = [];
  let partial = '';
  stdout.on('data', (bytes: Buffer) => {
    const lines = (partial + bytes.toString()).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) output.push(JSON.parse(line) as Record<string, unknown>);
  });
  return {
    stdin,
    stdout,
    output,
    repeatedAnswers() {
      const ids = output.filter((message) => !('method' in message)).map((message) => message.id);
      return ids.filter((id, index) => id !== undefined && ids.indexOf(id) !== index);
    },
    end() {
      stdin.destroy();
      stdout.destroy();
    },
  };
}

const COUNTED = [
  'TCPSocketWrap',
  'TLSWrap',
  'TCPConnectWrap',
  'TCPServerWrap',
  'Timeout',
  'GetAddrInfoReqWrap',
];

/** Counts, by kind, of the resources that keep the process alive. */
export function openResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (COUNTED.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

function excess(before: ReadonlyMap<string, number>): string[] {
  return [...openResources()].flatMap(([kind, count]) =>
    count > (before.get(kind) ?? 0) ? [`${kind} ${count - (before.get(kind) ?? 0)}`] : [],
  );
}

function textOf(content: unknown): string {
  return (content as { text?: string }[]).map((block) => block.text ?? '').join('\n');
}
