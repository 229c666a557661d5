/** The least-privilege user that `setup` makes, on every release, and what becomes of it when something goes wrong. */
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SIM_RELEASES } from 'truenas-simulator';
import { describe, expect, it } from 'vitest';
import { confine } from '../../../src/access/confined-client.ts';
import { SetupStopped } from '../../../src/cli/setup/asker.ts';
import { lookAtAccount } from '../../../src/cli/setup/nas/look.ts';
import { makeAccount } from '../../../src/cli/setup/nas/make.ts';
import { keepNotes } from '../../../src/cli/setup/record.ts';
import { TOOLSET_NAMES } from '../../../src/tools/toolset.ts';
import { openWriteSession, silentLog } from '../../../src/truenas/index.ts';
import { closers } from '../../truenas/support/client.ts';
import { CURATED_TOOLS } from '../../support/tools.ts';
import { FAILURE } from '../../support/tool-calls.ts';
import { accountsOn, bench, openAsAdministrator, openWithKey, type Bench } from './support.ts';

const keyOf = ({ places }: Bench) => readFileSync(join(places.own, 'truenas.key'), 'utf8').trim();

const NOTHING = { groups: [], privileges: [], users: [], keys: [] };

describe.each(SIM_RELEASES)('setup --yes on %s', (release) => {
  it('makes a user with the computed role and no way in but its key, and the key reads and cannot write', async () => {
    const there = await bench({ release });
    const { code, text } = await there.run();
    expect(text).toMatch(/All is well|It works; see the warnings/);
    expect(code).toBe(0);
    expect(text).not.toContain(keyOf(there));
    const nas = openAsAdministrator(there);
    const [user] = (await nas.read.call('user.query', [[['username', '=', 'truenas-mcp']]])) as Record<
      string,
      unknown
    >[];
    expect(user).toMatchObject({
      ...{ password_disabled: true, ssh_password_enabled: false, smb: false, locked: false },
      ...{ shell: '/usr/sbin/nologin', home: '/var/empty', sudo_commands: [], groups: [] },
    });
    const [privilege] = (await nas.read.call('privilege.query', [[['name', '=', 'truenas-mcp']]])) as Record<
      string,
      unknown
    >[];
    expect(privilege).toMatchObject({ roles: ['READONLY_ADMIN'], web_shell: false, ds_groups: [] });
    const [key] = (await nas.read.call('api_key.query', [[['username', '=', 'truenas-mcp']]])) as {
      expires_at: Date;
    }[];
    const days = ((key?.expires_at.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(365);

    const own = openWithKey(there, keyOf(there));
    const granted = ((await own.read.call('auth.me')) as { privilege: { roles: string[] } }).privilege.roles;
    expect(granted).toContain('READONLY_ADMIN');
    expect(granted.filter((role) => /_(?:WRITE|DELETE)$|^FULL_ADMIN$/.test(role))).toEqual([]);
    await expect(own.write.write('pool.dataset.create', [{ name: 'tank/x' }])).rejects.toMatchObject({
      kind: 'not-authorized',
    });
  });
});

describe('the roles', () => {
  it.each(TOOLSET_NAMES.filter((name) => !['changes', 'api'].includes(name)))(
    'of the toolset %s let its tools read',
    async (toolset) => {
      const there = await bench();
      expect((await there.run('--toolsets', toolset)).code).toBe(0);
      const { read } = openWithKey(there, keyOf(there));
      const tools = CURATED_TOOLS.filter(
        (tool) => tool.toolset === toolset || tool.name === 'system_overview',
      ).slice(0, 3);
      for (const tool of tools) {
        const input = tool.input.parse(tool.examples[0].args);
        const { text } = await tool.run(confine(read, tool.uses), input, { now: Date.now });
        expect(text).not.toMatch(FAILURE);
      }
    },
  );

  it('are the narrow ones of the toolset with --narrow, and what then cannot be read is said', async () => {
    const there = await bench();
    const { code, text } = await there.run('--toolsets', 'apps', '--narrow');
    expect(text).toMatch(/Without READONLY_ADMIN the tools cannot read boot\.get_state, system\.info\./);
    expect(code).toBe(0);
    const { read, write } = openWithKey(there, keyOf(there));
    const granted = ((await read.call('auth.me')) as { privilege: { roles: string[] } }).privilege.roles;
    expect(granted).toContain('APPS_READ');
    expect(granted.filter((role) => /^(?:ACCOUNT_READ|VM_READ|READONLY_ADMIN|.*_WRITE)$/.test(role))).toEqual(
      [],
    );
    await expect(read.call('user.query')).rejects.toMatchObject({ kind: 'not-authorized' });
    await expect(write.write('app.stop', ['plex'])).rejects.toMatchObject({ kind: 'not-authorized' });
  });
});

describe('what is stored', () => {
  it.skipIf(process.platform === 'win32')(
    'is the key in a file of its owner alone, and no secret elsewhere',
    async () => {
      const there = await bench();
      await there.run('--client', 'codex');
      const key = keyOf(there);
      expect(statSync(join(there.places.own, 'truenas.key')).mode & 0o777).toBe(0o600);
      expect(statSync(there.places.own).mode & 0o777).toBe(0o700);
      for (const path of [
        join(there.places.own, 'truenas.json'),
        join(there.places.home, '.codex/config.toml'),
      ]) {
        const text = readFileSync(path, 'utf8');
        expect(text).not.toContain(key.split('-')[1]);
        expect(text).not.toContain(there.nas.person.password);
      }
    },
  );
});

describe('a second run', () => {
  it('uses the key that is there, and asks nobody to sign in', async () => {
    const there = await bench();
    await there.run();
    const key = keyOf(there);
    there.nas.control.clearCalls();
    const { code, text } = await there.bare(['--yes']);
    expect(text).toContain('The key of the earlier set-up works and suffices: it is used again.');
    expect(code).toBe(0);
    expect(keyOf(there)).toBe(key);
    expect(there.nas.calls().filter(({ method }) => /create|update|delete/.test(method))).toEqual([]);
  });

  it('makes a new key when the old one was revoked, and the old one goes', async () => {
    const there = await bench();
    await there.run();
    const nas = openAsAdministrator(there);
    const [old] = (await nas.read.call('api_key.query', [[['username', '=', 'truenas-mcp']]])) as {
      id: number;
    }[];
    await nas.write.write('api_key.delete', [old?.id]);
    const { code, text } = await there.run();
    expect(text).toMatch(/The key of the earlier set-up cannot be used/);
    expect(text).toMatch(/use the user truenas-mcp, which an earlier set-up made/);
    expect(code).toBe(0);
    expect((await accountsOn(nas)).keys).toHaveLength(1);
  });

  it('from another computer uses the same user with a key of its own, and each is removed alone', async () => {
    const one = await bench();
    await one.run();
    const other = { ...one, places: (await bench()).places };
    const env = { HOME: other.places.home };
    const args = [
      '--yes',
      '--url',
      one.nas.url,
      '--tls-fingerprint',
      one.nas.fingerprint,
      '--admin',
      one.nas.person.username,
    ];
    expect((await one.bare(args, {}, env)).code).toBe(0);
    const nas = openAsAdministrator(one);
    expect((await accountsOn(nas)).keys).toHaveLength(2);
    const first = await one.run('--remove');
    expect(first.text).toMatch(/LEFT on the NAS: the user truenas-mcp: it has other keys/);
    expect(first.code).toBe(1);
    expect((await accountsOn(nas)).keys).toHaveLength(1);
    const { read } = openWithKey(one, keyOf(other));
    expect(await read.call('core.ping')).toBe('pong');
  });
});

it.skipIf(process.platform === 'win32')(
  'a record that others can change is not believed: it names the certificate to trust, and what to remove',
  async () => {
    const there = await bench();
    await there.run();
    chmodSync(join(there.places.own, 'truenas.json'), 0o666);
    for (const args of [['--yes'], ['--yes', '--remove']]) {
      const { code, text } = await there.bare(args);
      expect(text).toMatch(/Other users can change the record of an earlier set-up/);
      expect(code).toBe(1);
    }
  },
);

describe('names that are taken', () => {
  const taken: readonly [string, string, readonly unknown[]][] = [
    [
      'user',
      'user.create',
      [{ username: 'truenas-mcp', full_name: 'Somebody', group_create: true, password: 'x1234567' }],
    ],
    [
      'privilege',
      'privilege.create',
      [{ name: 'truenas-mcp', roles: ['FULL_ADMIN'], local_groups: [544], web_shell: true }],
    ],
    ['group', 'group.create', [{ name: 'truenas-mcp', sudo_commands: ['ALL'] }]],
  ];
  it.each(taken)(
    'a %s of somebody else is not touched, and nothing is made',
    async (kind, method, params) => {
      const there = await bench();
      const nas = openAsAdministrator(there);
      await nas.write.write(method, params);
      const before = await accountsOn(nas);
      const { code, text } = await there.run();
      expect(text).toMatch(new RegExp(`The NAS has a ${kind} truenas-mcp already`));
      expect(text).toMatch(/Give another name with --user/);
      expect(code).toBe(1);
      expect(await accountsOn(nas)).toEqual(before);
      expect((await there.run('--user', 'truenas-mcp2')).code).toBe(0);
    },
  );

  it('a user of ours that was given more since is not given another key', async () => {
    const there = await bench();
    await there.run();
    const nas = openAsAdministrator(there);
    const [group] = (await nas.read.call('group.query', [[['name', '=', 'truenas-mcp']]])) as {
      gid: number;
    }[];
    await nas.write.write('privilege.create', [
      { name: 'more', roles: ['FULL_ADMIN'], local_groups: [group?.gid], web_shell: false },
    ]);
    const { code, text } = await there.run('--new-key');
    expect(text).toMatch(/The group truenas-mcp has the privilege more besides/);
    expect(code).toBe(1);
  });
});

describe('a set-up that fails half-way', () => {
  const refused = { kind: 'error', code: -32001, message: 'Method call error' } as const;
  it.each(['group.create', 'privilege.create', 'user.create', 'api_key.create'])(
    'at %s is taken back whole',
    async (method) => {
      const there = await bench();
      there.nas.control.next(method, refused);
      const { code, text } = await there.run();
      expect(code).toBe(1);
      expect(text).toMatch(method === 'group.create' ? /Method call error/ : /nothing is left on the NAS/);
      expect(await accountsOn(openAsAdministrator(there))).toEqual(NOTHING);
      expect(await there.record()).toBeUndefined();
    },
  );

  it.each(['group.create', 'privilege.create', 'user.create', 'api_key.create'])(
    'because the connection was lost after %s says so, goes on when run again, and is removed whole',
    async (method) => {
      const there = await bench();
      there.nas.control.next(method, { kind: 'drop-after' });
      const { code, text } = await there.run();
      expect(code).toBe(1);
      expect(text).toMatch(/may have been applied/);
      expect(text).toMatch(/nobody knows whether it was made: the .*truenas-mcp/);
      const nas = openAsAdministrator(there);
      expect(await accountsOn(nas)).not.toEqual(NOTHING);
      const again = await there.run();
      expect(again.text).toMatch(/All is well|It works/);
      expect((await accountsOn(nas)).keys).toHaveLength(1);
      expect((await there.run('--remove')).code).toBe(0);
      expect(await accountsOn(nas)).toEqual(NOTHING);
    },
  );

  it('because its record takes no number any more does not forget what was made', async () => {
    const there = await bench();
    const { url, fingerprint, person } = there.nas;
    const session = await openWriteSession(
      { url, tls: { fingerprintSha256: fingerprint }, timeoutMs: 10_000, log: silentLog },
      { kind: 'person', username: person.username, password: person.password },
    );
    closers.push(() => session.close());
    const wanted = { name: 'truenas-mcp', roles: ['POOL_READ'], key: { name: 'k', endsAt: undefined } };
    const notes = keepNotes(there.places, 'truenas', { version: 1, url, settings: {}, made: [] });
    const full = { ...notes, finish: () => Promise.reject(new SetupStopped('No space is left.')) };
    const state = await lookAtAccount(session.read, wanted);
    await expect(makeAccount(session, wanted, state, full)).rejects.toThrow('No space is left.');
    expect((await accountsOn(openAsAdministrator(there))).groups).toEqual(['truenas-mcp']);
    expect((await there.record())?.made).toEqual([{ kind: 'group', name: 'truenas-mcp' }]);
  });

  it('leaves what cannot be taken back in the record, and says what', async () => {
    const there = await bench();
    there.nas.control.next('api_key.create', refused);
    there.nas.control.next('user.delete', refused);
    const { text } = await there.run();
    expect(text).toMatch(/Left on the NAS: the user truenas-mcp: .*the group truenas-mcp: it has members/);
    expect((await there.record())?.made.map(({ kind }) => kind)).toEqual(['group', 'privilege', 'user']);
    expect((await there.run('--remove')).code).toBe(0);
    expect(await accountsOn(openAsAdministrator(there))).toEqual(NOTHING);
  });
});

describe('setup --remove', () => {
  it.each(SIM_RELEASES)('leaves a %s as it was before', async (release) => {
    const there = await bench({ release });
    const before = there.nas.control.worldState();
    await there.run('--client', 'codex,claude-code');
    expect(there.nas.control.worldState()).not.toEqual(before);
    const { code, text } = await there.run('--remove');
    expect(text).toContain('All of it is undone.');
    expect(code).toBe(0);
    expect(there.nas.control.worldState()).toEqual(before);
    expect(await there.record()).toBeUndefined();
  });

  it('says when there is nothing to remove', async () => {
    const { code, text } = await (await bench()).run('--remove');
    expect(text).toMatch(/There is no set-up named truenas here/);
    expect(code).toBe(1);
  });
});
