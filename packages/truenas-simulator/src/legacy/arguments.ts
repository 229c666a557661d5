/** Arguments of calls to the older releases. */
import * as z from 'zod';
import type { SimMethod, SimParams } from '../calls/method.ts';
import { PlainError, ValidationErrors } from '../errors/exceptions.ts';
import { checkArguments, paramsOf } from '../schema/arguments.ts';
import { definition } from '../schema/definition.ts';
import { checkLegacyArguments } from '../schema/legacy.ts';
import { looseOptions, queryFilters, queryParams } from '../query/params.ts';
import { generationOf, isCore, type LegacyRelease } from '../releases.ts';
import { SchemaError } from './errors.ts';

/** Checks arguments and fills defaults. @throws ValidationErrors, SchemaError, PlainError */
export type ArgumentCheck = (args: readonly unknown[]) => unknown[];

/** Methods that 24.10 describes in the newer style already. */
const NEW_STYLE =
  /^(api_key\.(create|delete|update)|cloudsync\.credentials\.\w+|user\.(create|get_instance|query|renew_2fa_secret|update))$/;

/** Parameters of a method; those of a query have their own rules here. */
export function legacyParams(legacy: LegacyRelease, method: SimMethod): SimParams {
  if (method.filterable !== true) {
    return paramsOf(method, generationOf(legacy)).map(([name, schema]) => [
      isNewStyle(legacy, method) ? name : paramName(legacy, method.name, name),
      schema,
    ]);
  }
  const { params = [] } = method;
  const own = typeof params === 'function' ? params(generationOf(legacy)) : params;
  if (isNewStyle(legacy, method)) return [...own, ...queryParams('25.10')];
  const filters = isCore(legacy) ? z.array(z.unknown()).default([]) : queryFilters;
  return [...own, ['filters', filters], ['options', looseOptions.prefault({})]];
}

/** The check of a method's arguments. */
export function argumentCheck(legacy: LegacyRelease, method: SimMethod): ArgumentCheck {
  const params = legacyParams(legacy, method);
  if (isCore(legacy)) {
    return method.name.endsWith('.get_instance') ? checkInstance : (args) => checkCore(params, args);
  }
  if (isNewStyle(legacy, method)) {
    return (args) => checkArguments(params, args, generationOf(legacy));
  }
  return (args) => checkLegacyArguments(params, args);
}

function isNewStyle(legacy: LegacyRelease, { name }: SimMethod): boolean {
  return !isCore(legacy) && NEW_STYLE.test(name);
}

/** The first complaint ends it, and names the innermost field alone. */
function checkCore(params: SimParams, args: readonly unknown[]): unknown[] {
  if (args.length > params.length) throw new PlainError('list index out of range', 'IndexError');
  const missing = params.find(([, schema], index) => index >= args.length && isListWithoutDefault(schema));
  if (missing !== undefined) throw new SchemaError(missing[0], 'attribute required');
  try {
    return checkLegacyArguments(params, args);
  } catch (error) {
    const [first] = error instanceof ValidationErrors ? error.entries : [];
    if (first === undefined) throw error;
    const [path, message] = first;
    throw new SchemaError(path?.split('.').at(-1) ?? '', message);
  }
}

/** Other releases take a list that is not given as empty. */
function isListWithoutDefault(schema: z.ZodType): boolean {
  return definition(schema).type === 'array';
}

/** `get_instance` is not described there: it takes what its code takes. */
function checkInstance(args: readonly unknown[]): unknown[] {
  if (args.length === 0) {
    throw new PlainError("get_instance() missing 1 required positional argument: 'id'", 'TypeError');
  }
  if (args.length > 1) {
    const text = `get_instance() takes 2 positional arguments but ${args.length + 1} were given`;
    throw new PlainError(text, 'TypeError');
  }
  return [...args];
}

/** What a parameter is called there, where newer releases call it otherwise. */
function paramName(legacy: LegacyRelease, method: string, name: string): string {
  if (method.endsWith('.get_instance') && name === 'options') return 'query-options-get_instance';
  const own = NAMES[`${method} ${name}`];
  if (own !== undefined) return own;
  if (name !== 'data') return name;
  const cut = method.lastIndexOf('.');
  const [service, verb] = [method.slice(0, cut), method.slice(cut + 1)];
  const isShort = !isCore(legacy) && verb === 'update' && SHORT_IN_UPDATE.has(service);
  return `${(isShort ? undefined : DATA_NAMES[service]) ?? service.replaceAll('.', '_')}_${verb}`;
}

/** Parameters by method. */
const NAMES: Readonly<Record<string, string>> = {
  'filesystem.listdir query_filters': 'query-filters',
  'filesystem.listdir query_options': 'query-options',
  'pool.dataset.delete options': 'dataset_delete',
  'pool.dataset.encryption_summary options': 'encryption_root_summary_options',
  'pool.snapshottask.update_will_change_retention_for data': 'periodic_snapshot_update_will_change_retention',
  'reporting.graph query': 'reporting_query',
  'reporting.graph str': 'name',
  'reporting.netdata_graph query': 'reporting_query',
  'reporting.netdata_graph str': 'name',
  'service.update service_update': 'service-update',
  'smb.status filters': 'query-filters',
  'smb.status options': 'query-options',
  'update.check_available update_check_available': 'update-check-available',
};

const DATA_NAMES: Readonly<Record<string, string>> = {
  cronjob: 'cron_job',
  initshutdownscript: 'init_shutdown_script',
  'pool.snapshottask': 'periodic_snapshot',
  'sharing.nfs': 'sharingnfs',
};

/** Services of 24.10 whose update is called after the service. */
const SHORT_IN_UPDATE = new Set(['cronjob', 'initshutdownscript']);
