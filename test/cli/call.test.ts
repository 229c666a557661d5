/** `truenas-mcp call`: a tool from the shell, with the gates and the consent that every client meets. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from 'truenas-simulator';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../src/cli/call/call.ts';
import { type Terminal, TerminalClosed } from '../../src/cli/terminal.ts';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { bareEnv, runCli } from '../support/processes.ts';
import { closers } from '../truenas/support/client.ts';

beforeAll(ensureBuilt);

/** A person who types these answers and then closes the terminal; undefined where nobody is there. */
function person(answers: readonly string[]): Terminal & { readonly said: string[] } {
  const left = [...answers];
  const said: string[] = [];
  const ask = async (question: string): Promise<string> => {
    said.push(question);
    const answer = left.shift();
    if (answer === undefined) throw new TerminalClosed();
    return answer;
  };
  return { said, ask, askHidden: ask, say: (line) => void said.push(line), close: () => {} };
}

async function shell(args: readonly string[], env: Record<string, string> = {}, terminal?: Terminal) {
  let stdout = '';
  const print = (text: string) => {
    stdout += text;
  };
  const code = await call(args, { ...bareEnv(), ...env }, { print, terminal, entry: builtCli });
  return { code, stdout };
}

async function simulated(
  options: SimulatorOptions = {},
): Promise<{ nas: Simulator; env: Record<string, string> }> {
  const nas = await startSimulator({ delayScale: 0.01, ...options });
  closers.push(() => nas.close());
  const env = {
    TRUENAS_URL: nas.url,
    TRUENAS_API_KEY: nas.apiKey,
    TRUENAS_USERNAME: nas.username,
    TRUENAS_TLS_FINGERPRINT: nas.fingerprint,
    TRUENAS_STATE_DIR: mkdtempSync(join(tmpdir(), 'call-')),
  };
  return { nas, env };
}

const SNAPSHOT = JSON.stringify({ dataset: 'tank/media', name: 'by-hand' });
const DELETION = JSON.stringify({ dataset: 'tank/home/carol' });
const QUOTA = JSON.stringify({ dataset: 'tank/home/carol', quota: '600G' });
const MANAGE = ['--demo', '--access', 'manage'];
const mutating = (nas: Simulator) => nas.calls().filter(({ isMutating }) => isMutating);

describe('truenas-mcp call', () => {
  it('prints the answer of a tool, or its data', async () => {
    const text = await shell(['list_pools', '{"limit":1}', '--demo']);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^pools 1-1 of 3\n/);
    const { code, stdout } = await shell(['list_pools', '{"limit":1}', '--json', '--demo']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ total: 3, rows: [{ name: 'backup' }] });
  });

  it('lists the tools that the settings offer', async () => {
    const { code, stdout } = await shell(['--demo']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^system_overview +System overview$/m);
    expect(stdout).not.toContain('apply_change');
    const { stdout: all } = await shell(MANAGE);
    expect(all).toContain('apply_change');
    expect(all).not.toContain('delete_dataset');
  });

  it('is a command of the built program', async () => {
    const { code, stdout, stderr } = await runCli(['call', 'list_pools', '{"limit":1}', '--demo']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^pools 1-1 of 3\n/);
  });

  it.each([
    [['lst_pools', '--demo'], /did you mean "list_pools"/],
    [['create_snapshot', SNAPSHOT, '--demo'], /create_snapshot not found/],
    [['list_pools', 'tank', '--demo'], /one JSON object/],
    [['list_pools', '[]', '--demo'], /one JSON object/],
    [['list_pools', '--acess', 'read'], /--access/],
    [['list_pools', '--http=0'], /--http is for serve/],
  ])('%j ends with 1 and says why on stderr', async (args, why) => {
    const { code, stdout, stderr } = await runCli(['call', ...args]);
    expect(stderr).toMatch(why);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('ends with 1 when the tool answers with an error', async () => {
    const { code, stdout } = await shell(['get_pool', '{"pool":"nowhere"}', '--demo']);
    expect(code).toBe(1);
    expect(stdout).toContain('nowhere');
    const { code: again, stdout: json } = await shell(['get_pool', '{"pool":"nowhere"}', '--demo', '--json']);
    expect(again).toBe(1);
    expect(JSON.parse(json)).toMatchObject({ error: expect.stringContaining('nowhere') });
  });
});

describe('truenas-mcp call of a change', () => {
  it('applies without a person what needs none', async () => {
    const { code, stdout } = await shell(['create_snapshot', SNAPSHOT, ...MANAGE]);
    expect(stdout).toContain('DONE, and seen on the NAS afterwards');
    expect(code).toBe(0);
  });

  it('changes nothing without a person where one is needed', async () => {
    const { nas, env } = await simulated();
    for (const [tool, args] of [
      ['delete_dataset', DELETION],
      ['update_dataset', QUOTA],
    ] as const) {
      const { code, stdout } = await shell([tool, args, '--access', 'destroy'], env);
      expect(stdout).toMatch(/^NOT APPLIED: this change needs a person/);
      expect(code).toBe(1);
    }
    expect(mutating(nas)).toEqual([]);
  });

  it('shows the plan and asks, where a form is enough', async () => {
    const terminal = person(['apply']);
    const { code, stdout } = await shell(['update_dataset', QUOTA, ...MANAGE], {}, terminal);
    expect(terminal.said.join('\n')).toContain('tank/home/carol');
    expect(stdout).toContain('DONE, and seen on the NAS afterwards');
    expect(code).toBe(0);
  });

  it.each([[['no']], [[]]])('changes nothing after %j', async (typed) => {
    const { code, stdout } = await shell(['update_dataset', QUOTA, ...MANAGE], {}, person(typed));
    expect(stdout).toMatch(/Nothing was changed/);
    expect(code).toBe(1);
  });

  it('asks for the sign-in of a person, as approve does', async () => {
    const { nas, env } = await simulated();
    const { username, password } = nas.person;
    const terminal = person([username, password, 'apply']);
    const { code, stdout } = await shell(['delete_dataset', DELETION, '--access', 'destroy'], env, terminal);
    expect(terminal.said.join('\n')).toContain('risk:');
    expect(stdout).toContain('DONE, and seen on the NAS afterwards');
    expect(code).toBe(0);
  });

  it.each([
    ['a wrong password', ['truenas_admin', 'wrong']],
    ['a closed terminal', []],
  ])('changes nothing after %s', async (_what, typed) => {
    const { nas, env } = await simulated();
    const { code, stdout } = await shell(
      ['delete_dataset', DELETION, '--access', 'destroy'],
      env,
      person(typed),
    );
    expect(stdout).toMatch(/^NOT APPLIED: nobody approved it/);
    expect(code).toBe(1);
    expect(nas.calls().map(({ method }) => method)).not.toContain('pool.dataset.delete');
  });

  it('applies a plan that the person at the terminal wants, and asks once', async () => {
    const plan = JSON.stringify({ tool: 'update_dataset', arguments: JSON.parse(QUOTA) as unknown });
    const shown = await shell(['plan_change', plan, ...MANAGE], {}, person(['later']));
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('To apply it');
    const applied = await shell(['plan_change', plan, ...MANAGE], {}, person(['apply']));
    expect(applied.stdout).toContain('DONE, and seen on the NAS afterwards');
    expect(applied.code).toBe(0);
  });

  it('ends with 2 when a change was sent and nobody knows what became of it', async () => {
    const { nas, env } = await simulated();
    nas.control.next('pool.snapshot.create', { kind: 'drop-before' });
    const { username, password } = nas.person;
    const terminal = person([username, password, 'apply']);
    const settings = ['--access', 'operate', '--approval', 'always'];
    const { code, stdout } = await shell(['create_snapshot', SNAPSHOT, ...settings, '--json'], env, terminal);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'unknown' });
    expect(code).toBe(2);
  });
});
