/** `api_key.*`: keys, shown without what proves them to those who may not write keys. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ApiKeyRow } from '../auth/accounts.ts';
import { scramSecrets } from '../auth/scram.ts';
import { CallError, doesNotExist, ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { applyQuery, type QueryOptions } from '../query/apply.ts';
import { instanceParams } from '../query/params.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import { announce } from './common.ts';

const MAX_KEYS_PER_USER = 10;

const name = text({ min: 1, max: 200 });
const expiresAt = z.date().nullable();

const CREATE = model('ApiKeyCreate', { name, username: text(), expires_at: expiresAt.default(null) });
const UPDATE = model('ApiKeyUpdate', {
  name: name.optional(),
  expires_at: expiresAt.optional(),
  reset: z.boolean().optional(),
});

const READ = { roles: ['API_KEY_READ'], secretRoles: ['API_KEY_WRITE'], returns: entry } as const;
/** Anyone with a reading role may handle the own keys. */
const OWN = { roles: ['API_KEY_WRITE', 'READONLY_ADMIN'] } as const;

/** `api_key.*`. */
export const API_KEY_METHODS: readonly SimMethod[] = [
  {
    ...READ,
    name: 'api_key.query',
    description: 'Lists API keys.',
    filterable: true,
    run: (context) => Promise.all([...context.accounts.apiKeys.values()].map((row) => show(context, row))),
  },
  {
    ...READ,
    name: 'api_key.get_instance',
    description: 'One API key by its id.',
    params: instanceParams(z.int()),
    async run(context: MethodContext, id: number, options: QueryOptions) {
      const row = await show(context, find(context, id));
      return applyQuery([row], [], { select: options.select ?? [], get: true });
    },
  },
  {
    name: 'api_key.my_keys',
    description: "The caller's own API keys.",
    roles: ['API_KEY_READ', 'READONLY_ADMIN'],
    secretRoles: ['API_KEY_WRITE'],
    returns: (release) => z.array(entry(release)),
    run(context) {
      const own = context.session.credential?.user.username;
      const rows = [...context.accounts.apiKeys.values()].filter((row) => row.username === own);
      return Promise.all(rows.map((row) => show(context, row)));
    },
  },
  {
    ...OWN,
    name: 'api_key.create',
    audited: 'Create API key',
    description: 'Makes an API key; the answer shows the key this once.',
    params: [['api_key_create', CREATE]],
    run: createKey,
  },
  {
    ...OWN,
    name: 'api_key.update',
    audited: 'Update API key',
    description: 'Renames an API key, moves its end, or gives it a new secret.',
    params: [
      ['id', z.int()],
      ['api_key_update', UPDATE],
    ],
    run: updateKey,
  },
  {
    ...OWN,
    name: 'api_key.delete',
    audited: 'Delete API key',
    description: 'Deletes an API key; connections signed in by it can do no more.',
    params: [['id', z.int()]],
    returns: z.literal(true),
    run(context: MethodContext, id: number) {
      const row = find(context, id);
      context.about(row.name);
      refuseForeign(context, row.username);
      context.accounts.apiKeys.delete(id);
      announce(context, 'api_key', 'removed', id);
      return true;
    },
  },
  {
    name: 'api_key.convert_raw_key',
    description: 'What a SCRAM client needs instead of the key.',
    releases: ['27.0'],
    roles: ['API_KEY_READ'],
    params: [['raw_key', secret(text({ min: 1 }))]],
    run: convertKey,
  },
];

/** Fields of a row, secrets marked. */
function entry(release: SimRelease): z.ZodType {
  const hidden = isAtLeast(release, '27.0')
    ? { salt: secret(z.string()), stored_key: secret(z.string()), server_key: secret(z.string()) }
    : { keyhash: secret(z.string()) };
  return z.looseObject({
    id: z.int(),
    name: z.string(),
    username: z.string().nullable(),
    user_identifier: z.union([z.int(), z.string()]),
    ...(isAtLeast(release, '27.0') ? { iterations: z.int() } : {}),
    ...hidden,
    created_at: z.date(),
    expires_at: z.date().nullable(),
    local: z.boolean(),
    revoked: z.boolean(),
    ...(isAtLeast(release, '25.10') ? { revoked_reason: z.string().nullable() } : {}),
  });
}

async function show(context: MethodContext, row: ApiKeyRow): Promise<Record<string, unknown>> {
  return {
    id: row.id,
    name: row.name,
    username: row.username,
    user_identifier: row.uid,
    ...(await proof(context, row)),
    created_at: row.createdAt,
    // Revoking overwrites the date.
    expires_at: row.revokedReason === null ? row.expiresAt : null,
    local: true,
    revoked: row.revokedReason !== null,
    ...(isAtLeast(context.release, '25.10') ? { revoked_reason: row.revokedReason } : {}),
  };
}

async function proof(
  { release, internals }: MethodContext,
  row: ApiKeyRow,
): Promise<Record<string, unknown>> {
  if (!isAtLeast(release, '27.0')) {
    const hash = createHash('sha512').update(row.salt).update(row.secret).digest('base64');
    return { keyhash: `$pbkdf2-sha512$500000$${row.salt.toString('base64')}$${hash}` };
  }
  const { iterations, salt, storedKey, serverKey } = await scramSecrets(row, internals.scramIterations);
  return {
    iterations,
    salt: salt.toString('base64'),
    stored_key: storedKey.toString('base64'),
    server_key: serverKey.toString('base64'),
  };
}

/** The row with the key in clear, as it shows once. */
async function showWithKey(
  context: MethodContext,
  row: ApiKeyRow,
  key: string,
): Promise<Record<string, unknown>> {
  const shown = { ...(await show(context, row)), key };
  if (!isAtLeast(context.release, '27.0')) return shown;
  const { clientKey } = await scramSecrets(row, context.internals.scramIterations);
  return { ...shown, client_key: clientKey.toString('base64') };
}

function find({ accounts }: MethodContext, id: number): ApiKeyRow {
  const row = accounts.apiKeys.get(id);
  if (row === undefined) throw doesNotExist('ApiKey', id);
  return row;
}

/** @throws CallError EACCES */
function refuseForeign({ session }: MethodContext, username: string): void {
  if (session.isFullAdmin || session.hasRole('API_KEY_WRITE')) return;
  if (session.credential?.user.username === username) return;
  throw new CallError('API keys of other users are not yours to change', ERRNO.EACCES);
}

async function createKey(
  context: MethodContext,
  data: { name: string; username: string; expires_at: Date | null },
): Promise<Record<string, unknown>> {
  const { accounts, release, now } = context;
  refuseForeign(context, data.username);
  const keys = [...accounts.apiKeys.values()];
  const user = accounts.userByName(data.username);
  const problems = new ValidationErrors();
  checkName(problems, keys, data.name, 'api_key_create.name');
  checkExpiry(problems, context, data.expires_at, 'api_key_create.expires_at');
  if (user === undefined) problems.add('api_key_create.username', 'User does not exist.');
  else if (accounts.rolesOf(user).size === 0) {
    problems.add('api_key_create.username', 'User lacks privilege role membership.');
  }
  const own = keys.filter((row) => row.username === data.username);
  if (!isAtLeast(release, '27.0') && own.length >= MAX_KEYS_PER_USER) {
    problems.add('api_key_create', `A user may have at most ${MAX_KEYS_PER_USER} API keys.`);
  }
  problems.check();
  const { row, key } = accounts.createApiKey({
    name: data.name,
    username: data.username,
    expiresAt: data.expires_at,
    createdAt: new Date(now()),
  });
  announce(context, 'api_key', 'added', row.id, await show(context, row));
  return showWithKey(context, row, key);
}

async function updateKey(
  context: MethodContext,
  id: number,
  changes: { name?: string; expires_at?: Date | null; reset?: boolean },
): Promise<Record<string, unknown>> {
  const { accounts } = context;
  const row = find(context, id);
  context.about(row.name);
  refuseForeign(context, row.username);
  const problems = new ValidationErrors();
  const others = [...accounts.apiKeys.values()].filter((each) => each !== row);
  if (changes.name !== undefined) checkName(problems, others, changes.name, 'api_key_update.name');
  checkExpiry(problems, context, changes.expires_at ?? null, 'api_key_update.expires_at');
  problems.check();
  row.name = changes.name ?? row.name;
  if (changes.expires_at !== undefined) row.expiresAt = changes.expires_at;
  const key = changes.reset === true ? accounts.resetApiKey(row) : null;
  const shown = await show(context, row);
  announce(context, 'api_key', 'changed', id, shown);
  return key === null ? shown : showWithKey(context, row, key);
}

function checkName(problems: ValidationErrors, keys: readonly ApiKeyRow[], wanted: string, at: string): void {
  if (keys.some((row) => row.name === wanted)) problems.add(at, 'Name must be unique.', ERRNO.EEXIST);
}

function checkExpiry(problems: ValidationErrors, { now }: MethodContext, end: Date | null, at: string): void {
  if (end !== null && end.getTime() <= now()) problems.add(at, 'Expiration date is in the past.');
}

async function convertKey(context: MethodContext, key: string): Promise<Record<string, unknown>> {
  const row = context.accounts.matchApiKey(key);
  if (row === undefined) throw new CallError('Not an API key of this system', ERRNO.EINVAL);
  const secrets = await scramSecrets(row, context.internals.scramIterations);
  return {
    api_key_id: row.id,
    iterations: secrets.iterations,
    salt: secrets.salt.toString('base64'),
    client_key: secrets.clientKey.toString('base64'),
    stored_key: secrets.storedKey.toString('base64'),
    server_key: secrets.serverKey.toString('base64'),
  };
}
