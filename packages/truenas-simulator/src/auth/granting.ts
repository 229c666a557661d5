/** Which roles let a caller use a method. */
import type { SimMethod } from '../calls/method.ts';
import type { SimRelease } from '../releases.ts';
import { rolesThatGrant } from './roles.ts';

const known = new Map<SimRelease, WeakMap<SimMethod, readonly string[]>>();

/** Every role that grants a method, without FULL_ADMIN, which grants all. */
export function grantingRoles(release: SimRelease, method: SimMethod): readonly string[] {
  let byMethod = known.get(release);
  if (byMethod === undefined) {
    byMethod = new WeakMap();
    known.set(release, byMethod);
  }
  let roles = byMethod.get(method);
  if (roles === undefined) {
    roles = rolesThatGrant(release, method.roles ?? []);
    byMethod.set(method, roles);
  }
  return roles;
}
