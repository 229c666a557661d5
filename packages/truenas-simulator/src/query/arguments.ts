/** The arguments of a query method, checked as a NAS checks them before it looks at any row. */
import { checkArguments } from '../schema/arguments.ts';
import type { SimRelease } from '../releases.ts';
import { queryParams } from './params.ts';

/**
 * Checks `[filters, options]` of a query.
 * @throws ValidationErrors with the texts of that release when a NAS would refuse them.
 */
export function checkQueryArguments(release: SimRelease, parameters: readonly unknown[]): void {
  checkArguments(queryParams(release), parameters, release);
}
