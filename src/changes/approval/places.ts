/** The two places where the desk is reached: a page on loopback, and a socket that only the owner of the process can open. */
import { spawn } from 'node:child_process';
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../truenas/log.ts';
import type { ApprovalDesk } from './desk.ts';
import { approvalHandler } from './handler.ts';

/** An open place. */
export interface Place {
  readonly address: string;
  close(): Promise<void>;
}

/** Serves the page at a random port of loopback. */
export async function openPage(desk: ApprovalDesk, log: Log): Promise<Place> {
  const hosts: string[] = [];
  const server = createServer(limits, approvalHandler(desk, { kind: 'page', hosts }, log));
  const port = await listening(server, { host: '127.0.0.1', port: 0 });
  hosts.push(`localhost:${port}`, `127.0.0.1:${port}`);
  // By number: another user could listen on the IPv6 side of the name and imitate the page.
  return { address: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

/** A person types; a stalled request must not keep a place. */
const limits = { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 };

/** Folder of the sockets of all processes of this user. */
export function socketFolder(env: NodeJS.ProcessEnv = process.env): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  // Right below a folder where only the owner of a name can take it: another user must not own any folder above.
  return runtime ? join(runtime, 'truenas-mcp') : join(tmpdir(), `truenas-mcp-${userInfo().uid}`);
}

/** Path of the socket of a process. */
export function socketPath(folder: string, pid: number): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\truenas-mcp-${pid}` : join(folder, `${pid}.sock`);
}

/**
 * Listens on the socket of this process.
 * @throws Error when the folder belongs to somebody else, or others can reach it
 */
export async function openSocket(desk: ApprovalDesk, log: Log, folder = socketFolder()): Promise<Place> {
  const path = socketPath(folder, process.pid);
  if (process.platform !== 'win32') {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await checkSocketFolder(folder);
    await rm(path, { force: true });
  }
  const server = createServer(limits, approvalHandler(desk, { kind: 'socket' }, log));
  await listening(server, { path });
  if (process.platform !== 'win32') await chmod(path, 0o600);
  return {
    address: path,
    async close() {
      await closed(server);
      if (process.platform !== 'win32') await rm(path, { force: true });
    },
  };
}

/**
 * Before anything is listened to or typed there.
 * @throws Error when the folder belongs to somebody else, or others can reach it
 */
export async function checkSocketFolder(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
    throw new Error(`${folder} is not a folder of this user alone`);
}

function listening(
  server: Server,
  where: { host: string; port: number } | { path: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Opens an address in the default browser of this machine; false when there is none to open it. */
export async function openBrowser(url: string): Promise<boolean> {
  const command = browserCommand(url);
  if (command === undefined) return false;
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: 'ignore',
      detached: true,
      env: withoutSettings(process.env),
    });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** The environment without our settings: a browser lives on for days, and hands its environment to all that it starts. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^TRUENAS_/iu.test(name)));
}

function browserCommand(url: string): readonly [string, ...string[]] | undefined {
  switch (process.platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler', url];
    default: {
      const hasDisplay = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
      return hasDisplay ? ['xdg-open', url] : undefined;
    }
  }
}
