/** Who somebody is on the NAS: number, groups and security identifiers. */
import type { Person } from '../../findings/access-facts.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { field, type RowOf, rowsOf } from '../support/rows.ts';

/** Methods that {@link personOf} reads with. */
export const PERSON_USES = ['user.query', 'group.query'] as const;

const USER = {
  uid: field.number,
  username: field.rawText,
  group: field.object({ bsdgrp_gid: field.number }),
  groups: field.numbers,
  smb: field.flag,
  locked: field.flag,
  sid: sidOf,
};
type UserRow = RowOf<typeof USER>;
const GROUP = { id: field.number, gid: field.number, group: field.text, sid: sidOf };

/** Null for an account that has none; undefined where the NAS does not say. */
function sidOf(value: unknown): string | null | undefined {
  return value === null ? null : (field.rawText(value) ?? undefined);
}

/** A person, and what could not be read of them. */
export interface PersonRead {
  readonly person: Person;
  readonly gaps: readonly string[];
}

/**
 * Reads an account by name (any case) or number. A number that is no account is one all the same: containers have such users.
 * @throws InputProblem for a name that is none
 */
export async function personOf(nas: ReadClient, argument: string, named: string): Promise<PersonRead> {
  const wanted = named.trim().replace(/^uid[ =:]*/iu, '');
  const number = /^\d{1,10}$/u.test(wanted) ? Number(wanted) : undefined;
  const part = await readPart(nas, (limited) => readUser(limited, wanted, number));
  if ('gap' in part) return unread(wanted, number, `user ${safeCell(wanted, 60)} ${gapText(part)}`);
  const row = part.value;
  if (row === undefined) {
    if (number === undefined) throw await unknownUser(nas, argument, wanted);
    return stranger(number);
  }
  return known(nas, row, wanted);
}

async function readUser(
  nas: ReadClient,
  wanted: string,
  number: number | undefined,
): Promise<UserRow | undefined> {
  const filter =
    number === undefined
      ? (['username', 'in', [...new Set([wanted, wanted.toLowerCase()])]] as const)
      : (['uid', '=', number] as const);
  const rows = rowsOf(
    await nas.call('user.query', query({ filters: [filter], select: Object.keys(USER), limit: 10 })),
    USER,
  );
  return rows.find(({ username }) => username === wanted) ?? rows[0];
}

async function known(nas: ReadClient, row: UserRow, wanted: string): Promise<PersonRead> {
  const label = safeCell(row.username ?? wanted, 60);
  const groups = await readPart(nas, async (limited) => {
    const ids = row.groups ?? [];
    const gid = row.group?.bsdgrp_gid ?? null;
    const filters = [
      ['OR', [['id', 'in', ids], ...(gid === null ? [] : [['gid', '=', gid] as const])]] as const,
    ];
    const parameters = query({ filters, select: Object.keys(GROUP), limit: 1_000 });
    return rowsOf(await limited.call('group.query', parameters), GROUP);
  });
  const read = 'value' in groups ? groups.value : [];
  const first = row.group?.bsdgrp_gid ?? null;
  const isWhole =
    'value' in groups &&
    first !== null &&
    row.groups?.every((id) => read.some((group) => group.id === id && group.gid !== null)) === true;
  return {
    person: {
      label,
      argument: row.username ?? wanted,
      who: {
        uid: row.uid,
        gids: [...new Set([...(first === null ? [] : [first]), ...read.flatMap(({ gid }) => gid ?? [])])],
        sids: [row.sid, ...read.map(({ sid }) => sid)].flatMap((sid) => sid ?? []),
        isWhole,
      },
      isSmb: row.smb,
      isLocked: row.locked,
    },
    gaps: [
      ...(isWhole ? [] : [`groups of ${label} ${gapText(groups) ?? 'could not all be read'}`]),
      ...(row.uid === null ? [`number of ${label}`] : []),
      ...(row.smb === null ? [`whether ${label} has SMB access`] : []),
      ...(row.locked === null ? [`whether ${label} is locked`] : []),
    ],
  };
}

/** A user of a container, or of a client of NFS. */
function stranger(uid: number): PersonRead {
  const who = { uid, gids: [], sids: [], isWhole: true };
  const person = { label: `uid ${uid}`, argument: String(uid), who, isSmb: false, isLocked: undefined };
  return { person, gaps: [] };
}

function unread(wanted: string, number: number | undefined, gap: string): PersonRead {
  return {
    person: {
      label: safeCell(wanted, 60),
      argument: wanted,
      who: { uid: number ?? null, gids: [], sids: [], isWhole: false },
      isSmb: null,
      isLocked: null,
    },
    gaps: [gap],
  };
}

async function unknownUser(nas: ReadClient, argument: string, wanted: string): Promise<InputProblem> {
  const all: Part<string[]> = await readPart(nas, async (limited) =>
    rowsOf(
      await limited.call('user.query', query({ select: ['username'], orderBy: ['builtin'], limit: 1_000 })),
      { username: field.text },
    ).flatMap(({ username }) => (username === null ? [] : [safeCell(username)])),
  );
  const names = 'value' in all ? all.value : [];
  return new InputProblem(
    argument,
    `names no user of the NAS: ${JSON.stringify(safeCell(wanted))}, so nobody of that name gets in`,
    didYouMean(nearNames(wanted, names)) ?? 'create_user makes one; a number stands for itself',
  );
}

/** Whom NFS takes somebody for: that account with that one group. Undefined where it is not known. */
export async function mappedPerson(
  nas: ReadClient,
  user: string | null,
  group: string | null,
): Promise<Person | undefined> {
  const nobody = 65_534;
  const part = await readPart(nas, async (limited) => {
    const [users, groups] = await Promise.all([
      user === null
        ? []
        : limited.call('user.query', query({ filters: [['username', '=', user]], select: ['uid'] })),
      group === null
        ? []
        : limited.call('group.query', query({ filters: [['group', '=', group]], select: ['gid'] })),
    ]);
    const uid = user === null ? nobody : rowsOf(users, { uid: field.number })[0]?.uid;
    const gid = group === null ? nobody : rowsOf(groups, { gid: field.number })[0]?.gid;
    return { uid: uid ?? null, gid: gid ?? null };
  });
  if (!('value' in part) || part.value.uid === null || part.value.gid === null) return undefined;
  const { uid, gid } = part.value;
  const name = user === null ? 'nobody' : safeCell(user, 60);
  return {
    label: `${name} (whom NFS takes them for)`,
    argument: user ?? String(nobody),
    who: { uid, gids: [gid], sids: [], isWhole: true },
    isSmb: undefined,
    isLocked: undefined,
  };
}
