/** The key in the keychain of the computer. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Keychain, sessionBus } from '../../../src/config/keychain.ts';
import { accountsOn, bench, openAsAdministrator } from './support.ts';

interface Held extends Keychain {
  readonly entries: Map<string, string>;
}

function keychain(): Held {
  const entries = new Map<string, string>();
  return {
    entries,
    read: (entry) => entries.get(entry),
    write: (entry, secret) => void entries.set(entry, secret),
    remove: (entry) => void entries.delete(entry),
  };
}

const flagsOf = ({
  url,
  fingerprint,
  person,
}: {
  url: string;
  fingerprint: string;
  person: { username: string };
}) => [...['--yes', '--url', url, '--tls-fingerprint', fingerprint, '--admin', person.username]];

describe('a keychain that works', () => {
  it('gets the key, no file does, and the server finds it there', async () => {
    const there = await bench();
    const held = keychain();
    const { code, text } = await there.bare([...flagsOf(there.nas), '--client', 'codex'], { keychain: held });
    expect(text).toMatch(/store the key in the keychain of this computer, as truenas of truenas-mcp/);
    expect(code).toBe(0);
    expect([...held.entries.keys()]).toEqual(['truenas']);
    expect(existsSync(join(there.places.own, 'truenas.key'))).toBe(false);
    expect(readFileSync(join(there.places.home, '.codex/config.toml'), 'utf8')).toMatch(
      /TRUENAS_KEYCHAIN = "truenas"/,
    );
    expect(text).toMatch(/ok +sign-in/);
    const again = await there.bare(['--yes'], { keychain: held });
    expect(again.text).toContain('it is used again');
    expect((await there.bare([...flagsOf(there.nas), '--remove'], { keychain: held })).code).toBe(0);
    expect(held.entries.size).toBe(0);
  });

  it('is left for a file when that is wanted, and the old place is emptied', async () => {
    const there = await bench();
    const held = keychain();
    await there.bare(flagsOf(there.nas), { keychain: held });
    const { code } = await there.bare([...flagsOf(there.nas), '--new-key', '--store', 'file'], {
      keychain: held,
    });
    expect(code).toBe(0);
    expect(held.entries.size).toBe(0);
    expect(
      (await there.record())?.made.map(({ kind }) => kind).filter((kind) => kind.startsWith('key')),
    ).toEqual(['key', 'key-file']);
  });
});

describe('a keychain that does not work', () => {
  const broken: readonly [string, Keychain][] = [
    [
      'is locked',
      {
        ...keychain(),
        write: () => {
          throw new Error('locked');
        },
      },
    ],
    ['forgets', { ...keychain(), write: () => undefined }],
  ];
  it.each(broken)('that %s is passed over for a file, or named when it is wanted', async (_what, held) => {
    const there = await bench();
    const wanted = await there.bare([...flagsOf(there.nas), '--store', 'keychain'], { keychain: held });
    expect(wanted.text).toMatch(/The keychain of this computer cannot be used: .*--store file/);
    expect(wanted.code).toBe(1);
    expect(there.nas.calls().filter(({ method }) => /\.create$/.test(method))).toEqual([]);
    expect((await there.bare(flagsOf(there.nas), { keychain: held })).code).toBe(0);
    expect(existsSync(join(there.places.own, 'truenas.key'))).toBe(true);
  });
});

describe('a keychain that is locked while the account is made', () => {
  it('leaves nothing on the NAS, and says that the key could not be stored', async () => {
    const there = await bench();
    const held = keychain();
    const locked = (entry: string) => {
      if (entry === 'truenas') throw new Error('locked');
    };
    const { code, text } = await there.bare(flagsOf(there.nas), {
      keychain: {
        ...held,
        read: (entry) => {
          locked(entry);
          return held.read(entry);
        },
        write: (entry, secret) => {
          locked(entry);
          held.write(entry, secret);
        },
      },
    });
    expect(text).toMatch(/The keychain does not take the key: locked/);
    expect(text).toMatch(/nothing is left on the NAS/);
    expect(code).toBe(1);
    expect(await accountsOn(openAsAdministrator(there))).toEqual({
      ...{ groups: [], privileges: [], users: [], keys: [] },
    });
  });
});

describe('the bus of the Secret Service', () => {
  const bus = '/run/user/1000/bus';
  const isBus = (path: string) => path === bus;
  it('is found where a client starts the server without the variables of the session', () => {
    expect(sessionBus({ HOME: '/home/eve' }, 1000, isBus)).toBe(`unix:path=${bus}`);
    expect(sessionBus({ DBUS_SESSION_BUS_ADDRESS: '' }, 1000, isBus)).toBe(`unix:path=${bus}`);
  });

  it('is that of the session where there is one, and none where there is none', () => {
    expect(sessionBus({ DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=x' }, 1000, isBus)).toBeUndefined();
    expect(sessionBus({}, 1001, isBus)).toBeUndefined();
    expect(sessionBus({}, undefined, isBus)).toBeUndefined();
  });
});
