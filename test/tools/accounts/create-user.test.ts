/** `create_user`: no password passes a model, and nothing more is opened than was asked for. */
import { describe, expect, it } from 'vitest';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { planTextWith } from '../../changes/support/plan-and-apply.ts';

function start(release: '25.04' | '25.10' | '27.0' = '25.10'): Promise<ChangeNas> {
  return changeNas({ simulator: { release } });
}

describe('the plan', () => {
  it('holds a placeholder for the password, no shell, and needs an approval', async () => {
    const nas = await start();
    const text = await planTextWith(nas, 'create_user', { username: 'anna' });
    expect(text).toContain('risk: exposes');
    expect(text).toContain('"shell":"/usr/sbin/nologin"');
    expect(text).toContain('"random_password":false');
    expect(text).toContain('the password is typed at the approval');
    expect(nas.writes()).toEqual([]);
  });

  it('says that a group of the NAS itself may carry rights', async () => {
    const args = { username: 'anna', groups: ['builtin_administrators'] };
    expect(await planTextWith(await start(), 'create_user', args)).toContain('may carry rights to manage it');
  });

  it.each([
    [{ username: 'root' }, 'exists already'],
    [{ username: 'anna', groups: ['builtin_administrator'] }, 'did you mean "builtin_administrators"'],
  ])('refuses %j', async (args, text) => {
    expect(await planTextWith(await start(), 'create_user', args)).toContain(text);
  });
});
