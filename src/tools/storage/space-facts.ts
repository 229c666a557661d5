/** Where the space of pools is, by dataset: the largest are read, and what lies elsewhere is the rest. */
import { percentOf, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { equals } from '../support/inputs.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { field, type RowOf, rowsOf, zfsNumber, zfsText } from '../support/rows.ts';
import { datasetListExtra, listFilters } from './dataset-query.ts';

/** Most datasets that are looked at, the largest first. */
export const MAX_SPACE_DATASETS = 1000;

/** A dataset with what it holds itself; sizes that are not known are null. */
export interface DatasetSizes {
  /** As the NAS writes it. */
  readonly id: string;
  readonly isVolume: boolean;
  readonly usedBytes: number | null;
  readonly ownBytes: number | null;
  readonly snapshotBytes: number | null;
  readonly unusedReservationBytes: number;
  readonly unusedRefreservationBytes: number;
  /** Null where it is not known. */
  readonly isDeduplicated: boolean | null;
}

/** A pool with the sum of what was looked at. */
export interface PoolSizes {
  /** As the NAS writes it. */
  readonly name: string;
  readonly usedBytes: number | null;
  readonly availableBytes: number | null;
  readonly usedPercent: number | null;
  /** `1.34`; null where it is not known. */
  readonly compressRatio: string | null;
  readonly freeingBytes: number | null;
  readonly dedupTableBytes: number | null;
}

/** What was read of the space. */
export interface SpaceFacts {
  /** False where the NAS says that there is no such pool. */
  readonly isFound: boolean;
  readonly pools: readonly PoolSizes[];
  readonly datasets: readonly DatasetSizes[];
  /** There are more datasets than were looked at, all of them smaller. */
  readonly isCut: boolean;
  /** What could not be read, as safe text. */
  readonly gaps: readonly string[];
}

const SIZES = ['used', 'usedbydataset', 'usedbysnapshots', 'usedbyrefreservation', 'reservation'] as const;
const ROW = {
  id: field.rawText,
  type: field.text,
  used: zfsNumber,
  usedbydataset: zfsNumber,
  usedbysnapshots: zfsNumber,
  usedbyrefreservation: zfsNumber,
  reservation: zfsNumber,
  deduplication: zfsText,
};
const ROOT = { id: field.rawText, used: zfsNumber, available: zfsNumber, compressratio: zfsText };
const POOL = { name: field.rawText, freeing: field.integer, dedup_table_size: field.integer };

/** Reads it, of one pool or of all. Calls `pool.dataset.query` and `pool.query`. @throws TrueNasError without datasets */
export async function readSpace(nas: ReadClient, pool: string | undefined): Promise<SpaceFacts> {
  const [largest, roots, pools] = await Promise.all([
    readLargest(nas, pool),
    readPart(nas, (limited) => readRoots(limited, pool)),
    readPart(nas, async (limited) =>
      rowsOf(await limited.call('pool.query', query({ select: Object.keys(POOL) })), POOL),
    ),
  ]);
  const more = new Map(valueOr(pools, []).map((each) => [each.name, each]));
  const datasets = largest.map(sizesOf);
  const nameless = datasets.filter(({ id }) => id === '').length;
  const tops = new Map(valueOr(roots, []).map((root) => [root.id ?? pool ?? '', root]));
  const names = new Set([
    ...tops.keys(),
    ...datasets.map(({ id }) => id.split('/')[0] ?? ''),
    ...(pool === undefined ? [] : [pool]),
  ]);
  const found = [...names].filter((name) => name !== '');
  return {
    isFound: largest.length > 0 || tops.size > 0 || 'gap' in roots,
    pools: found.map((name) => poolSizes(name, tops.get(name), more.get(name))),
    datasets: datasets.filter(({ id }) => id !== ''),
    isCut: largest.length >= MAX_SPACE_DATASETS,
    gaps: [
      ...(gapText(pools) === undefined ? [] : [`what is still being freed ${gapText(pools)}`]),
      ...(gapText(roots) === undefined ? [] : [`how full the pools are ${gapText(roots)}`]),
      ...(nameless === 0 ? [] : [`the names of ${nameless} datasets`]),
      ...unknownSizes(datasets),
      ...('gap' in roots
        ? []
        : found
            .filter((name) => !isSized(tops.get(name)))
            .map((name) => `how full the pool ${safeCell(name, 60)} is`)),
      ...('gap' in pools
        ? []
        : found
            .filter((name) => (more.get(name)?.freeing ?? null) === null)
            .map((name) => `what ${safeCell(name, 60)} is still freeing`)),
    ],
  };
}

function poolSizes(
  name: string,
  root: RowOf<typeof ROOT> | undefined,
  more: RowOf<typeof POOL> | undefined,
): PoolSizes {
  const usedBytes = root?.used?.parsed ?? null;
  const availableBytes = root?.available?.parsed ?? null;
  const whole = usedBytes === null || availableBytes === null ? null : usedBytes + availableBytes;
  return {
    name,
    usedBytes,
    availableBytes,
    usedPercent: percentOf(usedBytes, whole) ?? null,
    compressRatio: root?.compressratio?.value ?? null,
    freeingBytes: more?.freeing ?? null,
    dedupTableBytes: more?.dedup_table_size ?? null,
  };
}

function isSized(root: RowOf<typeof ROOT> | undefined): boolean {
  return (root?.used?.parsed ?? null) !== null && (root?.available?.parsed ?? null) !== null;
}

function unknownSizes(datasets: readonly DatasetSizes[]): string[] {
  const odd = datasets.filter(
    ({ usedBytes, ownBytes, snapshotBytes }) =>
      usedBytes === null || ownBytes === null || snapshotBytes === null,
  ).length;
  return odd === 0 ? [] : [`the sizes of ${plural(odd, 'dataset')}`];
}

/** A parent uses at least what each below it does: so the largest are the first by `used`. */
async function readLargest(nas: ReadClient, pool: string | undefined) {
  const parameters = query({
    filters: listFilters(equals('pool', pool)),
    select: ['id', 'type', ...SIZES.map((name) => `${name}.parsed`), 'deduplication.value'],
    orderBy: ['-used.parsed'],
    limit: MAX_SPACE_DATASETS,
    extra: await datasetListExtra(nas, [...SIZES, 'dedup']),
  });
  return rowsOf(await nas.call('pool.dataset.query', parameters), ROW);
}

async function readRoots(nas: ReadClient, pool: string | undefined) {
  const parameters = query({
    filters: pool === undefined ? [] : [['id', '=', pool]],
    select: ['id', 'used.parsed', 'available.parsed', 'compressratio.value'],
    extra: {
      flat: true,
      retrieve_children: false,
      properties: ['used', 'available', 'compressratio'],
      retrieve_user_props: false,
    },
  });
  return rowsOf(await nas.call('pool.dataset.query', parameters), ROOT);
}

function sizesOf(row: Awaited<ReturnType<typeof readLargest>>[number]): DatasetSizes {
  const usedBytes = row.used?.parsed ?? null;
  const reserved = row.reservation?.parsed ?? 0;
  const deduplication = row.deduplication?.value ?? null;
  return {
    id: row.id ?? '',
    isVolume: row.type === 'VOLUME',
    usedBytes,
    ownBytes: row.usedbydataset?.parsed ?? null,
    snapshotBytes: row.usedbysnapshots?.parsed ?? null,
    unusedReservationBytes: usedBytes === null ? 0 : Math.max(0, reserved - usedBytes),
    unusedRefreservationBytes: row.usedbyrefreservation?.parsed ?? 0,
    isDeduplicated: deduplication === null ? null : !/^off$/iu.test(deduplication),
  };
}
