/** How access lists look in the API, and how they are read from arguments. */
import * as z from 'zod';
import type { Accounts } from '../auth/account-store.ts';
import { model, text } from '../schema/schema.ts';
import {
  type Acl,
  NFS4_BASIC,
  NFS4_BASIC_FLAGS,
  NFS4_FLAGS,
  NFS4_PERMISSIONS,
  type Nfs4Ace,
  type PosixAce,
} from '../world/acl.ts';
import type { ApiRow } from './common.ts';

const flag = z.boolean();
const switches = (names: readonly string[]): z.ZodRawShape =>
  Object.fromEntries(names.map((name) => [name, flag.default(false)]));
const id = z.int().min(-1).max(2_147_483_647);
const whom = {
  id: id.nullable().default(null),
  who: text().nullable().default(null),
};

const nfs4 = model('NFS4ACE', {
  tag: z.enum(['owner@', 'group@', 'everyone@', 'USER', 'GROUP']),
  type: z.enum(['ALLOW', 'DENY']),
  perms: z.union([
    model('NFS4ACE_AdvancedPerms', switches(NFS4_PERMISSIONS)),
    model('NFS4ACE_BasicPerms', { BASIC: z.enum(['FULL_CONTROL', 'MODIFY', 'READ', 'TRAVERSE']) }),
  ]),
  flags: z.union([
    model('NFS4ACE_AdvancedFlags', switches(NFS4_FLAGS)),
    model('NFS4ACE_BasicFlags', { BASIC: z.enum(['INHERIT', 'NOINHERIT']) }),
  ]),
  ...whom,
});

const posix = model('POSIXACE', {
  tag: z.enum(['USER_OBJ', 'GROUP_OBJ', 'OTHER', 'MASK', 'USER', 'GROUP']),
  perms: model('POSIXACE_Perms', { READ: flag, WRITE: flag, EXECUTE: flag }),
  default: flag,
  ...whom,
});

/** `dacl` of `filesystem.setacl`. */
export const daclSchema = z.union([z.array(nfs4), z.array(posix)]);

/** A uid or gid of an argument; -1 leaves it. */
export const ownerId = id.nullable();

type Entry = Readonly<Record<string, unknown>> & { readonly tag: string };

/** Reads a list; null for names that nobody has. Names count before ids. */
export function readAcl(accounts: Accounts, entries: readonly Entry[]): Acl | null {
  const ids = entries.map((entry) => idOf(accounts, entry));
  if (ids.includes(null)) return null;
  if (entries.some((entry) => 'type' in entry)) {
    return { kind: 'NFS4', entries: entries.map((entry, index) => readNfs4(entry, ids[index] ?? -1)) };
  }
  return { kind: 'POSIX1E', entries: entries.map((entry, index) => readPosix(entry, ids[index] ?? -1)) };
}

/** The entries as `filesystem.getacl` answers them; NFSv4 ones in short form where there is one. */
export function showAcl(
  acl: Acl,
  isShort: boolean,
  nameOf: ((tag: string, id: number) => string | null) | null,
): ApiRow[] {
  const who = (tag: string, entryId: number): ApiRow =>
    nameOf === null ? {} : { who: nameOf(tag, entryId) };
  if (acl.kind === 'POSIX1E') {
    return acl.entries.map(({ tag, bits, isDefault, id: entryId }) => ({
      default: isDefault,
      tag,
      id: entryId,
      perms: { READ: (bits & 4) !== 0, WRITE: (bits & 2) !== 0, EXECUTE: (bits & 1) !== 0 },
      ...who(tag, entryId),
    }));
  }
  return acl.entries.map(({ tag, type, permissions, flags, id: entryId }) => ({
    tag,
    id: entryId,
    type,
    perms: shortened(permissions, NFS4_BASIC, NFS4_PERMISSIONS, isShort),
    flags: shortened(flags, NFS4_BASIC_FLAGS, NFS4_FLAGS, isShort),
    ...who(tag, entryId),
  }));
}

function shortened<Name extends string>(
  held: ReadonlySet<Name>,
  basic: ReadonlyMap<string, ReadonlySet<Name>>,
  all: readonly Name[],
  isShort: boolean,
): ApiRow {
  for (const [name, names] of isShort ? basic : []) {
    if (names.size === held.size && [...names].every((each) => held.has(each))) return { BASIC: name };
  }
  return Object.fromEntries(all.map((name) => [name, held.has(name)]));
}

function readNfs4(entry: Entry, entryId: number): Nfs4Ace {
  return {
    tag: entry.tag as Nfs4Ace['tag'],
    type: entry.type === 'DENY' ? 'DENY' : 'ALLOW',
    permissions: lengthened(entry.perms as ApiRow, NFS4_BASIC, NFS4_PERMISSIONS),
    flags: lengthened(entry.flags as ApiRow, NFS4_BASIC_FLAGS, NFS4_FLAGS),
    id: entryId,
  };
}

function lengthened<Name extends string>(
  given: ApiRow,
  basic: ReadonlyMap<string, ReadonlySet<Name>>,
  all: readonly Name[],
): ReadonlySet<Name> {
  if (typeof given.BASIC === 'string') return basic.get(given.BASIC) ?? new Set();
  return new Set(all.filter((name) => given[name] === true));
}

function readPosix(entry: Entry, entryId: number): PosixAce {
  const { READ, WRITE, EXECUTE } = entry.perms as Readonly<Record<string, boolean>>;
  const bits = (READ === true ? 4 : 0) | (WRITE === true ? 2 : 0) | (EXECUTE === true ? 1 : 0);
  return { tag: entry.tag as PosixAce['tag'], bits, isDefault: entry.default === true, id: entryId };
}

function idOf({ userByName, groups }: Accounts, { tag, id: given, who }: Entry): number | null {
  if (tag !== 'USER' && tag !== 'GROUP') return -1;
  if (typeof who === 'string' && who !== '') {
    const found =
      tag === 'USER' ? userByName(who)?.uid : [...groups.values()].find(({ name }) => name === who)?.gid;
    return found ?? null;
  }
  return typeof given === 'number' ? given : null;
}
