/** A set-up that is run again with less access or with another key, and one that a signal ends: what is left is what is told. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { builtCli, ensureBuilt } from '../../support/built.ts';
import { accountsOn, bench, type Bench, openAsAdministrator } from './support.ts';

type Rows = readonly Record<string, unknown>[];

async function rolesOf(there: Bench, name: string): Promise<unknown> {
  const { read } = openAsAdministrator(there);
  const [row] = (await read.call('privilege.query', [[['name', '=', name]]])) as Rows;
  return row?.['roles'];
}

describe('less access than before', () => {
  it('narrows the key for changes: what it may do follows', async () => {
    const there = await bench();
    const before = there.nas.control.worldState();
    await there.run('--access', 'destroy', '--write-key');
    const wide = await rolesOf(there, 'truenas-mcp-writer');
    const { code, text } = await there.run('--access', 'operate');
    expect(text).toMatch(/may do more than is asked for now \(.*DATASET_WRITE/);
    expect(text).toMatch(/change the privilege truenas-mcp-writer from .*DATASET_WRITE/);
    expect(code).toBe(0);
    const narrow = await rolesOf(there, 'truenas-mcp-writer');
    expect(wide).toContain('DATASET_WRITE');
    expect(narrow).not.toContain('DATASET_WRITE');
    expect((await there.run('--access', 'operate')).text).toContain('it is used again');
    // On the way out the privilege is not widened again.
    there.nas.control.clearCalls();
    expect((await there.run('--remove')).code).toBe(0);
    expect(there.nas.calls().map(({ method }) => method)).not.toContain('privilege.update');
    expect(there.nas.control.worldState()).toEqual(before);
  });

  it('says who has to sign in when nobody does, and leaves everything as it was', async () => {
    const there = await bench();
    await there.run('--access', 'manage', '--write-key');
    const wide = await rolesOf(there, 'truenas-mcp-writer');
    const { code, text } = await there.bare(['--yes', '--access', 'operate']);
    expect(code).toBe(1);
    expect(text).toMatch(/an administrator signs in for it/);
    expect(text).toContain('--admin');
    expect(await rolesOf(there, 'truenas-mcp-writer')).toEqual(wide);
  });

  it('down to reading deletes the user for changes, its privilege and its keys', async () => {
    const there = await bench();
    await there.run('--access', 'manage', '--write-key');
    const path = (await there.record())?.settings['TRUENAS_WRITE_API_KEY_FILE'] ?? '';
    const { code, text } = await there.run('--access', 'read');
    expect(code).toBe(0);
    expect(text).toMatch(/on the NAS: delete the user truenas-mcp-writer, which is not needed any more/);
    expect(text).toMatch(/Gone from the NAS: .*the privilege truenas-mcp-writer/);
    expect(JSON.stringify(await accountsOn(openAsAdministrator(there)))).not.toContain('writer');
    expect(() => readFileSync(path)).toThrow('ENOENT');
    expect((await there.record())?.settings).not.toHaveProperty('TRUENAS_WRITE_USERNAME');
  });
});

describe('another key than before', () => {
  it('given by --api-key-file leaves what was made on the NAS, and says what and that it is valid', async () => {
    const there = await bench();
    await there.run();
    const file = join(mkdtempSync(join(tmpdir(), 'given-')), 'key');
    writeFileSync(file, there.nas.apiKey, { mode: 0o600 });
    const { code, text } = await givenKey(there, file);
    expect(code).toBe(0);
    expect(text).toMatch(
      /is not used any more and stays there, its key valid: .*the user truenas-mcp, the API key/,
    );
    expect(text).toContain('truenas-mcp setup --remove');
    expect((await there.run('--remove')).code).toBe(0);
    expect((await accountsOn(openAsAdministrator(there))).users).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'or a password in a file that others can read is told of, with the command that mends it',
    async () => {
      const there = await bench();
      const folder = mkdtempSync(join(tmpdir(), 'open-'));
      const [password, key] = [join(folder, 'password'), join(folder, 'key')];
      writeFileSync(password, `${there.nas.person.password}\n`);
      writeFileSync(key, there.nas.apiKey);
      for (const [mode, who] of [
        [0o644, 'every user of this machine'],
        [0o640, 'the group of the file'],
      ] as const) {
        chmodSync(password, mode);
        chmodSync(key, mode);
        expect((await there.run('--new-key', '--admin-password-file', password)).text).toContain(
          `--admin-password-file: ${who} can read the password in ${password}. Run: chmod 600 ${password}`,
        );
        expect((await givenKey(there, key)).text).toContain(
          `--api-key-file: ${who} can read the key in ${key}. Run: chmod 600 ${key}`,
        );
      }
      chmodSync(password, 0o600);
      expect((await there.run('--new-key', '--admin-password-file', password)).text).not.toContain('chmod');
    },
  );
});

function givenKey(there: Bench, file: string) {
  const { nas } = there;
  const to = ['--yes', '--url', nas.url, '--tls-fingerprint', nas.fingerprint];
  return there.bare([...to, '--api-key-file', file, '--username', nas.username]);
}

describe.skipIf(process.platform === 'win32')('a signal', () => {
  beforeAll(ensureBuilt);
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** Starts it, and sends the signal when the NAS has this call and does not answer. */
  async function stopped(there: Bench, method: string, signal: NodeJS.Signals, ...args: string[]) {
    const { nas, env } = there;
    nas.control.clearCalls();
    nas.control.next(method, { kind: 'silence' });
    const to = [
      '--yes',
      '--url',
      nas.url,
      '--tls-fingerprint',
      nas.fingerprint,
      '--admin',
      nas.person.username,
    ];
    const child = spawn(process.execPath, [builtCli, 'setup', ...to, '--store', 'file', ...args], {
      env: { PATH: process.env['PATH'], ...env },
    });
    children.push(child);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await expect
      .poll(() => nas.calls().some((call) => call.method === method), { timeout: 30_000 })
      .toBe(true);
    child.kill(signal);
    return { code: await ended, text };
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s in mid-making says what was made, what nobody knows, and how to undo it',
    async (signal) => {
      const there = await bench();
      const before = there.nas.control.worldState();
      const { code, text } = await stopped(there, 'user.create', signal);
      expect(code).toBe(128 + constants.signals[signal]);
      const [, told = ''] = text.split(`Stopped by ${signal}.\n`);
      expect(told.trim().split('\n')).toEqual([
        'Made so far, and left: the group truenas-mcp on the NAS, the privilege truenas-mcp on the NAS.',
        'Sent, and nobody knows whether it was made: the user truenas-mcp on the NAS.',
        'To undo it: truenas-mcp setup --remove. Or run setup again, which uses what is there.',
      ]);
      expect((await there.run('--remove')).code).toBe(0);
      expect(there.nas.control.worldState()).toEqual(before);
    },
  );

  it('while it is undone says what is still there', async () => {
    const there = await bench();
    const before = there.nas.control.worldState();
    await there.run();
    const { code, text } = await stopped(there, 'user.delete', 'SIGINT', '--remove');
    expect(code).toBe(130);
    expect(text).toContain(
      'Still there, or under way: the group truenas-mcp on the NAS, the privilege truenas-mcp on the NAS, the user truenas-mcp on the NAS.',
    );
    expect((await there.run('--remove')).code).toBe(0);
    expect(there.nas.control.worldState()).toEqual(before);
  });
});
