/** Who gets in to a folder by which way, and what keeps somebody out. */
import type { Finding, FindingKind } from './finding.ts';
import {
  type PathFacts,
  type Permission,
  permittedByPath,
  permittedByShare,
  rightsInside,
  type ShareEntryFacts,
  type Who,
} from './permitted.ts';

/** Whom the question is about. */
export interface Person {
  /** Safe text. */
  readonly label: string;
  /** As a tool takes it: a name, or a number. */
  readonly argument: string;
  readonly who: Who;
  /** Undefined where it is no account of the NAS, null where the NAS does not say. */
  readonly isSmb: boolean | null | undefined;
  readonly isLocked: boolean | null | undefined;
}

/** A share that leads to the folder. */
export interface Way {
  readonly kind: 'smb' | 'nfs';
  /** `SMB media`, as safe text. */
  readonly label: string;
  /** As `update_share` takes it. */
  readonly argument: string;
  readonly isEnabled: boolean | null;
  readonly isReadonly: boolean | null;
  readonly service: { readonly name: string; readonly state: string | null };
  /** SMB: its list; undefined where it could not be read. Always undefined for NFS. */
  readonly entries: readonly ShareEntryFacts[] | undefined;
  /** NFS: who the person is there, after maproot and mapall; undefined where it is not known. */
  readonly asPerson?: Person | undefined;
}

/** A folder, and the ways to it. */
export interface AccessFacts {
  /** As the NAS has it. */
  readonly path: string;
  readonly dataset: string | undefined;
  readonly isLocked: boolean | null;
  readonly isReadonly: boolean | null;
  /** Folders above it, from the pool down; one that could not be read is undefined. */
  readonly above: readonly (PathFacts | undefined)[];
  readonly own: PathFacts | undefined;
  readonly ways: readonly Way[];
  readonly person: Person | undefined;
}

const kind = (id: string, what: string, means: string, more: Partial<FindingKind>): FindingKind => ({
  id: `access.${id}`,
  level: 'WARNING',
  what,
  means,
  certainty: 'sure',
  ...more,
});

const LOCKED = kind('locked', 'dataset locked', 'Until it is unlocked nobody reaches what is in it.', {
  repairedBy: 'unlock_dataset',
});
const STOPPED = kind(
  'service_stopped',
  'service not running',
  'The share is set up, and nobody can connect.',
  {
    repairedBy: 'control_service',
  },
);
const DISABLED = kind('share_disabled', 'share switched off', 'The share exists, and is not offered.', {
  repairedBy: 'update_share',
});
const READ_ONLY = kind(
  'read_only',
  'share is read-only',
  'Nobody may write through it, whatever the lists say.',
  {
    repairedBy: 'update_share',
  },
);
const DATASET_READ_ONLY = kind(
  'dataset_read_only',
  'dataset is read-only',
  'Nobody may write in it by any way; copies by replication are so on purpose.',
  { repairedBy: 'update_dataset' },
);
const BY_SHARE = kind(
  'denied_by_share',
  'kept out by the list of the share',
  'The list of the share limits what the folder would allow.',
  {
    repairedBy: 'update_share',
  },
);
const BY_PATH = kind(
  'denied_by_path',
  'kept out by the permissions of the folder',
  'Owner, group and entries of the folder do not let them.',
  {
    repairedBy: 'set_permissions',
  },
);
const NO_TRAVERSE = kind(
  'no_traverse',
  'cannot pass a folder above',
  'Who may not pass a folder above does not get to those below over SMB.',
  {
    repairedBy: 'set_permissions',
  },
);
const ACCOUNT_LOCKED = kind('account_locked', 'account locked', 'A locked user cannot sign in.', {
  seeAlso: 'Credentials > Users',
});
const NO_SMB = kind('no_smb_account', 'no SMB account', 'Only users with SMB access sign in to SMB shares.', {
  seeAlso: 'Credentials > Users',
});

/** Every kind of finding here. */
export const ACCESS_KINDS: readonly FindingKind[] = [
  ...[LOCKED, STOPPED, DISABLED, READ_ONLY, DATASET_READ_ONLY],
  ...[BY_SHARE, BY_PATH, NO_TRAVERSE, ACCOUNT_LOCKED, NO_SMB],
];

/** What keeps everybody out, and what the person who is asked about. */
export function judgeAccess(facts: AccessFacts): Finding[] {
  return [...troubleOfPlace(facts), ...facts.ways.flatMap(troubleOfWay(facts)), ...troubleOfPerson(facts)];
}

function troubleOfPlace({ isLocked, isReadonly, dataset, person }: AccessFacts): Finding[] {
  const about = dataset ?? 'the dataset';
  return [
    ...(isLocked === true
      ? [{ kind: LOCKED, about, ...(dataset === undefined ? {} : { arguments: { dataset } }) }]
      : []),
    ...(isReadonly === true && person !== undefined
      ? [
          {
            kind: DATASET_READ_ONLY,
            about,
            ...(dataset === undefined ? {} : { arguments: { dataset, readonly: 'off' } }),
          },
        ]
      : []),
  ];
}

function troubleOfWay({ person }: AccessFacts) {
  return ({ label, argument, kind: shareKind, isEnabled, isReadonly, service, entries }: Way): Finding[] => {
    const share = { share: argument, kind: shareKind };
    const isStopped = service.state !== null && service.state !== 'RUNNING' && isEnabled !== false;
    return [
      ...(isStopped
        ? [
            {
              kind: STOPPED,
              about: label,
              evidence: `${service.name} ${service.state}`,
              arguments: { service: service.name, action: 'start' },
            },
          ]
        : []),
      ...(isEnabled === false
        ? [{ kind: DISABLED, about: label, arguments: { ...share, enabled: true } }]
        : []),
      ...(isReadonly === true && person !== undefined
        ? [{ kind: READ_ONLY, about: label, arguments: { ...share, readonly: false } }]
        : []),
      ...(shareKind === 'smb' && entries !== undefined && person !== undefined
        ? deniedByShare(label, argument, entries, person)
        : []),
    ];
  };
}

function deniedByShare(
  label: string,
  argument: string,
  entries: readonly ShareEntryFacts[],
  person: Person,
): Finding[] {
  const read = permittedByShare(entries, person.who, 'READ');
  const write = permittedByShare(entries, person.who, 'WRITE');
  if (read.answer !== 'no' && write.answer !== 'no') return [];
  const access = listWith(entries, person);
  return [
    {
      kind: BY_SHARE,
      about: `${person.label} on ${label}`,
      evidence: `${whatIsDenied(read, write)}: ${(read.answer === 'no' ? read : write).by}`,
      ...(access === undefined || person.isSmb !== true
        ? {}
        : { arguments: { share: argument, kind: 'smb', options: { access } } }),
    },
  ];
}

/** The list with the person on it; undefined where an entry has no short form, or a group of theirs is denied. */
function listWith(entries: readonly ShareEntryFacts[], person: Person): string[] | undefined {
  const kept = entries.filter(({ account }) => !(account?.kind === 'USER' && account.id === person.who.uid));
  const texts = kept.map(entryText);
  const isStillDenied = permittedByShare(kept, person.who, 'WRITE').isDenied === true;
  if (isStillDenied || texts.includes(undefined)) return undefined;
  return [...texts.flatMap((each) => each ?? []), `user:${person.argument} CHANGE`];
}

function entryText({ sid, account, permission, isDenial }: ShareEntryFacts): string | undefined {
  if (permission === null || permission === 'CUSTOM' || isDenial === null) return undefined;
  const who =
    sid === 'S-1-1-0'
      ? 'everyone'
      : account === null || account.kind === 'BOTH'
        ? undefined
        : `${account.kind.toLowerCase()}:${account.id}`;
  return who === undefined ? undefined : `${who} ${permission}${isDenial ? ' DENIED' : ''}`;
}

function whatIsDenied(read: Permission, write: Permission): string {
  if (read.answer === 'no' && write.answer === 'no') return 'neither read nor write';
  return read.answer === 'no' ? 'no read' : 'no write';
}

function troubleOfPerson(facts: AccessFacts): Finding[] {
  const { person, ways, isLocked } = facts;
  if (person === undefined) return [];
  const smb = ways.find((way) => way.kind === 'smb');
  const account: Finding[] = [
    ...(person.isLocked === true ? [{ kind: ACCOUNT_LOCKED, about: person.label }] : []),
    ...(smb !== undefined && person.isSmb === false
      ? [{ kind: NO_SMB, about: person.label, evidence: smb.label }]
      : []),
  ];
  if (isLocked === true) return account;
  // By one way root or a mapped user stands for them.
  const people = ways.length === 0 || smb !== undefined ? [person] : [];
  const mapped = ways.flatMap(({ asPerson }) => asPerson ?? []);
  const all = [...new Map([...people, ...mapped].map((each) => [each.label, each])).values()];
  const blocked = smb === undefined ? [] : blockedAbove(facts, person);
  return [...account, ...blocked, ...all.flatMap((each) => deniedByPath(facts, each, blocked.length > 0))];
}

function blockedAbove({ above }: AccessFacts, person: Person): Finding[] {
  const folder = above.find(
    (each) => each !== undefined && permittedByPath(each, person.who, 'EXECUTE').answer === 'no',
  );
  if (folder === undefined) return [];
  const { by, isDenied } = permittedByPath(folder, person.who, 'EXECUTE');
  const isRepairable = folder.path.split('/').length > 3 && isDenied !== true;
  return [
    {
      kind: NO_TRAVERSE,
      about: `${person.label} at ${folder.path}`,
      evidence: by,
      ...(isRepairable
        ? {
            arguments: {
              path: folder.path,
              entries: [`user:${person.argument} TRAVERSE NOINHERIT`],
              keep: true,
            },
          }
        : {}),
    },
  ];
}

function deniedByPath({ own, isReadonly }: AccessFacts, person: Person, isBlocked: boolean): Finding[] {
  if (own === undefined) return [];
  const [read, write] = rightsInside(own, person.who);
  if (read.answer !== 'no' && write.answer !== 'no') return [];
  // The list of a pool's root is kept by the NAS, and that of a read-only dataset cannot be changed.
  const isRepairable = own.path.split('/').length > 3 && isReadonly === false && !isBlocked;
  const isDenied = read.isDenied === true || write.isDenied === true;
  return [
    {
      kind: BY_PATH,
      about: `${person.label} at ${own.path}`,
      evidence: `${whatIsDenied(read, write)}: ${(read.answer === 'no' ? read : write).by}`,
      ...(isRepairable && !isDenied
        ? { arguments: { path: own.path, entries: [`user:${person.argument} MODIFY`], keep: true } }
        : {}),
    },
  ];
}
