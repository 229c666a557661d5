/** The filters of a list, as its first line names them: what is not shown may be there all the same. */
import type { Arguments } from './paging.ts';
import { safeCell } from './untrusted.ts';

/** Arguments that choose the form of an answer or whose rows they are; the conditions of `filter` have a line of their own. */
const NO_FILTERS = new Set(['kind', 'of', 'filter', 'system', 'sort', 'order', 'fields', 'limit', 'cursor']);
const VALUE_LENGTH = 60;

/** ` with pool=tank, locked=true`; empty without filters. */
export function activeFilters(args: Arguments): string {
  const filters = Object.entries(args).flatMap(([name, value]) => {
    if (NO_FILTERS.has(name) || value === undefined || value === null || value === '') return [];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const texts = values.map((each) => safeCell(String(each), VALUE_LENGTH));
    return texts.length === 0 ? [] : [`${name}=${texts.join(' or ')}`];
  });
  return filters.length === 0 ? '' : ` with ${filters.join(', ')}`;
}
