/** The methods that this version's tools use, against the API that the NAS describes to the account. */
import { catalogOf } from '../../access/readable-client.ts';
import { roleOf } from '../../policy/roles.ts';
import { serviceOf } from '../../truenas/catalog/index.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import type { ReadClient, Release } from '../../truenas/index.ts';
import { hasMethod } from '../../truenas/method-table.ts';
import { namesIn } from '../../truenas/renames.ts';
import type { OfferedTool } from './roles.ts';

/** What differs. */
export interface ApiDifference {
  /** Methods that the NAS describes to the account. */
  readonly described: number;
  /** Methods that the tools use on this release and that the NAS does not describe: absent there, or beyond the account's roles. */
  readonly missing: readonly string[];
  /** Methods that should not be there on this release, and are. */
  readonly unexpected: readonly string[];
}

/** Reads the live catalog and compares; undefined when the NAS does not give it. */
export async function compareApi(
  read: ReadClient,
  tools: readonly OfferedTool[],
): Promise<ApiDifference | undefined> {
  const methods = [...new Set(tools.flatMap(({ uses }) => uses))].sort();
  try {
    const release = await read.release();
    const { methods: listed, unread } = await catalogOf(read).all({ waitMs: 60_000 });
    const described = new Set([...listed].map(({ name }) => name));
    const isDescribed = (method: string) => namesIn(release, method).some((name) => described.has(name));
    return {
      described: described.size,
      missing: methods.filter(
        (method) =>
          isExpected(method, release) && !unread.includes(serviceOf(method)) && !isDescribed(method),
      ),
      unexpected: methods.filter((method) => !hasMethod(method, release) && isDescribed(method)),
    };
  } catch (error) {
    if (isTrueNasError(error)) return undefined;
    throw error;
  }
}

/** Methods for which signing in is enough are not all described, nor are to a key that reads those which a role to write grants. */
function isExpected(method: string, release: Release): boolean {
  const role = roleOf(method);
  return hasMethod(method, release) && role !== undefined && !role.endsWith('_WRITE');
}
