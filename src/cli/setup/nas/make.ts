/**
 * Makes the least-privilege user: a group, a privilege for it, a user without password, shell or home, and a key. Each step
 * is noted before it is sent; what is there already and fits is used as it is.
 */
import * as z from 'zod';
import type { WriteSession } from '../../../truenas/index.ts';
import { OutcomeUnknownError } from '../../../truenas/errors.ts';
import { SetupStopped } from '../asker.ts';
import type { MadeOnNas, Notes } from '../record.ts';
import { type AccountState, MARK, type WantedAccount } from './look.ts';
import { GROUP, rowsOf } from './rows.ts';

/** The steps in words, before any is done. */
export function stepsOf({ name, roles, key }: WantedAccount, state: AccountState): string[] {
  const { group, privilege, user, keyName } = state;
  const granted = roles.join(', ');
  return [
    group === undefined ? `make the group ${name}` : `use the group ${name}, which is there`,
    privilege === undefined
      ? `make the privilege ${name}: ${granted}`
      : isSameList(privilege.roles, roles)
        ? `use the privilege ${name}, which grants just that: ${granted}`
        : `change the privilege ${name} from ${privilege.roles.join(', ')} to ${granted}`,
    user === undefined
      ? `make the user ${name}: no password, no shell, no home, no SMB`
      : `use the user ${name}, which an earlier set-up made`,
    `make an API key "${keyName}" for it, ${key.endsAt === undefined ? 'without an end' : `until ${key.endsAt.toISOString().slice(0, 10)}`}`,
  ];
}

/** A key as it is shown once. */
export interface MadeKey {
  readonly id: number;
  readonly apiKey: string;
}

/** Does the steps. @throws TrueNasError; what was done until then is in the notes */
export async function makeAccount(
  session: WriteSession,
  wanted: WantedAccount,
  state: AccountState,
  notes: Notes,
): Promise<MadeKey> {
  const { name, roles } = wanted;
  const make = maker(session, notes);
  const gid = state.group?.gid ?? (await makeGroup(session, name, make));
  const groupId = state.group?.id ?? (await groupNamed(session, name)).id;
  if (state.privilege === undefined) {
    const grant = { name, local_groups: [gid], ds_groups: [], roles: [...roles], web_shell: false };
    await make({ kind: 'privilege', name }, 'privilege.create', [grant], ROW_ID);
  } else if (!isSameList(state.privilege.roles, roles) || state.privilege.local_groups.length === 0) {
    const { id, roles: before } = state.privilege;
    const change = { roles: [...roles], local_groups: [gid] };
    await make({ kind: 'roles', name, before }, 'privilege.update', [id, change], ROW_ID);
  }
  if (state.user === undefined)
    await make({ kind: 'user', name }, 'user.create', [userOf(name, groupId)], ID_OR_ROW);
  const key = { name: state.keyName, username: name, expires_at: wanted.key.endsAt ?? null };
  const made = await make(
    { kind: 'key', name: state.keyName, user: name },
    'api_key.create',
    [key],
    KEY_MADE,
  );
  return { id: made.id, apiKey: made.key };
}

/** Everything that has a default which differs between releases, or would open something, is sent. */
function userOf(name: string, groupId: number): Record<string, unknown> {
  return {
    username: name,
    full_name: MARK,
    group: groupId,
    group_create: false,
    groups: [],
    home: '/var/empty',
    home_create: false,
    shell: '/usr/sbin/nologin',
    password_disabled: true,
    ssh_password_enabled: false,
    smb: false,
    locked: false,
    sudo_commands: [],
    sudo_commands_nopasswd: [],
  };
}

async function makeGroup(session: WriteSession, name: string, make: Make): Promise<number> {
  const group = { name, smb: false, sudo_commands: [], sudo_commands_nopasswd: [] };
  await make({ kind: 'group', name }, 'group.create', [group], ID_OR_ROW);
  return (await groupNamed(session, name)).gid;
}

async function groupNamed({ read }: WriteSession, name: string): Promise<z.output<typeof GROUP>> {
  const [group] = await rowsOf(read, 'group.query', GROUP, [['name', '=', name]]);
  if (group === undefined)
    throw new SetupStopped(`The NAS has made the group ${name}, and does not show it.`);
  return group;
}

const ROW_ID = z.object({ id: z.int() });
const ID_OR_ROW = z.union([ROW_ID, z.int().transform((id) => ({ id }))]);
const KEY_MADE = z.object({ id: z.int(), key: z.string() });

/** One step: noted, sent, and noted with its number. */
type Make = <Row extends { id: number }>(
  made: MadeOnNas,
  method: string,
  params: readonly unknown[],
  row: z.ZodType<Row>,
) => Promise<Row>;

function maker({ write }: WriteSession, notes: Notes): Make {
  return async (made, method, params, row) => {
    await notes.begin(made);
    let answered: unknown;
    try {
      answered = await write.write(method, params);
    } catch (error) {
      // What the NAS refused was not made.
      if (!(error instanceof OutcomeUnknownError)) await notes.forget(made);
      throw error;
    }
    const answer = row.safeParse(answered);
    if (!answer.success)
      throw new OutcomeUnknownError(method, 'the answer has a form that this program does not know');
    await notes.finish(made, answer.data.id);
    return answer.data;
  };
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join(' ') === other.toSorted().join(' ');
}
