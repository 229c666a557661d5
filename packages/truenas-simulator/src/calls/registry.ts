/** All simulated methods and events, by release. */
import type { SimEventDefinition } from '../session/events.ts';
import type { SimMethod } from './method.ts';
import { API_KEY_METHODS } from '../methods/api-key.ts';
import { AUTH_METHODS } from '../methods/auth.ts';
import { CORE_METHODS } from '../methods/core.ts';
import { GROUP_METHODS } from '../methods/group.ts';
import { NAS_EVENTS, NAS_METHODS } from '../methods/index.ts';
import { PRIVILEGE_METHODS } from '../methods/privilege.ts';
import { USER_METHODS } from '../methods/user.ts';
import { USER_PASSWORD_METHODS } from '../methods/user-password.ts';
import type { SimRelease } from '../releases.ts';

/** Every method of every release. */
export const ALL_METHODS: readonly SimMethod[] = [
  ...CORE_METHODS,
  ...AUTH_METHODS,
  ...API_KEY_METHODS,
  ...USER_METHODS,
  ...USER_PASSWORD_METHODS,
  ...GROUP_METHODS,
  ...PRIVILEGE_METHODS,
  ...NAS_METHODS,
];

/** Every event that does not follow from a query method. */
export const ALL_EVENTS: readonly SimEventDefinition[] = NAS_EVENTS;

/** The methods of one release by name. @throws when two entries claim the same name */
export function methodsOf(release: SimRelease): ReadonlyMap<string, SimMethod> {
  const methods = new Map<string, SimMethod>();
  for (const method of ALL_METHODS) {
    if (method.releases !== undefined && !method.releases.includes(release)) continue;
    if (methods.has(method.name)) throw new Error(`two methods are named ${method.name} in ${release}`);
    methods.set(method.name, method);
  }
  return methods;
}
