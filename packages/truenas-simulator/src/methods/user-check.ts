/** What a user must be to make sense. */
import type { UserRow } from '../auth/accounts.ts';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import type { UserChanges } from './user-fields.ts';
import { checkHome } from './user-home.ts';

/** Login shells, by path. */
export const SHELLS: Readonly<Record<string, string>> = {
  '/usr/bin/bash': 'bash',
  '/usr/bin/sh': 'sh',
  '/usr/bin/zsh': 'zsh',
  '/usr/sbin/nologin': 'nologin',
};

/** Complains of what a user cannot have; `old` is the row before an update. @throws ValidationErrors */
export function checkUser(
  context: MethodContext,
  at: string,
  changes: UserChanges,
  old: UserRow | null,
): void {
  const { accounts } = context;
  const problems = new ValidationErrors();
  const others = [...accounts.users.values()].filter((row) => row !== old);
  const { username, uid, group, groups, shell, password } = changes;
  if (username !== undefined && !/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/.test(username)) {
    problems.add(
      `${at}.username`,
      'Name does not start with a letter or holds characters that are not allowed.',
    );
  }
  if (others.some((row) => row.username === username)) {
    problems.add(`${at}.username`, `The username "${username ?? ''}" already exists.`, ERRNO.EEXIST);
  }
  if (typeof uid === 'number' && others.some((row) => row.uid === uid)) {
    problems.add(`${at}.uid`, `Uid ${uid} is already used.`, ERRNO.EEXIST);
  }
  if (typeof group === 'number' && !accounts.groups.has(group)) {
    problems.add(`${at}.group`, `Group ${group} not found`, ERRNO.ENOENT);
  }
  if (groups?.some((id) => !accounts.groups.has(id)) === true) {
    problems.add(`${at}.groups`, 'This attribute is invalid.');
  }
  if (shell !== undefined && !(shell in SHELLS)) problems.add(`${at}.shell`, 'Invalid shell');
  // Sent back as it is, a home is no news.
  if (changes.home !== old?.home) checkHome(context, at, changes, problems);
  if (old === null) {
    if (typeof group === 'number' && changes.group_create === true) {
      problems.add(`${at}.group`, 'Enter either a group name or create a new group to continue.');
    }
    if ((group === null || group === undefined) && changes.group_create !== true) {
      problems.add(`${at}.group`, 'Enter either a group name or create a new group to continue.');
    }
    const hasPassword = typeof password === 'string' || changes.random_password === true;
    if (!hasPassword && changes.password_disabled !== true) {
      problems.add(`${at}.password`, 'Password is required');
    }
  }
  problems.check();
}
