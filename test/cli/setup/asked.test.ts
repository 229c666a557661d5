/** `setup` with a person who answers: by a script, and at a terminal as it is. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Asker } from '../../../src/cli/setup/asker.ts';
import { terminalAsker } from '../../../src/cli/setup/terminal-asker.ts';
import { accountsOn, bench, openAsAdministrator, openWithKey, type Bench } from './support.ts';

/** Answers each question by the first rule that matches; `undefined` takes the default. A question without a rule fails the test. */
function person(rules: Readonly<Record<string, string | boolean | readonly string[] | undefined>>) {
  const asked: string[] = [];
  const said: string[] = [];
  const answer = (message: string) => {
    asked.push(message);
    const found = Object.entries(rules).find(([part]) => message.includes(part));
    if (found === undefined) throw new Error(`nobody answers: ${message}`);
    return found[1];
  };
  const asker: Asker = {
    isUnattended: false,
    say: (text) => void said.push(text),
    text: ({ message, initial = '' }) => Promise.resolve(String(answer(message) ?? initial)),
    secret: ({ message }) => Promise.resolve(String(answer(message))),
    choice: ({ message, initial, choices }) => {
      const given = answer(message);
      return Promise.resolve(choices.find(({ value }) => value === given)?.value ?? initial);
    },
    choices: ({ message, initial, choices }) => {
      const given = answer(message);
      return Promise.resolve(
        Array.isArray(given)
          ? choices.map(({ value }) => value).filter((value) => given.includes(value))
          : [...initial],
      );
    },
    confirm: (message) => Promise.resolve(answer(message) === true),
  };
  return { asker, asked, said: () => said.join('\n') };
}

const rulesFor = ({ nas }: Bench) => ({
  'Address of the NAS': nas.url,
  'certificate of your NAS': true,
  'What may the assistant do?': 'read',
  'With which tools?': undefined,
  'Which clients': undefined,
  'Which key': 'made',
  'How many days': '30',
  Administrator: nas.person.username,
  Password: nas.person.password,
  'Do it?': true,
});

const withoutPassword = { TRUENAS_ADMIN_PASSWORD: '' };

describe('a person who sets up', () => {
  it('is asked for everything, sees the plan before it is done, and types the password last', async () => {
    const there = await bench();
    mkdirSync(join(there.places.home, '.codex'));
    const { asker, asked, said } = person(rulesFor(there));
    expect((await there.bare([], { asker }, withoutPassword)).code).toBe(0);
    expect(asked.map((message) => message.split(/[?(]/)[0]?.trim())).toEqual([
      'Address of the NAS',
      'Is this the certificate of your NAS',
      'What may the assistant do',
      'With which tools',
      'Which clients shall know it',
      'Which key shall the server use',
      'How many days shall the key live',
      'Administrator',
      'Password',
      'Do it',
    ]);
    expect(said()).toMatch(/This will be done:\n {2}on the NAS: make the group truenas-mcp\n/);
    expect(said()).not.toContain(there.nas.person.password);
    expect(readFileSync(join(there.places.home, '.codex/config.toml'), 'utf8')).toContain(
      '[mcp_servers.truenas]',
    );
  });

  it('who does not know the certificate ends it before anything is sent', async () => {
    const there = await bench();
    const { asker, said } = person({ ...rulesFor(there), 'certificate of your NAS': false });
    expect((await there.bare([], { asker }, withoutPassword)).code).toBe(1);
    expect(said()).toMatch(/was not confirmed\. Nothing was sent/);
    expect(there.nas.calls()).toEqual([]);
  });

  it('who declines the plan has changed nothing, neither there nor here', async () => {
    const there = await bench();
    const before = there.nas.control.worldState();
    const { asker, said } = person({ ...rulesFor(there), 'Do it?': false });
    expect((await there.bare([], { asker }, withoutPassword)).code).toBe(1);
    expect(said()).toContain('Nothing was done.');
    expect(there.nas.control.worldState()).toEqual(before);
    expect(await there.record()).toBeUndefined();
    await expect.poll(() => there.nas.control.connectionCount()).toBe(0);
  });

  it('who mistypes the password is asked again, three times at most', async () => {
    const there = await bench();
    const { asker, asked } = person({ ...rulesFor(there), Password: 'mistyped' });
    expect((await there.bare([], { asker }, withoutPassword)).code).toBe(1);
    expect(asked.filter((message) => message === 'Password')).toHaveLength(3);
    expect((await accountsOn(openAsAdministrator(there))).users).toEqual([]);
  });

  it('who has a second factor is asked for the code once', async () => {
    const there = await bench({ release: '27.0' });
    const { username } = there.nas.person;
    there.nas.control.requireSecondFactor(username, 'JBSWY3DPEHPK3PXP');
    const { asker, asked } = person({
      ...rulesFor(there),
      'One-time code': there.nas.control.oneTimeCode(username),
    });
    expect((await there.bare([], { asker }, withoutPassword)).code).toBe(0);
    expect(asked.filter((message) => message === 'One-time code')).toHaveLength(1);
  });

  it('who has a key gives that, and nobody signs in as administrator', async () => {
    const there = await bench();
    const { nas } = there;
    const { asker, asked, said } = person({
      ...rulesFor(there),
      ...{ 'Which key': 'given', 'API key': nas.apiKey, 'User of the key': nas.username },
    });
    expect((await there.bare([], { asker }, withoutPassword)).code).toBe(0);
    expect(asked).not.toContain('Administrator');
    expect(said()).toMatch(/full administrator: whoever gets at it can do everything/);
    expect(said()).not.toContain(nas.apiKey);
  });

  it('above read gets a folder for the journal, and is still given no key that writes', async () => {
    const there = await bench();
    const { asker } = person({ ...rulesFor(there), 'What may the assistant do?': 'manage' });
    expect((await there.bare([], { asker }, withoutPassword)).code).toBe(0);
    expect((await there.record())?.settings).toMatchObject({
      TRUENAS_ACCESS: 'manage',
      TRUENAS_STATE_DIR: there.places.state,
    });
    const { read } = openAsAdministrator(there);
    const [privilege] = (await read.call('privilege.query', [[['name', '=', 'truenas-mcp']]])) as {
      roles: string[];
    }[];
    expect(privilege?.roles).toEqual(['READONLY_ADMIN']);
  });
});

describe('setup --write-key', () => {
  it('makes a second user that changes what needs no approval, and nothing that opens or destroys', async () => {
    const there = await bench();
    const before = there.nas.control.worldState();
    const { code, text } = await there.run('--access', 'destroy', '--write-key');
    expect(text).toMatch(/make the user truenas-mcp-writer/);
    expect(code).toBe(0);
    const { settings = {} } = (await there.record()) ?? {};
    expect(settings).toMatchObject({
      TRUENAS_ACCESS: 'destroy',
      TRUENAS_WRITE_USERNAME: 'truenas-mcp-writer',
    });
    const key = readFileSync(settings['TRUENAS_WRITE_API_KEY_FILE'] ?? '', 'utf8').trim();
    const { read, write } = openWithKey(there, key, 'truenas-mcp-writer');
    const { roles } = ((await read.call('auth.me')) as { privilege: { roles: string[] } }).privilege;
    expect(roles).toEqual(expect.arrayContaining(['DATASET_WRITE', 'SNAPSHOT_WRITE', 'READONLY_ADMIN']));
    expect(
      roles.filter((role) => /^(?:FULL_ADMIN|ACCOUNT_WRITE|PRIVILEGE_WRITE|DATASET_DELETE)$/.test(role)),
    ).toEqual([]);
    await write.write('pool.dataset.create', [{ name: 'tank/made' }]);
    for (const [method, params] of [
      ['pool.dataset.delete', ['tank/made']],
      [
        'user.create',
        [{ username: 'x', full_name: 'X', group_create: true, password_disabled: true, smb: false }],
      ],
    ] as const)
      await expect(write.write(method, params)).rejects.toMatchObject({ kind: 'not-authorized' });
    await openAsAdministrator(there).write.write('pool.dataset.delete', ['tank/made']);
    const again = await there.run('--access', 'destroy');
    expect(again.text).toContain('it is used again');
    expect((await there.record())?.settings['TRUENAS_WRITE_API_KEY_FILE']).toBeDefined();
    expect((await there.run('--remove')).code).toBe(0);
    expect(there.nas.control.worldState()).toEqual(before);
  });

  it('keeps its key where no set-up of another name puts its own', async () => {
    const there = await bench();
    await there.run('--access', 'manage', '--write-key');
    const path = (await there.record())?.settings['TRUENAS_WRITE_API_KEY_FILE'] ?? '';
    const key = readFileSync(path, 'utf8');
    expect((await there.run('--name', 'truenas-write')).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(key);
  });

  it('is taken back whole when the second user cannot be made', async () => {
    const there = await bench();
    const before = there.nas.control.worldState();
    there.nas.control.next('api_key.create', { kind: 'answer-to-nobody' });
    there.nas.control.next('api_key.create', { kind: 'error', code: -32001, message: 'Method call error' });
    expect((await there.run('--access', 'manage', '--write-key')).code).toBe(1);
    expect(there.nas.control.worldState()).toEqual(before);
    expect(await there.record()).toBeUndefined();
  });
});

describe('another NAS', () => {
  it('under the same name is refused', async () => {
    const there = await bench();
    await there.run();
    const other = await bench();
    const flags = [
      '--yes',
      '--url',
      other.nas.url,
      '--tls-fingerprint',
      other.nas.fingerprint,
      '--admin',
      'truenas_admin',
    ];
    const { code, text } = await there.bare(flags);
    expect(text).toMatch(/is that of another NAS.*--name/);
    expect(code).toBe(1);
    expect((await there.bare([...flags, '--name', 'second'])).code).toBe(0);
  });

  it('older than 25.04 needs a key that is made by hand', async () => {
    const there = await bench({ release: '24.10' });
    const { code, text } = await there.run();
    expect(text).toMatch(/only reads TrueNAS SCALE 24\.10.*--api-key-file/);
    expect(code).toBe(1);
    expect(there.nas.calls().filter(({ method }) => /\.create$/.test(method))).toEqual([]);
  });
});

describe('the terminal', () => {
  /** Types into a terminal when a text shows. */
  function terminal(typing: readonly (readonly [shown: string, keys: string])[]) {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 });
    let seen = '';
    let all = '';
    const rest = [...typing];
    output.on('data', (part: Buffer) => {
      seen += part.toString();
      all += part.toString();
      const [next] = rest;
      if (next === undefined || !seen.includes(next[0])) return;
      seen = '';
      rest.shift();
      setImmediate(() => input.write(next[1]));
    });
    return { asker: terminalAsker({ input, output }), shown: () => all };
  }

  it('takes texts, choices and hidden words, and shows no hidden one', async () => {
    const { asker, shown } = terminal([
      ['Address', 'nas.local\r'],
      ['Level', '\u001B[B\r'],
      ['Clients', ' \r'],
      ['Password', 'hunter2!\r'],
      ['Sure', 'y'],
    ]);
    expect(await asker.text({ message: 'Address', flag: '--url' })).toBe('nas.local');
    const choices = [
      { value: 'read', label: 'read' },
      { value: 'manage', label: 'manage' },
    ] as const;
    expect(await asker.choice({ message: 'Level', choices, initial: 'read' })).toBe('manage');
    expect(await asker.choices({ message: 'Clients', choices, initial: ['read', 'manage'] })).toEqual([
      'manage',
    ]);
    expect(await asker.secret({ message: 'Password', flag: 'x' })).toBe('hunter2!');
    expect(await asker.confirm('Sure?', true)).toBe(true);
    expect(shown()).not.toContain('hunter2!');
  });

  it('is left by Ctrl-C with nothing done', async () => {
    const there = await bench();
    const { asker, shown } = terminal([['Address', '\u0003']]);
    expect((await there.bare([], { asker }, withoutPassword)).code).toBe(1);
    expect(shown()).toContain('Cancelled.');
    expect(there.nas.calls()).toEqual([]);
  });
});

describe('the password', () => {
  it('comes from stdin or a file, never from a flag', async () => {
    const there = await bench();
    const file = join(mkdtempSync(join(tmpdir(), 'admin-')), 'password');
    writeFileSync(file, `${there.nas.person.password}\n`);
    const { url, fingerprint } = there.nas;
    const flags = ['--yes', '--url', url, '--tls-fingerprint', fingerprint, '--admin', 'truenas_admin'];
    expect((await there.bare([...flags, '--admin-password-file', file], {}, withoutPassword)).code).toBe(0);
    const missing = await there.bare(
      [...flags, '--new-key', '--admin-password-file', '/no/such'],
      {},
      withoutPassword,
    );
    expect(missing.text).toMatch(/--admin-password-file cannot be read: ENOENT/);
  });
});
