/** Builds the packages once for a test file, and starts what is in them as the clients would. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Simulator } from 'truenas-simulator';
import { bareEnv } from '../support/processes.ts';
import { ROOT } from '../docs/pages.ts';

/** How a client starts a server. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A folder of its own with every package in it; `remove` when done. */
export function buildPackages(more: readonly string[] = []): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-packages-'));
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts', 'packages.mjs'), '--outdir', folder, ...more],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the packages were not built: ${stderr}`);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A JSON file of a package. */
export function json<Value>(...path: string[]): Value {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as Value;
}

/** The settings of a server for this NAS. */
export function settingsOf({ url, username, apiKey, fingerprint }: Simulator): Record<string, string> {
  return {
    TRUENAS_URL: url,
    TRUENAS_USERNAME: username,
    TRUENAS_API_KEY: apiKey,
    TRUENAS_TLS_FINGERPRINT: fingerprint,
  };
}

/** What a server that was started so answers to a question about the pools. */
export async function askPools({ command, args, env = {}, cwd }: Start): Promise<string> {
  const client = new Client({ name: 'packages', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command,
      args: [...args],
      env: { ...bareEnv(), ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stderr: 'ignore',
    }),
  );
  try {
    const { content } = await client.callTool({ name: 'list_pools', arguments: {} });
    const [first] = content;
    return first?.type === 'text' ? first.text : '';
  } finally {
    await client.close();
  }
}

/** Unpacks a ZIP archive by its directory; written for this test, so that writer and reader share no mistake. */
export function unzip(archive: Buffer, folder: string): string[] {
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const size = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, inflateRawSync(archive.subarray(start, start + size)));
    names.push(name);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return names;
}

/** True when a program is installed. */
export function isInstalled(command: string, args: readonly string[] = ['--version']): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
