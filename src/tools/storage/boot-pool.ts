/** The pool TrueNAS itself runs from. `pool.query` does not know it; `boot.get_state` answers with a row of the same form. */
import type { ReadClient } from '../../truenas/client.ts';
import { ifAllowed } from '../support/if-allowed.ts';
import { type Fields, type RowOf, rowsOf } from '../support/rows.ts';

/** The boot pool when `name` is its name. None when this key may not read it. Calls `boot.get_state`. */
export async function bootPoolNamed<Shape extends Fields>(
  nas: ReadClient,
  name: string,
  row: Shape,
): Promise<RowOf<Shape>[]> {
  const state = await ifAllowed(() => nas.call('boot.get_state', []));
  const isIt = state !== null && typeof state === 'object' && 'name' in state && state.name === name;
  return isIt ? rowsOf([state], row) : [];
}
