/** A person approves in a terminal: signs in, sees the plan, applies or declines. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { approve } from '../../src/cli/approve.ts';
import { type Terminal, TerminalClosed } from '../../src/cli/terminal.ts';
import { type ChangeNas, startChangeNas } from '../changes/support/change-nas.ts';

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** A person who types these answers, one after the other, and then nothing, or closes the terminal. */
function person(answers: readonly string[], then: 'nothing' | 'closes' = 'nothing') {
  const left = [...answers];
  const said: string[] = [];
  const hidden: string[] = [];
  const ask = async (): Promise<string> => {
    const answer = left.shift();
    if (answer === undefined && then === 'closes') throw new TerminalClosed();
    return answer ?? '';
  };
  const terminal: Terminal = {
    say: (line) => void said.push(line),
    ask,
    askHidden(question) {
      hidden.push(question);
      return ask();
    },
    close: () => {},
  };
  return { ...terminal, said, hidden };
}

async function waitingChange() {
  const nas = await startChangeNas({ approval: 'always', hasWriter: true });
  open.push(nas);
  const client = await nas.client();
  const answer = nas.call(client, 'create_snapshot', { dataset: 'tank/media', name: 'by-hand' });
  // A test that ends before the answer ends its client, too.
  answer.catch(() => {});
  await expect.poll(() => nas.openedUrls, { timeout: 15_000 }).toHaveLength(1);
  return { nas, answer, folder: join(nas.folder, 'sockets') };
}

it('the change is shown after the sign-in, and applied', async () => {
  const { nas, answer, folder } = await waitingChange();
  const { username, password } = nas.simulator.person;
  const terminal = person([username, password, 'apply']);
  expect(await approve(terminal, folder)).toBe(0);
  const signedInAt = terminal.said.findIndex((line) => line.startsWith('Sign in'));
  expect(terminal.said.slice(0, signedInAt).join('\n')).not.toContain('tank/media');
  expect(terminal.said.join('\n')).toContain('Take snapshot tank/media@by-hand');
  expect((await answer).text).toContain('DONE, and seen on the NAS afterwards');
});

it('anything but "apply" declines, and nothing is sent', async () => {
  const { nas, answer, folder } = await waitingChange();
  const { username, password } = nas.simulator.person;
  expect(await approve(person([username, password, 'yes']), folder)).toBe(1);
  expect((await answer).text).toContain('a person declined it');
  expect(nas.writes()).toEqual([]);
});

it('a wrong password shows nothing of the plan', async () => {
  const { nas, folder } = await waitingChange();
  const terminal = person([nas.simulator.person.username, 'wrong', 'apply']);
  expect(await approve(terminal, folder)).toBe(1);
  expect(terminal.said.join('\n')).not.toContain('tank/media');
  expect(nas.writes()).toEqual([]);
}, 20_000);

describe('a change that needs a secret', () => {
  /** The dataset is still to be unlocked, or the user to be made, when the person comes to the terminal. */
  async function waitingFor(tool: string, args: Record<string, unknown>) {
    const nas = await startChangeNas({ hasWriter: true });
    open.push(nas);
    const client = await nas.client();
    const plan = await nas.call(client, 'plan_change', { tool, arguments: args });
    const { plan: id, summary } = plan.data;
    const answer = nas.call(client, 'apply_change', { plan: String(id), summary: String(summary) });
    answer.catch(() => {});
    await expect.poll(() => nas.openedUrls, { timeout: 15_000 }).toHaveLength(1);
    const { username, password } = nas.simulator.person;
    const run = async (answers: readonly string[]) => {
      const terminal = person([username, password, ...answers]);
      const code = await approve(terminal, join(nas.folder, 'sockets'));
      return { code, terminal, text: terminal.said.join('\n') };
    };
    return { nas, answer, run };
  }

  it('the passphrase of a dataset is asked for hidden, reaches the NAS, and is said nowhere', async () => {
    const { nas, answer, run } = await waitingFor('unlock_dataset', { dataset: 'tank/vault' });
    const passphrase = nas.simulator.control.secretOf('tank/vault');
    const { code, terminal, text } = await run(['apply', passphrase]);
    expect(code).toBe(0);
    expect(terminal.hidden).toEqual([
      'Password, or an API key of this user: ',
      'passphrase of dataset tank/vault: ',
    ]);
    expect(text).toContain('secret: passphrase of dataset tank/vault: a person types it at the approval');
    expect(text).toContain('DONE, and seen on the NAS afterwards: Unlock dataset tank/vault');
    expect(JSON.stringify(nas.writes())).toContain(passphrase);
    expect(text + (await answer).text).not.toContain(passphrase);
  }, 20_000);

  it('a new password is asked for twice, and again when the two are not the same', async () => {
    const { nas, run } = await waitingFor('create_user', { username: 'maria', full_name: 'Maria' });
    const { code, text } = await run([
      'apply',
      'Correct-Horse-7',
      'Correct-Hose-7',
      'Correct-Horse-7',
      'Correct-Horse-7',
    ]);
    expect(text).toContain('The two are not the same.');
    expect(text).not.toContain('Correct-Ho');
    expect(code).toBe(0);
    const [created] = nas.writes();
    expect(created?.params[0]).toMatchObject({ username: 'maria', password: 'Correct-Horse-7' });
  }, 20_000);

  it('without the secret nothing is sent, and the change still waits for a person', async () => {
    const { nas, run } = await waitingFor('unlock_dataset', { dataset: 'tank/vault' });
    const { code, text } = await run(['apply', '', '', '']);
    expect(code).toBe(1);
    expect(text).toContain('Without the passphrase of dataset tank/vault it cannot be applied.');
    expect(nas.writes()).toEqual([]);
    expect((await run(['apply', nas.simulator.control.secretOf('tank/vault')])).code).toBe(0);
  }, 20_000);
});

it('a person who closes the terminal has not declined: nothing is sent, and the change still waits', async () => {
  const { nas, answer, folder } = await waitingChange();
  const { username, password } = nas.simulator.person;
  for (const typed of [[], [username], [username, password]]) {
    const terminal = person(typed, 'closes');
    expect(await approve(terminal, folder)).toBe(1);
    expect(terminal.said.at(-1)).toBe('Closed: nothing was changed, and the change still waits.');
  }
  expect(nas.writes()).toEqual([]);
  expect(await approve(person([username, password, 'apply']), folder)).toBe(0);
  expect((await answer).text).toContain('DONE, and seen on the NAS afterwards');
});

it('a change that cannot be applied is not counted as declined', async () => {
  const { nas, folder } = await waitingChange();
  const { username, password } = nas.simulator.person;
  const [plan] = nas.engine.plans();
  const writer = plan && (await nas.engine.writerFor(plan));
  await writer?.write.write('pool.snapshot.create', [{ dataset: 'tank/media', name: 'by-hand' }]);
  const { said, ...terminal } = person([username, password]);
  expect(await approve({ ...terminal }, folder)).toBe(1);
  expect(said.join('\n')).toContain('snapshot tank/media@by-hand has changed since this was planned.');
  expect(nas.engine.plans().map(({ phase }) => phase)).toEqual(['open']);
});

it('an API key is good as a sign-in too, for what its user may do', async () => {
  const { nas, folder } = await waitingChange();
  const { username, apiKey } = nas.simulator;
  const terminal = person([username, ` ${apiKey} `, 'apply']);
  expect(await approve(terminal, folder)).toBe(1);
  expect(terminal.said.join('\n')).toContain(
    'CANNOT BE APPLIED: your account lacks the role SNAPSHOT_WRITE. A privilege of one of its groups can have it: Credentials > Groups > Privileges.',
  );
});

it('without a waiting change it says so', async () => {
  const terminal = person([]);
  expect(await approve(terminal, '/nonexistent')).toBe(0);
  expect(terminal.said).toEqual(['No change waits for approval.']);
});

it.skipIf(process.platform === 'win32')(
  'no password is typed into a folder that others can reach',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sockets-'));
    try {
      await writeFile(join(folder, '1.sock'), '');
      await chmod(folder, 0o777);
      await expect(approve(person([]), folder)).rejects.toThrow('not a folder of this user alone');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

it('a change that was declined in the client is not asked again, but the person can still apply it here', async () => {
  const nas = await startChangeNas({ hasWriter: true });
  open.push(nas);
  const client = await nas.client('legacy', () => ({ action: 'decline' }));
  const args = { dataset: 'tank/media', comments: 'films' };
  await nas.call(client, 'update_dataset', args);
  const again = await nas.call(client, 'update_dataset', args);
  expect(again.text).toContain('declined this very change within the last hour');
  expect(nas.openedUrls).toEqual([]);
  const { username, password } = nas.simulator.person;
  const terminal = person([username, password, 'apply']);
  expect(await approve(terminal, join(nas.folder, 'sockets'))).toBe(0);
  expect(terminal.said.join('\n')).toContain('It was declined within the last hour.');
  expect(nas.writes()).toHaveLength(1);
  // The no of before is over: the client is asked again.
  const third = await nas.call(client, 'update_dataset', args);
  expect(third.text).toContain('Nothing was changed: declined');
});
