/** Arguments of a call: strict validation, defaults filled, every complaint at once. */
import type * as z from 'zod';
import { ValidationErrors } from '../errors/exceptions.ts';
import { type Complaint, complaintsOf } from './issues.ts';
import type { SimMethod, SimParams } from '../calls/method.ts';
import { queryParams } from '../query/params.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';

/** All positional parameters of a method on a release, filters and options of a query included. */
export function paramsOf(method: SimMethod, release: SimRelease): SimParams {
  const { params = [] } = method;
  const own = typeof params === 'function' ? params(release) : params;
  if (method.filterable !== true) return own;
  return [...own, ...(method.ownQueryParams?.(release) ?? queryParams(release))];
}

/** A method's result schema on a release. */
export function returnsOf(method: SimMethod, release: SimRelease): z.ZodType | undefined {
  return typeof method.returns === 'function' ? method.returns(release) : method.returns;
}

/**
 * Checks the arguments and fills defaults; the answer has one value per parameter.
 * @throws ValidationErrors with one entry per complaint
 */
export function checkArguments(params: SimParams, args: readonly unknown[], release: SimRelease): unknown[] {
  if (args.length > params.length) {
    const text = `Too many arguments (expected ${params.length}, found ${args.length})`;
    throw new ValidationErrors().add('', text);
  }
  const complaints: Complaint[] = [];
  const values: unknown[] = [];
  params.forEach(([name, schema], index) => {
    if (index >= args.length && schema._zod.optin === undefined) {
      complaints.push({ path: [name], message: 'Field required' });
      return;
    }
    const value = args[index];
    const parsed = schema.safeParse(typeof value === 'bigint' ? Number(value) : value);
    if (!parsed.success) complaints.push(...complaintsOf([name], schema, value, parsed.error.issues));
    // An integer of any size is one to the NAS; as an id it must keep its digits.
    else values.push(typeof value === 'bigint' ? value : parsed.data);
  });
  asErrors(complaints, release).check();
  return values;
}

/** Complaints as the triples that travel; from 27.0 on, those of nameless branches of a union are one. */
export function asErrors(complaints: readonly Complaint[], release: SimRelease): ValidationErrors {
  const problems = new ValidationErrors();
  const merged = new Map<string, string[]>();
  const isMerging = isAtLeast(release, '27.0');
  for (const { path, message } of complaints) {
    const last = path.at(-1) ?? '';
    if (isMerging && /[[(]/.test(last)) {
      const at = path.slice(0, -1).join('.');
      merged.set(at, [...(merged.get(at) ?? []), message]);
    } else {
      problems.add(path.join('.'), message);
    }
  }
  for (const [at, messages] of merged) problems.add(at, messages.join(' or '));
  return problems;
}
