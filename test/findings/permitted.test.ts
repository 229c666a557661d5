/** Who is let in by which entry: NFSv4 and POSIX lists of folders, lists of SMB shares. */
import { describe, expect, test } from 'vitest';
import {
  type PathEntry,
  type PathFacts,
  permittedByPath,
  permittedByShare,
  type Right,
  type ShareEntryFacts,
  type Who,
} from '../../src/findings/permitted.ts';

const ALICE: Who = { uid: 3000, gids: [3000, 545], sids: ['S-1-5-21-1-2-3-3000'], isWhole: true };
const HALF_KNOWN: Who = { ...ALICE, gids: [3000], isWhole: false };
const RIGHTS: Readonly<Record<string, Right>> = { r: 'READ', w: 'WRITE', x: 'EXECUTE' };

/** `USER 3000 rw`, `DENY GROUP 5 w`, `default USER 1 r`, `?USER 1 r` for one whose rights are not known. */
function entry(text: string): PathEntry {
  const words = text.split(' ');
  const isDenial = words[0] === 'DENY';
  const isForNewOnly = words[0] === 'default';
  const [tag = '', ...rest] = isDenial || isForNewOnly ? words.slice(1) : words;
  const [id, letters] = rest.length > 1 ? [Number(rest[0]), rest[1] ?? ''] : [-1, rest[0] ?? ''];
  const rights = letters === '?' ? null : new Set(letters.split('').flatMap((each) => RIGHTS[each] ?? []));
  return { tag, id, isDenial, isForNewOnly, rights, who: tag, text: letters };
}

const folder = (kind: PathFacts['kind'], ...entries: readonly string[]): PathFacts => ({
  ...{ path: '/mnt/tank/media', uid: 10, gid: 20, kind },
  entries: entries.map(entry),
});

const answer = (path: PathFacts, who: Who, right: Right) => permittedByPath(path, who, right).answer;

describe('an NFSv4 list', () => {
  test.each([
    ['an entry for the user', ['USER 3000 rw'], ALICE, 'WRITE', 'yes'],
    ['an entry for a group of theirs', ['GROUP 545 rw'], ALICE, 'WRITE', 'yes'],
    ['nobody names them', ['USER 3001 rw'], ALICE, 'WRITE', 'no'],
    ['a denial before what allows', ['DENY GROUP 545 w', 'USER 3000 rw'], ALICE, 'WRITE', 'no'],
    ['a denial after what allows', ['USER 3000 rw', 'DENY everyone@ rw'], ALICE, 'WRITE', 'yes'],
    ['a denial of another right', ['DENY GROUP 545 w', 'USER 3000 rw'], ALICE, 'READ', 'yes'],
    ['an entry for new things only', ['default USER 3000 rw'], ALICE, 'WRITE', 'no'],
    ['the owner of another', ['owner@ rw'], ALICE, 'WRITE', 'no'],
    ['rights that are not known, of them', ['USER 3000 ?'], ALICE, 'WRITE', 'unknown'],
    ['rights that are not known, of another', ['USER 3001 ?', 'everyone@ r'], ALICE, 'READ', 'yes'],
    ['a group they may be in', ['GROUP 99 rw'], HALF_KNOWN, 'WRITE', 'unknown'],
    [
      'a denial of a group they may be in',
      ['DENY GROUP 99 w', 'everyone@ rw'],
      HALF_KNOWN,
      'WRITE',
      'unknown',
    ],
    ['a group they may be in, and everybody', ['GROUP 99 rw', 'everyone@ rw'], HALF_KNOWN, 'WRITE', 'yes'],
    ['root', [], { ...ALICE, uid: 0 }, 'WRITE', 'yes'],
    ['an unknown user among named ones', ['USER 3000 rw'], { ...ALICE, uid: null }, 'WRITE', 'unknown'],
  ] as const)('%s', (_, entries, who, right, expected) => {
    expect(answer(folder('NFS4', ...entries), who, right)).toBe(expected);
  });

  test('a denial that decides is told from nobody naming them', () => {
    const denied = permittedByPath(folder('NFS4', 'DENY USER 3000 w'), ALICE, 'WRITE');
    const unnamed = permittedByPath(folder('NFS4', 'USER 1 w'), ALICE, 'WRITE');
    expect([denied.isDenied, unnamed.isDenied]).toEqual([true, undefined]);
  });
});

describe('a POSIX list', () => {
  test.each([
    ['others', ['USER_OBJ rwx', 'GROUP_OBJ rx', 'OTHER rx'], ALICE, 'WRITE', 'no'],
    [
      'a named user',
      ['USER_OBJ rwx', 'USER 3000 rw', 'GROUP_OBJ r', 'MASK rwx', 'OTHER r'],
      ALICE,
      'WRITE',
      'yes',
    ],
    [
      'the mask cuts a named user',
      ['USER_OBJ rwx', 'USER 3000 rw', 'GROUP_OBJ r', 'MASK r', 'OTHER rw'],
      ALICE,
      'WRITE',
      'no',
    ],
    [
      'the mask does not cut others',
      ['USER_OBJ rwx', 'GROUP_OBJ r', 'MASK r', 'OTHER rw'],
      ALICE,
      'WRITE',
      'yes',
    ],
    [
      'a named user before a group that allows',
      ['USER_OBJ rwx', 'USER 3000 r', 'GROUP 545 rw', 'GROUP_OBJ r', 'MASK rwx', 'OTHER r'],
      ALICE,
      'WRITE',
      'no',
    ],
    [
      'any group that allows',
      ['USER_OBJ rwx', 'GROUP 545 r', 'GROUP 3000 rw', 'GROUP_OBJ r', 'MASK rwx', 'OTHER -'],
      ALICE,
      'WRITE',
      'yes',
    ],
    [
      'a group of theirs before others',
      ['USER_OBJ rwx', 'GROUP_OBJ r', 'GROUP 545 r', 'MASK rwx', 'OTHER rw'],
      ALICE,
      'WRITE',
      'no',
    ],
    [
      'a default entry',
      ['USER_OBJ rwx', 'default USER 3000 rwx', 'GROUP_OBJ r', 'OTHER r'],
      ALICE,
      'WRITE',
      'no',
    ],
    [
      'a group they may be in',
      ['USER_OBJ rwx', 'GROUP_OBJ r', 'GROUP 99 rw', 'MASK rwx', 'OTHER r'],
      HALF_KNOWN,
      'WRITE',
      'unknown',
    ],
    [
      'a group they may be in, as others have it',
      ['USER_OBJ rwx', 'GROUP_OBJ r', 'GROUP 99 r', 'MASK rwx', 'OTHER r'],
      HALF_KNOWN,
      'READ',
      'yes',
    ],
    ['an unknown entry', ['USER_OBJ rwx', 'WHAT rwx', 'OTHER r'], ALICE, 'READ', 'unknown'],
    ['no entry at all', [], ALICE, 'READ', 'unknown'],
  ] as const)('%s', (_, entries, who, right, expected) => {
    expect(answer(folder('POSIX1E', ...entries), who, right)).toBe(expected);
  });
});

const EVERYONE: ShareEntryFacts = {
  ...{ sid: 'S-1-1-0', account: null, isDenial: false, permission: 'FULL', who: 'everyone' },
};

describe('the list of an SMB share', () => {
  const user = (id: number, permission: string, isDenial = false): ShareEntryFacts => ({
    ...{ sid: null, account: { kind: 'USER', id }, isDenial, permission, who: `user ${id}` },
  });
  const bySid = (sid: string, permission: string): ShareEntryFacts => ({
    ...{ sid, account: null, isDenial: false, permission, who: sid },
  });
  test.each([
    ['everybody', [EVERYONE], 'yes'],
    ['to read only', [user(3000, 'READ')], 'no'],
    ['a denial wherever it stands', [EVERYONE, user(3000, 'FULL', true)], 'no'],
    ['a denial of another', [user(1, 'FULL', true), EVERYONE], 'yes'],
    ['a security identifier of theirs', [bySid('S-1-5-21-1-2-3-3000', 'CHANGE')], 'yes'],
    ['the built-in users', [bySid('S-1-5-32-545', 'CHANGE')], 'yes'],
    ['the built-in administrators', [bySid('S-1-5-32-544', 'FULL')], 'no'],
    ['rights of an unknown kind', [user(3000, 'CUSTOM')], 'unknown'],
    ['an empty list', [], 'no'],
  ] as const)('%s', (_, entries, expected) => {
    expect(permittedByShare(entries, ALICE, 'WRITE').answer).toBe(expected);
  });
});
