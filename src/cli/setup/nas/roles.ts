/** The roles of the least-privilege user: those that the offered tools read with on this release, and no more. */
import { leastRisk, rolesOf } from '../../../policy/risk/index.ts';
import { rolesFor, takesWritingRole } from '../../../policy/roles.ts';
import type { Granted } from '../../../mcp/tool-registry.ts';
import type { ReadClient } from '../../../truenas/index.ts';
import { offeredTools } from '../../doctor/roles.ts';
import { ROLE, rowsOf } from './rows.ts';

/** What a privilege should grant. */
export interface NeededRoles {
  readonly roles: readonly string[];
  /** What the tools cannot read with them, when fewer were asked for. */
  readonly without: readonly string[];
}

/** Includes every role that reads; a few methods that many tools use need it whole. */
const WIDEST = 'READONLY_ADMIN';

/**
 * Computes the roles from the tools.
 * @param isNarrow leaves out READONLY_ADMIN, although some methods of the tools need it.
 */
export async function rolesToRead(
  read: ReadClient,
  granted: Granted,
  isNarrow: boolean,
): Promise<NeededRoles> {
  const offered = await offeredTools(granted);
  const named = [...new Set(offered.flatMap(({ uses }) => uses))].filter((each) => !takesWritingRole(each));
  const here = await Promise.all(named.map(async (method) => ((await read.has(method)) ? [method] : [])));
  const methods = here.flat();
  const known = await knownRoles(read);
  const without = isNarrow ? methods.filter((method) => rolesFor([method]).includes(WIDEST)).sort() : [];
  const wanted = rolesFor(methods).filter((role) => known.has(role) && !(isNarrow && role === WIDEST));
  return { roles: withoutIncluded(wanted, known), without };
}

/** Levels at which a change may need no approval. */
const BELOW_DESTROY: Granted['access'] = 'manage';

/**
 * The roles for a key that changes: those of all methods of the granted change tools that may pass without approval, besides
 * the roles to read. A method for full administrators only is left to a person's sign-in.
 */
export async function rolesToWrite(
  read: ReadClient,
  granted: Granted,
  reading: readonly string[],
): Promise<readonly string[]> {
  const access = granted.access === 'destroy' ? BELOW_DESTROY : granted.access;
  const offered = await offeredTools({ ...granted, access });
  const named = [...new Set(offered.flatMap(({ writes }) => writes))];
  const slight = named.filter((method) => ['reversible', 'configuration'].includes(leastRisk(method)));
  const here = await Promise.all(slight.map(async (method) => ((await read.has(method)) ? [method] : [])));
  const release = await read.release();
  const known = await knownRoles(read);
  const roles = here
    .flat()
    .flatMap((method) => rolesOf(method, release).slice(0, 1))
    .filter((role) => role !== 'FULL_ADMIN' && known.has(role));
  return withoutIncluded([...new Set([...reading, ...roles])], known);
}

/** The roles of this release, with what each includes. */
export async function knownRoles(read: ReadClient): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await rowsOf(read, 'privilege.roles', ROLE);
  return new Map(rows.map(({ name, includes }) => [name, includes]));
}

/** These roles and all that they include. */
export function withIncluded(
  roles: readonly string[],
  known: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  return new Set(roles.flatMap((role) => [role, ...within(role, known)]));
}

/** Roles that another one of the list does not include already. */
export function withoutIncluded(
  roles: readonly string[],
  known: ReadonlyMap<string, readonly string[]>,
): string[] {
  const included = new Set(roles.flatMap((role) => [...within(role, known)]));
  return roles.filter((role) => !included.has(role)).sort();
}

/** All that a role includes, itself left out. */
function within(role: string, known: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const queue = [...(known.get(role) ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(known.get(next) ?? []));
  }
  return found;
}
