/** `pool.query` of CORE: without sizes, which its vdevs tell. */
import type { WireValue } from '../../client.ts';
import { type Ask, fetchRows, type RowSource } from '../queries/index.ts';
import { isRow, type Row } from '../queries/paths.ts';

/** Fields that CORE lacks, and that its vdevs tell. */
const FROM_VDEVS = ['size', 'allocated', 'free', 'fragmentation', 'freeing'];
const FROM_HEALTH = ['warning', 'status_code'];

/** Classes whose vdevs make up the size of a pool: logs, caches and spares do not. */
const SIZED = ['data', 'special', 'dedup'];

/** Rows with size, allocated, free, fragmentation and warning. */
export const corePools: RowSource = async (ask, wanted) => {
  const { keys } = wanted;
  const needsVdevs = keys?.some((key) => FROM_VDEVS.includes(key)) ?? true;
  const needsHealth = keys?.some((key) => FROM_HEALTH.includes(key)) ?? true;
  const asked =
    keys === undefined
      ? undefined
      : [...keys, ...(needsVdevs ? ['topology'] : []), ...(needsHealth ? ['healthy'] : [])];
  const [rows, freeing] = await Promise.all([
    fetchRows(ask, { method: 'pool.query' }, wanted, asked),
    keys?.includes('freeing') === true ? readFreeing(ask) : undefined,
  ]);
  return rows.map((row) => ({
    ...row,
    ...(needsVdevs ? sizesOf(row['topology']) : {}),
    ...(freeing === undefined ? {} : { freeing: freeing.get(row['name'] ?? null) ?? null }),
    // CORE says everything by `healthy`: it has no second degree.
    ...(needsHealth ? { warning: typeof row['healthy'] === 'boolean' ? false : null } : {}),
  }));
};

/** Bytes that are still being freed, by pool; only the private view of ZFS tells. Empty where it cannot be read. */
async function readFreeing(ask: Ask): Promise<ReadonlyMap<WireValue, number>> {
  const found = new Map<WireValue, number>();
  const answer = await ask('zfs.pool.query', [[], { select: ['name', 'properties'] }]).catch(() => []);
  for (const row of Array.isArray(answer) ? answer : []) {
    const properties = isRow(row) ? row['properties'] : undefined;
    const freeing = isRow(properties) ? properties['freeing'] : undefined;
    const bytes = isRow(freeing) ? Number(freeing['parsed'] ?? freeing['rawvalue']) : Number.NaN;
    if (isRow(row) && Number.isFinite(bytes)) found.set(row['name'] ?? null, bytes);
  }
  return found;
}

/** Null for what a vdev does not tell, and for a pool that is not imported. */
function sizesOf(topology: WireValue | undefined): Row {
  const vdevs = isRow(topology) ? SIZED.flatMap((name) => listOf(topology[name])) : [];
  const size = sumOf(vdevs, 'size');
  const allocated = sumOf(vdevs, 'allocated');
  const free = size === null || allocated === null ? null : size - allocated;
  return { size, allocated, free, fragmentation: fragmentationOf(vdevs, size) };
}

/** In percent as text, as later releases have it: of a pool it is the mean over its vdevs by size. */
function fragmentationOf(vdevs: readonly WireValue[], size: number | null): string | null {
  if (size === null || size === 0) return null;
  let weighted = 0;
  for (const vdev of vdevs) {
    const percent = statOf(vdev, 'fragmentation');
    const part = statOf(vdev, 'size');
    if (percent === undefined || part === undefined || percent > 100) return null;
    weighted += percent * part;
  }
  return String(Math.floor(weighted / size));
}

function sumOf(vdevs: readonly WireValue[], stat: string): number | null {
  const values = vdevs.map((vdev) => statOf(vdev, stat));
  if (values.length === 0) return null;
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === undefined ? null : sum + value),
    0,
  );
}

function statOf(vdev: WireValue, stat: string): number | undefined {
  const stats = isRow(vdev) ? vdev['stats'] : undefined;
  const value = isRow(stats) ? stats[stat] : undefined;
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function listOf(value: WireValue | undefined): readonly WireValue[] {
  return Array.isArray(value) ? value : [];
}
