import { isOpen, isReadable } from '../../policy/classes.ts';
import { methodRefusal } from '../../policy/refusals.ts';
import { neededRoles } from '../../policy/roles.ts';
import type { ApiMethodSummary } from '../../truenas/catalog/index.ts';

/** What this server does with a method: it reads it, it leaves it to a person, or it never calls it. */
export type AccessWord = 'read' | 'changes' | 'denied';

/** The word for a method, as the api tools show it. */
export function accessWord(method: ApiMethodSummary): AccessWord {
  if (methodRefusal(method.name) !== undefined) return 'denied';
  return isReadable(method) ? 'read' : 'changes';
}

/** The TrueNAS role that grants a method; `any` where signing in is enough. */
export function roleText(method: ApiMethodSummary): string {
  return isOpen(method) ? 'any' : neededRoles(method.roles, 1).join(', ');
}
