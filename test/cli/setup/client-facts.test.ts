/**
 * What each MCP client takes, from its own source or documentation as of 2026: where the file lies, which keys an entry may
 * have, what it replaces in values. The entries that set-up writes are held against it.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { type ClientName, CLIENT_NAMES, clientOf } from '../../../src/cli/setup/clients/catalogue.ts';
import { withEntry } from '../../../src/cli/setup/clients/edit.ts';
import { planClients } from '../../../src/cli/setup/clients/plan.ts';
import { placesOf } from '../../../src/cli/setup/places.ts';

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const environment = { type: 'object', additionalProperties: text };
const seconds = { type: 'number', minimum: 1 };
const flag = { type: 'boolean' };
const stdio = { command: { type: 'string', minLength: 1 }, args: texts, env: environment, cwd: text };

interface Facts {
  /** Where they were read. */
  readonly source: string;
  /** Below the home folder of Linux, macOS and Windows. */
  readonly files: readonly [linux: string, darwin: string, win32: string];
  readonly keys: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  /** Values that would reach the server as something else. */
  readonly replaced: readonly string[];
}

const SUPPORT = 'Library/Application Support';
const ROAMING = 'AppData/Roaming';
const same = (path: string) => [path, path, path] as const;

const FACTS: Readonly<Record<ClientName, Facts>> = {
  'claude-desktop': {
    source:
      'modelcontextprotocol.io: connect local servers; anthropics/claude-code issue 26073 for the package on Windows',
    files: [
      '.config/Claude/claude_desktop_config.json',
      `${SUPPORT}/Claude/claude_desktop_config.json`,
      `${ROAMING}/Claude/claude_desktop_config.json`,
    ],
    keys: { command: stdio.command, args: texts, env: environment },
    required: ['command'],
    replaced: [],
  },
  'claude-code': {
    source: 'code.claude.com/docs: MCP; version 2.1.197 lists, and starts the server with, what is written',
    files: same('.claude.json'),
    keys: { ...stdio, type: { const: 'stdio' }, timeout: seconds },
    required: ['command'],
    replaced: [`\${HOME}`, `\${NOWHERE:-x}`],
  },
  codex: {
    source:
      'openai/codex codex-rs/config/src/mcp_types.rs, unknown keys denied; version 0.171 lists what is written',
    files: same('.codex/config.toml'),
    keys: {
      ...stdio,
      env_vars: texts,
      startup_timeout_sec: seconds,
      tool_timeout_sec: seconds,
      enabled: flag,
      required: flag,
      enabled_tools: texts,
      disabled_tools: texts,
    },
    required: ['command'],
    replaced: [],
  },
  vscode: {
    source: 'code.visualstudio.com/docs: MCP configuration reference',
    files: ['.config/Code/User/mcp.json', `${SUPPORT}/Code/User/mcp.json`, `${ROAMING}/Code/User/mcp.json`],
    keys: { ...stdio, type: { const: 'stdio' }, envFile: text, dev: { type: 'object' } },
    required: ['type', 'command'],
    replaced: [`\${env:HOME}`, `\${workspaceFolder}`, `\${input:x}`],
  },
  cursor: {
    source: 'cursor.com/docs: MCP',
    files: same('.cursor/mcp.json'),
    keys: { ...stdio, type: { const: 'stdio' }, envFile: text },
    required: ['command'],
    replaced: [`\${env:HOME}`, `\${userHome}`],
  },
  'lm-studio': {
    source: 'lmstudio-ai/docs 0_app/2_mcp ("follows Cursor"); the folder: findLMStudioHome of lmstudio.js',
    files: same('.lmstudio/mcp.json'),
    keys: { ...stdio, type: { const: 'stdio' } },
    required: ['command'],
    replaced: [`\${env:HOME}`],
  },
  gemini: {
    source:
      'google-gemini/gemini-cli schemas/settings.schema.json (MCPServerConfig); version 0.61 lists what is written',
    files: same('.gemini/settings.json'),
    keys: {
      ...stdio,
      type: { const: 'stdio' },
      timeout: seconds,
      trust: flag,
      description: text,
      includeTools: texts,
      excludeTools: texts,
    },
    required: ['command'],
    replaced: ['$HOME', '/a/$b/c', `\${HOME}`, `\${NOWHERE:-$}HOME`],
  },
  windsurf: {
    source: 'docs.windsurf.com: Cascade MCP',
    files: same('.codeium/windsurf/mcp_config.json'),
    keys: { ...stdio, disabled: flag, alwaysAllow: texts },
    required: ['command'],
    replaced: [`\${env:HOME}`, `\${file:/etc/hosts}`],
  },
  zed: {
    source: 'zed-industries/zed crates/settings_content/src/project.rs; `source` is the tag of 2025',
    files: ['.config/zed/settings.json', '.config/zed/settings.json', `${ROAMING}/Zed/settings.json`],
    keys: { ...stdio, source: { const: 'custom' }, enabled: flag, remote: flag, timeout: seconds },
    required: ['source', 'command', 'args'],
    replaced: [],
  },
  cline: {
    source:
      'cline/cline apps/vscode/src/services/mcp/schemas.ts and mcp-settings-legacy-migration.ts; command line 3.0.65 writes that file',
    files: same('.cline/data/settings/cline_mcp_settings.json'),
    keys: { ...stdio, type: { const: 'stdio' }, disabled: flag, autoApprove: texts, timeout: seconds },
    required: ['command'],
    replaced: [`\${env:HOME}`],
  },
  goose: {
    source: 'goose crates/goose/src/config/extensions.rs and agents/extension.rs',
    files: [
      '.config/goose/config.yaml',
      '.config/goose/config.yaml',
      `${ROAMING}/Block/goose/config/config.yaml`,
    ],
    keys: {
      enabled: { const: true },
      type: { const: 'stdio' },
      name: text,
      description: text,
      cmd: stdio.command,
      args: texts,
      envs: environment,
      env_keys: texts,
      timeout: seconds,
      cwd: text,
      bundled: flag,
      available_tools: texts,
    },
    required: ['enabled', 'type', 'name', 'description', 'cmd', 'args'],
    replaced: [],
  },
};

const SERVER = {
  name: 'truenas',
  launch: { command: '/usr/bin/node', args: ['/opt/my tools/cli.js'] },
  env: { TRUENAS_URL: 'nas.local', TRUENAS_USERNAME: 'truenas-mcp' },
};
const home = () => mkdtempSync(join(tmpdir(), 'client-facts-'));
const linux = (HOME: string, more: Readonly<Record<string, string>> = {}) =>
  placesOf({ HOME, ...more }, 'linux');

describe.each(CLIENT_NAMES)('%s', (name) => {
  const { files, keys, required, replaced } = FACTS[name];
  const client = clientOf(name);

  it.each(['linux', 'darwin', 'win32'] as const)('has its file where the client looks on %s', (platform) => {
    const HOME = home();
    const file = client.file(placesOf({ HOME, USERPROFILE: HOME }, platform));
    expect(file.replaceAll('\\', '/')).toBe(
      `${HOME}/${files[{ linux: 0, darwin: 1, win32: 2 }[platform]]}`.replaceAll('\\', '/'),
    );
  });

  it('gets an entry of keys that it knows, and all that it needs', () => {
    const judge = new Ajv().compile({
      type: 'object',
      properties: keys,
      required: [...required],
      additionalProperties: false,
    });
    expect([judge(client.entry(SERVER)), judge.errors ?? []]).toEqual([true, []]);
  });

  it('is given no value that it would replace', async () => {
    const HOME = home();
    for (const value of replaced) {
      const server = { ...SERVER, env: { TRUENAS_API_KEY_FILE: `/keys/${value}` } };
      await expect(planClients([name], server, linux(HOME), undefined)).rejects.toThrow(/replaces/);
    }
    const plain = { ...SERVER, env: { TRUENAS_API_KEY_FILE: '/keys/100$ {x}' } };
    await expect(planClients([name], plain, linux(HOME), undefined)).resolves.toHaveLength(1);
  });
});

describe('a client that was moved', () => {
  it.each<[ClientName, Readonly<Record<string, string>>, string]>([
    ['claude-code', { CLAUDE_CONFIG_DIR: '/else' }, '/else/.claude.json'],
    ['codex', { CODEX_HOME: '/else' }, '/else/config.toml'],
    ['gemini', { GEMINI_CLI_HOME: '/else' }, '/else/.gemini/settings.json'],
    ['cline', { CLINE_DIR: '/else' }, '/else/data/settings/cline_mcp_settings.json'],
    ['cline', { CLINE_DATA_DIR: '/else' }, '/else/settings/cline_mcp_settings.json'],
    ['cline', { CLINE_MCP_SETTINGS_PATH: '/else/mcp.json' }, '/else/mcp.json'],
    ['zed', { XDG_CONFIG_HOME: '/else' }, '/else/zed/settings.json'],
  ])('%s by %o is found there', (name, env, path) => {
    expect(clientOf(name).file(linux(home(), env))).toBe(join(path));
  });

  it('LM Studio is found by its own note, and in the folder of its first versions', () => {
    const HOME = home();
    mkdirSync(join(HOME, '.cache', 'lm-studio'), { recursive: true });
    expect(clientOf('lm-studio').file(linux(HOME))).toBe(join(HOME, '.cache/lm-studio/mcp.json'));
    writeFileSync(join(HOME, '.lmstudio-home-pointer'), '/models/lm\n');
    expect(clientOf('lm-studio').file(linux(HOME))).toBe(join('/models/lm/mcp.json'));
  });

  it('Claude Desktop of a Windows package is found where Windows redirects its folder', () => {
    const HOME = home();
    const env = { USERPROFILE: HOME, APPDATA: join(HOME, 'r'), LOCALAPPDATA: join(HOME, 'l') };
    const folder = join(HOME, 'l/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude');
    mkdirSync(folder, { recursive: true });
    expect(clientOf('claude-desktop').file(placesOf(env, 'win32'))).toBe(
      join(folder, 'claude_desktop_config.json'),
    );
    expect(clientOf('claude-desktop').file(placesOf({ ...env, HOME }, 'darwin'))).toContain(SUPPORT);
  });

  it('Cline before version 4 keeps its file in VS Code', () => {
    const HOME = home();
    const before = join(
      HOME,
      '.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json',
    );
    mkdirSync(dirname(before), { recursive: true });
    expect(clientOf('cline').file(linux(HOME))).toContain('.cline/data/settings');
    expect(clientOf('cline').sign(linux(HOME))).toBe(dirname(dirname(before)));
    writeFileSync(before, '{}');
    expect(clientOf('cline').file(linux(HOME))).toBe(before);
    mkdirSync(join(HOME, '.cline/data'), { recursive: true });
    expect(clientOf('cline').file(linux(HOME))).toContain('.cline/data/settings');
  });
});

describe('a client that reads JSON by the letter', () => {
  it.each<ClientName>(['claude-desktop', 'claude-code', 'cline'])(
    '%s: a file that it passes over is named, not added to',
    async (name) => {
      for (const file of ['{\n  // mine\n  "mcpServers": {}\n}', '{ "mcpServers": {}, }'])
        await expect(
          withEntry(file, clientOf(name), 'truenas', clientOf(name).entry(SERVER)),
        ).rejects.toThrow(/a comment or a comma too many/);
    },
  );
});

describe('Gemini CLI', () => {
  it('keeps the comments of its file, and is told of the comma at which it would stop', async () => {
    const client = clientOf('gemini');
    const entry = client.entry(SERVER);
    expect(await withEntry('{\n  // mine\n  "ui": {}\n}', client, 'truenas', entry)).toContain('// mine');
    await expect(withEntry('{ "ui": {}, }', client, 'truenas', entry)).rejects.toThrow(
      /has a comma too many/,
    );
  });
});

describe('Goose', () => {
  it('finds an entry under the key that it would write itself, and setup takes it out again', async () => {
    const HOME = home();
    const [planned] = await planClients(['goose'], { ...SERVER, name: 'Office-NAS' }, linux(HOME), undefined);
    await planned?.change.apply();
    expect(readFileSync(clientOf('goose').file(linux(HOME)), 'utf8')).toMatch(
      /^ {2}office-nas:\n.* enabled: true/m,
    );
  });
});
