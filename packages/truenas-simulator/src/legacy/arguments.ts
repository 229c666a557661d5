/** Arguments of calls to the older releases. */
import { z } from 'zod';
import type { SimMethod, SimParams } from '../calls/method.ts';
import { PlainError, ValidationErrors } from '../errors/exceptions.ts';
import { checkArguments, paramsOf } from '../schema/arguments.ts';
import { checkLegacyArguments } from '../schema/legacy.ts';
import { looseOptions } from '../query/params.ts';
import { queryFilters } from '../query/params.ts';
import { generationOf, isCore, type LegacyRelease } from '../releases.ts';
import { SchemaError } from './errors.ts';

/** Checks arguments and fills defaults. @throws ValidationErrors, SchemaError, PlainError */
export type ArgumentCheck = (args: readonly unknown[]) => unknown[];

/** Namespaces that 24.10 describes in the newer style already. */
const NEW_STYLE = /^(api_key|user|cloudsync\.providers|vendor)\./;

/** Parameters of a method; those of a query have their own rules here. */
export function legacyParams(legacy: LegacyRelease, method: SimMethod): SimParams {
  if (method.filterable !== true) {
    return paramsOf(method, generationOf(legacy)).map(([name, schema]) => [
      name === 'data' ? dataName(method.name) : name,
      schema,
    ]);
  }
  const { params = [] } = method;
  const own = typeof params === 'function' ? params(generationOf(legacy)) : params;
  const filters = isCore(legacy) ? z.array(z.unknown()).default([]) : queryFilters;
  return [...own, ['filters', filters], ['options', looseOptions.prefault({})]];
}

/** The check of a method's arguments. */
export function argumentCheck(legacy: LegacyRelease, method: SimMethod): ArgumentCheck {
  const params = legacyParams(legacy, method);
  if (isCore(legacy)) {
    return method.name.endsWith('.get_instance') ? checkInstance : (args) => checkCore(params, args);
  }
  if (NEW_STYLE.test(method.name) && method.filterable !== true) {
    return (args) => checkArguments(params, args, generationOf(legacy));
  }
  return (args) => checkLegacyArguments(params, args);
}

/** The first complaint ends it, and names the innermost field alone. */
function checkCore(params: SimParams, args: readonly unknown[]): unknown[] {
  if (args.length > params.length) throw new PlainError('list index out of range', 'IndexError');
  try {
    return checkLegacyArguments(params, args);
  } catch (error) {
    const [first] = error instanceof ValidationErrors ? error.entries : [];
    if (first === undefined) throw error;
    const [path, message] = first;
    throw new SchemaError(path?.split('.').at(-1) ?? '', message);
  }
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

/** What create and update call their argument, where newer releases call it `data`. */
function dataName(method: string): string {
  const cut = method.lastIndexOf('.');
  const service = method.slice(0, cut);
  return `${DATA_NAMES[service] ?? service.replaceAll('.', '_')}_${method.slice(cut + 1)}`;
}

const DATA_NAMES: Readonly<Record<string, string>> = {
  cronjob: 'cron_job',
  initshutdownscript: 'init_shutdown_script',
  'pool.snapshottask': 'periodic_snapshot',
  'sharing.nfs': 'sharingnfs',
};
