/** Starts the built program as real processes: the simulated NAS, and the server as an MCP client would start it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { builtCli } from './built.ts';

/** What `simulate --json` prints. */
export interface SimulatedNas {
  readonly url: string;
  readonly apiKey: string;
  readonly username: string;
  readonly fingerprint: string;
  readonly caFile: string;
}

/** A running simulator process. */
export interface SimulatorProcess extends SimulatedNas {
  /** Asks it to stop, as Ctrl-C does, and waits until it has. */
  stop(): Promise<void>;
}

/** Environment for a server that talks to this NAS, and nothing of the environment of the test run but the bare minimum. */
export function serverEnv(
  nas: SimulatedNas,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...bareEnv(),
    TRUENAS_URL: nas.url,
    TRUENAS_API_KEY: nas.apiKey,
    TRUENAS_USERNAME: nas.username,
    TRUENAS_TLS_FINGERPRINT: nas.fingerprint,
    ...more,
  };
}

/** PATH and what Windows needs to start anything. */
export function bareEnv(): Record<string, string> {
  const kept = ['PATH', 'Path', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'HOME', 'USERPROFILE'];
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      kept.includes(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

/** Starts the simulator as a process of its own; resolves when it has printed its first line. */
export async function startSimulatorProcess(args: readonly string[] = []): Promise<SimulatorProcess> {
  const child = startCli(['simulate', '--json', ...args]);
  const { line } = await child.firstLine;
  return {
    ...(JSON.parse(line) as SimulatedNas),
    stop: async () => {
      child.process.kill('SIGINT');
      await child.ended;
    },
  };
}

/** A started command. */
export interface CliProcess {
  readonly process: ChildProcessWithoutNullStreams;
  /** Everything written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The first line on stdout; rejects when the process ends before. */
  readonly firstLine: Promise<{ line: string }>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Starts dist/cli.js. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = bareEnv(),
  through: { readonly command: string; readonly args: readonly string[] } = {
    command: process.execPath,
    args: [builtCli],
  },
): CliProcess {
  const child = spawn(through.command, [...through.args, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => (code ?? signal) as number | string);
  const lines = createInterface({ input: child.stdout });
  const firstLine = Promise.race([
    once(lines, 'line').then(([line]: unknown[]) => ({ line: String(line) })),
    ended.then((code): never => {
      throw new Error(`ended with ${code} before it printed a line: ${stderr}`);
    }),
  ]);
  firstLine.catch(() => {});
  return { process: child, stdout: () => stdout, stderr: () => stderr, firstLine, ended };
}

/** Runs a command to its end. */
export async function runCli(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const child = startCli(args, env);
  child.process.stdin.end();
  const code = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}
