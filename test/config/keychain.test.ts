/** The key in the keychain, and what is said where it cannot be had. */
import { describe, expect, it } from 'vitest';
import { loadConfig, readConfig } from '../../src/config/index.ts';
import type { Keychain } from '../../src/config/keychain.ts';

const KEY = `12-${'k'.repeat(64)}`;
const holding = (entries: Readonly<Record<string, string>>): Pick<Keychain, 'read'> => ({
  read: (entry) => entries[entry],
});
const load = (env: Readonly<Record<string, string>>, keychain?: Pick<Keychain, 'read'>) =>
  loadConfig({ argv: [], env: { TRUENAS_URL: 'nas.local', TRUENAS_KEYCHAIN: 'truenas', ...env }, keychain });

describe('TRUENAS_KEYCHAIN', () => {
  it('is the key of the connection, and a secret for the redactor', () => {
    const config = load({}, holding({ truenas: KEY }));
    expect(config.problems).toEqual([]);
    expect(config.connection?.apiKey).toBe(KEY);
    expect(config.secrets).toContain(KEY);
  });

  it.each([
    ['without a keychain', {}, undefined, /^TRUENAS_KEYCHAIN needs a keychain: the optional package/],
    ['without the entry', {}, holding({}), /^TRUENAS_KEYCHAIN names an entry that is not there/],
    [
      'with something else in it',
      {},
      holding({ truenas: 'hunter2-secret' }),
      /does not look like a TrueNAS API key/,
    ],
    [
      'that is locked',
      {},
      {
        read: (): string => {
          throw new Error('locked');
        },
      },
      /cannot be read \(locked\)/,
    ],
    [
      'beside a key',
      { TRUENAS_API_KEY: KEY },
      holding({ truenas: KEY }),
      /TRUENAS_API_KEY and TRUENAS_KEYCHAIN are both set/,
    ],
    [
      'beside a file',
      { TRUENAS_API_KEY_FILE: '/k' },
      holding({ truenas: KEY }),
      /TRUENAS_API_KEY_FILE and TRUENAS_KEYCHAIN are both set/,
    ],
  ] as const)('%s is a problem that names it', (_what, env, keychain, problem) => {
    const { problems, connection } = load(env, keychain);
    expect(problems.join('\n')).toMatch(problem);
    expect(problems.join('\n')).not.toContain('hunter2');
    expect(connection).toBeUndefined();
  });

  it('is looked up in the real keychain only where it is set, and what that says is no crash', async () => {
    const config = await readConfig({
      argv: ['--keychain', 'no-such-entry-of-a-test'],
      env: { TRUENAS_URL: 'nas.local' },
    });
    expect(config.problems.join('\n')).toMatch(/^--keychain (?:names an entry|needs a keychain)/);
  });
});
