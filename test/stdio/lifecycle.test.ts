import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { ERAS } from '../support/eras.ts';
import { contentText, type McpLine, mcpLine } from '../support/mcp-line.ts';
import {
  bareEnv,
  type CliProcess,
  type SimulatorProcess,
  serverEnv,
  startCli,
  startSimulatorProcess,
} from '../support/processes.ts';

let nas: SimulatorProcess;
const children: CliProcess[] = [];

beforeAll(async () => {
  await ensureBuilt();
  nas = await startSimulatorProcess();
});
afterAll(() => nas.stop());
afterEach(async () => {
  await Promise.all(
    children.splice(0).map((child) => {
      child.process.kill('SIGKILL');
      return child.ended;
    }),
  );
});

function start(
  env: Record<string, string> = serverEnv(nas),
  args: string[] = [],
): { child: CliProcess; line: McpLine } {
  const child = startCli(args, env);
  children.push(child);
  return { child, line: mcpLine(child) };
}

describe('the server process', () => {
  it.each(ERAS)(
    'of revision %s answers a ping, by which clients keep a connection alive',
    async (_revision, era) => {
      const child = startCli([], serverEnv(nas));
      children.push(child);
      const line = mcpLine(child, era);
      await line.initialize();
      expect((await line.request('ping')).error).toBeUndefined();
      expect((await line.request('no/such/method')).error).toMatchObject({ code: -32601 });
    },
  );

  it('tells whoever calls a tool of a misspelt variable: nobody there reads the log', async () => {
    const { line } = start({ ...bareEnv(), TRUENAS_URL: nas.url, TRUENAS_APIKEY: nas.apiKey });
    await line.initialize();
    const { result } = await line.request('tools/call', { name: 'list_pools', arguments: {} });
    const text = contentText(result);
    expect(text).toContain('TRUENAS_API_KEY is not set');
    expect(text).toContain(
      'TRUENAS_APIKEY is not a setting of this version; did you mean "TRUENAS_API_KEY"?',
    );
    expect(text).not.toContain(nas.apiKey.slice(-20));
  });

  it('writes MCP to stdout and nothing else, whatever happens', async () => {
    const { child, line } = start(serverEnv(nas, { TRUENAS_LOG_LEVEL: 'debug' }));
    await line.initialize();
    await line.request('tools/list');
    await line.request('tools/call', { name: 'system_overview', arguments: {} });
    await line.request('tools/call', { name: 'system_overview', arguments: { odd: true } });
    await line.request('tools/call', { name: 'no_such_tool', arguments: {} });
    await line.request('no/such/method');
    child.process.stdin.write('this is not JSON\n{"jsonrpc":"2.0"}\n[]\n\n');
    expect((await line.request('ping')).result).toEqual({});
    child.process.stdin.end();
    expect(await child.ended).toBe(0);
    expect(line.strayLines()).toEqual([]);
    expect(child.stderr()).toMatch(/ debug /);
  });

  it('sends what a dependency prints to stderr', async () => {
    const chatty = "setInterval(() => console.log('stray text'), 2)";
    const env = serverEnv(nas, {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(chatty)}`,
    });
    const { child, line } = start(env);
    await line.initialize();
    const before = line.strayLines().length;
    await line.request('tools/call', { name: 'system_overview', arguments: {} });
    expect(line.strayLines()).toHaveLength(before);
    expect(child.stderr()).toContain('stray text');
  });

  it('starts without a terminal, a home directory or any setting', async () => {
    const { child, line } = start({ PATH: process.env.PATH ?? '' });
    expect((await line.initialize()).result).toMatchObject({ serverInfo: { name: 'truenas-mcp-server' } });
    child.process.stdin.end();
    expect(await child.ended).toBe(0);
  });

  it('answers what was asked before its input ended, then ends', async () => {
    const { child, line } = start();
    const ids = [
      line.send('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'pipe', version: '1' },
      }),
      line.send('tools/list'),
      line.send('tools/call', { name: 'system_overview', arguments: {} }),
    ];
    child.process.stdin.end();
    const replies = await Promise.all(ids.map((id) => line.reply(id)));
    expect(replies.map((reply) => reply.error)).toEqual([undefined, undefined, undefined]);
    expect(await child.ended).toBe(0);
  });

  it('ends by itself when the client closes its input, with a connection to the NAS open', async () => {
    const { child, line } = start();
    await line.initialize();
    await line.request('tools/call', { name: 'system_overview', arguments: {} });
    child.process.stdin.end();
    expect(await child.ended).toBe(0);
  });

  it.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends cleanly on %s',
    async (signal) => {
      const { child, line } = start();
      await line.initialize();
      await line.request('tools/call', { name: 'system_overview', arguments: {} });
      child.process.kill(signal);
      expect(await child.ended).toBe(0);
    },
  );

  it('survives a client that stops reading, and ends with it', async () => {
    const { child, line } = start();
    await line.initialize();
    child.process.stdout.destroy();
    line.send('tools/list');
    line.send('tools/list');
    expect(await child.ended).toBe(0);
    expect(child.stderr()).not.toMatch(/EPIPE|failed|internal error/);
  });

  it('ends over a message that is too long to hold, rather than fall silent', async () => {
    const { child, line } = start();
    await line.initialize();
    child.process.stdin.on('error', () => {});
    child.process.stdin.write(`{"jsonrpc":"2.0","id":9,"method":"${'x'.repeat(17 * 1024 * 1024)}`);
    expect(await child.ended).toBe(0);
    expect(child.stderr()).toMatch(/exceeded maximum size/);
  });

  it('answers others while a call is cancelled', async () => {
    const { line } = start();
    await line.initialize();
    const cancelled = line.send('tools/call', { name: 'system_overview', arguments: {} });
    line.notify('notifications/cancelled', { requestId: cancelled, reason: 'changed my mind' });
    const { result } = await line.request('tools/call', { name: 'list_pools', arguments: {} });
    expect(result?.isError).not.toBe(true);
  });

  it('serves the embedded simulator with --demo, without any setting', async () => {
    const { line } = start(bareEnv(), ['--demo', '--release', '27.0']);
    await line.initialize();
    const { result } = await line.request('tools/call', { name: 'system_overview', arguments: {} });
    expect(result?.isError).not.toBe(true);
    expect(JSON.stringify(result)).toContain('27.0');
  });
});
