/** `zfs.resource.snapshot.query` and `count` (27.0): snapshots by path, without filters or paging. */
import * as z from 'zod';
import { ERRNO, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, text } from '../schema/schema.ts';
import type { Dataset } from '../world/datasets.ts';
import { isInternal } from '../world/datasets.ts';
import { type Snapshot, snapshotGuid, snapshotId } from '../world/snapshots.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, ONLY_27_0 } from './common.ts';

const flag = z.boolean().default(false);
const paths = z
  .array(text())
  .refine((list) => new Set(list).size === list.length, 'paths must be unique')
  .default([]);

interface Query {
  readonly paths: readonly string[];
  readonly recursive: boolean;
  readonly properties: readonly string[] | null;
  readonly get_user_properties: boolean;
  readonly get_holds: boolean;
  readonly min_txg: number;
  readonly max_txg: number;
}

export const ZFS_SNAPSHOT_METHODS: readonly SimMethod[] = [
  {
    name: 'zfs.resource.snapshot.query',
    description: 'Snapshots of the datasets named, or of the root datasets.',
    releases: ONLY_27_0,
    roles: ['SNAPSHOT_READ'],
    params: [
      [
        'data',
        model('ZFSResourceSnapshotQuery', {
          paths,
          recursive: flag,
          properties: z.array(text()).nullable().default([]),
          get_user_properties: flag,
          get_source: flag,
          get_holds: flag,
          min_txg: z.int().default(0),
          max_txg: z.int().default(0),
        }).prefault({}),
      ],
    ],
    run({ world }: MethodContext, query: Query) {
      const isWithin = ({ txg }: Snapshot): boolean =>
        txg >= query.min_txg && (query.max_txg === 0 || txg <= query.max_txg);
      return datasetsOf(world, query.paths, query.recursive, 'query').flatMap(({ snapshots }) =>
        snapshots
          .filter((snapshot) => isWithin(snapshot) && isNamed(snapshot, query.paths))
          .map((each) => snapshotEntry(each, query)),
      );
    },
  },
  {
    name: 'zfs.resource.snapshot.count',
    description: 'How many snapshots each of the datasets named has.',
    releases: ONLY_27_0,
    roles: ['SNAPSHOT_READ'],
    params: [['data', model('ZFSResourceSnapshotCountQuery', { paths, recursive: flag }).prefault({})]],
    run: ({ world }: MethodContext, query: { paths: readonly string[]; recursive: boolean }) =>
      Object.fromEntries(
        datasetsOf(world, query.paths, query.recursive, 'count').map(({ id, snapshots }) => [
          id,
          snapshots.length,
        ]),
      ),
  },
];

function datasetsOf(world: World, wanted: readonly string[], recursive: boolean, verb: string): Dataset[] {
  const problems = new ValidationErrors();
  const attribute = `zfs.resource.snapshot.${verb}`;
  const starts = wanted.length === 0 ? world.pools.all.map(({ name }) => name) : wanted;
  const found = starts.flatMap((path) => {
    const dataset = world.datasets.get(path.split('@')[0] ?? path);
    if (dataset === undefined) problems.add(attribute, `'${path}' not found`, ERRNO.ENOENT);
    const isInside = starts.some((other) => other !== path && path.startsWith(`${other}/`));
    if (recursive && isInside) problems.add(attribute, `${path} overlaps another path`);
    return dataset ?? [];
  });
  problems.check();
  if (!recursive) return [...new Set(found)];
  return found.flatMap((start) => [...world.datasets.walk(start)]).filter(({ id }) => !isInternal(id));
}

/** A path may name a snapshot; then only that one is meant. */
function isNamed(snapshot: Snapshot, wanted: readonly string[]): boolean {
  const named = wanted.filter((path) => path.startsWith(`${snapshot.dataset.id}@`));
  return named.length === 0 || named.includes(snapshotId(snapshot));
}

/** What is shown of a snapshot. */
export type EntryView = Pick<Query, 'properties' | 'get_user_properties' | 'get_holds'>;

/** What a snapshot that was just taken shows. */
export const ENTRY_VIEW: EntryView = { properties: [], get_user_properties: true, get_holds: false };

/** A snapshot as `zfs.resource.snapshot.query` shows it. */
export function snapshotEntry(snapshot: Snapshot, query: EntryView): ApiRow {
  const { dataset, name, txg } = snapshot;
  const values: Readonly<Record<string, number | string>> = {
    type: 'snapshot',
    creation: Math.floor(snapshot.createdMs / 1000),
    used: snapshot.usedBytes,
    referenced: snapshot.referencedBytes,
    compressratio: dataset.compressRatio,
    createtxg: txg,
    written: snapshot.usedBytes,
    logicalreferenced: snapshot.referencedBytes,
  };
  const wanted = query.properties?.length === 0 ? ['used', 'referenced'] : (query.properties ?? []);
  const properties = Object.entries(values).filter(([key]) => wanted.includes(key));
  return {
    createtxg: txg,
    guid: BigInt(snapshotGuid(snapshot)),
    name: snapshotId(snapshot),
    pool: dataset.pool,
    dataset: dataset.id,
    snapshot_name: name,
    type: 'SNAPSHOT',
    holds: query.get_holds ? [...(snapshot.holds ?? [])] : null,
    properties:
      query.properties === null
        ? null
        : Object.fromEntries(
            properties.map(([key, value]) => [key, { raw: String(value), source: null, value }]),
          ),
    user_properties: query.get_user_properties ? Object.fromEntries(snapshot.userProperties ?? []) : null,
  };
}
