/** The pool TrueNAS itself runs from. `pool.query` does not know it; `boot.get_state` answers with a row of the same form. */
import type { ReadClient } from '../../truenas/client.ts';
import { type Part, readPart } from '../support/part.ts';
import { field, type Fields, objectOf, type RowOf } from '../support/rows.ts';

/** Names that mean the boot pool on any NAS, also on one whose own is called otherwise or does not tell. */
const USUAL_NAMES: ReadonlySet<string> = new Set(['boot-pool', 'freenas-boot']);

/** The boot pool when `name` means it, else none. Calls `boot.get_state`. */
export async function bootPoolNamed<Shape extends Fields>(
  nas: ReadClient,
  name: string,
  row: Shape,
): Promise<Part<RowOf<Shape>[]>> {
  return readPart(nas, async (limited) => {
    const state = await limited.call('boot.get_state', []);
    const isMeant = USUAL_NAMES.has(name) || objectOf(state, { name: field.text }).name === name;
    return isMeant ? [objectOf(state, row)] : [];
  });
}
