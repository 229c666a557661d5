/** The roles of the account against what the offered tools read with. */
import { createToolRegistry, type Granted, grantedTools } from '../../mcp/tool-registry.ts';
import { listedTools } from '../../mcp/tool-definitions.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { roleOf, takesWritingRole } from '../../policy/roles.ts';
import { TOOLSETS } from '../../tools/index.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import type { Account, ReadClient } from '../../truenas/index.ts';
import type { LegacyNas } from '../../truenas/legacy/dialect.ts';
import { readAccount } from '../../truenas/sign-in/account.ts';
import { type Check, finding, result } from './check.ts';

/** A tool that is offered, with the methods it reads with. */
export interface OfferedTool {
  readonly name: string;
  readonly uses: readonly string[];
  /** Of change tools: the methods that their plans may name. */
  readonly writes: readonly string[];
}

/** The tools that a server with these settings offers, those behind plan_change included. */
export async function offeredTools(granted: Granted): Promise<OfferedTool[]> {
  const registry = createToolRegistry(TOOLSETS, granted);
  const names = grantedTools(await listedTools(), granted).map(({ name }) => name);
  const tools = await Promise.all(
    names.map(async (name) => (await registry.find(name)) ?? (await registry.findChange(name))),
  );
  return tools.flatMap((tool) =>
    tool === undefined
      ? []
      : [{ name: tool.name, uses: methodsIn(tool, 'uses'), writes: methodsIn(tool, 'writes') }],
  );
}

function methodsIn(tool: object, part: 'uses' | 'writes'): readonly string[] {
  const methods: unknown = Reflect.get(tool, part);
  return Array.isArray(methods)
    ? methods.filter((method: unknown): method is string => typeof method === 'string')
    : [];
}

/** By role that the account lacks, the tools that read with it on this release. */
export async function missingRoles(
  tools: readonly OfferedTool[],
  roles: readonly string[],
  read: Pick<ReadClient, 'has'>,
): Promise<Map<string, string[]>> {
  const missing = new Map<string, string[]>();
  if (roles.includes('FULL_ADMIN')) return missing;
  for (const { name, uses } of tools) {
    for (const method of uses) {
      const role = roleOf(method);
      if (role === undefined || roles.includes(role) || takesWritingRole(method)) continue;
      if (!(await read.has(method))) continue;
      const losers = missing.get(role) ?? [];
      if (!losers.includes(name)) losers.push(name);
      missing.set(role, losers);
    }
  }
  return missing;
}

/** The account of a session; asked for where the sign-in did not tell. */
export async function accountOf(read: ReadClient, known: Account | undefined): Promise<Account | undefined> {
  if (known !== undefined) return known;
  try {
    return readAccount(await read.call('auth.me', [], { isBound: true, timeoutMs: 10_000 }));
  } catch (error) {
    if (isTrueNasError(error)) return undefined;
    throw error;
  }
}

const MOST_ROLES = 6;
const MOST_TOOLS = 4;

/** Whether the account's roles suffice. */
export function rolesCheck(
  account: Account | undefined,
  missing: ReadonlyMap<string, readonly string[]>,
  access: Granted['access'],
): Check {
  if (account === undefined)
    return result('roles', 'not-told', 'The NAS does not tell the roles of the account.');
  const whose = `The account ${safeCell(account.name)}`;
  if (account.roles.includes('FULL_ADMIN')) {
    const text = `${whose} is a full administrator: whoever gets at this key can do everything.`;
    const fix =
      'Reading needs no more than READONLY_ADMIN: make a user with that role, and a key for that user.';
    return finding('roles', 'warning', text, fix);
  }
  if (account.roles.length === 0)
    return finding('roles', 'failed', `${whose} has no role at all: every tool is refused.`, GIVE_ROLE);
  if (missing.size === 0) {
    const text = `${whose} may read all that the offered tools read${access === 'read' ? '' : '; a change shows at its approval whether the roles of its own sign-in suffice'}.`;
    return result('roles', 'ok', text);
  }
  const byCost = [...missing].toSorted(([, a], [, b]) => b.length - a.length);
  const shown = byCost.slice(0, MOST_ROLES).map(([role, tools]) => `${role} (${cost(tools)})`);
  const left = byCost.length - shown.length;
  const more = left > 0 ? ` and ${plural(left, 'more role')}` : '';
  const text = `${whose} lacks ${plural(byCost.length, 'role')}; without them tools answer in part, or not at all: ${shown.join(', ')}${more}.`;
  return finding('roles', 'failed', text, GIVE_ROLE);
}

/** The rights of a key of a release before 25.04, which belongs to no user. */
export function keyRightsCheck(legacy: LegacyNas): Check {
  if (legacy.product === 'SCALE')
    return result('roles', 'not-told', 'API keys of this release have an allow list instead of roles.');
  return finding(
    'roles',
    'warning',
    'Every API key of TrueNAS CORE is root: whoever gets at this key can do everything.',
    'Let only this computer reach the web interface of the NAS (firewall, a network of its own), and delete the key when it is not needed.',
  );
}

const GIVE_ROLE =
  'Give the user READONLY_ADMIN, or these roles (Credentials > Groups > Privileges); or leave such tools out with TRUENAS_TOOLSETS.';

function cost(tools: readonly string[]): string {
  const shown = tools.slice(0, MOST_TOOLS).join(', ');
  return tools.length > MOST_TOOLS ? `${shown} and ${tools.length - MOST_TOOLS} more` : shown;
}
