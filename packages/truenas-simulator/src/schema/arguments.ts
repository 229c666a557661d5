/** Arguments of a call: strict validation, defaults filled, every complaint at once. */
import type { z } from 'zod';
import { ValidationErrors } from '../errors/exceptions.ts';
import { addIssues } from './issues.ts';
import type { SimMethod, SimParams } from '../calls/method.ts';
import { queryParams } from '../query/params.ts';
import type { SimRelease } from '../releases.ts';

/** All positional parameters of a method on a release, filters and options of a query included. */
export function paramsOf(method: SimMethod, release: SimRelease): SimParams {
  const { params = [] } = method;
  const own = typeof params === 'function' ? params(release) : params;
  return method.filterable === true ? [...own, ...queryParams(release)] : own;
}

/** A method's result schema on a release. */
export function returnsOf(method: SimMethod, release: SimRelease): z.ZodType | undefined {
  return typeof method.returns === 'function' ? method.returns(release) : method.returns;
}

/**
 * Checks the arguments and fills defaults; the answer has one value per parameter.
 * @throws ValidationErrors with one entry per complaint
 */
export function checkArguments(params: SimParams, args: readonly unknown[]): unknown[] {
  if (args.length > params.length) {
    const text = `Too many arguments (expected ${params.length}, found ${args.length})`;
    throw new ValidationErrors().add('', text);
  }
  const problems = new ValidationErrors();
  const values: unknown[] = [];
  params.forEach(([name, schema], index) => {
    if (index >= args.length && schema._zod.optin === undefined) {
      problems.add(name, 'Field required');
      return;
    }
    const value = args[index];
    const parsed = schema.safeParse(value);
    if (parsed.success) values.push(parsed.data);
    else addIssues(problems, name, schema, value, parsed.error.issues);
  });
  problems.check();
  return values;
}
