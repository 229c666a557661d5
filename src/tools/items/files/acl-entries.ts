/** Entries of access lists as people read them, NFSv4 and POSIX alike. */

interface Entry {
  readonly tag: string | null;
  readonly who: string | null;
  readonly id: number | null;
}

/** Tags that are a person or a group by themselves. */
const BY_ITSELF = new Map([
  ['owner@', 'owner'],
  ['group@', 'owning group'],
  ['everyone@', 'everyone'],
  ['USER_OBJ', 'owner'],
  ['GROUP_OBJ', 'owning group'],
  ['OTHER', 'everyone else'],
  ['MASK', 'mask'],
]);

/** `owner`, `user alice`, `group 3005`. */
export function entryWho({ tag, who, id }: Entry): string {
  const plain = BY_ITSELF.get(tag ?? '');
  if (plain !== undefined) return plain;
  return `${(tag ?? 'unknown').toLowerCase()} ${who ?? (id === null || id === -1 ? '?' : id)}`;
}

/** `MODIFY`, `DENY READ`, `READ WRITE`; null where it is not known. */
export function entryAccess(type: string | null, perms: Record<string, unknown> | null): string | null {
  if (perms === null) return null;
  const basic = perms['BASIC'];
  const named = typeof basic === 'string' ? basic : switchedOn(perms).join(' ') || 'nothing';
  return type === 'DENY' ? `DENY ${named}` : named;
}

/** What the entry is passed on to. POSIX has lists of their own for that. */
export function entryInherits(
  flags: Record<string, unknown> | null,
  isDefault: boolean | null,
): string | null {
  if (isDefault !== null) return isDefault ? 'default list for what is made inside' : 'no';
  if (flags === null) return null;
  const basic = flags['BASIC'];
  if (basic === 'INHERIT') return 'to files and directories';
  if (basic === 'NOINHERIT') return 'no';
  return switchedOn(flags).join(' ') || 'no';
}

function switchedOn(flags: Record<string, unknown>): string[] {
  return Object.keys(flags).filter((name) => flags[name] === true);
}
