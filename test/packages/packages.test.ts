/** What `npm run packages` writes: each is held against the rules of those who take it, and started as they would. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from 'truenas-simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SETTING_ROWS } from '../../src/config/index.ts';
import { manifest } from '../docs/pages.ts';
import { MCPB_MANIFEST, SERVER_JSON } from './rules.ts';
import { askPools, buildPackages, isInstalled, json, settingsOf, type Start, unzip } from './support.ts';

let built: ReturnType<typeof buildPackages>;
let nas: Simulator;
const { name, version } = manifest();
const at = (...path: string[]) => join(built.folder, ...path);
const VARIABLES = new Set(SETTING_ROWS.flatMap(([, row]) => row.env ?? []));

beforeAll(async () => {
  built = buildPackages();
  nas = await startSimulator({ delayScale: 0.01, roles: ['READONLY_ADMIN'] });
}, 180_000);
afterAll(async () => {
  built.remove();
  await nas.close();
});

describe('the packed file', () => {
  it('installed as a command, answers', async () => {
    const prefix = mkdtempSync(join(tmpdir(), 'truenas-mcp-prefix-'));
    const isWindows = process.platform === 'win32';
    const { status, stderr } = spawnSync(
      isWindows ? 'npm.cmd' : 'npm',
      [
        'install',
        '--global',
        '--offline',
        '--no-audit',
        '--no-fund',
        '--prefix',
        prefix,
        at(`${name}-${version}.tgz`),
      ],
      { encoding: 'utf8', shell: isWindows },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const modules = isWindows ? join(prefix, 'node_modules') : join(prefix, 'lib', 'node_modules');
    const entry = join(modules, name, 'dist', 'cli.js');
    const start = isWindows
      ? { command: process.execPath, args: [entry] }
      : { command: join(prefix, 'bin', 'truenas-mcp'), args: [] };
    expect(await askPools({ ...start, env: settingsOf(nas) })).toMatch(/^3 pools/);
  });
});

describe('the MCP bundle', () => {
  it('has a manifest that follows the rules of its version', () => {
    const folder = mkdtempSync(join(tmpdir(), 'truenas-mcpb-'));
    const names = unzip(readFileSync(at(`${name}-${version}.mcpb`)), folder);
    expect(names[0]).toBe('manifest.json');
    const read = MCPB_MANIFEST.parse(json(folder, 'manifest.json'));
    expect(names).toContain(read.server.entry_point);
    expect(Object.keys(read.server.mcp_config.env).filter((each) => !VARIABLES.has(each))).toEqual([]);
    const asked = Object.values(read.server.mcp_config.env).map(
      (text) => /^\$\{user_config\.(\w+)\}$/.exec(text)?.[1],
    );
    expect(asked).toEqual(Object.keys(read.user_config));
    expect(read.user_config['api_key']?.sensitive).toBe(true);
    // A client passes on the placeholder of an optional field without a default.
    const bare = Object.values(read.user_config).filter(
      (field) => !field.required && field.default === undefined,
    );
    expect(bare).toEqual([]);
  });

  it('unpacked, answers with the form filled in', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'truenas mcpb '));
    unzip(readFileSync(at(`${name}-${version}.mcpb`)), folder);
    const { server, user_config: form } = MCPB_MANIFEST.parse(json(folder, 'manifest.json'));
    const filled = Object.fromEntries(
      Object.entries(settingsOf(nas)).map(([key, value]) => [
        key.replace('TRUENAS_', '').toLowerCase(),
        value,
      ]),
    );
    const value = (text: string) =>
      text
        .replace('$'.concat('{__dirname}'), folder)
        .replace(
          /\$\{user_config\.(\w+)\}/,
          (_match, key: string) => filled[key] ?? String(form[key]?.default),
        );
    const { args, env } = server.mcp_config;
    const text = await askPools({
      command: process.execPath,
      args: args.map(value),
      env: Object.fromEntries(Object.entries(env).map(([key, each]) => [key, value(each)])),
    });
    expect(text).toMatch(/^3 pools/);
  });

  it('of the same sources has the same bytes', () => {
    const again = buildPackages(['--without', 'standalone']);
    const digest = (folder: string) =>
      createHash('sha256')
        .update(readFileSync(join(folder, `${name}-${version}.mcpb`)))
        .digest('hex');
    expect(digest(again.folder)).toBe(digest(built.folder));
    again.remove();
  }, 120_000);
});

describe('server.json', () => {
  it('follows the rules of the registry of servers, and names only settings that exist', () => {
    const entry = SERVER_JSON.parse(json(at('server.json')));
    expect(entry.version).toBe(version);
    const variables = entry.packages.flatMap((each) => each.environmentVariables ?? []);
    expect(variables.filter((each) => !VARIABLES.has(each.name))).toEqual([]);
    expect(variables.filter(({ isSecret }) => isSecret).map((each) => each.name)).toEqual([
      'TRUENAS_API_KEY',
    ]);
  });
});

describe('the plugins', () => {
  interface Server {
    readonly command: string;
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly env_vars?: readonly string[];
    readonly cwd?: string;
  }

  /** How each client would start the server, with the settings in its own environment. */
  const starts: Readonly<Record<string, (settings: Record<string, string>) => Start>> = {
    claude(settings) {
      const root = at('plugins', 'claude', 'truenas');
      const { mcpServers } = json<{ mcpServers: { truenas: Server } }>(root, '.mcp.json');
      const value = (text: string) =>
        text
          .replace('$'.concat('{CLAUDE_PLUGIN_ROOT}'), root)
          .replace(/\$\{(\w+):-(.*?)\}/, (_match, variable: string, or: string) => settings[variable] ?? or);
      const { args, env = {} } = mcpServers.truenas;
      const filled = Object.entries(env).map(([key, text]) => [key, value(text)] as const);
      return { command: process.execPath, args: args.map(value), env: Object.fromEntries(filled) };
    },
    codex(settings) {
      const root = at('plugins', 'codex', 'truenas');
      const { mcpServers } = json<{ mcpServers: { truenas: Server } }>(root, '.mcp.json');
      const { args, cwd = '', env_vars: passed = [] } = mcpServers.truenas;
      const env = Object.fromEntries(Object.entries(settings).filter(([key]) => passed.includes(key)));
      return { command: process.execPath, args, env, cwd: join(root, cwd) };
    },
    gemini(settings) {
      const root = at('plugins', 'gemini', 'truenas');
      const { mcpServers } = json<{ mcpServers: { truenas: Server } }>(root, 'gemini-extension.json');
      const value = (text: string) =>
        text
          .replace('$'.concat('{extensionPath}'), root)
          .replaceAll('$'.concat('{/}'), '/')
          .replace(/^\$(\w+)$/, (_match, variable: string) => settings[variable] ?? '');
      const { args, env = {} } = mcpServers.truenas;
      const filled = Object.entries(env).map(([key, text]) => [key, value(text)] as const);
      return { command: process.execPath, args: args.map(value), env: Object.fromEntries(filled) };
    },
  };

  it.each(Object.keys(starts))('for %s starts its server and answers', async (client) => {
    const start = starts[client];
    expect(await askPools(start?.(settingsOf(nas)) ?? { command: '', args: [] })).toMatch(/^3 pools/);
  });

  it('have the same skills, each in a folder of its name', () => {
    const skills = ['claude', 'codex', 'gemini'].map((client) =>
      readdirSync(at('plugins', client, 'truenas', 'skills'))
        .map(
          (each) =>
            `${each} ${readFileSync(at('plugins', client, 'truenas', 'skills', each, 'SKILL.md'), 'utf8')}`,
        )
        .sort(),
    );
    expect(skills[0]?.length).toBeGreaterThan(3);
    expect(skills[1]).toEqual(skills[0]);
    expect(skills[2]).toEqual(skills[0]);
    for (const each of skills[0] ?? [])
      expect(each).toMatch(/^(truenas-[a-z-]+) ---\nname: \1\ndescription: "/);
  });

  it('have manifests of one version, and a marketplace that leads to them', () => {
    const claude = at('plugins', 'claude');
    const market = json<{ plugins: { name: string; source: string }[] }>(
      claude,
      '.claude-plugin',
      'marketplace.json',
    );
    const source = market.plugins[0]?.source ?? '';
    expect(json(claude, source, '.claude-plugin', 'plugin.json')).toMatchObject({ name: 'truenas', version });
    const codex = at('plugins', 'codex');
    const shop = json<{ plugins: { source: { path: string } }[] }>(
      codex,
      '.agents',
      'plugins',
      'marketplace.json',
    );
    const path = shop.plugins[0]?.source.path ?? '';
    const plugin = json<{ skills: string; mcpServers: string }>(codex, path, '.codex-plugin', 'plugin.json');
    expect(plugin).toMatchObject({ name: 'truenas', version });
    expect([plugin.skills, plugin.mcpServers].every((each) => existsSync(join(codex, path, each)))).toBe(
      true,
    );
    expect(json(at('plugins', 'gemini', 'truenas', 'gemini-extension.json'))).toMatchObject({
      name: 'truenas',
      version,
    });
  });
});

describe('the links', () => {
  it('carry a server that a client can start, and no key', () => {
    const links = json<{ client: string; url: string }[]>(at('links.json'));
    expect(links.map(({ client }) => client)).toEqual(['VS Code', 'Cursor', 'LM Studio']);
    for (const { url } of links) {
      const { protocol, search, searchParams } = new URL(url);
      expect(protocol).toMatch(/^(?:vscode|cursor|lmstudio):$/);
      const config = searchParams.get('config');
      const text =
        config === null ? decodeURIComponent(search.slice(1)) : Buffer.from(config, 'base64').toString();
      const { command, args, env } = JSON.parse(text) as {
        command: string;
        args: string[];
        env: Record<string, string>;
      };
      // Until the package has its name, only a command that was installed by hand can be meant.
      expect(command).toBe(manifest().private === true ? 'truenas-mcp' : 'npx');
      expect(args.at(-1)).toBe('serve');
      expect(Object.keys(env).filter((each) => !VARIABLES.has(each))).toEqual([]);
      expect(env['TRUENAS_API_KEY']).toMatch(/^(?:YOUR-API-KEY|\$\{input:truenas-api-key\})$/);
    }
  });
});

describe('the bill of materials', () => {
  it('names every package whose licence is carried, with its digest', () => {
    interface Component {
      readonly group?: string;
      readonly name: string;
      readonly version: string;
      readonly hashes?: readonly unknown[];
    }
    const bom = json<{
      bomFormat: string;
      specVersion: string;
      serialNumber: string;
      components: Component[];
    }>(at('sbom.cdx.json'));
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(bom.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    const named = bom.components.map(
      (each) => `${each.group === undefined ? '' : `${each.group}/`}${each.name} ${each.version}`,
    );
    const licences = readFileSync(
      at('plugins', 'gemini', 'truenas', 'server', 'dist', 'THIRD-PARTY-LICENSES.txt'),
      'utf8',
    );
    const carried = [...licences.matchAll(/^(\S+ \d\S*) \(.*\)\n-+$/gm)].map((match) => match[1]);
    expect(new Set(named)).toEqual(new Set(carried));
    expect(bom.components.filter(({ hashes }) => hashes === undefined)).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('the standalone binary', () => {
  const binary = () => at(`truenas-mcp-linux-${process.arch}`);

  it('answers an MCP client without any Node besides', async () => {
    const start = { command: binary(), args: ['serve'], env: { ...settingsOf(nas), PATH: '' } };
    expect(await askPools(start)).toMatch(/^3 pools/);
  });

  it('tells its version, and calls a tool by starting itself again', async () => {
    expect(await run(['--version'])).toBe(`${version}\n`);
    expect(await run(['call', 'list_pools'])).toMatch(/^3 pools/);
  });

  /** Not `spawnSync`: the simulated NAS lives in this process. */
  async function run(args: string[]): Promise<string> {
    const child = spawn(binary(), args, { env: { ...settingsOf(nas), PATH: '' } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    await once(child, 'close');
    return text;
  }
});

describe('the sums and the formula', () => {
  it('are those of the files', () => {
    const sums = readFileSync(at('SHA256SUMS'), 'utf8').trim().split('\n');
    expect(sums.length).toBeGreaterThan(4);
    for (const line of sums) {
      const [sum = '', file = ''] = line.split('  ');
      expect(
        createHash('sha256')
          .update(readFileSync(at(file)))
          .digest('hex'),
      ).toBe(sum);
    }
    const formula = readFileSync(at('homebrew', 'truenas-mcp-server.rb'), 'utf8');
    const tarball = sums.find((line) => line.endsWith('.tgz'))?.split('  ')[0];
    expect(formula).toContain(`sha256 "${tarball}"`);
  });

  it.skipIf(!isInstalled('ruby'))('the formula is Ruby', () => {
    const { status, stderr } = spawnSync('ruby', ['-c', at('homebrew', 'truenas-mcp-server.rb')], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('a release', () => {
  it('is refused while package.json has gaps', () => {
    const gaps = manifest().private === true;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['scripts/packages.mjs', '--release', '--outdir', at('release'), '--without', 'standalone'],
      { encoding: 'utf8' },
    );
    expect(status).toBe(gaps ? 1 : 0);
    expect(stderr).toMatch(gaps ? /"private": true/ : /^$/);
  });
});
