/** Whether one person may read and write by each way to a folder, and what decides it. */
import type { AccessFacts, Person, Way } from './access-facts.ts';
import {
  allOf,
  type Permission,
  permittedByPath,
  permittedByShare,
  rightsInside,
  type Tri,
} from './permitted.ts';

/** Whether somebody may read and write by one way, and why. */
export interface WayAnswer {
  /** `SMB media`, or `the folder itself`. */
  readonly way: string;
  readonly read: Permission;
  readonly write: Permission;
}

/** Whether the person may read and write, by each way; the folder itself for programs on the NAS. */
export function answersOf(facts: AccessFacts): WayAnswer[] {
  const { person, ways } = facts;
  if (person === undefined) return [];
  return [
    ...ways.map((way) => wayAnswer(facts, way, person)),
    { way: 'the folder itself (apps, shell)', ...placeAnswer(facts, person) },
  ];
}

function wayAnswer(facts: AccessFacts, way: Way, person: Person): WayAnswer {
  const place = placeAnswer(facts, way.kind === 'nfs' ? way.asPerson : person);
  const open = allOf([
    flag(way.isEnabled, 'the share is on', 'the share is switched off', 'whether the share is on'),
    way.service.state === null
      ? { answer: 'unknown', by: `state of ${way.service.name}` }
      : flag(way.service.state === 'RUNNING', 'the service runs', `${way.service.name} does not run`, ''),
    ...(way.kind === 'smb' ? smbSignIn(facts, person) : []),
  ]);
  const byShare = (right: 'READ' | 'WRITE'): Permission[] =>
    way.kind === 'nfs'
      ? []
      : way.entries === undefined
        ? [{ answer: 'unknown', by: 'the list of the share' }]
        : [prefixed('share', permittedByShare(way.entries, person.who, right))];
  const writable = flag(
    opposite(way.isReadonly),
    '',
    'the share is read-only',
    'whether the share is read-only',
  );
  return {
    way: way.label,
    read: allOf([open, ...byShare('READ'), place.read]),
    write: allOf([open, writable, ...byShare('WRITE'), place.write]),
  };
}

function smbSignIn({ above }: AccessFacts, person: Person): Permission[] {
  return [
    flag(
      opposite(person.isLocked ?? (person.isLocked === undefined ? false : null)),
      '',
      'the account is locked',
      'whether the account is locked',
    ),
    flag(
      person.isSmb ?? (person.isSmb === undefined ? false : null),
      '',
      'no SMB account',
      'whether it is an SMB account',
    ),
    ...above.map(
      (each): Permission =>
        each === undefined
          ? { answer: 'unknown', by: 'a folder above' }
          : prefixed(each.path, permittedByPath(each, person.who, 'EXECUTE')),
    ),
  ];
}

function placeAnswer(
  { own, isLocked, isReadonly }: AccessFacts,
  person: Person | undefined,
): Omit<WayAnswer, 'way'> {
  const unlocked = flag(opposite(isLocked), '', 'the dataset is locked', 'whether the dataset is locked');
  const writable = flag(
    opposite(isReadonly),
    '',
    'the dataset is read-only',
    'whether the dataset is read-only',
  );
  if (own === undefined || person === undefined) {
    const unknown: Permission = {
      answer: 'unknown',
      by: own === undefined ? 'permissions of the folder' : 'who they are there',
    };
    return { read: allOf([unlocked, unknown]), write: allOf([unlocked, writable, unknown]) };
  }
  const [read, write] = rightsInside(own, person.who).map((each) => prefixed('folder', each));
  const none: Permission = { answer: 'unknown', by: '' };
  return { read: allOf([unlocked, read ?? none]), write: allOf([unlocked, writable, write ?? none]) };
}

function prefixed(what: string, permission: Permission): Permission {
  return { ...permission, by: `${what}: ${permission.by}` };
}

function opposite(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function flag(value: boolean | null, yes: string, no: string, unknown: string): Permission {
  const answer: Tri = value === null ? 'unknown' : value ? 'yes' : 'no';
  return { answer, by: { yes, no, unknown }[answer] };
}
