/** `api_key.*` of the older releases: keys that belong to nobody. */
import * as z from 'zod';
import type { ApiKeyRow } from '../../auth/accounts.ts';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { doesNotExist, ERRNO, ValidationErrors } from '../../errors/exceptions.ts';
import { applyQuery, type QueryOptions } from '../../query/apply.ts';
import { instanceParams } from '../../query/params.ts';
import { isCore, type LegacyRelease } from '../../releases.ts';
import { model, text } from '../../schema/schema.ts';
import type { ApiRow } from '../common.ts';

const allowlist = z.array(
  model('AllowListItem', {
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'CALL', 'SUBSCRIBE', '*']),
    resource: text({ min: 1 }),
  }),
);

interface KeyData {
  readonly name?: string;
  readonly allowlist?: NonNullable<ApiKeyRow['allowlist']>;
  readonly reset?: boolean;
}

/** The methods of a release. */
export function legacyApiKeyMethods(legacy: LegacyRelease): readonly SimMethod[] {
  const isFreebsd = isCore(legacy);
  const show = (row: ApiKeyRow): ApiRow => shownKey(row, isFreebsd);
  const create = isFreebsd
    ? model('api_key_create', { name: text({ min: 1 }) })
    : model('ApiKeyCreate', { name: text({ min: 1, max: 200 }), allowlist });
  const update = isFreebsd
    ? model('api_key_update', { name: text({ min: 1 }).optional(), reset: z.boolean().optional() })
    : model('ApiKeyUpdate', {
        name: text({ min: 1, max: 200 }).optional(),
        allowlist: allowlist.optional(),
        reset: z.boolean().optional(),
      });
  return [
    {
      name: 'api_key.query',
      description: 'Lists API keys.',
      roles: ['READONLY_ADMIN'],
      filterable: true,
      run: ({ accounts }: MethodContext) => [...accounts.apiKeys.values()].map(show),
    },
    {
      name: 'api_key.get_instance',
      isPrivate: isFreebsd,
      description: 'One API key by its id.',
      roles: ['READONLY_ADMIN'],
      params: instanceParams(z.int()),
      run(context: MethodContext, id: number, options: QueryOptions = {}) {
        return applyQuery([show(find(context, id))], [], { select: options.select ?? [], get: true });
      },
    },
    {
      name: 'api_key.create',
      description: 'Makes an API key; the answer shows the key this once.',
      params: [['api_key_create', create]],
      run(context: MethodContext, data: KeyData) {
        const { accounts, now, events } = context;
        refuseTaken(context, data.name ?? '', null, 'api_key_create.name');
        const { row, key } = accounts.createApiKey({
          ...{ name: data.name ?? '', username: 'root', createdAt: new Date(now()) },
          ...(isFreebsd ? {} : { allowlist: data.allowlist ?? [] }),
        });
        const shown = shownNewKey(row, key, isFreebsd);
        events.publish({ collection: 'api_key.query', msg: 'added', id: row.id, fields: shown });
        return shown;
      },
    },
    {
      name: 'api_key.update',
      description: 'Renames an API key, changes what it may do, or gives it a new secret.',
      params: [
        ['id', z.int()],
        ['api_key_update', update],
      ],
      run(context: MethodContext, id: number, data: KeyData) {
        const row = find(context, id);
        if (data.name !== undefined) refuseTaken(context, data.name, row, 'api_key_update.name');
        row.name = data.name ?? row.name;
        if (data.allowlist !== undefined) row.allowlist = data.allowlist;
        const key = data.reset === true ? { key: context.accounts.resetApiKey(row) } : {};
        const shown = { ...show(row), ...key };
        context.events.publish({ collection: 'api_key.query', msg: 'changed', id, fields: shown });
        return shown;
      },
    },
    {
      name: 'api_key.delete',
      description: 'Deletes an API key.',
      params: [['id', z.int()]],
      run(context: MethodContext, id: number) {
        find(context, id);
        context.accounts.apiKeys.delete(id);
        context.events.publish({ collection: 'api_key.query', msg: 'removed', id });
        return true;
      },
    },
  ];
}

function shownKey(row: ApiKeyRow, isFreebsd: boolean): ApiRow {
  const base = { id: row.id, name: row.name, created_at: row.createdAt };
  return isFreebsd ? base : { ...base, allowlist: allowlistOf(row) };
}

function shownNewKey(row: ApiKeyRow, key: string, isFreebsd: boolean): ApiRow {
  return {
    name: row.name,
    ...(isFreebsd ? {} : { allowlist: allowlistOf(row) }),
    ...{ key, created_at: row.createdAt, id: row.id },
  };
}

/** A key of before there were lists may do everything. */
function allowlistOf({ allowlist: list }: ApiKeyRow): unknown {
  return list ?? [{ method: '*', resource: '*' }];
}

function find({ accounts }: MethodContext, id: number): ApiKeyRow {
  const row = accounts.apiKeys.get(id);
  if (row === undefined) throw doesNotExist('API Key', id);
  return row;
}

function refuseTaken({ accounts }: MethodContext, name: string, own: ApiKeyRow | null, at: string): void {
  const isTaken = [...accounts.apiKeys.values()].some((row) => row !== own && row.name === name);
  if (isTaken) throw new ValidationErrors().add(at, 'Object with this name already exists', ERRNO.EINVAL);
}
