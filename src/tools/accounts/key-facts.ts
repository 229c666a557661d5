/** API keys with the roles of their owners, and the account and key by which this server reads. */
import type { KeyFacts } from '../../findings/accounts.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { OlderProduct } from '../../policy/older-places.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { keyExpiry } from '../items/accounts/api-key.ts';
import { isHidden, readPart, valueOr } from '../support/part.ts';
import { field, objectOf, type RowOf, rowsOf } from '../support/rows.ts';
import { gapsOf, readRows } from './read-rows.ts';

/** Methods that are read here. */
export const KEY_USES = ['api_key.query', 'user.query'] as const;
export const SERVER_USES = ['auth.me', 'auth.sessions'] as const;

const KEY = {
  id: field.number,
  name: field.text,
  username: field.rawText,
  created_at: field.time,
  expires_at: keyExpiry,
  revoked: field.flag,
  revoked_reason: field.text,
};

/** Keys up to 24.10 have a list of what they may call in place of an owner, and neither expire nor are revoked. */
const OLDER_KEY = {
  id: field.number,
  name: field.text,
  created_at: field.time,
  allowlist: field.objects({ method: field.text, resource: field.text }),
};

/** API keys, and what could not be read. */
export async function readKeys(nas: ReadClient, product: OlderProduct | undefined) {
  if (product !== undefined) {
    const keys = await readRows(nas, 'api_key.query', OLDER_KEY, { orderBy: ['id'] });
    return {
      keys: valueOr(keys, []).map((row) => olderKeyOf(row, product)),
      gaps: gapsOf({ 'API keys': keys }),
    };
  }
  const keys = await readRows(nas, 'api_key.query', KEY, { orderBy: ['id'] });
  const names = [...new Set(valueOr(keys, []).flatMap(({ username }) => username ?? []))];
  const owners = await readRows(
    nas,
    'user.query',
    { username: field.rawText, roles: field.texts },
    {
      filters: [['username', 'in', names]],
    },
  );
  const rolesOf = new Map(valueOr(owners, []).map(({ username, roles }) => [username, roles]));
  return {
    keys: valueOr(keys, []).map((row) => keyOf(row, rolesOf)),
    gaps: gapsOf({ 'API keys': keys, 'roles of the owners of keys': owners }),
  };
}

function olderKeyOf(
  { name, created_at: createdMs, allowlist }: RowOf<typeof OLDER_KEY>,
  product: OlderProduct,
): KeyFacts {
  const mayAll = allowlist?.some(({ method, resource }) => method === '*' && resource === '*');
  const roles = mayAll === undefined ? null : mayAll ? ['FULL_ADMIN'] : [];
  return {
    name: safeCell(name ?? '?', 60),
    owner: product === 'CORE' ? 'root' : 'has no owner',
    ownerRoles: product === 'CORE' ? ['FULL_ADMIN'] : roles,
    createdMs,
    expires: 'has none',
    isRevoked: false,
    revokedReason: null,
  };
}

function keyOf(
  row: RowOf<typeof KEY>,
  rolesOf: ReadonlyMap<string | null, readonly string[] | null>,
): KeyFacts {
  return {
    name: safeCell(row.name ?? '?', 60),
    owner: row.username === null ? null : safeCell(row.username, 60),
    ownerRoles: rolesOf.get(row.username) ?? null,
    createdMs: row.created_at,
    expires: row.expires_at,
    isRevoked: row.revoked,
    revokedReason:
      row.revoked_reason === null || isHidden(row.revoked_reason) ? null : safeCell(row.revoked_reason, 80),
  };
}

/** The account and the key by which this server reads. */
export async function readServer(nas: ReadClient) {
  const [me, session] = await Promise.all([
    readPart(nas, async (limited) =>
      objectOf(await limited.call('auth.me'), {
        pw_name: field.text,
        privilege: field.object({ roles: field.texts }),
      }),
    ),
    readPart(nas, async (limited) =>
      rowsOf(
        await limited.call(
          'auth.sessions',
          query({ filters: [['current', '=', true]], select: ['credentials_data'], limit: 2 }),
        ),
        { credentials_data: field.object({ api_key: field.object({ name: field.text }) }) },
      ),
    ),
  ]);
  const name = valueOr(me, undefined)?.pw_name ?? null;
  const key = valueOr(session, [])[0]?.credentials_data?.api_key?.name ?? null;
  return {
    who: name === null ? 'this server' : safeCell(name, 60),
    key: key === null ? null : safeCell(key, 60),
    roles: valueOr(me, undefined)?.privilege?.roles ?? null,
    gaps: [
      ...gapsOf({ "this server's account": me, 'which key this server uses': session }),
      ...('value' in me && name === null ? ["this server's account"] : []),
      ...('value' in session && key === null ? ['which key this server uses'] : []),
    ],
  };
}
