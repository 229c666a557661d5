/** How a method that changes something is called from here, where the operator set TRUENAS_API_WRITE. */
import type { ReadableClient } from '../../access/readable-client.ts';
import { describeByName } from '../../changes/readers.ts';
import { methodRefusal } from '../../policy/refusals.ts';
import type { ApiMethod } from '../../truenas/catalog/index.ts';
import { canonicalName } from '../../truenas/renames.ts';
import type { ToolContext } from '../define.ts';
import { ownToolOf } from './own-tools.ts';

/** A clause for the method; undefined where nothing here calls it. */
export function wayToChange(method: string, { mayCallAny = false }: Pick<ToolContext, 'mayCallAny'>) {
  if (!mayCallAny || methodRefusal(canonicalName(method)) !== undefined) return undefined;
  const own = ownToolOf(canonicalName(method));
  return own?.does === undefined ? 'call_api_write plans it' : `it is left to ${own.tool}`;
}

/** The method as the reading account sees it, else as the account for changes does: a reading one sees none that writes. */
export async function describedMethod(
  nas: ReadableClient,
  name: string,
  { writerCatalog }: Pick<ToolContext, 'writerCatalog'>,
): Promise<ApiMethod | undefined> {
  const read = await nas.catalog.method(name);
  if (read !== undefined) return read;
  const writer = await writerCatalog?.();
  return writer === undefined ? undefined : describeByName(writer, await nas.release(), canonicalName(name));
}
