/** Judges the ways into a folder: what keeps everybody out, and what one person. */
import type { AccessFacts, Person, Way } from './access-facts.ts';
import {
  ACCOUNT_LOCKED,
  BY_PATH,
  BY_SHARE,
  DATASET_READ_ONLY,
  DISABLED,
  LOCKED,
  NO_SMB,
  NO_TRAVERSE,
  READ_ONLY,
  STOPPED,
} from './access-kinds.ts';
import type { Finding } from './finding.ts';
import {
  type Permission,
  permittedByPath,
  permittedByShare,
  rightsInside,
  type ShareEntryFacts,
} from './permitted.ts';

/** Findings on the place, on each way to it, and on the person. */
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
  // Over NFS root or a mapped user may stand for them.
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
  // The NAS refuses to change the list of a pool's root, and that of a read-only dataset.
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
