/**
 * What an odd NAS answers, worked out from a case's answers and their special values:
 *
 * - `{"$daysAgo": n}` a date before now; `{"$repeat": [a, b], "row": …}` in a list: the row once for each number, for `$i`
 * - `{"$error": {code, message, data}}` fails; `{"$hang": true}` never answers; `{"$raw": text}` is sent as it stands, with
 *   the message's id for `$ID`
 * - `{"$by": {"path": […], "cases": {…}}}` chooses by an argument, `*` being any other
 */
import { applyQuery, type QueryOptions } from 'truenas-simulator';

/** How a call ends. */
export type Reply =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'silence' };

const DAY_MS = 86_400_000;

/** Methods besides those named `…query` that take filters and options. */
const ALSO_QUERIES = new Set(['core.get_jobs']);

/** True for a method whose first parameters are query filters and options. */
export function isQuery(method: string): boolean {
  return method.endsWith('.query') || ALSO_QUERIES.has(method);
}

/** The reply to one call: `answer` is what the case has for its method. */
export function replyFor(answer: unknown, method: string, params: readonly unknown[], nowMs: number): Reply {
  const chosen = choose(answer, params);
  if (isObject(chosen)) {
    if ('$error' in chosen) return { kind: 'error', error: chosen['$error'] };
    if ('$hang' in chosen) return { kind: 'silence' };
    if (typeof chosen['$raw'] === 'string') return { kind: 'raw', text: chosen['$raw'] };
  }
  const value = expanded(chosen, nowMs);
  return isQuery(method) && Array.isArray(value) ? queried(value, params) : { kind: 'result', value };
}

/** Rows filtered, ordered and selected as a NAS does; rows that are no objects are sent as they are. */
export function queried(rows: readonly unknown[], [filters, options]: readonly unknown[]): Reply {
  if (!rows.every(isObject)) return { kind: 'result', value: rows };
  try {
    const value = applyQuery(rows, (filters ?? []) as unknown[], (options ?? {}) as QueryOptions);
    return { kind: 'result', value };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const data = { error: 22, errname: 'EINVAL', type: 'CallError', reason, trace: null, extra: null };
    return { kind: 'error', error: { code: -32001, message: 'Method call error', data } };
  }
}

function choose(answer: unknown, params: readonly unknown[]): unknown {
  if (!isObject(answer) || !isObject(answer['$by'])) return answer;
  const { path, cases } = answer['$by'] as { path: readonly (string | number)[]; cases: object };
  let argument: unknown = params;
  for (const step of path) {
    argument = (argument as Record<string | number, unknown> | null | undefined)?.[step];
  }
  const chosen = Object.entries(cases).find(([name]) => name === String(argument));
  return choose(chosen === undefined ? (cases as Record<string, unknown>)['*'] : chosen[1], params);
}

/** A value with its special values worked out. */
export function expanded(value: unknown, nowMs: number): unknown {
  if (Array.isArray(value)) return value.flatMap((item) => repeated(item, nowMs));
  if (!isObject(value) || value instanceof Date) return value;
  const days = value['$daysAgo'];
  if (typeof days === 'number') return new Date(nowMs - days * DAY_MS);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expanded(item, nowMs)]));
}

function repeated(item: unknown, nowMs: number): unknown[] {
  if (!isObject(item) || !Array.isArray(item['$repeat'])) return [expanded(item, nowMs)];
  const [first, last] = item['$repeat'] as [number, number];
  const row = expanded(item['row'], nowMs);
  return Array.from({ length: last - first + 1 }, (_, index) => numbered(row, first + index));
}

/** A whole text `$i` becomes the number itself. */
function numbered(value: unknown, number: number): unknown {
  if (typeof value === 'string') return value === '$i' ? number : value.replaceAll('$i', String(number));
  if (Array.isArray(value)) return value.map((item) => numbered(item, number));
  if (!isObject(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numbered(item, number)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
