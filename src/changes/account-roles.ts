/** Whether the account that is to make a change may make each of its calls, asked before anything is sent. */
import { catalogOf } from '../access/readable-client.ts';
import { rolesOf } from '../policy/risk/index.ts';
import type { Release } from '../truenas/releases.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import type { Change } from './change.ts';
import { findByName } from './readers.ts';

/** Roles for all calls, each group once; of a group any role will do. */
export function neededRoles({ calls }: Pick<Change, 'calls'>, release: Release): (readonly string[])[] {
  const groups = calls.map(({ method, grantedBy }) => grantedBy ?? rolesOf(method, release));
  return [...new Map(groups.map((group) => [JSON.stringify(group), group])).values()];
}

/**
 * Groups of roles that the account lacks. A NAS describes to an account exactly the methods that it may call, whatever the
 * release, so its word goes before what this program knows of roles.
 * @throws TrueNasError when the NAS cannot be asked
 */
export async function missingRoles(
  change: Pick<Change, 'calls'>,
  { read, account }: Pick<WriteSession, 'read' | 'account'>,
): Promise<(readonly string[])[]> {
  const release = await read.release();
  const methods = [...new Set(change.calls.map(({ method }) => method))];
  const missing: (readonly string[])[] = [];
  for (const method of methods) {
    const needed = rolesOf(method, release);
    const isHeld = [...needed, 'FULL_ADMIN'].some((role) => account.roles.includes(role));
    const isOffered = (await findByName(catalogOf(read), release, method)) !== undefined;
    if (isOffered && (isHeld || !IS_SERVICE.test(method))) continue;
    // An administrator to whom it is not offered lacks no role: the NAS lacks the method.
    if (!account.roles.includes('FULL_ADMIN')) missing.push(isHeld ? ['FULL_ADMIN'] : needed);
  }
  return [...new Map(missing.map((group) => [JSON.stringify(group), group])).values()];
}

/** A sharing role is offered these for its own service only; for others the job fails. */
const IS_SERVICE = /^service\./;
