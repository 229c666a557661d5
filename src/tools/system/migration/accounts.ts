/** Users, keys and directory services before a move. */
import { isObject } from '../../support/rows.ts';
import { field, objectOf } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { FIRST_SCALE, leavesCore } from '../upgrade-steps.ts';
import { isAtLeast } from '../../../truenas/releases.ts';
import { LEAVES_CORE, type MigrationCheck, migrationCheck, named, words } from './check.ts';

/** Shells that Linux has not, or elsewhere. */
const FREEBSD_SHELL = /^\/bin\/t?csh$|^\/usr\/local\/|netcli/u;

const users = migrationCheck(
  { part: 'accounts', title: 'users', uses: ['user.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { username: field.text, shell: field.text };
    for (const { username, shell } of await rowsFrom(nas, 'user.query', shape, [['builtin', '=', false]])) {
      when('user_names', named(username), [username === null ? null : /^\d/u.test(username)]);
      const isOld = shell === null ? null : FREEBSD_SHELL.test(shell);
      when('shells', named(username), [isOld], shell === null ? '' : words(shell));
    }
  },
);

const root = migrationCheck(
  { part: 'accounts', title: 'root', uses: ['user.query'], ...LEAVES_CORE },
  async (nas, when) => {
    for (const { locked } of await rowsFrom(nas, 'user.query', { locked: field.flag }, [['uid', '=', 0]]))
      when('root_locked', 'root', [locked]);
  },
);

const twoFactor = migrationCheck(
  { part: 'accounts', title: 'two-factor sign-in', uses: ['auth.twofactor.config'], ...LEAVES_CORE },
  async (nas, when) => {
    const { enabled } = objectOf(await nas.call('auth.twofactor.config', []), { enabled: field.flag });
    when('two_factor', 'the NAS', [enabled]);
  },
);

const KEY = { name: field.text, allowlist: field.items };

const keys = migrationCheck(
  {
    ...{ part: 'accounts', title: 'API keys', uses: ['api_key.query'] },
    ...{ into: '25.04', until: '25.04' },
  },
  async (nas, when, { from }) => {
    for (const { name, allowlist } of await rowsFrom(nas, 'api_key.query', KEY)) {
      const isListed = isAtLeast(from, FIRST_SCALE) ? isListedKey(allowlist) : false;
      const entries = allowlist === null ? '' : `${allowlist.length} entries`;
      when('keys_listed', named(name), [isListed], entries);
      when('keys_root', named(name), [isListed === null ? null : !isListed]);
    }
  },
);

/** False for a key that may do everything; null where that is not told. */
function isListedKey(allowlist: readonly unknown[] | null): boolean | null {
  if (allowlist === null) return null;
  const isAll = allowlist.some(
    (entry) => isObject(entry) && entry['method'] === '*' && entry['resource'] === '*',
  );
  return !isAll;
}

const DIRECTORIES = [
  ['Active Directory', 'activedirectory.config'],
  ['LDAP', 'ldap.config'],
] as const;

const directories = DIRECTORIES.map(([name, method]) =>
  migrationCheck(
    { part: 'accounts', title: name, uses: [method], until: '25.10' },
    async (nas, when, path) => {
      const { enable } = objectOf(await nas.call(method, []), { enable: field.flag });
      when('directory', name, [enable, leavesCore(path) || path.to !== undefined]);
    },
  ),
);

const autorid = migrationCheck(
  {
    ...{
      part: 'accounts',
      title: 'numbers of Active Directory',
      uses: ['idmap.query', 'activedirectory.config'],
    },
    into: '25.10',
  },
  async (nas, when) => {
    const { enable } = objectOf(await nas.call('activedirectory.config', []), { enable: field.flag });
    const shape = { name: field.text, idmap_backend: field.text };
    for (const { name, idmap_backend: backend } of await rowsFrom(nas, 'idmap.query', shape))
      when('autorid', named(name), [enable, backend === null ? null : backend === 'AUTORID']);
  },
);

export const ACCOUNT_CHECKS: readonly MigrationCheck[] = [
  root,
  users,
  twoFactor,
  keys,
  ...directories,
  autorid,
];
