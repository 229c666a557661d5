/** The settings of changes: what is taken, what is refused, and what is warned of. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../src/config/index.ts';

const KEY = `7-${'Ab3'.repeat(21)}x`;
const WRITE_KEY = `8-${'Cd4'.repeat(21)}y`;
const folder = mkdtempSync(join(tmpdir(), 'truenas mcp changes '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(env: Record<string, string> = {}, argv: string[] = []): Config {
  const right = { TRUENAS_URL: 'nas.local', TRUENAS_API_KEY: KEY, TRUENAS_ACCESS: 'destroy' };
  return loadConfig({ argv, env: { ...right, ...env } });
}

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

it('without any of them, a person signs in, for a quarter of an hour, on the page, and nothing is confined', () => {
  const { changes, warnings, problems } = load();
  expect([problems, warnings]).toEqual([[], []]);
  expect(changes).toEqual({
    writeSessionMinutes: 15,
    approval: 'page',
    protectedDatasets: [],
    allowsCode: false,
    allowsApiWrite: false,
  });
});

it('all of them together say what holds', () => {
  const { changes, problems } = load({
    TRUENAS_WRITE_API_KEY: WRITE_KEY,
    TRUENAS_WRITE_USERNAME: 'writer',
    TRUENAS_WRITE_SESSION: '0',
    TRUENAS_APPROVAL: 'Always',
    TRUENAS_SCOPE: 'tank/ai, /mnt/tank/media/',
    TRUENAS_PROTECT: 'tank/finance',
    TRUENAS_ALLOW_CODE: 'yes',
    TRUENAS_ACCESS: 'manage',
    TRUENAS_API_WRITE: 'yes',
    TRUENAS_STATE_DIR: join(folder, 'not', 'there', 'yet'),
    TRUENAS_SECRETS_DIR: folder,
  });
  expect(problems).toEqual([]);
  expect(changes).toEqual({
    writeKey: { apiKey: WRITE_KEY, username: 'writer' },
    writeSessionMinutes: 0,
    approval: 'always',
    scope: ['tank/ai', 'tank/media'],
    protectedDatasets: ['tank/finance'],
    allowsCode: true,
    allowsApiWrite: true,
    stateFolder: join(folder, 'not', 'there', 'yet'),
    secretsFolder: folder,
  });
});

it('flags say the same as variables, and the lists may be given piece by piece', () => {
  const { changes, usageErrors } = load({}, [
    ...['--scope', 'tank/ai', '--scope', 'tank/media', '--protect=tank/finance', '--approval', 'client'],
    ...['--write-session', '5', '--allow-code', '--secrets-dir', folder],
  ]);
  expect(usageErrors).toEqual([]);
  expect(changes).toMatchObject({
    ...{ scope: ['tank/ai', 'tank/media'], protectedDatasets: ['tank/finance'], approval: 'client' },
    ...{ writeSessionMinutes: 5, allowsCode: true, secretsFolder: folder },
  });
});

it('TRUENAS_API_WRITE that has no effect is said: at access read, and without its toolset', () => {
  expect(load({ TRUENAS_API_WRITE: 'true', TRUENAS_ACCESS: 'read' }).warnings).toEqual([
    'TRUENAS_API_WRITE is not used at TRUENAS_ACCESS=read: nothing is changed there.',
  ]);
  const narrow = {
    TRUENAS_API_WRITE: 'true',
    TRUENAS_ACCESS: 'destroy',
    TRUENAS_TOOLSETS: 'storage,changes',
  };
  expect(load(narrow).warnings).toEqual([
    'TRUENAS_API_WRITE is not used without the toolset api in TRUENAS_TOOLSETS.',
  ]);
});

describe('the key for changes', () => {
  it('comes from a file, and is a secret like that of the variable', () => {
    const config = load({ TRUENAS_WRITE_API_KEY_FILE: file('write-key', `${WRITE_KEY}\n`) });
    expect(config.changes.writeKey).toEqual({ apiKey: WRITE_KEY, username: undefined });
    expect(config.secrets).toContain(WRITE_KEY);
    expect(load({ TRUENAS_WRITE_API_KEY: WRITE_KEY }).secrets).toContain(WRITE_KEY);
  });

  it('in both places is a mistake', () => {
    const both = { TRUENAS_WRITE_API_KEY: WRITE_KEY, TRUENAS_WRITE_API_KEY_FILE: file('both', WRITE_KEY) };
    const { problems, changes } = load(both);
    expect(problems).toEqual([
      'TRUENAS_WRITE_API_KEY and TRUENAS_WRITE_API_KEY_FILE are both set. Keep one of them.',
    ]);
    expect(changes.writeKey).toBeUndefined();
  });

  it.each([
    [
      'as a password',
      { TRUENAS_WRITE_API_KEY: 'hunter2secret' },
      /^TRUENAS_WRITE_API_KEY does not look like/,
    ],
    ['in a file that is not there', { TRUENAS_WRITE_API_KEY_FILE: '/no/such' }, /cannot be read \(ENOENT\)/],
    [
      'as a password in a file',
      { TRUENAS_WRITE_API_KEY_FILE: file('password', 'hunter2secret') },
      /^TRUENAS_WRITE_API_KEY_FILE: the file's content does not look like/,
    ],
  ])('%s is refused and not repeated', (_where, env, reason) => {
    const { problems, connection } = load(env);
    expect(problems).toEqual([expect.stringMatching(reason)]);
    expect(problems.join()).not.toContain('hunter2secret');
    expect(connection).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('in a file that others can read is warned of', () => {
    const path = file('open', WRITE_KEY, 0o644);
    expect(load({ TRUENAS_WRITE_API_KEY_FILE: path }).warnings.join()).toMatch(
      /^TRUENAS_WRITE_API_KEY_FILE: .*chmod 600/,
    );
  });

  it.each([
    ['is the one for reading', { TRUENAS_WRITE_API_KEY: KEY }, /^TRUENAS_WRITE_API_KEY is the same key/],
    [
      'is given where nothing is changed',
      { TRUENAS_WRITE_API_KEY: WRITE_KEY, TRUENAS_ACCESS: 'read' },
      /^TRUENAS_WRITE_API_KEY is not used at TRUENAS_ACCESS=read/,
    ],
    ['has a user but is missing', { TRUENAS_WRITE_USERNAME: 'x' }, /^TRUENAS_WRITE_USERNAME is ignored/],
  ])('that %s is warned of', (_what, env, warning) => {
    expect(load(env).warnings).toEqual([expect.stringMatching(warning)]);
  });

  it('has no flag, and a demo does not use it', () => {
    expect(load({}, ['--write-api-key', WRITE_KEY]).usageErrors).toEqual([
      'There is no flag --write-api-key: a secret on a command line is visible to every user of the machine. Set TRUENAS_WRITE_API_KEY instead.',
    ]);
    const demo = load({ TRUENAS_WRITE_API_KEY: WRITE_KEY }, ['--demo']);
    expect(demo.changes.writeKey).toBeUndefined();
    expect(demo.warnings).toContain('TRUENAS_WRITE_API_KEY is ignored: --demo serves the simulated TrueNAS.');
  });
});

describe.each(['TRUENAS_SCOPE', 'TRUENAS_PROTECT'])('%s', (name) => {
  it.each([
    ['tank', ['tank']],
    ['/mnt/tank/My Files', ['tank/My Files']],
    ['tank/a,tank/a/,/mnt/tank/a', ['tank/a']],
    ['tank/a_b-c.d:e, backup', ['tank/a_b-c.d:e', 'backup']],
  ])('takes %s', (text, datasets) => {
    const { changes, problems } = load({ [name]: text });
    expect(problems).toEqual([]);
    expect(name === 'TRUENAS_SCOPE' ? changes.scope : changes.protectedDatasets).toEqual(datasets);
  });

  it.each([
    ['tank/*', /without wildcards/],
    ['tank/a@daily', /not snapshots/],
    ['tank/a#mark', /bookmarks/],
    ['/tank/a', /names of datasets/],
    ['tank//a', /names of datasets/],
    ['tank/../backup', /names of datasets/],
    ['tank/.', /names of datasets/],
    ['1tank', /names of datasets/],
    ['/mnt/', /names of datasets/],
    ['tank;backup', /names of datasets/],
    ['tank/a%', /names of datasets/],
    [`tank/${'a'.repeat(255)}`, /names of datasets/],
    [',', /at least one dataset/],
  ])('refuses %s: what confines changes must not be guessed at', (text, reason) => {
    const { problems, connection } = load({ [name]: text });
    expect(problems).toEqual([expect.stringMatching(reason)]);
    expect(problems[0]).toMatch(new RegExp(`^${name} must `));
    expect(connection).toBeUndefined();
  });
});

it.each([
  ['TRUENAS_WRITE_SESSION', '61', /between 0 and 60/],
  ['TRUENAS_WRITE_SESSION', '-1', /whole number/],
  ['TRUENAS_WRITE_SESSION', '1.5', /whole number/],
  ['TRUENAS_APPROVAL', 'never', /must be one of page, client, always/],
  ['TRUENAS_ALLOW_CODE', 'maybe', /must be true or false/],
  ['TRUENAS_SECRETS_DIR', join(folder, 'missing'), /does not exist/],
  ['TRUENAS_SECRETS_DIR', file('a-file', ''), /not a folder/],
  ['TRUENAS_STATE_DIR', join(folder, 'a-file'), /not a folder/],
  ['TRUENAS_STATE_DIR', join(folder, 'x'.repeat(300)), /cannot be looked at \(ENAMETOOLONG\)/],
])('%s=%s is refused with the reason', (name, text, reason) => {
  const { problems } = load({ [name]: text });
  expect(problems).toEqual([expect.stringMatching(reason)]);
  expect(problems[0]).toMatch(new RegExp(`^${name} `));
});

it('approval by the client alone is warned of', () => {
  expect(load({ TRUENAS_APPROVAL: 'client' }).warnings).toEqual([expect.stringMatching(/may do so itself/)]);
});
