/** The reasons of a risk say each thing once, and the gravest first. */
import { expect, it } from 'vitest';
import { judge } from '../../../src/policy/risk/index.ts';

const reasonsOf = (method: string, params: readonly unknown[], more: object = {}) => {
  const { risk, reasons } = judge([{ method, params, ...more }]);
  return { risk, reasons };
};

it('a new user signs in, which is not said again for each field that lets it', () => {
  const user = { username: 'anna', smb: true, locked: false, password_disabled: false, password: 'x' };
  expect(reasonsOf('user.create', [{ ...user, shell: '/usr/sbin/nologin' }])).toEqual({
    risk: 'exposes',
    reasons: ['a new user may sign in', 'whoever knows the new password signs in as the user'],
  });
  expect(reasonsOf('user.create', [{ ...user, shell: '/usr/bin/bash' }]).reasons).toContain(
    'the user may run programs on the NAS',
  );
});

it('for a user that is there each of these fields counts', () => {
  const before = { locked: true, password_disabled: true, smb: false, shell: '/usr/sbin/nologin' };
  for (const [field, value, reason] of [
    ['locked', false, 'the user may sign in again'],
    ['password_disabled', false, 'the user may sign in with a password'],
    ['smb', true, 'the user may sign in'],
    ['shell', '/usr/bin/bash', 'the user may run programs on the NAS'],
  ] as const)
    expect(reasonsOf('user.update', [1, { [field]: value }], { before })).toMatchObject({
      risk: 'exposes',
      reasons: expect.arrayContaining([reason]) as string[],
    });
});

it('what a harmless call does as such is left out beside what its arguments do, and stands alone otherwise', () => {
  const before = {
    quota: { parsed: 0, rawvalue: '0', value: null },
    sync: { value: 'STANDARD', rawvalue: 'standard' },
  };
  expect(reasonsOf('pool.dataset.update', ['tank/a', { sync: 'DISABLED' }], { before }).reasons).toEqual([
    'sync=disabled: writes that were acknowledged are lost when the power fails',
  ]);
  expect(reasonsOf('pool.dataset.update', ['tank/a', { comments: 'x' }], { before }).reasons).toEqual([
    'settings of a dataset change',
  ]);
});

it('a call that is grave as such says so beside what is graver', () => {
  const before = { direction: 'PUSH', transfer_mode: 'SYNC', pre_script: '', post_script: '' };
  const { risk, reasons } = reasonsOf('cloudsync.sync', [1], { before });
  expect(risk).toBe('destroys');
  expect(reasons.length).toBeGreaterThan(1);
  expect(reasons).toContain('data goes to, or comes from, another place');
});
