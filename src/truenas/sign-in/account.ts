/** Reads the `user_info` of a sign-in, which is the object of `auth.me`. */
import type { Account, WireValue } from '../client.ts';

/** The owner of the key; undefined where the NAS does not say. */
export function readAccount(info: WireValue | undefined): Account | undefined {
  const user = recordOf(info);
  if (typeof user?.pw_name !== 'string') return undefined;
  const roles = recordOf(user.privilege)?.roles;
  return {
    name: user.pw_name,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
  };
}

/** An object of the NAS; undefined for any other value. */
export function recordOf(value: WireValue | undefined): Record<string, WireValue> | undefined {
  const isRecord =
    value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
  return isRecord ? value : undefined;
}
