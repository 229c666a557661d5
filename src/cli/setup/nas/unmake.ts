/** Takes back what a set-up made on the NAS, newest first; each thing is read again before it goes. */
import type { ReadClient, WriteSession } from '../../../truenas/index.ts';
import { Problem } from '../../../truenas/problem.ts';
import type { MadeOnNas, Notes } from '../record.ts';
import { MARK } from './look.ts';
import { GROUP, KEY, PRIVILEGE, rowsOf, USER } from './rows.ts';

/** What became of it, in words. */
export interface Unmade {
  readonly gone: readonly string[];
  readonly left: readonly string[];
}

/** The things in words. */
export function nameOf(made: MadeOnNas): string {
  if (made.kind === 'roles') return `the roles of the privilege ${made.name}`;
  if (made.kind === 'key') return `the API key "${made.name}"`;
  return `the ${made.kind} ${made.name}`;
}

/** Takes everything back that can be; what cannot stays in the notes and is told. */
export async function unmake(
  session: WriteSession,
  made: readonly MadeOnNas[],
  notes: Notes,
): Promise<Unmade> {
  const gone: string[] = [];
  const left: string[] = [];
  for (const each of made.toReversed()) {
    try {
      const why = await takeBack(session, each);
      if (why === undefined) {
        await notes.forget(each);
        gone.push(each.kind === 'roles' ? `${nameOf(each)} are as before` : nameOf(each));
      } else left.push(`${nameOf(each)}: ${why}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      left.push(`${nameOf(each)}: ${error.summary}`);
    }
  }
  return { gone, left };
}

/** Undefined when the thing is gone; otherwise why it stays. */
async function takeBack({ read, write }: WriteSession, made: MadeOnNas): Promise<string | undefined> {
  switch (made.kind) {
    case 'key': {
      const rows = await rowsOf(read, 'api_key.query', KEY, [['name', '=', made.name]]);
      const key = rows.find((row) => row.username === made.user && isIt(row, made));
      if (key !== undefined) await write.write('api_key.delete', [key.id]);
      return undefined;
    }
    case 'user': {
      const rows = await rowsOf(read, 'user.query', USER, [['username', '=', made.name]]);
      const user = rows.find((row) => isIt(row, made));
      if (user === undefined) return undefined;
      if (user.full_name !== MARK) return 'it is another user now (its full name was changed)';
      const keys = await rowsOf(read, 'api_key.query', KEY, [['username', '=', made.name]]);
      if (keys.length > 0) return `it has other keys: ${keys.map(({ name }) => `"${name}"`).join(', ')}`;
      await write.write('user.delete', [user.id, { delete_group: false }]);
      return undefined;
    }
    case 'privilege': {
      const privilege = await privilegeOf(read, made);
      if (privilege === undefined) return undefined;
      if (await hasUser(read, made.name)) return 'its user is still there';
      await write.write('privilege.delete', [privilege.id]);
      return undefined;
    }
    case 'roles': {
      const privilege = await privilegeOf(read, made);
      if (privilege !== undefined)
        await write.write('privilege.update', [privilege.id, { roles: made.before }]);
      return undefined;
    }
    case 'group': {
      const rows = await rowsOf(read, 'group.query', GROUP, [['name', '=', made.name]]);
      const group = rows.find((row) => isIt(row, made));
      if (group === undefined) return undefined;
      if (group.users.length > 0 || (await hasUser(read, made.name))) return 'it has members';
      await write.write('group.delete', [group.id, { delete_users: false }]);
      return undefined;
    }
  }
}

/** A step whose number never came is known by its name alone: nothing of that name was there before it. */
function isIt(row: { readonly id: number }, { id }: MadeOnNas): boolean {
  return id === undefined || row.id === id;
}

async function privilegeOf(read: ReadClient, made: MadeOnNas) {
  const rows = await rowsOf(read, 'privilege.query', PRIVILEGE, [['name', '=', made.name]]);
  return rows.find((row) => isIt(row, made));
}

async function hasUser(read: ReadClient, name: string): Promise<boolean> {
  return (await rowsOf(read, 'user.query', USER, [['username', '=', name]])).length > 0;
}
