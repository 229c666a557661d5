/** Whether the account that is to make a change may make each of its calls, asked before anything is sent. */
import { catalogOf } from '../access/readable-client.ts';
import { problemText } from '../output/problem.ts';
import { ROLES_PLACE, withRoleNamed } from '../policy/role-advice.ts';
import { rolesOf } from '../policy/risk/index.ts';
import type { ReadClient } from '../truenas/client.ts';
import { isTrueNasError } from '../truenas/errors.ts';
import type { Release } from '../truenas/releases.ts';
import type { WriteSession } from '../truenas/write-session.ts';
import type { Change, PlannedCall } from './change.ts';
import { findByName } from './readers.ts';

/** Roles for all calls, each group once; of a group any role will do. */
export function neededRoles({ calls }: Pick<Change, 'calls'>, release: Release): (readonly string[])[] {
  const groups = calls.map((call) => rolesOfCall(call, release));
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
  const calls = new Map(change.calls.map((call) => [call.method, call]));
  const missing: (readonly string[])[] = [];
  for (const [method, call] of calls) {
    const needed = rolesOfCall(call, release);
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

/** The problem text of a call that failed; one for want of a role names it, as far as the release can be asked. */
export async function problemOfCall(error: unknown, call: PlannedCall, read: ReadClient): Promise<string> {
  if (!isTrueNasError(error) || !error.lacksRole) return problemText(error);
  const release = await read.release().catch(() => undefined);
  const roles = release === undefined ? call.grantedBy : rolesOfCall(call, release);
  return problemText(withRoleNamed(error, roles));
}

/** `the account anna lacks the role DISK_WRITE (…)`, for groups of roles of which any one suffices. */
export function missingRolesText(account: string, missing: readonly (readonly string[])[]): string {
  const named = missing.map((group) => group.slice(0, 2).join(' or ')).join(', ');
  return `the account ${account} lacks the role ${named}; a privilege of one of its groups can have it: ${ROLES_PLACE}`;
}

function rolesOfCall({ method, grantedBy }: PlannedCall, release: Release): readonly string[] {
  return grantedBy ?? rolesOf(method, release);
}
