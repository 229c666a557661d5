/** Names the role in the refusal of a read for which the account of the key has none. */
import type { ReadClient } from '../truenas/client.ts';
import { isTrueNasError } from '../truenas/errors.ts';

/** The same client; a refusal says which role suffices and where it is added. */
export function namingRoles(client: ReadClient): ReadClient {
  return {
    ...client,
    call: (method, params, options) =>
      client.call(method, params, options).catch(async (error: unknown) => {
        if (!isTrueNasError(error) || !error.lacksRole) throw error;
        // Loaded with the first refusal: a key that may read what is asked for never needs it.
        const { withReadRoleNamed } = await import('../policy/role-advice.ts');
        throw withReadRoleNamed(error, method);
      }),
  };
}
