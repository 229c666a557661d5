/** Which methods change something on the NAS, as far as their roles tell. */
import type { SimMethod } from './method.ts';

/** Methods that every signed-in user may call, and that change something all the same. */
const CHANGING_WITH_A_LOGIN: ReadonlySet<string> = new Set([
  ...['auth.generate_token', 'auth.set_attribute', 'core.bulk', 'core.job_abort'],
  ...['user.renew_2fa_secret', 'user.set_password'],
]);

/**
 * True for a method that no reading role grants. A method that only full administrators may call counts as changing: the
 * roles do not tell what it does.
 */
export function isMutating({ name, auth = 'role', roles = [] }: SimMethod): boolean {
  if (auth === 'none') return false;
  if (auth === 'login') return CHANGING_WITH_A_LOGIN.has(name);
  return !roles.some((role) => role === 'READONLY_ADMIN' || role.endsWith('_READ'));
}

/** Where there are no roles the last word of the name tells. */
const CHANGING_WORD =
  /\.(create|update|delete|run|dismiss|restore|upload|bulk|job_abort|job_test|generate_token|resize_shell)$/;

/** The same for a release without roles. */
export function isMutatingByName({ name }: SimMethod): boolean {
  return CHANGING_WORD.test(name);
}
