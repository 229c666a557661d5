/** Takes the arguments of call_api_read as they are meant, as far as the method's schemas tell what that is. */
import type { ApiMethod, ApiParameter } from '../../truenas/catalog/index.ts';
import type { CallInput } from './build-call.ts';
import { core } from './schema-walk.ts';

/** The same input: one filter becomes a list of it, `==` becomes `=`, fields in one text become a list, ids lose their quotes. */
export function meantCall(method: ApiMethod, input: CallInput): CallInput {
  const { params, filters, select, order_by } = input;
  return {
    ...input,
    ...(params === undefined
      ? {}
      : { params: params.map((value, index) => meantParam(method.accepts[index], value)) }),
    ...(filters === undefined ? {} : { filters: meantFilters(filters) }),
    ...(select === undefined ? {} : { select: fieldNames(select) }),
    ...(order_by === undefined ? {} : { order_by: fieldNames(order_by) }),
  };
}

/** No field has a comma in its name. */
function fieldNames(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function meantParam(parameter: ApiParameter | undefined, value: unknown): unknown {
  if (parameter === undefined || typeof value !== 'string') return value;
  const takesNumber = core(parameter.schema)['type'] === 'integer';
  return takesNumber && /^\d{1,15}$/u.test(value) ? Number(value) : value;
}

function meantFilters(filters: readonly unknown[]): unknown[] {
  const isOne = typeof filters[0] === 'string' && filters.length === (filters[0] === 'OR' ? 2 : 3);
  return (isOne ? [filters] : filters).map(meantFilter);
}

function meantFilter(filter: unknown): unknown {
  if (!Array.isArray(filter)) return filter;
  const parts: readonly unknown[] = filter;
  const [field, operator, compared] = parts;
  if (field === 'OR' && Array.isArray(operator)) return ['OR', operator.map(meantFilter)];
  if (parts.every(Array.isArray)) return parts.map(meantFilter);
  if (parts.length !== 3 || typeof operator !== 'string') return filter;
  return [field, Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : operator, compared];
}

/** Operators of other languages that say the same. */
const OPERATORS: Readonly<Record<string, string>> = { '==': '=', '===': '=', '<>': '!=', '!==': '!=' };
