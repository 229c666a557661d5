/** Roles and sudo commands in a few words. */

/** A full administrator holds every role, a reading one every role to read: the others say nothing then. */
export function widestRoles(roles: readonly string[] | null): string[] | null {
  if (roles === null) return null;
  const distinct = [...new Set(roles)];
  const widest = ['FULL_ADMIN', 'READONLY_ADMIN'].find((role) => roles.includes(role));
  if (widest === undefined) return distinct;
  return [widest, ...distinct.filter((role) => role !== widest && !isIncluded(role, widest))];
}

function isIncluded(role: string, widest: string): boolean {
  return widest === 'FULL_ADMIN' || role.endsWith('_READ');
}

/** `all`, `some`, each `without password` where so; null where it is not known. */
export function sudoOf(
  commands: readonly string[] | null,
  withoutPassword: readonly string[] | null,
): string | null {
  if (commands === null || withoutPassword === null) return null;
  const parts = [
    ...(withoutPassword.length > 0 ? [`${allOrSome(withoutPassword)} without password`] : []),
    ...(commands.length > 0 ? [allOrSome(commands)] : []),
  ];
  return parts.length === 0 ? 'no' : parts.join(', ');
}

function allOrSome(commands: readonly string[]): string {
  return commands.some((command) => command.trim().toUpperCase() === 'ALL') ? 'all' : 'some commands';
}
