/**
 * Whether somebody may read, write or pass, by the access list of a folder or of an SMB share. Pure, and with three answers:
 * an entry that cannot be read, or a group of which it is not known whether somebody is in it, gives `unknown` where it would
 * decide.
 */

export type Tri = 'yes' | 'no' | 'unknown';
/** As POSIX names them; of an NFSv4 list READ_DATA, WRITE_DATA and EXECUTE. */
export type Right = 'READ' | 'WRITE' | 'EXECUTE';

/** Somebody who wants in. */
export interface Who {
  /** Null where it could not be read. */
  readonly uid: number | null;
  readonly gids: readonly number[];
  /** Security identifiers of the user and of the groups. */
  readonly sids: readonly string[];
  /** False where more groups may be theirs than are known. */
  readonly isWhole: boolean;
}

/** An entry of the list of a folder. */
export interface PathEntry {
  /** `USER`, `group@`, `MASK` … */
  readonly tag: string;
  readonly id: number | null;
  /** Null where it could not be read. */
  readonly isDenial: boolean | null;
  readonly rights: ReadonlySet<Right> | null;
  /** For new things below only: it says nothing about the folder itself. */
  readonly isForNewOnly: boolean;
  /** `group family`, as safe text. */
  readonly who: string;
  /** `MODIFY`, as safe text. */
  readonly text: string;
}

/** A folder. */
export interface PathFacts {
  readonly path: string;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly kind: 'NFS4' | 'POSIX1E';
  readonly entries: readonly PathEntry[];
}

/** An entry of the list of an SMB share. */
export interface ShareEntryFacts {
  readonly sid: string | null;
  readonly account: { readonly kind: string; readonly id: number } | null;
  /** Null for one that is of an unknown kind. */
  readonly isDenial: boolean | null;
  readonly permission: string | null;
  readonly who: string;
}

/** An answer, and what decides it in a few words. */
export interface Permission {
  readonly answer: Tri;
  readonly by: string;
  /** A denial decides, which a further entry does not lift. */
  readonly isDenied?: boolean;
}

const BY_NOTHING = 'no entry lets them';

/** By the list of a folder. Root may do everything. */
export function permittedByPath(path: PathFacts, who: Who, right: Right): Permission {
  if (who.uid === 0) return { answer: 'yes', by: 'root' };
  return path.kind === 'NFS4' ? byNfs4(path, who, right) : byPosix(path, who, right);
}

/** The first entry that is about them and about this decides; one that may be does not, unless it says the same. */
function byNfs4(path: PathFacts, who: Who, right: Right): Permission {
  return firstDecides(
    path.entries
      .filter(({ isForNewOnly }) => !isForNewOnly)
      .map((entry) => ({
        isAbout: both(
          isAbout(path, entry, who),
          entry.rights === null ? 'unknown' : entry.rights.has(right) ? 'yes' : 'no',
        ),
        isDenial: entry.isDenial,
        text: `${entry.who} ${entry.text}`,
      })),
  );
}

interface Candidate {
  readonly isAbout: Tri;
  readonly isDenial: boolean | null;
  readonly text: string;
}

function firstDecides(candidates: readonly Candidate[]): Permission {
  const maybe: Tri[] = [];
  for (const { isAbout: about, isDenial, text } of candidates) {
    if (about === 'no') continue;
    const answer: Tri = isDenial === null ? 'unknown' : isDenial ? 'no' : 'yes';
    if (about === 'unknown' || answer === 'unknown') {
      maybe.push(answer);
      continue;
    }
    const isSure = maybe.every((each) => each === answer);
    if (!isSure) return { answer: 'unknown', by: 'an entry may be about them' };
    return { answer, by: text, ...(answer === 'no' ? { isDenied: true } : {}) };
  }
  return maybe.every((each) => each === 'no')
    ? { answer: 'no', by: BY_NOTHING }
    : { answer: 'unknown', by: 'an entry may be about them' };
}

function isAbout({ uid, gid }: PathFacts, { tag, id }: PathEntry, who: Who): Tri {
  if (tag === 'everyone@') return 'yes';
  if (tag === 'owner@' || tag === 'USER') return isUser(tag === 'USER' ? id : uid, who);
  if (tag === 'group@' || tag === 'GROUP') return isMember(tag === 'GROUP' ? id : gid, who);
  return 'unknown';
}

function isUser(id: number | null, { uid }: Who): Tri {
  if (id === null || uid === null) return 'unknown';
  return id === uid ? 'yes' : 'no';
}

function isMember(id: number | null, { gids, isWhole }: Who): Tri {
  if (id === null) return 'unknown';
  if (gids.includes(id)) return 'yes';
  return isWhole ? 'no' : 'unknown';
}

function both(a: Tri, b: Tri): Tri {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'unknown';
}

/** Owner, then named users, then all their groups together, then the others; the mask limits those between. */
function byPosix(path: PathFacts, who: Who, right: Right): Permission {
  const own = path.entries.filter(({ isForNewOnly }) => !isForNewOnly);
  const isOdd = own.some(
    ({ tag, rights, id }) => rights === null || !POSIX.has(tag) || (isNamed(tag) && id === null),
  );
  if (isOdd || own.length === 0) return { answer: 'unknown', by: 'the list is of an unknown form' };
  const mask = own.find(({ tag }) => tag === 'MASK');
  const allows = (entry: PathEntry, isMasked: boolean): boolean =>
    entry.rights?.has(right) === true &&
    (!isMasked || mask === undefined || mask.rights?.has(right) === true);
  const answerOf = (entry: PathEntry, isMasked: boolean): Permission => {
    const isAllowed = allows(entry, isMasked);
    const isCut = !isAllowed && entry.rights?.has(right) === true;
    return {
      answer: isAllowed ? 'yes' : 'no',
      by: `${entry.who} ${entry.text}${isCut ? ', cut by the mask' : ''}`,
    };
  };
  for (const [tag, isMasked] of [
    ['USER_OBJ', false],
    ['USER', true],
  ] as const) {
    for (const entry of own.filter((each) => each.tag === tag)) {
      const about = isUser(tag === 'USER' ? entry.id : path.uid, who);
      if (about === 'unknown') return { answer: 'unknown', by: 'whose folder it is, or who they are' };
      if (about === 'yes') return answerOf(entry, isMasked);
    }
  }
  const groups = own.filter(({ tag }) => tag === 'GROUP_OBJ' || tag === 'GROUP');
  const about = groups.map((entry) => ({
    entry,
    isTheirs: isMember(entry.tag === 'GROUP' ? entry.id : path.gid, who),
  }));
  const theirs = about.filter(({ isTheirs }) => isTheirs === 'yes').map(({ entry }) => entry);
  const granting = theirs.find((entry) => allows(entry, true));
  if (granting !== undefined) return answerOf(granting, true);
  const last = theirs[0] ?? own.find(({ tag }) => tag === 'OTHER');
  if (last === undefined) return { answer: 'unknown', by: 'the list is of an unknown form' };
  const otherwise = answerOf(last, last.tag !== 'OTHER');
  const open = about.filter(({ isTheirs }) => isTheirs === 'unknown');
  const isSame = open.every(({ entry }) => allows(entry, true) === (otherwise.answer === 'yes'));
  return isSame ? otherwise : { answer: 'unknown', by: 'they may be in a group of the list' };
}

const POSIX = new Set(['USER_OBJ', 'USER', 'GROUP_OBJ', 'GROUP', 'MASK', 'OTHER']);

function isNamed(tag: string): boolean {
  return tag === 'USER' || tag === 'GROUP';
}

const SHARE_RIGHTS: Readonly<Record<string, readonly Right[]>> = {
  FULL: ['READ', 'WRITE', 'EXECUTE'],
  CHANGE: ['READ', 'WRITE', 'EXECUTE'],
  READ: ['READ', 'EXECUTE'],
};

/** By the list of an SMB share. Denials are looked at first, as Windows and Samba keep them. */
export function permittedByShare(entries: readonly ShareEntryFacts[], who: Who, right: Right): Permission {
  const candidates = entries.map((entry): Candidate => {
    const rights = SHARE_RIGHTS[entry.permission ?? ''];
    return {
      isAbout: both(
        isAboutSid(entry, who),
        rights === undefined ? 'unknown' : rights.includes(right) ? 'yes' : 'no',
      ),
      isDenial: entry.isDenial,
      text: `${entry.who} ${entry.permission ?? '?'}${entry.isDenial === true ? ' DENIED' : ''}`,
    };
  });
  return firstDecides(
    candidates.toSorted((a, b) => Number(a.isDenial === false) - Number(b.isDenial === false)),
  );
}

/** Everyone, authenticated users, and who comes over the network. */
const EVERYBODY = new Set(['S-1-1-0', 'S-1-5-11', 'S-1-5-2']);
const UNIX_USER = /^S-1-22-1-(\d{1,10})$/u;
/** A group of Unix, and those of Windows that TrueNAS keeps under their own number. */
const UNIX_GROUP = /^(?:S-1-22-2-(\d{1,10})|S-1-5-32-(544|545|546))$/u;

function isAboutSid({ sid, account }: ShareEntryFacts, who: Who): Tri {
  if (sid !== null && EVERYBODY.has(sid)) return 'yes';
  if (sid !== null && who.sids.includes(sid)) return 'yes';
  if (account !== null) {
    if (account.kind === 'USER') return isUser(account.id, who);
    if (account.kind === 'GROUP') return isMember(account.id, who);
    return isUser(account.id, who) === 'yes' ? 'yes' : isMember(account.id, who);
  }
  if (sid === null) return 'unknown';
  const user = UNIX_USER.exec(sid)?.[1];
  if (user !== undefined) return isUser(Number(user), who);
  const group = UNIX_GROUP.exec(sid);
  if (group !== null) return isMember(Number(group[1] ?? group[2]), who);
  return who.isWhole && who.sids.length > 0 ? 'no' : 'unknown';
}

/** All of several must say yes. */
export function allOf(permissions: readonly Permission[]): Permission {
  const no = permissions.find(({ answer }) => answer === 'no');
  const unknown = permissions.find(({ answer }) => answer === 'unknown');
  return no ?? unknown ?? permissions.at(-1) ?? { answer: 'unknown', by: 'nothing is known' };
}

/** Whether they may read and write what is in a folder: it is only reached by who may pass it. */
export function rightsInside(own: PathFacts, who: Who): readonly [read: Permission, write: Permission] {
  const pass = permittedByPath(own, who, 'EXECUTE');
  return [
    allOf([pass, permittedByPath(own, who, 'READ')]),
    allOf([pass, permittedByPath(own, who, 'WRITE')]),
  ];
}
