import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS, SETTING_ROWS } from '../../src/config/index.ts';
import { ensureBuilt } from '../support/built.ts';
import { bareEnv, runCli, startCli, startSimulatorProcess } from '../support/processes.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

beforeAll(ensureBuilt);

describe('truenas-mcp', () => {
  it('--version prints the version of the package', async () => {
    expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('--help names every command', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toContain(command);
  });

  it.each(COMMANDS)('%s --help names all it takes, and nothing else', async (command) => {
    const { code, stdout } = await runCli([command, '--help']);
    expect(code).toBe(0);
    const shown = [...stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag);
    const taken = SETTING_ROWS.filter(([, row]) => row.commands.includes(command)).map(([, row]) => row.flag);
    expect(shown).toEqual(taken.filter((flag) => flag !== undefined));
  });

  it.each([
    [['serv'], /Unknown command "serv"; did you mean "serve"\?/],
    [['--demmo'], /Unknown flag --demmo; did you mean "--demo"\?/],
    [['serve', '--api-key', 'x'], /visible to every user/],
    [
      ['simulate', '--release', '9'],
      /--release must be one of core-13\.0, core-13\.3, 24\.10, 25\.04, 25\.10, 27\.0/,
    ],
    [['simulate', '--host', '0.0.0.0'], /--host must be an address of this machine/],
    [['simulate', '--role', 'READONLY_ADMN'], /READONLY_ADMN is no role of TrueNAS 25\.10/],
    [['simulate', '--release', '25.04', '--role', 'ZFS_RESOURCE_READ'], /is no role of TrueNAS 25\.04/],
    [['demo', '--seed'], /--seed needs a value/],
  ])('%j is refused on stderr with exit code 2', async (args, reason) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/See: truenas-mcp .*--help/);
  });
});

describe('truenas-mcp simulate', () => {
  it('prints one line of JSON, keeps its certificate private, and cleans up', async () => {
    const nas = await startSimulatorProcess(['--seed', '7']);
    expect(Object.keys(nas).filter((key) => key !== 'stop')).toEqual([
      'url',
      'apiKey',
      'username',
      'fingerprint',
      'caFile',
    ]);
    expect(nas.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/);
    expect(nas.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(nas.caFile, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(process.platform === 'win32' || (statSync(dirname(nas.caFile)).mode & 0o077) === 0).toBe(true);
    await nas.stop();
    expect(process.platform !== 'win32' && existsSync(dirname(nas.caFile))).toBe(false);
  });

  it('ends and says why when its port is taken', async () => {
    const nas = await startSimulatorProcess();
    const { code, stderr } = await runCli(['simulate', '--port', new URL(nas.url).port]);
    await nas.stop();
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be used (EADDRINUSE)');
  });

  it('runs without a certificate file where none can be written', async () => {
    const env = { ...bareEnv(), TMPDIR: '/nowhere', TEMP: '/nowhere', TMP: '/nowhere' };
    const child = startCli(['simulate', '--json'], env);
    const { line } = await child.firstLine;
    expect(Object.keys(JSON.parse(line) as object)).toEqual(['url', 'apiKey', 'username', 'fingerprint']);
    expect(child.stderr()).toMatch(/^The certificate could not be written to a file \(ENOENT\)[^\n]*\n$/);
    child.process.kill('SIGINT');
    await child.ended;
  });

  it.skipIf(process.platform === 'win32')(
    'removes what a killed one left behind, and nothing of one that runs',
    async () => {
      const temporary = mkdtempSync(join(tmpdir(), 'truenas-mcp-cli-test-'));
      const env = { ...bareEnv(), TMPDIR: temporary };
      const folders = () =>
        readdirSync(temporary).filter((name) => name.startsWith('truenas-mcp-simulator-'));
      const start = async () => {
        const child = startCli(['simulate', '--json'], env);
        await child.firstLine;
        return child;
      };
      const killed = await start();
      killed.process.kill('SIGKILL');
      await killed.ended;
      expect(folders()).toHaveLength(1);
      const [first, second] = [await start(), await start()];
      expect(new Set(folders().map((name) => name.split('-').at(-2)))).toEqual(
        new Set([first, second].map(({ process: { pid } }) => String(pid))),
      );
      for (const child of [first, second]) {
        child.process.kill('SIGINT');
        await child.ended;
      }
      expect(folders()).toEqual([]);
      rmSync(temporary, { recursive: true, force: true });
    },
  );
});

describe('truenas-mcp serve --http', () => {
  it('prints its address and token to stderr, nothing to stdout, and asks for the token', async () => {
    const child = startCli(['serve', '--demo', '--http', '0']);
    const url = await new Promise<string>((resolve) => {
      child.process.stderr.on('data', () => {
        const found = /listening at (\S+)[\s\S]*Bearer \S+/.exec(child.stderr())?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer.status).toBe(401);
    child.process.kill('SIGINT');
    await child.ended;
    expect(child.stdout()).toBe('');
  });

  it('takes its token from the environment and does not print it', async () => {
    const token = 'a-token-for-this-test-only';
    const child = startCli(['serve', '--demo', '--http', '0'], { ...bareEnv(), TRUENAS_HTTP_TOKEN: token });
    const url = await new Promise<string>((resolve) => {
      child.process.stderr.on('data', () => {
        const found = /listening at (\S+)\nAuth/.exec(child.stderr())?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    });
    const headers = {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      Authorization: `Bearer ${token}`,
    };
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(200);
    child.process.kill('SIGINT');
    await child.ended;
    expect(child.stderr()).not.toContain(token);
  });
});

describe('truenas-mcp demo', () => {
  it('into a pipe that nobody reads any more ends without a word', async () => {
    const child = startCli(['demo']);
    await child.firstLine;
    child.process.stdout.destroy();
    expect(await child.ended).toBe(0);
    expect(child.stderr()).toBe('');
  });

  it('takes the tour as a real client and prints configuration to paste', async () => {
    const { code, stdout, stderr } = await runCli(['demo']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/> system_overview \{\}\n(?:WARNING|CRITICAL)/);
    expect(stdout).toMatch(/> get_pool \{"pool":"\w+"\}\npool \w+: DEGRADED/);
    expect(stdout).toMatch(/> list_datasets/);
    for (const client of ['Claude Desktop', 'Claude Code', 'VS Code', 'Cursor'])
      expect(stdout).toContain(client);
    const [config = ''] = /\{\n {2}"mcpServers"[\s\S]*?\n\}\n/.exec(stdout) ?? [];
    expect(JSON.parse(config)).toMatchObject({
      mcpServers: { truenas: { env: { TRUENAS_URL: 'nas.local' } } },
    });
  });
});
