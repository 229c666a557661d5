import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { confine } from '../../src/access/confined-client.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from 'truenas-simulator';
import { silentLog } from '../../src/truenas/log.ts';
import { openTrueNas } from '../../src/truenas/index.ts';
import type { TlsTrust } from '../../src/truenas/options.ts';
import { sourceFiles } from '../architecture/source.ts';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { withoutHiddenFields } from '../support/tool-calls.ts';
import { ROOT } from './pages.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator(options);
  closing.push(() => started.close());
  return started;
}

function client(nas: Simulator, tls: TlsTrust) {
  const opened = openTrueNas({
    url: nas.url,
    apiKey: nas.apiKey,
    username: nas.username,
    tls,
    timeoutMs: 10_000,
    log: silentLog,
  });
  closing.push(() => opened.close());
  return opened;
}

/** The built server as a client's child process, in an empty home of its own. */
async function serverProcess(nas: Simulator) {
  const home = mkdtempSync(join(tmpdir(), 'truenas-mcp-home-'));
  closing.push(() => rmSync(home, { recursive: true, force: true }));
  const mcp = new Client({ name: 'security-test', version: '1' });
  await mcp.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [builtCli],
      cwd: home,
      stderr: 'ignore',
      env: {
        HOME: home,
        USERPROFILE: home,
        TMPDIR: home,
        TEMP: home,
        XDG_CACHE_HOME: home,
        TRUENAS_URL: nas.url,
        TRUENAS_USERNAME: nas.username,
        TRUENAS_API_KEY: nas.apiKey,
        TRUENAS_TLS_FINGERPRINT: nas.fingerprint,
        TRUENAS_LOG_LEVEL: 'debug',
      },
    }),
  );
  closing.push(() => mcp.close());
  return { mcp, home };
}

beforeAll(ensureBuilt);

describe('what SECURITY.md promises', () => {
  it('no credential is in the sources or in the package', () => {
    const looksLikeOne =
      /\b\d+-[A-Za-z0-9]{64}\b|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*\n[A-Za-z0-9+/]|\b(?:password|api_?key|token)\s*[:=]\s*['"][^'"\s]{12,}['"]/i;
    const built = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => ({ path: name, text: readFileSync(join(ROOT, 'dist', name), 'utf8') }));
    const found = [...sourceFiles('src'), ...built].filter(({ text }) => looksLikeOne.test(text));
    expect(found.map(({ path }) => path)).toEqual([]);
    expect(looksLikeOne.test(`const apiKey = '1-${'aB3d'.repeat(16)}'`)).toBe(true);
  });

  it('a self-signed certificate is refused before the key is sent', async () => {
    const nas = await simulator();
    await expect(client(nas, {}).read.call('system.info')).rejects.toThrow(/certificate/i);
    expect(nas.calls()).toEqual([]);
  });

  it('a pinned fingerprint admits that certificate and no other', async () => {
    const nas = await simulator();
    const other = nas.fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await expect(client(nas, { fingerprintSha256: other }).read.call('system.info')).rejects.toThrow(
      /fingerprint|certificate/i,
    );
    expect(nas.calls()).toEqual([]);
    await expect(
      client(nas, { fingerprintSha256: nas.fingerprint }).read.call('system.info'),
    ).resolves.toBeTypeOf('object');
  });

  it('a certificate authority that the operator names is trusted', async () => {
    const nas = await simulator();
    await expect(client(nas, { caPem: nas.certificatePem }).read.call('system.info')).resolves.toBeTypeOf(
      'object',
    );
  });

  it('on TrueNAS 27 the key itself never travels', async () => {
    const nas = await simulator({ release: '27.0' });
    await client(nas, { fingerprintSha256: nas.fingerprint }).read.call('system.info');
    const secret = nas.apiKey.split('-')[1] ?? nas.apiKey;
    expect(secret.length).toBeGreaterThan(20);
    expect(nas.calls().map((call) => call.method)).toContain('auth.login_ex');
    expect(JSON.stringify(nas.calls())).not.toContain(secret);
  });

  it('a whole session writes nothing to disk', async () => {
    const nas = await simulator();
    const { mcp, home } = await serverProcess(nas);
    const answer = await mcp.callTool({ name: 'system_overview', arguments: {} });
    expect(answer.isError).not.toBe(true);
    await mcp.close();
    // Newer Node releases keep the compiled program there; that is the program and nothing of the session.
    const written = readdirSync(home).filter((name) => !name.startsWith('truenas-mcp-compiled-'));
    expect(written).toEqual([]);
  });

  it('a key that may only read is enough for every read tool', async () => {
    const nas = await simulator({ roles: ['READONLY_ADMIN'] });
    const { mcp } = await serverProcess(nas);
    const { tools } = await mcp.listTools();
    const troubled: unknown[] = [];
    for (const { name } of tools) {
      const tool = ALL_TOOLS.find((candidate) => candidate.name === name);
      const answer = await mcp.callTool({ name, arguments: tool?.examples[0].args ?? {} });
      // The one block of text, as it is: what it says about a field that it declares as hidden is a line of it.
      const text = withoutHiddenFields(tool ?? {}, JSON.stringify(answer.content).replaceAll('\\n', '\n'));
      // Jobs of others are not shown to such a key; everything else has an answer.
      const isRefused = answer.isError === true && name !== 'get_job';
      if (isRefused || /EACCES|Not authorized|may not call|could not be read/i.test(text))
        troubled.push({ name, text });
    }
    expect(tools.length).toBeGreaterThan(10);
    expect(troubled).toEqual([]);
  });

  it('a tool cannot call a method that it does not declare', async () => {
    const nas = await simulator();
    const confined = confine(client(nas, { fingerprintSha256: nas.fingerprint }).read, ['system.info']);
    await expect(confined.call('system.info')).resolves.toBeTypeOf('object');
    await expect(confined.call('system.reboot', ['because'])).rejects.toThrow(/system\.reboot/);
    expect(nas.calls().map((call) => call.method)).not.toContain('system.reboot');
  });
});
