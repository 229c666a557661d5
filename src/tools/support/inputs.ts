/** Arguments that many tools share, and their filters on the NAS. */
import * as z from 'zod';
import { type Arguments, readCursor } from '../../output/paging.ts';
import { InputProblem } from '../../output/problem.ts';
import type { Filter, FilterValue } from '../../truenas/query.ts';

/** Most rows of one page. */
export const MAX_LIMIT = 500;

/** `limit` and `cursor`, the same in every list tool. */
export const pageInputs = {
  limit: z.number().int().min(1).max(MAX_LIMIT).optional().describe('default 50'),
  cursor: z.string().optional().describe('from next:'),
};

/** The same of a report: it shows what fits one screen, each a number of rows of its own, so no default is promised. */
export const reportPageInputs = {
  limit: z.number().int().min(1).max(MAX_LIMIT).optional(),
  cursor: pageInputs.cursor,
};

/** `order`: the direction of `sort`. */
export const orderInput = z.enum(['asc', 'desc']).optional();

/** `fields`: the columns to show. */
export function fieldsInput(names: readonly string[]) {
  return z.array(z.enum(names)).min(1).optional();
}

/** A page: its first row, and the most rows it may have. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/**
 * The page that `limit` and `cursor` ask for.
 * @throws InputProblem for a cursor of another question.
 */
export function pageOf(tool: string, args: Arguments, defaultLimit = 50): Page {
  const limit = args['limit'];
  return { offset: readCursor(tool, args), limit: typeof limit === 'number' ? limit : defaultLimit };
}

/**
 * A filter on a name: part of it in any case, or a pattern when it has `*` or `?`. Empty without a name.
 * @param separators characters after which a pattern may begin, e.g. `/` for `med*` to find `tank/media`; else it must
 * match from the start.
 * @throws InputProblem for a pattern with very many `*`, naming `argument`.
 */
export function nameFilter(
  field: string,
  name: string | undefined,
  separators = '',
  argument = 'name',
): Filter[] {
  if (name === undefined || name === '') return [];
  if (!/[*?]/u.test(name)) return [[field, 'Crin', name]];
  if (name.split('*').length > MAX_WILDCARDS + 1)
    throw new InputProblem(argument, `has more than ${MAX_WILDCARDS} *`, 'one at each end mostly is enough');
  return [[field, '~', wildcardPattern(name, separators)]];
}

/** The same filter on a name that is here and not on the NAS. */
export function matchesName(text: string, name: string | undefined): boolean {
  const [filter] = nameFilter('name', name);
  if (filter === undefined || name === undefined) return true;
  if (filter[1] === 'Crin') return text.toLowerCase().includes(name.toLowerCase());
  return new RegExp(`^${wildcardPattern(name, '')}`, 'u').test(text);
}

/** Numbers of groups have two digits at most. */
const MAX_WILDCARDS = 20;

/**
 * A pattern for a text with `*` and `?`. The NAS runs it on every name there is, so it must never be slow: each part
 * between two `*` is looked for once, from left to right, without going back. A lookahead that is repeated by its number
 * is the one way to say so which Python and JavaScript share; a plain `.*` for each takes a NAS minutes for `*a*b*c*d*e`.
 */
function wildcardPattern(text: string, separators: string): string {
  const [first = '', ...rest] = text
    .split(/\*+/u)
    .map((part) => part.split('?').map(escapePattern).join('.'));
  const start = first === '' || separators === '' ? first : `(?:.*[${separators}])?${first}`;
  const last = rest.pop();
  if (last === undefined) return `${start}$`;
  const middle = rest.map((part, index) => `(?=(.*?${part}))\\${index + 1}`).join('');
  return `${start}${middle}${last === '' ? '' : `.*${last}$`}`;
}

/** `text` as a pattern that matches it literally, in Python's and JavaScript's dialect alike. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}

/** A filter for equality; empty without a value. */
export function equals(field: string, value: FilterValue | undefined): Filter[] {
  return value === undefined ? [] : [[field, '=', value]];
}

/** `tank/media` from what people write: `/mnt/tank/media`, `tank/media/`, `tank\\media`. */
export function datasetName(text: string): string {
  return text
    .trim()
    .replaceAll('\\', '/')
    .replace(/^\/mnt\//u, '')
    .replace(/^\/+|\/+$/gu, '');
}

/** As {@link datasetName}, for an argument that may be left out. */
export function optionalName(text: string | undefined): string | undefined {
  return text === undefined ? undefined : datasetName(text);
}

/** Asks for a picture beside the text. */
export const render = z.enum(['image']).optional();
