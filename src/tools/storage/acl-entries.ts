/** Access lists of files, in the short form that a tool takes (`group:staff MODIFY`), as `filesystem.setacl` wants them. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { accountId } from '../support/account-ids.ts';

/** An entry as the NAS has it. */
export type AclEntry = Readonly<Record<string, unknown>>;
/** Kinds of lists: of Windows and NFSv4, and of POSIX. */
export type AclKind = 'NFS4' | 'POSIX1E';

/** An entry that is to be sent, with what the short form of the NAS shows of it afterwards. */
export interface WantedEntry {
  readonly sent: AclEntry;
  readonly shown: AclEntry;
}

interface Asked {
  readonly tag: 'owner@' | 'group@' | 'everyone@' | 'USER' | 'GROUP';
  readonly id: number | null;
  readonly right: string;
  readonly isDenied: boolean;
  readonly isInherited: boolean;
}

const ENTRY =
  /^(?:(owner|group|everyone)@|(everyone)|(user|group):\s*(.+?))\s+(full(?:_control)?|modify|change|read|traverse)((?:\s+(?:deny|denied|allow|noinherit))*)$/iu;

/** @throws InputProblem for an entry that cannot be read, or that names nobody */
async function askedEntry(nas: ReadClient, line: string): Promise<Asked> {
  const match = ENTRY.exec(line.trim());
  if (match === null)
    throw new InputProblem(
      'entries',
      `has one that cannot be read: ${JSON.stringify(safeCell(line))}`,
      '"user:alice MODIFY", "group:staff READ", "everyone@ READ", also with DENY or NOINHERIT; rights are FULL_CONTROL, MODIFY, READ, TRAVERSE',
    );
  const [, special, everyone, kind, name = '', right = '', words = ''] = match;
  const rights = {
    right: RIGHTS.get(right.toLowerCase().slice(0, 4)) ?? 'READ',
    isDenied: /\bden/iu.test(words),
    isInherited: !/noinherit/iu.test(words),
  };
  if (special !== undefined || everyone !== undefined) {
    const tag = everyone === undefined ? `${special?.toLowerCase() ?? ''}@` : 'everyone@';
    return { ...rights, tag: tag as Asked['tag'], id: null };
  }
  const noun = kind?.toLowerCase() === 'user' ? 'user' : 'group';
  const { id } = await accountId(nas, 'entries', noun, name);
  return { ...rights, tag: noun === 'user' ? 'USER' : 'GROUP', id };
}

const RIGHTS = new Map([
  ['full', 'FULL_CONTROL'],
  ['modi', 'MODIFY'],
  ['chan', 'MODIFY'],
  ['read', 'READ'],
  ['trav', 'TRAVERSE'],
]);

/** A list as it is: in full, to be sent back, and in the short form, to be compared. */
export interface PresentAcl {
  readonly kind: AclKind;
  readonly full: readonly AclEntry[];
  readonly short: readonly AclEntry[];
}

/**
 * The list that is meant. Entries of owner, group and everybody stay unless they are named; those of other users and groups
 * stay only when `keepsOthers`.
 * @throws InputProblem for what cannot be read
 */
export async function wantedEntries(
  nas: ReadClient,
  lines: readonly string[],
  present: PresentAcl,
  { keepsOthers, isDirectory }: { readonly keepsOthers: boolean; readonly isDirectory: boolean },
): Promise<readonly WantedEntry[]> {
  const asked = await Promise.all(lines.map((line) => askedEntry(nas, line)));
  return present.kind === 'NFS4'
    ? nfs4List(asked, present, keepsOthers, isDirectory)
    : posixList(asked, present, keepsOthers, isDirectory);
}

function nfs4List(
  asked: readonly Asked[],
  { full, short }: PresentAcl,
  keepsOthers: boolean,
  isDirectory: boolean,
): readonly WantedEntry[] {
  const kept = full.flatMap((sent, index): WantedEntry[] => {
    const isNamed = sent['tag'] === 'USER' || sent['tag'] === 'GROUP';
    if (isNamed && !keepsOthers) return [];
    if (asked.some(({ tag, id }) => tag === sent['tag'] && (!isNamed || id === sent['id']))) return [];
    return [{ sent, shown: short[index] ?? {} }];
  });
  const added = asked.map(({ tag, id, right, isDenied, isInherited }): WantedEntry => {
    const entry = {
      tag,
      type: isDenied ? 'DENY' : 'ALLOW',
      perms: { BASIC: right },
      flags: { BASIC: isInherited && isDirectory ? 'INHERIT' : 'NOINHERIT' },
    };
    const named = { ...entry, ...(id === null ? {} : { id }) };
    return { sent: named, shown: named };
  });
  // The order in which the NAS keeps them: denials first, inherited ones last.
  return [...added, ...kept].toSorted((a, b) => rank(a.sent) - rank(b.sent));
}

function rank({ type, flags, tag }: AclEntry): number {
  const isInherited = Object(flags)['INHERITED'] === true;
  return (isInherited ? 4 : 0) + (type === 'DENY' ? 0 : 2) + (tag === 'everyone@' ? 1 : 0);
}

const POSIX_TAGS = { 'owner@': 'USER_OBJ', 'group@': 'GROUP_OBJ', 'everyone@': 'OTHER' } as const;
const POSIX_ORDER = ['USER_OBJ', 'USER', 'GROUP_OBJ', 'GROUP', 'MASK', 'OTHER'];

function posixList(
  asked: readonly Asked[],
  { full }: PresentAcl,
  keepsOthers: boolean,
  isDirectory: boolean,
): readonly WantedEntry[] {
  if (asked.some(({ isDenied }) => isDenied))
    throw new InputProblem('entries', 'cannot deny here: the dataset keeps POSIX lists');
  const wanted = asked.map(({ tag, id, right, isInherited }) => ({
    tag: tag in POSIX_TAGS ? POSIX_TAGS[tag as keyof typeof POSIX_TAGS] : tag,
    id: id ?? -1,
    perms: {
      READ: right !== 'TRAVERSE',
      WRITE: right === 'FULL_CONTROL' || right === 'MODIFY',
      EXECUTE: true,
    },
    isInherited,
  }));
  const part = (isDefault: boolean): AclEntry[] => {
    const own = full.filter((entry) => (entry['default'] === true) === isDefault);
    const news = wanted.filter(({ isInherited }) => !isDefault || isInherited);
    const bases = own.length > 0 ? own : full.filter((entry) => entry['default'] !== true);
    const old = bases.filter(({ tag, id }) => {
      const isNamed = tag === 'USER' || tag === 'GROUP';
      if (isNamed && (!keepsOthers || own.length === 0)) return false;
      return !news.some((each) => each.tag === tag && (!isNamed || each.id === id));
    });
    const list = [
      ...old.map((entry): AclEntry => ({ ...entry, default: isDefault })),
      ...news.map(({ tag, id, perms }): AclEntry => ({ tag, id, perms, default: isDefault })),
    ];
    return withMask(list, isDefault).toSorted(
      (a, b) => POSIX_ORDER.indexOf(String(a['tag'])) - POSIX_ORDER.indexOf(String(b['tag'])),
    );
  };
  const hasDefaults =
    full.some((entry) => entry['default'] === true) ||
    (isDirectory && wanted.some(({ isInherited }) => isInherited));
  return [...part(false), ...(hasDefaults ? part(true) : [])].map((entry) => ({ sent: entry, shown: entry }));
}

/** Where users or groups are named, the mask limits them: it grants what any of them has. */
function withMask(list: readonly AclEntry[], isDefault: boolean): AclEntry[] {
  const limited = list.filter(({ tag }) => ['USER', 'GROUP', 'GROUP_OBJ', 'MASK'].includes(String(tag)));
  if (!list.some(({ tag }) => tag === 'USER' || tag === 'GROUP')) return [...list];
  const grants = (name: string): boolean => limited.some(({ perms }) => Object(perms)[name] === true);
  const perms = { READ: grants('READ'), WRITE: grants('WRITE'), EXECUTE: grants('EXECUTE') };
  return [...list.filter(({ tag }) => tag !== 'MASK'), { tag: 'MASK', id: -1, perms, default: isDefault }];
}

/** The list as the NAS shows it in its short form afterwards, by paths; its own additions at the end are let be. */
export function aclAfter(entries: readonly WantedEntry[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    entries.flatMap(({ shown }, index) =>
      ['tag', 'type', 'perms', 'flags', 'default', 'id'].flatMap((name) => {
        const value = shown[name];
        const isMeant = value !== undefined && value !== null && !(name === 'id' && value === -1);
        return isMeant ? [[`acl.${index}.${name}`, value]] : [];
      }),
    ),
  );
}

/** An entry of a template: rights in full are shown in short where there is a short form, and are not compared. */
export function ofTemplate(entry: AclEntry): WantedEntry {
  const { who: _who, ...sent } = entry;
  const { perms, flags, ...shown } = sent;
  const isPosix = sent['default'] !== undefined;
  const isShort = (value: unknown): boolean => isPosix || Object(value)['BASIC'] !== undefined;
  return {
    sent,
    shown: { ...shown, ...(isShort(perms) ? { perms } : {}), ...(isShort(flags) ? { flags } : {}) },
  };
}

/** True for an entry that lets everybody in. */
export function letsEverybodyIn({ tag, type, perms }: AclEntry): boolean {
  const isEverybody = tag === 'everyone@' || tag === 'OTHER';
  return isEverybody && type !== 'DENY' && Object.values(Object(perms)).some((value) => value !== false);
}

/** `USER 3000 MODIFY`, `DENY GROUP 3000 READ_DATA, EXECUTE`, `default OTHER READ`. */
export function entryText({ tag, id, type, perms, default: isDefault }: AclEntry): string {
  const rights = Object.entries(Object(perms)).flatMap(([name, value]) =>
    name === 'BASIC' ? [String(value)] : value === true ? [name] : [],
  );
  const isNamed = tag === 'USER' || tag === 'GROUP';
  return [
    ...(isDefault === true ? ['default'] : []),
    ...(type === 'DENY' ? ['DENY'] : []),
    `${String(tag)}${isNamed ? ` ${String(id)}` : ''}`,
    rights.join(', ') || 'nothing',
  ].join(' ');
}
