/** Owner and access list of a folder, parsed to be judged and to be shown. */
import type { PathEntry, PathFacts, Right } from '../../findings/permitted.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { gapText, readPart } from '../support/part.ts';
import { field, isObject, rawRowsOf, rowsOf } from '../support/rows.ts';
import type { AccessRow } from './share-ways.ts';

/** What was read of one folder. */
export interface FolderRead {
  readonly path: string;
  readonly facts?: PathFacts;
  readonly owner?: string;
  readonly gap?: string;
  /** The NAS says that there is no such path; then `gap` is there too. */
  readonly isMissing?: true;
}

const ACL = {
  acltype: field.rawText,
  uid: field.number,
  gid: field.number,
  user: field.text,
  group: field.text,
  acl: field.unknown,
};

/** Owner and list of one folder; of a dataset without lists, the three bits of its mode. */
export async function folderOf(nas: ReadClient, path: string): Promise<FolderRead> {
  const part = await readPart(nas, async (limited) => {
    const answer = await limited.call('filesystem.getacl', [path, true, true]).catch(notThere);
    if (answer === NOT_THERE) return NOT_THERE;
    const [row] = rowsOf([answer], ACL);
    if (row === undefined) return undefined;
    if (row.acltype !== 'DISABLED') return { row, mode: null };
    const [stat] = rowsOf([await limited.call('filesystem.stat', [path])], { mode: field.number });
    return { row, mode: stat?.mode ?? null };
  });
  const shown = safeCell(path, 200);
  if (!('value' in part)) return { path: shown, gap: `permissions of ${shown} ${gapText(part)}` };
  if (part.value === NOT_THERE)
    return { path: shown, gap: `permissions of ${shown} could not be read (no such path)`, isMissing: true };
  const { row, mode } = part.value ?? { row: undefined, mode: null };
  if (row === undefined) return { path: shown, gap: `permissions of ${shown}` };
  const { acltype, uid, gid } = row;
  const owner = `${row.user ?? numbered('uid', uid)}:${row.group ?? numbered('gid', gid)}`;
  const list =
    acltype === 'DISABLED' ? ofMode(mode) : Array.isArray(row.acl) ? rawRowsOf(row.acl) : undefined;
  const kind =
    acltype === 'NFS4' ? 'NFS4' : acltype === 'POSIX1E' || acltype === 'DISABLED' ? 'POSIX1E' : undefined;
  if (list === undefined || kind === undefined)
    return { path: shown, owner, gap: `permissions of ${shown} could not be read (of an unknown form)` };
  const names = {
    user: row.user ?? numbered('uid', uid),
    group: row.group ?? numbered('gid', gid),
  };
  const entries = list.map((entry) => entryOf(entry, kind, names));
  const isOdd =
    uid === null ||
    gid === null ||
    entries.some(({ rights, isDenial, tag }) => rights === null || isDenial === null || !TAGS.has(tag));
  return {
    path: shown,
    owner,
    facts: { path: shown, uid, gid, kind, entries },
    ...(isOdd ? { gap: `owner or entries of ${shown}` } : {}),
  };
}

const NOT_THERE = 'no such path';

function notThere(error: unknown): typeof NOT_THERE {
  if (isTrueNasError(error, 'not-found')) return NOT_THERE;
  throw error;
}

/** Number 0 is root, also where the NAS names nobody. */
function numbered(kind: string, id: number | null): string {
  if (id === 0) return 'root';
  return id === null ? 'UNKNOWN' : `${kind} ${id}`;
}

function ofMode(mode: number | null): Record<string, unknown>[] | undefined {
  if (mode === null) return undefined;
  return ['USER_OBJ', 'GROUP_OBJ', 'OTHER'].map((tag, index) => {
    const bits = (mode >> (6 - 3 * index)) & 7;
    return {
      tag,
      id: -1,
      default: false,
      perms: { READ: (bits & 4) > 0, WRITE: (bits & 2) > 0, EXECUTE: (bits & 1) > 0 },
    };
  });
}

const TAGS = new Set([
  ...['owner@', 'group@', 'everyone@', 'USER', 'GROUP'],
  ...['USER_OBJ', 'GROUP_OBJ', 'OTHER', 'MASK'],
]);

const BASIC: Readonly<Record<string, readonly Right[]>> = {
  FULL_CONTROL: ['READ', 'WRITE', 'EXECUTE'],
  MODIFY: ['READ', 'WRITE', 'EXECUTE'],
  READ: ['READ', 'EXECUTE'],
  TRAVERSE: ['EXECUTE'],
};

function entryOf(
  raw: Readonly<Record<string, unknown>>,
  kind: PathFacts['kind'],
  owner: { readonly user: string; readonly group: string },
): PathEntry {
  const tag = field.text(raw['tag']) ?? 'UNKNOWN';
  const id = field.number(raw['id']);
  const rights = rightsOf(raw['perms'], kind);
  const isNfs4 = kind === 'NFS4';
  const flags = field.record(raw['flags']);
  const type = raw['type'];
  const isDenial = isNfs4 ? (type === 'DENY' ? true : type === 'ALLOW' ? false : null) : false;
  const name = field.text(raw['who']) ?? (id === null ? 'UNKNOWN' : String(id));
  return {
    tag,
    id,
    isDenial,
    rights,
    isForNewOnly: isNfs4 ? flags?.['INHERIT_ONLY'] === true : raw['default'] === true,
    who: whoText(tag, safeCell(name, 60), owner),
    text: `${isDenial === true ? 'DENIED ' : isDenial === null ? 'UNKNOWN ' : ''}${rightsText(raw['perms'], rights)}`,
  };
}

function whoText(
  tag: string,
  name: string,
  owner: { readonly user: string; readonly group: string },
): string {
  if (tag === 'owner@' || tag === 'USER_OBJ') return `owner ${safeCell(owner.user, 60)}`;
  if (tag === 'group@' || tag === 'GROUP_OBJ') return `group ${safeCell(owner.group, 60)}`;
  if (tag === 'everyone@') return 'everyone';
  if (tag === 'OTHER') return 'all others';
  if (tag === 'MASK') return 'mask (limits users and groups)';
  return tag === 'USER' ? `user ${name}` : tag === 'GROUP' ? `group ${name}` : 'UNKNOWN';
}

/** Null where a switch is none: it may be the one that decides. */
function rightsOf(perms: unknown, kind: PathFacts['kind']): ReadonlySet<Right> | null {
  if (!isObject(perms)) return null;
  const basic = perms['BASIC'];
  if (basic !== undefined) {
    const rights = typeof basic === 'string' ? BASIC[basic] : undefined;
    return rights === undefined ? null : new Set(rights);
  }
  const names: Readonly<Record<Right, string>> =
    kind === 'NFS4'
      ? { READ: 'READ_DATA', WRITE: 'WRITE_DATA', EXECUTE: 'EXECUTE' }
      : { READ: 'READ', WRITE: 'WRITE', EXECUTE: 'EXECUTE' };
  const all = (['READ', 'WRITE', 'EXECUTE'] as const).map((right) => [right, perms[names[right]]] as const);
  if (all.some(([, value]) => typeof value !== 'boolean')) return null;
  return new Set(all.filter(([, value]) => value === true).map(([right]) => right));
}

function rightsText(perms: unknown, rights: ReadonlySet<Right> | null): string {
  const basic = isObject(perms) ? field.text(perms['BASIC']) : null;
  if (rights === null) return 'UNKNOWN';
  if (basic !== null) return safeCell(basic, 30);
  const text = [...rights]
    .map((right) => ({ READ: 'read', WRITE: 'write', EXECUTE: 'pass' })[right])
    .join(', ');
  return text === '' ? 'nothing' : text;
}

/** A row for each entry. */
export function folderRows({ path, facts }: FolderRead): AccessRow[] {
  const way = 'folder';
  if (facts === undefined) return [{ way, part: path, who: 'UNKNOWN', may: 'UNKNOWN' }];
  return facts.entries.map((entry) => ({
    way,
    part: entry.isForNewOnly ? 'for new ones' : 'entry',
    who: entry.who,
    may: entry.text,
  }));
}

/** Folders above that do not let everybody pass. */
export function aboveRows(above: readonly FolderRead[]): AccessRow[] {
  return above.flatMap(({ path, facts, owner }) => {
    if (facts === undefined)
      return [{ way: 'folder', part: `above: ${path}`, who: 'UNKNOWN', may: 'UNKNOWN' }];
    const open = facts.entries.some(
      ({ tag, rights, isDenial, isForNewOnly }) =>
        (tag === 'OTHER' || tag === 'everyone@') &&
        !isForNewOnly &&
        isDenial === false &&
        rights?.has('EXECUTE') === true,
    );
    return open
      ? []
      : [
          {
            way: 'folder',
            part: `above: ${path}`,
            who: 'not everybody',
            may: `pass (owner ${safeCell(owner ?? '-', 60)})`,
          },
        ];
  });
}
