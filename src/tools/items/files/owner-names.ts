/** Names of the users and groups that own files. */
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';

/** Methods that {@link ownerNames} reads with. */
export const OWNER_USES = ['user.query', 'group.query'] as const;

interface Owned {
  readonly uid: number | null;
  readonly gid: number | null;
}

/** Gives `alice:family` for what these rows belong to; a number where no local account has it. */
export async function ownerNames(
  nas: ReadClient,
  rows: readonly Owned[],
): Promise<(row: Owned) => string | null> {
  const [users, groups] = await Promise.all([
    namesOf(
      nas,
      'user.query',
      'uid',
      'username',
      rows.map(({ uid }) => uid),
    ),
    namesOf(
      nas,
      'group.query',
      'gid',
      'group',
      rows.map(({ gid }) => gid),
    ),
  ]);
  return ({ uid, gid }) => {
    if (uid === null && gid === null) return null;
    const name = (id: number | null, names: ReadonlyMap<number, string>): string =>
      id === null ? '?' : (names.get(id) ?? String(id));
    return `${name(uid, users)}:${name(gid, groups)}`;
  };
}

async function namesOf(
  nas: ReadClient,
  method: (typeof OWNER_USES)[number],
  key: 'uid' | 'gid',
  name: 'username' | 'group',
  ids: readonly (number | null)[],
): Promise<Map<number, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const shape = { [key]: field.number, [name]: field.text };
  const answer = await nas.call(method, query({ filters: [[key, 'in', wanted]], select: [key, name] }));
  return new Map(
    rowsOf(answer, shape).flatMap((row): [number, string][] => {
      const [id, text] = [field.number(row[key]), field.text(row[name])];
      return id === null || text === null ? [] : [[id, text]];
    }),
  );
}
