import { query } from '../../../truenas/query.ts';
import { field, objectOf, rowsOf } from '../../support/rows.ts';
import { gapText, isHidden, readPart, UNKNOWN_FORM } from '../../support/part.ts';
import { defineKind, joined } from '../kind.ts';
import { sudoOf, widestRoles } from './roles.ts';

const firstGroup = field.object({ id: field.number, bsdgrp_group: field.text });

/** Users. Hashes and keys are never selected: what the columns need is. */
export const user = defineKind({
  name: 'user',
  toolset: 'accounts',
  noun: 'users',
  about:
    'people and programs that sign in or own files: groups, sudo, SSH, SMB, locked, second factor, password age',
  words: ['account', 'person', 'people', 'uid', 'administrator'],
  sources: [{ method: 'user.query' }],
  row: {
    group: firstGroup,
    groups: field.numbers,
    roles: field.texts,
    sshpubkey: keysIn,
    sudo_commands: field.rawTexts,
    sudo_commands_nopasswd: field.rawTexts,
    member_of: joined<string[]>(),
    username: field.rawText,
    keys: joined<number>(),
  },
  columns: {
    name: { type: 'text', from: 'username', isAlwaysThere: true, isKey: true, sort: 'asc' },
    uid: { type: 'number', from: 'uid', isAlwaysThere: true, sort: 'asc' },
    full_name: { type: 'text', from: 'full_name' },
    groups: { type: 'texts', value: ({ member_of }) => member_of, needs: ['group', 'groups'] },
    roles: { type: 'texts', value: (row) => widestRoles(row.roles) },
    locked: { type: 'flag', from: 'locked', isAlwaysThere: true },
    smb: { type: 'flag', from: 'smb', isAlwaysThere: true },
    sudo: {
      type: 'text',
      value: (row) => sudoOf(row.sudo_commands, row.sudo_commands_nopasswd),
      needs: ['sudo_commands', 'sudo_commands_nopasswd'],
    },
    second_factor: { type: 'flag', from: 'twofactor_auth_configured' },
    password_disabled: { type: 'flag', from: 'password_disabled', isAlwaysThere: true },
    ssh_password: { type: 'flag', from: 'ssh_password_enabled', isAlwaysThere: true, isOnDemand: true },
    ssh_keys: {
      type: 'number',
      value: ({ sshpubkey }) => sshpubkey,
      needs: ['sshpubkey'],
      isOnDemand: true,
    },
    password_changed: { type: 'time', from: 'last_password_change', isOnDemand: true },
    password_age_days: { type: 'number', from: 'password_age', isOnDemand: true },
    must_change_password: { type: 'flag', from: 'password_change_required', isOnDemand: true },
    api_keys: { type: 'number', value: (row) => row.keys, isOnDemand: true },
    webshare: { type: 'flag', from: 'webshare', isOnDemand: true },
    home: { type: 'text', from: 'home', isOnDemand: true },
    shell: { type: 'text', from: 'shell', isOnDemand: true },
    builtin: { type: 'flag', from: 'builtin', isAlwaysThere: true, isOnDemand: true },
    local: { type: 'flag', from: 'local', isAlwaysThere: true, isOnDemand: true },
    email: { type: 'text', from: 'email', isOnDemand: true },
    id: { type: 'number', from: 'id', isAlwaysThere: true, isOnDemand: true },
  },
  named: 'name',
  ids: ['uid', 'id'],
  usually: {
    filters: [
      [
        'OR',
        [
          ['builtin', '=', false],
          ['uid', '=', 0],
        ],
      ],
    ],
    unless: ['builtin', 'uid', 'id'],
    note: '(built-in users but root are left out: filter builtin=true shows them)',
  },
  joins: [
    {
      columns: ['groups'],
      uses: ['group.query'],
      async read(nas, rows) {
        const ids = [...new Set(rows.flatMap(({ groups }) => groups ?? []))];
        const shape = { id: field.number, group: field.text };
        const parameters = query({ filters: [['id', 'in', ids]], select: Object.keys(shape) });
        const names = new Map(
          rowsOf(await nas.call('group.query', parameters), shape).map(({ id, group }) => [id, group]),
        );
        return {
          add({ group, groups }) {
            if (groups === null) return {};
            const others = groups.filter((id) => id !== group?.id).map((id) => names.get(id) ?? String(id));
            const first = group?.bsdgrp_group;
            return { member_of: typeof first === 'string' ? [first, ...others] : others };
          },
        };
      },
    },
    {
      columns: ['api_keys'],
      uses: ['api_key.query'],
      async read(nas, rows) {
        const names = rows.flatMap(({ username }) => username ?? []);
        const parameters = query({
          filters: [['username', 'in', names]],
          select: ['username'],
          limit: MAX_KEYS,
        });
        const owners = rowsOf(await nas.call('api_key.query', parameters), { username: field.rawText });
        // A key whose owner is not told may be anybody's.
        if (owners.length >= MAX_KEYS || owners.some(({ username }) => username === null)) {
          return {
            add: nothing,
            notes: ['(api_keys could not be counted: the NAS does not tell of each whose it is)'],
          };
        }
        return {
          add: ({ username }) =>
            username === null ? {} : { keys: owners.filter((each) => each.username === username).length },
        };
      },
    },
    {
      columns: ['second_factor'],
      uses: ['auth.twofactor.config'],
      // A column of the users themselves: that this could not be read must not empty it.
      async read(nas) {
        const part = await readPart(nas, async (limited) =>
          objectOf(await limited.call('auth.twofactor.config'), { enabled: field.flag }),
        );
        const isUntold = 'value' in part && part.value.enabled === null;
        const why = gapText(isUntold ? UNKNOWN_FORM : part);
        if (why !== undefined)
          return { add: nothing, notes: [`(whether two-factor sign-in is switched on ${why})`] };
        const isOff = 'value' in part && part.value.enabled === false;
        return { add: nothing, notes: isOff ? [SWITCHED_OFF] : [] };
      },
    },
  ],
  hides: ['api_keys', 'unixhash', 'smbhash', 'password_history'],
  changedBy: ['create_user'],
  mayLack: [{ method: 'group.query' }, { method: 'api_key.query' }, { method: 'auth.twofactor.config' }],
  examples: [
    { args: {}, why: 'who there is' },
    { args: { filter: ['locked=true'] }, why: 'who is locked out' },
    { args: { filter: ['builtin=true'], fields: ['home', 'shell'], limit: 3 }, why: 'built-in ones' },
    {
      args: { name: 'root', fields: ['sudo', 'ssh_keys', 'password_changed', 'api_keys'] },
      why: 'one, closely',
    },
  ],
  getExamples: [
    { args: { id: 'root' }, why: 'by name' },
    { args: { id: 'nobody-here' }, why: 'a name that is none' },
  ],
});

const SWITCHED_OFF = '(two-factor sign-in is switched off for the whole NAS: nobody is asked for a code)';
const nothing = () => ({});
/** Keys of the users of one page that are counted. */
const MAX_KEYS = 2_000;

/** Public keys, one in each line that is no comment; null where the field was not told. */
export function keysIn(value: unknown): number | null {
  if (value === null) return 0;
  const text = field.rawText(value);
  if (text === null || isHidden(text)) return null;
  return text.split('\n').filter((line) => /^[^#\s]/u.test(line)).length;
}
