/** The methods of the older releases. */
import type { SimMethod } from '../calls/method.ts';
import { core13Methods } from '../methods/core-13/index.ts';
import { scale2410Methods } from '../methods/scale-24-10/index.ts';
import { isCore, type LegacyRelease } from '../releases.ts';

const tables = new Map<LegacyRelease, ReadonlyMap<string, SimMethod>>();

/** The methods of a release by name. */
export function legacyMethods(legacy: LegacyRelease): ReadonlyMap<string, SimMethod> {
  let table = tables.get(legacy);
  if (table === undefined) {
    table = isCore(legacy) ? core13Methods(legacy) : scale2410Methods();
    tables.set(legacy, table);
  }
  return table;
}
