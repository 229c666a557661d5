/** An MCP server as a child process, spoken to in plain JSON lines so that no client library is in the measurement. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A started server. */
export interface ServerProcess {
  readonly pid: number;
  request(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  notify(method: string): void;
  stop(): Promise<void>;
}

const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
};

/** The envelope that a client of 2026-07-28 sends with every request. */
const ENVELOPE = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};

/** How a client says hello, by protocol era. */
export const HELLOS = { initialize: INITIALIZE, 'server/discover': ENVELOPE } as const;

/**
 * What a process needs to run at all. The rest of the environment of whoever measures stays out: with NODE_EXTRA_CA_CERTS alone
 * Node reads all certificate authorities at each start, which takes 25 ms.
 */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP', 'USERPROFILE'];

/** A server that has not gone by then, after its input ended, is killed. */
const STOP_LIMIT_MS = 2000;

/** Starts a server and says hello; milliseconds from the start of the process to its first answer. */
export async function startServer(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  hello: keyof typeof HELLOS = 'initialize',
): Promise<{ server: ServerProcess; startMs: number }> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...inherited(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const server = speak(child);
  await server.request(hello, HELLOS[hello]);
  const startMs = performance.now() - startedMs;
  if (hello === 'initialize') server.notify('notifications/initialized');
  return { server, startMs };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Milliseconds from the start to the end of a process that does nothing. */
export async function runBareNode(): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore', env: inherited() });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - startedMs;
}

/** Resident memory of a process in MiB, now or at its peak; undefined where the system does not tell. */
export function residentMiB(pid: number, which: 'VmRSS' | 'VmHWM' = 'VmRSS'): number | undefined {
  try {
    const line = new RegExp(`^${which}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line === null ? undefined : Number(line[1]) / 1024;
  } catch {
    return undefined;
  }
}

/** Processor time of a process and all its threads so far, in milliseconds; undefined where the system does not tell. */
export function processorMs(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    // The first number is the time on a processor, in nanoseconds.
    const nanoseconds = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((total, each) => total + each, 0) / 1e6;
  } catch {
    return undefined;
  }
}

function speak(child: ChildProcessWithoutNullStreams): ServerProcess {
  const waiting = new Map<
    number,
    { resolve(value: Record<string, unknown>): void; reject(error: Error): void }
  >();
  let nextId = 1;
  let rest = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as { id?: number; result?: Record<string, unknown>; error?: unknown };
      const call = message.id === undefined ? undefined : waiting.get(message.id);
      if (message.id !== undefined) waiting.delete(message.id);
      if (message.result === undefined) call?.reject(new Error(JSON.stringify(message.error)));
      else call?.resolve(message.result);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      for (const call of waiting.values()) call.reject(new Error(`the server ended: ${stderr}`));
      resolve();
    });
  });
  const send = (message: Record<string, unknown>) => child.stdin.write(`${JSON.stringify(message)}\n`);
  return {
    pid: child.pid ?? 0,
    request: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const id = nextId;
        nextId += 1;
        waiting.set(id, { resolve, reject });
        send({ jsonrpc: '2.0', id, method, params });
      }),
    notify: (method) => void send({ jsonrpc: '2.0', method }),
    stop: () => {
      child.stdin.end();
      setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS).unref();
      return ended;
    },
  };
}
