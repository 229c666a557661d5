/** The pool TrueNAS itself runs from. `pool.query` does not know it; `boot.get_state` answers with a row of the same form. */
import type { z } from 'zod';
import type { ReadClient } from '../../truenas/client.ts';
import { ifAllowed } from '../support/if-allowed.ts';
import { rowsOf } from '../support/rows.ts';

/** The boot pool when `name` is its name. None when this key may not read it. Calls `boot.get_state`. */
export async function bootPoolNamed<Shape extends z.ZodRawShape>(
  nas: ReadClient,
  name: string,
  row: z.ZodObject<Shape>,
): Promise<z.output<z.ZodObject<Shape>>[]> {
  const state = await ifAllowed(() => nas.call('boot.get_state', []));
  const isIt = state !== null && typeof state === 'object' && 'name' in state && state.name === name;
  return isIt ? rowsOf([state], row) : [];
}
