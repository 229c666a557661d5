/** The roles that the calls of a change need, by method. The NAS alone decides; this names them before anything is sent. */
import { ROLES_BY_METHOD } from './roles-data.ts';

/**
 * Sets of roles of which any one suffices, the narrowest first; `FULL_ADMIN` suffices for every method. Methods that no
 * narrower role grants, and methods that nobody reviewed, need `FULL_ADMIN`.
 */
export function rolesOf(method: string): readonly (readonly string[])[] {
  const roles = Object.hasOwn(ROLES_BY_METHOD, method) ? ROLES_BY_METHOD[method] : undefined;
  return roles === undefined ? [['FULL_ADMIN']] : roles.map((role) => [role]);
}
