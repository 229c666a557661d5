/** The roles that the calls of a change need, by method and release. The NAS alone decides; this names them before anything is sent. */
import { isAtLeast, type Release } from '../../truenas/releases.ts';
import { canonicalName } from '../../truenas/renames.ts';
import { FULL_ADMIN_BEFORE, ROLES_BY_METHOD } from './roles-data.ts';

/**
 * Roles of which any one suffices, the narrowest first; `FULL_ADMIN` suffices for every method. Methods that no narrower
 * role grants on this release, and methods that nobody reviewed, need `FULL_ADMIN`.
 */
export function rolesOf(given: string, release: Release): readonly string[] {
  const method = canonicalName(given);
  const isForAdministrators = FULL_ADMIN_BEFORE.some(
    ({ since, methods }) => !isAtLeast(release, since) && methods.includes(method),
  );
  const roles = Object.hasOwn(ROLES_BY_METHOD, method) ? ROLES_BY_METHOD[method] : undefined;
  return isForAdministrators || roles === undefined ? ['FULL_ADMIN'] : roles;
}
