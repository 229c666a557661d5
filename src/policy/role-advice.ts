/** The advice where a role is missing: which one suffices, and where an administrator adds it. */
import { TrueNasError } from '../truenas/errors.ts';
import { canonicalName } from '../truenas/renames.ts';
import { isForAdministratorsSomewhere, isKnownRead, roleOf } from './roles.ts';

/** The page of the web interface where the roles of a privilege are chosen, and the privilege is given to groups. */
export const ROLES_PLACE = 'Credentials > Groups > Privileges';

/**
 * The same error with the role that is missing in its advice; any other error as it is.
 * @param roles any one of which suffices, the narrowest first; undefined when nothing is known of the method
 */
export function withRoleNamed(
  error: TrueNasError,
  roles: readonly string[] | undefined,
  otherwise = '',
): TrueNasError {
  if (!error.lacksRole) return error;
  const { kind, summary, method, nasText, errname, errno, fields, lacksRole, cause } = error;
  const nextStep = `${roleAdvice(roles)}${otherwise}`;
  return new TrueNasError(kind, {
    summary,
    nextStep,
    ...{ method, nasText, errname, errno, fields, lacksRole, cause },
  });
}

/** The error of a read with the role that it takes; by canonical name or that of any release. */
export function withReadRoleNamed(error: TrueNasError, method: string): TrueNasError {
  const name = canonicalName(method);
  return withRoleNamed(error, readRoles(name), isForAdministratorsSomewhere(name) ? SOME_RELEASES : '');
}

function readRoles(name: string): readonly string[] | undefined {
  if (!isKnownRead(name)) return undefined;
  const role = roleOf(name);
  return role === undefined ? [] : [role];
}

/** A whole sentence or two. @param published as in {@link withRoleNamed}; none where signing in is known to be enough */
export function roleAdvice(published: readonly string[] | undefined): string {
  const roles = published?.filter((role) => ROLE_NAME.test(role));
  if (roles === undefined || (roles.length === 0 && published?.length !== 0))
    return `The role that grants it is not known; FULL_ADMIN grants everything (${ROLES_PLACE}).`;
  if (roles.length === 0)
    return 'No role is known to be needed for it: look whether the user of this API key is locked or was changed (Credentials > Users).';
  const named = roles.slice(0, MOST_NAMED).join(' or ');
  const only = roles[0] === 'FULL_ADMIN' ? ' (no narrower one grants it)' : '';
  return `Give a group of this user a privilege with the role ${named}${only}: ${ROLES_PLACE}. Or use another account.`;
}

const MOST_NAMED = 2;
/** A NAS may publish any text as a role. */
const ROLE_NAME = /^[A-Z][A-Z0-9_]{1,60}$/u;

const SOME_RELEASES = ' If that role is there already, this release grants it to FULL_ADMIN alone.';
