/** Who may set whose password, and that it counts from then on. */
import { beforeAll, expect, it } from 'vitest';
import { finishedJob } from '../support/jobs.ts';
import { type RawConnection, withSimulator } from '../support/simulator.ts';

const nas = withSimulator();
const DEFAULT = 'simulated-password';

async function signedIn(username: string, password: string): Promise<RawConnection | null> {
  const connection = await nas.connect({ isSignedIn: false });
  const data = { mechanism: 'PASSWORD_PLAIN', username, password };
  const { response_type: answer } = await connection.call('auth.login_ex', [data]);
  return answer === 'SUCCESS' ? connection : null;
}

beforeAll(async () => {
  const admin = await nas.connect();
  const alice = await admin.call('user.query', [[['username', '=', 'alice']], { get: true }]);
  await admin.call('privilege.create', [
    { name: 'readers', local_groups: [alice.group.bsdgrp_gid], roles: ['READONLY_ADMIN'], web_shell: false },
  ]);
});

it('an administrator sets a password without knowing the old one', async () => {
  const admin = await nas.connect();
  expect(await admin.call('user.set_password', [{ username: 'alice', new_password: 'second' }])).toBeNull();
  expect(await signedIn('alice', DEFAULT)).toBeNull();
  expect(await signedIn('alice', 'second')).not.toBeNull();
  const missing = { username: 'ghost', new_password: 'x' };
  await expect(admin.call('user.set_password', [missing])).rejects.toMatchObject({
    data: { extra: [['user.set_password.username', 'ghost: user does not exist.', 22]] },
  });
  const locked = { username: 'bob', new_password: 'x' };
  await expect(admin.call('user.set_password', [locked])).rejects.toMatchObject({
    data: { extra: [['user.set_password.username', 'bob: user account is locked.', 22]] },
  });
});

it('others set only their own, and have to know it', async () => {
  const alice = await signedIn('alice', 'second');
  const set = (change: Record<string, unknown>): Promise<unknown> | undefined =>
    alice?.call('user.set_password', [{ username: 'alice', new_password: 'third', ...change }]);
  await expect(set({ username: 'truenas_admin' })).rejects.toMatchObject({ data: { errname: 'EPERM' } });
  await expect(set({})).rejects.toMatchObject({ code: -32602 });
  await expect(set({ old_password: 'wrong' })).rejects.toMatchObject({
    data: { extra: [['user.set_password.old_password', 'alice: failed to validate password.', 22]] },
  });
  await set({ old_password: 'second' });
  expect(await signedIn('alice', 'third')).not.toBeNull();
});

it('a cron job that is switched off is run only on demand', async () => {
  const admin = await nas.connect();
  await admin.call('cronjob.update', [1, { enabled: false }]);
  const skipped = await finishedJob(admin, await admin.call('cronjob.run', [1, true]));
  expect(skipped.error).toBe('[EINVAL] Cron job is disabled');
  expect(await finishedJob(admin, await admin.call('cronjob.run', [1]))).toMatchObject({ state: 'SUCCESS' });
});
