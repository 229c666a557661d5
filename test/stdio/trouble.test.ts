import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { contentText, type McpLine, mcpLine } from '../support/mcp-line.ts';
import {
  bareEnv,
  type CliProcess,
  type SimulatorProcess,
  serverEnv,
  startCli,
  startSimulatorProcess,
} from '../support/processes.ts';

const WRONG_KEY = `99-${'Wr0ng'.repeat(12)}abcd`;

let nas: SimulatorProcess;
let child: CliProcess | undefined;

beforeAll(async () => {
  await ensureBuilt();
  nas = await startSimulatorProcess();
});
afterAll(() => nas.stop());
afterEach(async () => {
  child?.process.stdin.end();
  await child?.ended;
});

async function serve(env: Record<string, string>, args: string[] = []): Promise<McpLine> {
  child = startCli(args, env);
  const line = mcpLine(child);
  await line.initialize();
  return line;
}

/** Lists the tools, calls one, and gives the text of its error. */
async function errorOf(line: McpLine): Promise<string> {
  const { result: list } = await line.request('tools/list');
  expect(JSON.stringify(list)).toContain('"system_overview"');
  const { result } = await line.request('tools/call', { name: 'system_overview', arguments: {} });
  expect(result?.isError).toBe(true);
  return contentText(result);
}

describe('a server that cannot reach its NAS lists its tools and says what to do', () => {
  it('when nothing is configured', async () => {
    const text = await errorOf(await serve(bareEnv()));
    expect(text).toMatch(/TRUENAS_URL is not set/);
    expect(text).toMatch(/TRUENAS_API_KEY is not set/);
  });

  it('when several settings are wrong, naming each and repeating none', async () => {
    const env = {
      ...bareEnv(),
      TRUENAS_URL: 'http://nas.local',
      TRUENAS_API_KEY: 'hunter2 hunter2',
      TRUENAS_ACCESS: 'root',
    };
    const text = await errorOf(await serve(env));
    expect(text).toMatch(/TRUENAS_URL must not be http/);
    expect(text).toMatch(/TRUENAS_API_KEY /);
    expect(text).toMatch(/TRUENAS_ACCESS must be one of read/);
    expect(text + (child?.stderr() ?? '')).not.toContain('hunter2');
  });

  it('when nobody listens at the address', async () => {
    const port = await freePort();
    const text = await errorOf(await serve(serverEnv(nas, { TRUENAS_URL: `127.0.0.1:${port}` })));
    expect(text).toMatch(/refused|reach/i);
    expect(text).toMatch(/What to do:/);
  });

  it('when the certificate is not the pinned one', async () => {
    const text = await errorOf(await serve(serverEnv(nas, { TRUENAS_TLS_FINGERPRINT: 'ab'.repeat(32) })));
    expect(text).toMatch(/certificate|fingerprint/i);
    expect(text).toContain('TRUENAS_TLS_FINGERPRINT');
  });

  it('when the certificate is trusted by nobody', async () => {
    const text = await errorOf(await serve(serverEnv(nas, { TRUENAS_TLS_FINGERPRINT: '' })));
    expect(text).toMatch(/certificate/i);
  });

  it('when the key is wrong, which it does not repeat', async () => {
    const line = await serve(serverEnv(nas, { TRUENAS_API_KEY: WRONG_KEY, TRUENAS_LOG_LEVEL: 'debug' }));
    const text = await errorOf(line);
    expect(text).toMatch(/key/i);
    expect(text + (child?.stdout() ?? '') + (child?.stderr() ?? '')).not.toContain(WRONG_KEY.slice(3));
  });

  it('when it is told to skip verification, with a loud warning and not in silence', async () => {
    const line = await serve(serverEnv(nas, { TRUENAS_TLS_FINGERPRINT: '', TRUENAS_TLS_INSECURE: 'true' }));
    const { result } = await line.request('tools/call', { name: 'system_overview', arguments: {} });
    expect(result?.isError).not.toBe(true);
    expect(child?.stderr()).toMatch(/warn TRUENAS_TLS_INSECURE is on.*NOT verified/);
  });
});

describe('secrets', () => {
  it('appear nowhere in what the server writes at debug level', async () => {
    const line = await serve(serverEnv(nas, { TRUENAS_LOG_LEVEL: 'debug' }));
    await line.request('tools/call', { name: 'system_overview', arguments: {} });
    const written = (child?.stdout() ?? '') + (child?.stderr() ?? '');
    expect(child?.stderr()).toMatch(/debug/);
    expect(written).not.toContain(nas.apiKey);
    expect(written).not.toContain(nas.apiKey.split('-')[1]);
  });
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
