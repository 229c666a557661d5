/** A person approves in a terminal: signs in, sees the plan, applies or declines. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { approve } from '../../src/cli/approve.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { type ChangeNas, startChangeNas } from '../changes/support/change-nas.ts';

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** A person who types these answers, one after the other. */
function person(answers: readonly string[]): Terminal & { readonly said: string[] } {
  const left = [...answers];
  const said: string[] = [];
  const next = async () => left.shift() ?? '';
  return { said, say: (line) => void said.push(line), ask: next, askHidden: next, close: () => {} };
}

async function waitingChange() {
  const nas = await startChangeNas({ approval: 'always' });
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
