import { classify, isReadable } from '../../policy/classes.ts';
import { denialFor } from '../../policy/denials.ts';
import { neededLevel } from '../../policy/needed-level.ts';
import { neededRoles } from '../../policy/roles.ts';
import type { ApiMethodSummary } from '../../truenas/catalog/index.ts';

/** `read`, the level it would take, or `denied`; as the api tools show it. */
export function accessWord(method: ApiMethodSummary): 'read' | 'operate' | 'manage' | 'destroy' | 'denied' {
  const denied = denialFor(method.name);
  // A query that is only denied without "select" is still a read.
  if (denied?.isWholeMethod === true) return 'denied';
  return isReadable(method) ? 'read' : neededLevel(method.name);
}

/** The TrueNAS role to ask for; `any` where signing in is enough. */
export function roleText(method: ApiMethodSummary): string {
  if (classify(method) === 'unknown' && isReadable(method)) return 'any';
  return neededRoles(method.roles, 1).join(', ');
}
