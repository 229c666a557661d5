/** The configuration file: one schema with flags and environment, and every fault of it named by its line. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Config, readConfig, SETTING_ROWS } from '../../src/config/index.ts';
import { EXAMPLE_FILE } from '../../scripts/docs/configuration.ts';
import { fileKey } from '../../src/config/file/keys.ts';

const KEY = `7-${'Ab3'.repeat(21)}x`;
const FINGERPRINT = '1'.repeat(64);
const folder = mkdtempSync(join(tmpdir(), 'truenas mcp file '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** Writes a file of its own, and reads the configuration with it. */
async function load(
  text: string | Buffer,
  {
    env = {},
    argv = [],
    mode = 0o600,
  }: { env?: Record<string, string>; argv?: string[]; mode?: number } = {},
): Promise<{ config: Config; path: string }> {
  files += 1;
  const path = join(folder, `${files}.yaml`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return { config: await readConfig({ argv, env: { TRUENAS_CONFIG: path, ...env } }), path };
}

const RIGHT = `url: nas.local\napi_key: ${KEY}\n`;

describe('a configuration file', () => {
  it('gives what the environment would', async () => {
    const { config } = await load(`
# comments are for people
url: https://nas.local/ui/
username: mcp-reader
api_key: "${KEY}"
tls_fingerprint: ${FINGERPRINT}
access: manage
toolsets:
  - storage
  - system
timeout: 2m
allow_code: true
scope: [tank/ai, tank/media]
`);
    const byEnvironment = await readConfig({
      argv: [],
      env: {
        TRUENAS_URL: 'https://nas.local/ui/',
        TRUENAS_USERNAME: 'mcp-reader',
        TRUENAS_API_KEY: KEY,
        TRUENAS_TLS_FINGERPRINT: FINGERPRINT,
        TRUENAS_ACCESS: 'manage',
        TRUENAS_TOOLSETS: 'storage,system',
        TRUENAS_TIMEOUT: '2m',
        TRUENAS_ALLOW_CODE: 'true',
        TRUENAS_SCOPE: 'tank/ai,tank/media',
      },
    });
    const { given: _given, settings: _settings, ...rest } = config;
    const { given: _byVariable, settings: _names, ...expected } = byEnvironment;
    expect(rest).toEqual(expected);
    expect(config.problems).toEqual([]);
    expect(config.connection?.tls.fingerprintSha256).toBe(FINGERPRINT);
  });

  it('has a key for every setting that has a variable, and for nothing else', () => {
    const keys = SETTING_ROWS.flatMap(([, row]) => fileKey(row) ?? []);
    const variables = SETTING_ROWS.flatMap(([, row]) => row.env ?? []).filter(
      (name) => name !== 'TRUENAS_CONFIG',
    );
    expect(keys.map((key) => `TRUENAS_${key.toUpperCase()}`)).toEqual(variables);
  });

  it('is beaten by the environment, and both by a flag', async () => {
    const text = `${RIGHT}timeout: 10s\nlog_level: debug\naccess: operate\n`;
    const env = { TRUENAS_TIMEOUT: '20s', TRUENAS_ACCESS: 'manage' };
    const { config } = await load(text, { env, argv: ['--access', 'read'] });
    expect(config).toMatchObject({ timeoutMs: 20_000, logLevel: 'debug', access: 'read', problems: [] });
    expect([...config.given].map(([name, { origin }]) => [name, origin.kind])).toContainEqual([
      'logLevel',
      'file',
    ]);
  });

  it('with a key is silent where the environment names another file of the key', async () => {
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, `9-${'x'.repeat(64)}\n`, { mode: 0o600 });
    const { config } = await load(RIGHT, { env: { TRUENAS_API_KEY_FILE: keyFile } });
    expect(config.problems).toEqual([]);
    expect(config.connection?.apiKey).toBe(`9-${'x'.repeat(64)}`);
  });

  it('with a key and a file of a key is refused, as in the environment', async () => {
    const { config } = await load(`${RIGHT}api_key_file: key\n`);
    expect(config.problems).toEqual([
      'TRUENAS_API_KEY and TRUENAS_API_KEY_FILE are both set. Keep one of them.',
    ]);
  });

  it('names other files from its own folder', async () => {
    mkdirSync(join(folder, 'secrets'), { recursive: true });
    writeFileSync(join(folder, 'secrets', 'key'), KEY, { mode: 0o600 });
    const { config } = await load('url: nas.local\napi_key_file: secrets/key\n');
    expect(config.problems).toEqual([]);
    expect(config.connection?.apiKey).toBe(KEY);
  });

  it('is named by a flag as well', async () => {
    const { path } = await load(RIGHT);
    const config = await readConfig({ argv: [`--config=${path}`], env: {} });
    expect(config.problems).toEqual([]);
    expect(config.connection?.url).toBe('wss://nas.local');
  });

  it('has room for several systems, of which this version serves one', async () => {
    const one = await load(`access: operate\nsystems:\n  attic:\n    url: nas.local\n    api_key: ${KEY}\n`);
    expect(one.config).toMatchObject({ problems: [], systemName: 'attic', access: 'operate' });
    expect(one.config.connection?.url).toBe('wss://nas.local');
    const two = await load(`systems:\n  attic:\n    url: a.local\n  cellar:\n    url: b.local\n`);
    expect(two.config.problems[0]).toBe(`${two.path}, line 4 names a second NAS; this version serves one.`);
    const both = await load(`url: a.local\napi_key: ${KEY}\nsystems:\n  attic:\n    url: b.local\n`);
    expect(both.config.problems).toEqual([
      `${both.path}, line 5: systems.attic.url stands in line 1 already. Example: url: nas.local`,
    ]);
  });

  it('of other encodings is read: with a byte order mark, with CRLF, and as PowerShell writes it', async () => {
    const crlf = RIGHT.replaceAll('\n', '\r\n');
    for (const text of [`\uFEFF${RIGHT}`, crlf, Buffer.from(`\uFEFF${crlf}`, 'utf16le')])
      expect((await load(text)).config.problems).toEqual([]);
  });

  it('that is empty sets nothing', async () => {
    for (const text of ['', '# nothing\n', 'url:\n', 'systems:\n', 'url: null\n', '---\n']) {
      const { config } = await load(text, { env: { TRUENAS_URL: 'nas.local', TRUENAS_API_KEY: KEY } });
      expect({ text, problems: config.problems }).toEqual({ text, problems: [] });
    }
  });
});

describe('a fault of the file', () => {
  it.each([
    [
      'url: nas.local\ntimeuot: 3\n',
      'line 2 has the key timeuot, which is no setting of this version; did you mean "timeout"?',
    ],
    [
      'TRUENAS_URL: nas.local\n',
      'line 1 has the key TRUENAS_URL, which is no setting of this version; did you mean "url"?',
    ],
    [
      'tlsFingerprint: a\n',
      'line 1 has the key tlsFingerprint, which is no setting of this version; did you mean "tls_fingerprint"?',
    ],
    ['config: other.yaml\n', 'line 1 has the key config, which is no setting of this version.'],
    ['demo: true\n', 'line 1 has the key demo, which is no setting of this version.'],
    [
      'systems:\n  nas:\n    access: read\n',
      'line 3 has the key access, which is no setting of this version; it stands at the beginning of a line, not under a NAS.',
    ],
    ['systems: nas.local\n', 'line 1 must name a NAS, with its settings indented below it.'],
    [
      'systems:\n  My NAS:\n    url: nas.local\n',
      'line 2 must name the NAS in lower-case letters, digits and dashes (not docs).',
    ],
    ['access: root\n', 'line 1: access must be one of read, operate, manage, destroy. Example: access: read'],
    ['access: [read, manage]\n', 'line 1: access must be one value. Example: access: read'],
    [
      'scope:\n  - tank\n  - [a, b]\n',
      'line 1: scope must be one value or a list of values. Example: scope: tank/ai,tank/media',
    ],
    ['url:\n  host: nas.local\n', 'line 1: url must be one value. Example: url: nas.local'],
    [
      'url: $'.concat('{NAS}\n'),
      'line 1: url is a placeholder that was never filled in. Example: url: nas.local',
    ],
    ['access: read\naccess: manage\n', 'line 2 has a key that stands in the file already.'],
    ['access: read\n\turl: nas.local\n', 'line 2 is indented with a tab; use spaces.'],
    ['url: "nas.local\n', 'line 2 lacks a character, such as a closing quote or bracket.'],
    [
      'url: nas.local: 3\n',
      'line 1 has two colons; put the value into quotes, or the second key onto a line of its own.',
    ],
    ['a: &x read\naccess: *x\n', 'line 2 refers to another value (*), which is not used here.'],
    ['--- \nurl: a\n---\nurl: b\n', 'line 3 begins a second document (---).'],
    ['- url\n', 'line 1 must hold keys and values, such as url: nas.local.'],
    ['nas.local\n', 'line 1 must hold keys and values, such as url: nas.local.'],
    ['access: !secret x\n', 'line 1 has a tag (!), which is not used here.'],
    ['? [a]\n: b\n', 'line 1 has a key that is no word.'],
  ])('in %j is named with its line', async (text, said) => {
    const { config, path } = await load(text);
    const own = config.problems
      .filter((problem) => problem.startsWith(path))
      .map((problem) => problem.slice(path.length + 2));
    expect(own).toContain(said);
    expect(config.connection).toBeUndefined();
  });

  it.each([
    [`${KEY}: 3\n`],
    [`url: nas.local\napi_key: ${KEY}x\n  y: 2\n`],
    [`api_key: "${KEY}\n`],
    [`api_key: [${KEY}]\n`],
    [`api_key: ${KEY} ${KEY}\n`],
    [`- ${KEY}\n`],
    [`api_key: !x ${KEY}\nurl: @${KEY}\n`],
    [`api_key: *${KEY}\n`],
    [`systems:\n  ${KEY}:\n    url: a\n`],
    [`%${KEY}\n---\nurl: a\n`],
  ])('near a key does not repeat the key: %#', async (text) => {
    const { config } = await load(text);
    expect(config.problems).not.toEqual([]);
    expect([...config.problems, ...config.warnings, ...config.usageErrors].join('\n')).not.toContain('Ab3');
  });

  it('that makes the file unreadable is the only one named: what it sets is not known', async () => {
    const { config, path } = await load('url: nas.local\n\tapi_key_file: key\n');
    expect(config.problems).toEqual([`${path}, line 2 is indented with a tab; use spaces.`]);
    const missing = await readConfig({ argv: [], env: { TRUENAS_CONFIG: join(folder, 'none.yaml') } });
    expect(missing.problems).toHaveLength(1);
    const without = await load('access: read\n');
    expect(without.config.problems.join()).toMatch(/TRUENAS_URL is not set.*TRUENAS_API_KEY is not set/);
  });

  it('that is not there, or no file, names the variable', async () => {
    const missing = await readConfig({ argv: [], env: { TRUENAS_CONFIG: join(folder, 'none.yaml') } });
    expect(missing.problems[0]).toMatch(/^TRUENAS_CONFIG names a file that cannot be read \(ENOENT\)/);
    const directory = await readConfig({ argv: [], env: { TRUENAS_CONFIG: folder } });
    expect(directory.problems[0]).toMatch(/^TRUENAS_CONFIG names something that is not a regular file/);
    const unfilled = await readConfig({ argv: [], env: { TRUENAS_CONFIG: '$'.concat('{CONFIG}') } });
    expect(unfilled.problems[0]).toMatch(/^TRUENAS_CONFIG is a placeholder/);
  });
});

describe.skipIf(process.getuid === undefined)('who gets at the file', () => {
  it('with a key in it may be read by its owner only', async () => {
    for (const mode of [0o644, 0o640, 0o604]) {
      const { config, path } = await load(RIGHT, { mode });
      expect(config.exposures.join('\n')).toMatch(
        /^TRUENAS_CONFIG: .* can read the key in .*Run: chmod 600 /,
      );
      expect(config.exposures.join('\n')).toContain(path);
      expect(config.warnings).toEqual(config.exposures);
    }
    expect((await load(RIGHT, { mode: 0o600 })).config.exposures).toEqual([]);
  });

  it('without a key may be read by all, and changed by nobody else', async () => {
    expect((await load('access: read\n', { mode: 0o644 })).config.exposures).toEqual([]);
    const { config } = await load('access: read\n', { mode: 0o664 });
    expect(config.exposures.join('\n')).toMatch(/other users can change .* Run: chmod go-w /);
  });
});

describe('whatever stands in the file', () => {
  it('the configuration is right or says what is wrong, and never throws', async () => {
    const word = fc.constantFrom(
      'url',
      'api_key',
      'systems',
      'nas',
      'access',
      'read',
      '-',
      ':',
      '*a',
      '&a',
      '!!x',
      '{',
      ']',
      '"',
      "'",
      '|',
      '>',
      '#',
      '%',
      '@',
      '?',
      '<<',
      '~',
      'null',
      KEY,
      '\t',
      '  ',
      '\n',
      '\r\n',
      ' ',
      ',',
      '---',
      '...',
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(text, async (yaml) => {
        const { config } = await load(yaml);
        expect(config.connection !== undefined || config.problems.length > 0).toBe(true);
        expect(config.problems.join('\n')).not.toContain('Ab3Ab3');
      }),
      { numRuns: 300 },
    );
  });

  it('a file that expands without end is refused, not expanded', async () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `a${level}: &a${level} [*a${level - 1},*a${level - 1}]`,
    );
    const { config } = await load(`${levels.slice(1).join('\n')}\nscope: *a29\n`);
    expect(config.problems.length).toBeGreaterThan(0);
  });
});

describe('the file that the documentation shows', () => {
  it('is right, but for the key that is not there', async () => {
    const { config } = await load(EXAMPLE_FILE);
    expect(config.problems).toEqual([
      expect.stringMatching(
        /line 7: systems\.attic\.api_key_file names a file that cannot be read \(ENOENT\)/,
      ),
    ]);
    expect(config).toMatchObject({ systemName: 'attic', toolsets: ['system', 'storage', 'protection'] });
  });
});
