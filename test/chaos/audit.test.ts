/** The audit file on a disk that is full, or where a client reads: calls go on, and nothing gets between MCP messages. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from 'truenas-simulator';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { contentText, type McpLine, mcpLine } from '../support/mcp-line.ts';
import { bareEnv, type CliProcess, serverEnv, startCli } from '../support/processes.ts';
import { READ, READ_METHOD } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
beforeAll(ensureBuilt);
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function start(file: string): Promise<{ simulator: Simulator; child: CliProcess; line: McpLine }> {
  const simulator = await startSimulator({ delayScale: 0.01 });
  const child = startCli([], serverEnv({ ...simulator, caFile: '' }, { TRUENAS_AUDIT_FILE: file }));
  ends.push(async () => {
    child.process.kill('SIGKILL');
    await child.ended;
    await simulator.close();
  });
  const line = mcpLine(child);
  await line.initialize();
  return { simulator, child, line };
}

const read = (line: McpLine, args = {}) => line.request('tools/call', { name: READ, arguments: args });

describe('the audit file', () => {
  it('tells of every call how it ended, and nothing of what was answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'audit.jsonl');
    const { simulator, child, line } = await start(file);
    await read(line);
    await read(line, { odd: simulator.apiKey });
    await line.request('tools/call', { name: 'delete_pool', arguments: { pool: 'tank' } });
    await line.request('resources/read', { uri: 'truenas://docs/safety' });
    await line.request('resources/read', { uri: 'truenas://nothing/here' });
    await line.request('resources/read', { uri: 'truenas://alerts' });
    const ref = { type: 'ref/resource', uri: 'truenas://pool/{name}' };
    await line.request('completion/complete', { ref, argument: { name: 'name', value: 'ta' } });
    await line.request('tools/call', { name: `${'x'.repeat(100_000)}${simulator.apiKey}`, arguments: {} });
    simulator.control.next(READ_METHOD, { kind: 'silence' });
    const cancelled = line.send('tools/call', { name: READ, arguments: {} });
    await expect.poll(() => simulator.calls().filter(({ method }) => method === READ_METHOD).length).toBe(2);
    line.notify('notifications/cancelled', { requestId: cancelled });
    await read(line);
    child.process.stdin.end();
    expect(await child.ended).toBe(0);
    const text = readFileSync(file, 'utf8');
    const entries = text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as Record<string, unknown>);
    expect(
      entries.map(({ event, tool, resource, completion, outcome }) => [
        event,
        tool ?? resource ?? completion,
        outcome,
      ]),
    ).toEqual([
      ['start', undefined, undefined],
      ['call', READ, 'ok'],
      ['call', READ, 'error'],
      ['call', 'delete_pool', 'refused'],
      ['call', 'truenas://docs/safety', 'ok'],
      ['call', 'truenas://nothing/here', 'refused'],
      ['call', 'truenas://alerts', 'ok'],
      ['call', 'truenas://pool/{name}', undefined],
      ['call', 'x'.repeat(300), 'refused'],
      ['call', READ, 'cancelled'],
      ['call', READ, 'ok'],
    ]);
    expect(entries[2]).toMatchObject({ reason: expect.stringContaining('odd') as string });
    expect(text).not.toContain(simulator.apiKey.slice(2));
    expect(text).not.toContain('cifs');
  });

  it.skipIf(!existsSync('/dev/full'))(
    'that is a device: calls are answered, and the refusal is said once',
    async () => {
      const { child, line } = await start('/dev/full');
      for (let index = 0; index < 5; index += 1)
        expect(contentText((await read(line)).result)).toContain('cifs');
      child.process.stdin.end();
      expect(await child.ended).toBe(0);
      expect(child.stderr().match(/the audit file cannot be written[^\n]*not a regular file/g)).toHaveLength(
        1,
      );
      expect(child.stderr()).toContain('entries of the audit trail were lost');
    },
  );

  it.skipIf(process.platform === 'win32')(
    'that is a pipe which nobody reads keeps neither calls nor the end waiting',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'audit-'));
      ends.push(async () => rmSync(folder, { recursive: true, force: true }));
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      const { child, line } = await start(pipe);
      expect(contentText((await read(line)).result)).toContain('cifs');
      child.process.stdin.end();
      expect(await child.ended).toBe(0);
      expect(child.stderr()).toMatch(/the audit file cannot be written[^\n]*ENXIO/);
    },
  );

  it('that is where MCP goes: refused, and nothing gets between the messages', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'stdout');
    const output = openSync(file, 'w');
    const env = { ...bareEnv(), TRUENAS_AUDIT_FILE: file };
    const hello = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    };
    const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello })}\n`;
    const { status, stderr } = spawnSync(process.execPath, [builtCli, 'serve'], {
      env,
      input,
      stdio: ['pipe', output, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(output);
    expect(status).toBe(0);
    expect(stderr).toContain('it is the standard output, which belongs to MCP');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([1]);
  });
});
