import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { READ_TOOLS_BY_DEFAULT } from '../support/registry.ts';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { type SimulatorProcess, serverEnv, startSimulatorProcess } from '../support/processes.ts';

/** The methods that the three clients have in common. */
interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<{ [key: string]: unknown }>;
  close(): Promise<void>;
}

let nas: SimulatorProcess;
const open: AnyClient[] = [];

beforeAll(async () => {
  await ensureBuilt();
  nas = await startSimulatorProcess();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});
afterAll(() => nas.stop());

function serverProcess(env: Record<string, string>) {
  return { command: process.execPath, args: [builtCli], env, stderr: 'ignore' as const };
}

async function connectV2(mode: 'legacy' | { pin: string }, env: Record<string, string>): Promise<AnyClient> {
  const client = new ModernClient({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StdioClientTransport(serverProcess(env)));
  return client;
}

const CLIENTS: readonly [string, (env: Record<string, string>) => Promise<AnyClient>][] = [
  ['the v2 client, 2026-07-28', (env) => connectV2({ pin: '2026-07-28' }, env)],
  ['the v2 client, 2025-11-25', (env) => connectV2('legacy', env)],
  [
    'the v1 client',
    async (env) => {
      const client = new ClientV1({ name: 'test', version: '1' });
      await client.connect(new StdioClientTransportV1(serverProcess(env)));
      return client as AnyClient;
    },
  ],
];

function textOf(result: { [key: string]: unknown }): string {
  return (result.content as { text?: string }[]).map((block) => block.text ?? '').join('\n');
}

describe.each(CLIENTS)('%s over stdio', (_name, connect) => {
  it('asks about a simulated TrueNAS behind TLS and gets an answer that fits its schema', async () => {
    const client = await connect(serverEnv(nas));
    open.push(client);
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(READ_TOOLS_BY_DEFAULT.map((tool) => tool.name));
    const overview = await client.callTool({ name: 'system_overview', arguments: {} });
    expect(overview.isError).not.toBe(true);
    expect(textOf(overview)).toMatch(/CRITICAL|WARNING/);
    expect(overview.structuredContent).toMatchObject({ verdict: expect.any(String) });
  });

  it('gets wrong arguments explained in a result', async () => {
    const client = await connect(serverEnv(nas));
    open.push(client);
    const result = await client.callTool({ name: 'list_pools', arguments: { nmae: 'tank' } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/"nmae" is not an argument/);
  });
});

describe('trust in the certificate', () => {
  it('may come from a CA file instead of a fingerprint', async () => {
    const env = serverEnv(nas, { TRUENAS_TLS_FINGERPRINT: '', TRUENAS_CA_FILE: nas.caFile });
    const client = await connectV2('legacy', env);
    open.push(client);
    const overview = await client.callTool({ name: 'system_overview', arguments: {} });
    expect(overview.isError).not.toBe(true);
  });
});
