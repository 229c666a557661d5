/** Paths and access lists of CORE, which says less of them. */
import type { WireValue } from '../../client.ts';
import type { Ask } from '../queries/index.ts';
import { isRow, type Row } from '../queries/paths.ts';
import { aclWithOwners, typeByMode } from './both.ts';

/** `filesystem.stat`, with the type and the real path, which only the folder above tells. */
export async function coreStat([path]: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const [stat, entry] = await Promise.all([
    ask('filesystem.stat', [path ?? null]),
    typeof path === 'string' ? entryOf(path, ask) : undefined,
  ]);
  if (!isRow(stat)) return stat;
  return {
    ...stat,
    realpath: entry?.['realpath'] ?? null,
    type: typeByMode(stat['mode']) ?? entry?.['type'] ?? null,
  };
}

/** Undefined where the folder above cannot be listed: the rest is told all the same. */
async function entryOf(path: string, ask: Ask): Promise<Row | undefined> {
  const parts = path.split('/').filter((part) => part !== '');
  const name = parts.pop();
  if (name === undefined) return { realpath: '/' };
  try {
    const rows = await ask('filesystem.listdir', [`/${parts.join('/')}`, [['name', '=', name]], {}]);
    const [row] = Array.isArray(rows) ? rows : [];
    return isRow(row) ? row : undefined;
  } catch {
    return undefined;
  }
}

/** `filesystem.getacl`: takes no third argument there, and does not say whether the mode alone says it. */
export async function coreAcl(params: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const [path, isSimplified] = params;
  const [acl, isTrivial] = await Promise.all([
    aclWithOwners(path ?? null, [path ?? null, isSimplified !== false], ask),
    ask('filesystem.acl_is_trivial', [path ?? null]).catch(() => null),
  ]);
  return isRow(acl) ? { path: path ?? null, trivial: isTrivial, ...acl } : acl;
}
