/** Troubles of accounts, keys and sign-in. */
import type { WireValue } from '../../src/truenas/client.ts';
import { NOW_MS } from '../support/tools.ts';
import { config } from './exposure.ts';
import { rowsOf, type Trouble } from './trouble.ts';

const of = (id: string, part: string, more: Partial<Trouble>): Trouble => ({
  id: `accounts.${id}`,
  tool: 'access_review',
  args: { part },
  ...more,
});
const days = (count: number): Date => new Date(NOW_MS + count * 86_400_000);
const users = (change: Record<string, WireValue>, who = 'truenas_admin') =>
  rowsOf('user.query', (row) => (row['username'] === who ? { ...row, ...change } : row));
const keys = (change: Record<string, WireValue>) => rowsOf('api_key.query', (row) => ({ ...row, ...change }));
const me = (roles: string[]) => config('auth.me', { privilege: { roles } });

export const ACCOUNT_TROUBLES_MADE: readonly Trouble[] = [
  of('own_full_admin', 'server', { answers: me(['FULL_ADMIN', 'READONLY_ADMIN']) }),
  of('own_more_roles', 'server', { answers: me(['READONLY_ADMIN', 'POOL_READ', 'POOL_WRITE']) }),
  of('second_factor_off', 'accounts', { without: { part: 'keys' } }),
  of('no_second_factor', 'accounts', { answers: config('auth.twofactor.config', { enabled: true }) }),
  of('root_password', 'accounts', { answers: users({ password_disabled: false }, 'root') }),
  of('ssh_password', 'accounts', { answers: users({ ssh_password_enabled: true }) }),
  of('sudo_without_password', 'accounts', { without: { part: 'keys' } }),
  of('directory_admins', 'accounts', {
    answers: rowsOf('privilege.query', (row) => ({
      ...row,
      ds_groups: [{ gid: 9, group: 'EXAMPLE\\admins' }],
    })),
  }),
  of('key_full_admin', 'keys', {
    answers: rowsOf('user.query', (row) => ({ ...row, roles: ['FULL_ADMIN'] })),
  }),
  of('key_never_expires', 'keys', { without: { part: 'server' } }),
  of('key_old', 'keys', { answers: keys({ created_at: days(-366) }) }),
  of('key_expiring', 'keys', { answers: keys({ expires_at: days(29) }) }),
  of('key_dead', 'keys', { answers: keys({ expires_at: days(-1) }) }),
  of('locked', 'accounts', { without: { part: 'keys' } }),
  of('unused', 'accounts', { without: { part: 'keys' } }),
];
