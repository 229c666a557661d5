/** `user.set_password`: an administrator sets anybody's, others their own. */
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, secret, text } from '../schema/schema.ts';
import { refuse } from './common.ts';

interface Change {
  readonly username: string;
  readonly old_password: string | null;
  readonly new_password: string;
}

export const USER_PASSWORD_METHODS: readonly SimMethod[] = [
  {
    name: 'user.set_password',
    audited: 'Set account password',
    description: 'Gives a user a new password; who is no full administrator has to know the old one.',
    auth: 'login',
    params: [
      [
        'set_password_data',
        model('UserSetPasswordArgs', {
          username: text(),
          old_password: secret(text().nullable().default(null)),
          new_password: secret(text({ min: 1 })),
        }),
      ],
    ],
    run: setPassword,
  },
];

function setPassword({ accounts, session, now }: MethodContext, change: Change): null {
  const { username, old_password: old } = change;
  const { credential } = session;
  if (!session.isFullAdmin && credential?.user.username !== username) {
    const why = 'currently authenticated credential may not reset password for this user.';
    refuse(`${username}: ${why}`, ERRNO.EPERM);
  }
  const at = 'user.set_password';
  const problems = new ValidationErrors();
  const user = accounts.userByName(username);
  if (user === undefined) {
    throw problems.add(`${at}.username`, `${username}: user does not exist.`);
  }
  if (!session.isFullAdmin && credential?.type !== 'LOGIN_ONETIME_PASSWORD') {
    if (old === null) {
      const rule = 'FULL_ADMIN role is required in order to bypass check for current password.';
      problems.add(`${at}.old_password`, rule);
    } else if (old !== user.password) {
      problems.add(`${at}.old_password`, `${username}: failed to validate password.`);
    }
  }
  if (user.password_disabled) {
    problems.add(`${at}.username`, `${username}: password authentication disabled for user`);
  }
  if (user.locked) problems.add(`${at}.username`, `${username}: user account is locked.`);
  problems.check();
  user.password = change.new_password;
  user.lastPasswordChange = new Date(now());
  return null;
}
