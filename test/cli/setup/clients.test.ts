/** Configurations of MCP clients: the entry goes in and comes out, and nothing else of a person's file is touched. */
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { CLIENT_NAMES, clientOf, type ClientName } from '../../../src/cli/setup/clients/catalogue.ts';
import { entryOf, withEntry } from '../../../src/cli/setup/clients/edit.ts';
import { planFile } from '../../../src/cli/setup/clients/write.ts';
import { placesOf } from '../../../src/cli/setup/places.ts';
import { page } from '../../docs/pages.ts';

const SERVER = {
  name: 'truenas',
  launch: { command: '/usr/bin/node', args: ['/opt/my tools/cli.js'] },
  env: { TRUENAS_URL: 'nas.local', TRUENAS_API_KEY_FILE: 'C:\\Users\\Eve\\key "1"' },
};
const entryFor = (name: ClientName) => clientOf(name).entry(SERVER);
const edited = (name: ClientName, text: string) => withEntry(text, clientOf(name), 'truenas', entryFor(name));
const removed = (name: ClientName, text: string) => withEntry(text, clientOf(name), 'truenas', undefined);

/** Files as people have them, with what a careless editor would lose. */
const FILES: readonly [what: string, client: ClientName, text: string][] = [
  [
    'JSON with comments and a trailing comma',
    'zed',
    '// mine\n{\n\t"theme": "One", // dark\n\t"context_servers": {\n\t\t"other": { "command": "x" },\n\t},\n}\n',
  ],
  [
    'JSON with Windows line ends',
    'cursor',
    '{\r\n    "mcpServers": {\r\n        "other": { "command": "x" }\r\n    }\r\n}\r\n',
  ],
  ['JSON in one line', 'gemini', '{"selectedAuthType":"x","mcpServers":{"other":{"command":"x"}}}'],
  ['JSON with a byte order mark', 'claude-desktop', '\uFEFF{\n  "globalShortcut": ""\n}\n'],
  [
    'a state file with much else',
    'claude-code',
    '{\n  "numStartups": 7,\n  "projects": { "/a": { "mcpServers": { "truenas": { "command": "else" } } } },\n  "mcpServers": {}\n}',
  ],
  ['inputs beside servers', 'vscode', '{\n  "inputs": [],\n  "servers": {}\n}\n'],
  [
    'TOML with comments and tables after',
    'codex',
    '# mine\nmodel = "o4"\n\n[mcp_servers.other]\ncommand = "x" # keep\n\n[mcp_servers.other.env]\nA = "1"\n\n[tui]\ntheme = "dark"\n',
  ],
  ['TOML without an end of line', 'codex', 'model = "o4"'],
  [
    'YAML with comments and anchors',
    'goose',
    '# mine\nGOOSE_MODEL: gpt # good\nextensions:\n  developer:\n    enabled: true # yes\n    type: builtin\n  # the last\nother: [1, 2]\n',
  ],
  ['an empty file', 'cline', ''],
  ['an empty YAML file', 'goose', ''],
  ['an empty TOML file', 'codex', ''],
];

describe.each(FILES)('%s', (_what, client, text) => {
  it('gets the entry, and keeps every line that was there', async () => {
    const after = await edited(client, text);
    expect(await entryOf(after, clientOf(client), 'truenas')).toEqual(entryFor(client));
    const comments = text.match(/(?:\/\/|#) ?\w[^\r\n]*/g) ?? [];
    for (const comment of comments) expect(after).toContain(comment);
    expect(after.includes('\r\n')).toBe(text.includes('\r\n'));
    expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
  });

  it('is not touched by the same entry again', async () => {
    const once = await edited(client, text);
    expect(await edited(client, once)).toBe(once);
  });

  it('loses the entry again, and nothing else', async () => {
    const after = await removed(client, await edited(client, text));
    expect(await entryOf(after, clientOf(client), 'truenas')).toBeUndefined();
    expect(await edited(client, after)).toBe(await edited(client, text));
    for (const line of text
      .split(/\r?\n/)
      .filter((each) => /\w/.test(each) && !/mcpServers|servers/.test(each)))
      expect(after).toContain(line.trim().replace(/,$/, ''));
  });
});

describe('a new address', () => {
  it.each<[ClientName, string]>([
    ['codex', '[tui]\na = 1\n\n# about history\n[history]\nb = 2\n'],
    [
      'goose',
      'extensions:\n  # the first\n  a:\n    enabled: true\n  z:\n    enabled: true # yes\n# the end\nlast: 1\n',
    ],
    [
      'zed',
      '{\n  "context_servers": {\n    "a": { "command": "x" }, // one\n    "z": { "command": "y" } // two\n  }\n}\n',
    ],
  ])('replaces the entry of %s, and every comment stays', async (client, text) => {
    const { under, entry } = clientOf(client);
    const [first = ''] = under;
    // The entry in the middle of the file, as somebody may have put it there.
    const placed = text
      .replace(
        '\n# about history',
        `\n[${first}.truenas]\ncommand = "old" # old\n# old too\nargs = []\n\n# about history`,
      )
      .replace('  z:\n', '  truenas:\n    enabled: false\n  z:\n')
      .replace('    "z"', '    "truenas": { "command": "old" },\n    "z"');
    expect(placed).not.toBe(text);
    const other = { ...SERVER, env: { TRUENAS_URL: 'other.local' } };
    const after = await withEntry(placed, clientOf(client), 'truenas', entry(other));
    expect(await entryOf(after, clientOf(client), 'truenas')).toEqual(entry(other));
    for (const line of text.split('\n')) expect(after).toContain(line);
    expect(after).not.toContain('old');
  });
});

describe('every client', () => {
  it.each(CLIENT_NAMES)(
    '%s reads its own entry from a new file, and the documentation names the file',
    async (name) => {
      const client = clientOf(name);
      const text = await edited(name, '');
      const parsed: unknown =
        client.format === 'toml'
          ? parseToml(text)
          : client.format === 'yaml'
            ? parseYaml(text)
            : JSON.parse(text);
      expect(JSON.parse(JSON.stringify(parsed))).toEqual({
        [client.under[0] ?? '']: { truenas: entryFor(name) },
      });
      const file = client.file(placesOf({ HOME: '/home/eve' }, 'linux'));
      const row =
        page('docs/setup.md')
          .split('\n')
          .find((line) => line.startsWith(`| \`${name}\``)) ?? '';
      expect(row).toContain(
        file.replace('/home/eve/.config/', '').replace('/home/eve', '~').split('/').slice(-2).join('/'),
      );
    },
  );

  it.each(['linux', 'darwin', 'win32'] as const)('has a place on %s', (platform) => {
    const env = {
      HOME: '/home/eve',
      USERPROFILE: 'C:\\Users\\Eve',
      APPDATA: 'C:\\Users\\Eve\\AppData\\Roaming',
    };
    const files = CLIENT_NAMES.map((name) => clientOf(name).file(placesOf(env, platform)));
    expect(new Set(files).size).toBe(CLIENT_NAMES.length);
    expect(
      files.join('\n').replaceAll('/', '\\').replaceAll('C:\\Users\\Eve', '~').replaceAll('\\home\\eve', '~'),
    ).toMatchSnapshot();
  });
});

describe('a file that cannot be understood', () => {
  it.each<[string, ClientName, string]>([
    ['JSON that is cut off', 'cursor', '{"mcpServers": {'],
    ['JSON whose servers are a list', 'cursor', '{"mcpServers": []}'],
    ['TOML that is none', 'codex', '[mcp_servers\n'],
    ['TOML with the servers inline', 'codex', 'mcp_servers = { other = { command = "x" } }\n'],
    ['TOML with the entry in dotted keys', 'codex', '[mcp_servers]\ntruenas.command = "x"\n'],
    [
      'TOML with a header inside a text',
      'codex',
      'a = """\n[mcp_servers.truenas]\nmine\n"""\n[mcp_servers.truenas]\ncommand = "x"\n',
    ],
    ['YAML that is none', 'goose', 'a: [1\n'],
    ['YAML whose extensions are a text', 'goose', 'extensions: none\n'],
  ])('%s is refused', async (_what, client, text) => {
    await expect(edited(client, text)).rejects.toThrow(
      /The file cannot be read as|The entry cannot be put there/,
    );
  });
});

describe('writing', () => {
  const folder = () => mkdtempSync(join(tmpdir(), 'clients-'));

  it('shows the lines that change, and no secret of an earlier entry', async () => {
    const path = join(folder(), 'mcp.json');
    const key = `7-${'k'.repeat(64)}`;
    writeFileSync(
      path,
      JSON.stringify(
        { mcpServers: { a: { env: { A_TOKEN: 'not-shown' } }, truenas: { env: { TRUENAS_API_KEY: key } } } },
        undefined,
        2,
      ),
    );
    const { diff } = await planFile(path, clientOf('cursor'), 'truenas', entryFor('cursor'));
    expect(diff.join('\n')).toContain('+       "command": "/usr/bin/node"');
    expect(diff.join('\n')).not.toMatch(/kkkk|not-shown/);
  });

  it.skipIf(process.platform === 'win32')(
    'backs the file up, keeps its mode, and follows a link to it',
    async () => {
      const place = folder();
      const real = join(place, 'dotfiles', 'mcp.json');
      mkdirSync(dirname(real));
      writeFileSync(real, '{}', { mode: 0o640 });
      const path = join(place, 'mcp.json');
      symlinkSync(real, path);
      const backup = await (await planFile(path, clientOf('cursor'), 'truenas', entryFor('cursor'))).apply();
      expect(readFileSync(backup ?? '', 'utf8')).toBe('{}');
      expect(lstatSync(path).isSymbolicLink()).toBe(true);
      expect(statSync(real).mode & 0o777).toBe(0o640);
      expect(JSON.parse(readFileSync(real, 'utf8'))).toMatchObject({ mcpServers: { truenas: {} } });
    },
  );

  it.each<[what: string, client: ClientName, text: string]>([
    [
      'in a file of one line',
      'gemini',
      '{"mcpServers":{"a":{"env":{"A":"not-shown"}},"truenas":{"command":"x"},"b":{"env":{"B":"not-shown"}}}}',
    ],
    [
      'in one line of several',
      'cursor',
      '{\n  "mcpServers": {"a":{"env":{"A":"not-shown"}}},\n  "x": 1\n}\n',
    ],
    [
      'in tables between which the entry stood',
      'codex',
      '[mcp_servers.truenas]\ncommand = "x"\n\n[mcp_servers.b]\ncommand = "y"\n\n[mcp_servers.b.env]\nB = "not-shown"\n',
    ],
  ])('shows nothing of other entries %s', async (_what, client, text) => {
    const path = join(folder(), 'config');
    writeFileSync(path, text);
    const { diff } = await planFile(path, clientOf(client), 'truenas', entryFor(client));
    expect(diff.join('\n')).toContain('/usr/bin/node');
    expect(diff.join('\n')).not.toContain('not-shown');
  });

  it.skipIf(process.platform === 'win32')(
    'keeps what the file held for its owner alone, and follows no link that lies at its own names',
    async () => {
      const place = folder();
      const path = join(place, 'mcp.json');
      writeFileSync(path, '{}', { mode: 0o644 });
      const other = join(place, 'other');
      writeFileSync(other, 'untouched');
      symlinkSync(other, `${path}.truenas-mcp-new`);
      const backups = [
        await (await planFile(path, clientOf('cursor'), 'truenas', entryFor('cursor'))).apply(),
        await (await planFile(path, clientOf('cursor'), 'truenas', undefined)).apply(),
      ];
      expect(readFileSync(other, 'utf8')).toBe('untouched');
      expect(lstatSync(path).isSymbolicLink()).toBe(false);
      expect(backups[0]).not.toBe(backups[1]);
      expect(readFileSync(backups[0] ?? '', 'utf8')).toBe('{}');
      for (const backup of backups) expect(statSync(backup ?? '').mode & 0o777).toBe(0o600);
    },
  );

  it('makes a file that was not there, and leaves nothing beside it', async () => {
    const place = folder();
    const change = await planFile(
      join(place, 'new', 'mcp.json'),
      clientOf('cursor'),
      'truenas',
      entryFor('cursor'),
    );
    expect(await change.apply()).toBeUndefined();
    expect(readdirSync(join(place, 'new'))).toEqual(['mcp.json']);
  });

  it('does not write over what another program wrote meanwhile', async () => {
    const path = join(folder(), 'mcp.json');
    writeFileSync(path, '{}');
    const change = await planFile(path, clientOf('cursor'), 'truenas', entryFor('cursor'));
    writeFileSync(path, '{"new": true}');
    await expect(change.apply()).rejects.toThrow(/changed by another program meanwhile/);
    expect(readFileSync(path, 'utf8')).toBe('{"new": true}');
  });
});
