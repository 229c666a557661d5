/**
 * Things that changes touch, as targets: how each is read, which values tell it from another of the same name, and which
 * stay as they are while nothing is written to it. Planning reads through here, so that plan and re-read see the same.
 */
import type { State, StateRead, Target } from '../../changes/change.ts';
import type { KnownTargets } from '../../changes/joined.ts';
import { pathsOf, readState } from '../../changes/state.ts';
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { type Filter, query } from '../../truenas/query.ts';

/** A thing, before anything is known of it. */
export interface Thing
  extends Pick<Target, 'name' | 'dataset' | 'identity' | 'written' | 'heldAlone' | 'renewed' | 'goesAway'> {
  readonly read: StateRead;
}

/**
 * What a NAS shows of a dataset when it is asked for nothing in particular, as ZFS names it, and what 25.10 and later
 * show on request only: the guid, and whether it is mounted.
 */
const DATASET_PROPERTIES = [
  ...['guid', 'creation', 'origin', 'mountpoint', 'encryption', 'encryptionroot', 'keyformat', 'keystatus'],
  ...['keylocation', 'pbkdf2iters', 'dedup', 'aclmode', 'acltype', 'xattr', 'atime', 'casesensitivity'],
  ...['checksum', 'exec', 'sync', 'compression', 'compressratio', 'quota', 'refquota', 'reservation'],
  ...['refreservation', 'copies', 'snapdir', 'snapdev', 'readonly', 'recordsize', 'volsize', 'volblocksize'],
  ...['used', 'usedbychildren', 'usedbydataset', 'usedbyrefreservation', 'usedbysnapshots', 'available'],
  ...['special_small_blocks', 'mounted'],
];

/** A dataset or volume. */
export function datasetThing(name: string): Thing {
  return {
    name: `dataset ${name}`,
    dataset: name,
    read: {
      method: 'pool.dataset.query',
      params: query({
        filters: [['id', '=', name]],
        extra: { properties: DATASET_PROPERTIES, retrieve_children: false, snapshots_count: true },
      }),
    },
    // 25.04 shows no guid here: there, only one that is made again within the same second cannot be told.
    identity: ['guid.rawvalue', 'creation.rawvalue'],
    written: ['usedbydataset.rawvalue', 'snapshot_count'],
  };
}

/** A snapshot by its full name. */
export function snapshotThing(name: string): Thing {
  return {
    name: `snapshot ${name}`,
    dataset: name.slice(0, name.indexOf('@')),
    read: { method: 'pool.snapshot.query', params: query({ filters: [['id', '=', name]], limit: 1 }) },
    identity: ['createtxg', 'properties.createtxg.rawvalue'],
    written: [],
  };
}

/** A snapshot that is to be made. Of what is deleted from the dataset after it, it is the last copy. */
export function newSnapshotThing(name: string): Thing {
  return {
    ...snapshotThing(name),
    read: {
      method: 'pool.snapshot.query',
      // 27.0 tells only the properties that are asked for.
      params: query({
        filters: [['id', '=', name]],
        limit: 1,
        extra: { properties: ['used', 'createtxg'] },
      }),
    },
    heldAlone: ['properties.used.rawvalue'],
  };
}

/** A row of a query method, found by the id that the NAS gave it. */
export function rowThing(
  name: string,
  method: string,
  filter: Filter,
  {
    dataset,
    identity = ['id'],
  }: { readonly dataset?: string | undefined; readonly identity?: readonly string[] } = {},
): Thing {
  return {
    name,
    ...(dataset === undefined ? {} : { dataset }),
    read: { method, params: query({ filters: [filter] }) },
    identity,
  };
}

/** All rows that a read answers, as one thing: it moves when one comes, goes or changes. */
export function listThing(name: string, dataset: string, method: string, params: readonly unknown[]): Thing {
  return { name, dataset, read: { method, params, isList: true }, identity: [] };
}

/** The settings of a service or of the system: they always exist. */
export function configThing(name: string, method: string): Thing {
  return { name, read: { method, params: [] }, identity: [] };
}

/**
 * A thing that is there, with the values of `after` as they will be; the state before is read now.
 * @throws InputProblem through `absent` when it is not there.
 */
export async function presentTarget(
  nas: ReadClient,
  thing: Thing,
  after: State | 'absent' | 'present',
  { changedBy = 0, absent }: { readonly changedBy?: number; readonly absent: () => Promise<Error> | Error },
): Promise<Target & { readonly before: State }> {
  const unread: Target = { ...thing, changedBy, before: 'absent', after };
  const before = await readState(nas, thing.read, pathsOf(unread));
  if (before === 'absent') throw await absent();
  return { ...unread, before };
}

/**
 * A thing that is to be made; that there is none yet is read now.
 * @throws InputProblem when there is one already.
 */
export async function newTarget(
  nas: ReadClient,
  thing: Thing,
  after: State | 'present',
  { changedBy = 0, argument }: { readonly changedBy?: number; readonly argument: string },
): Promise<Target> {
  const before = await readState(nas, thing.read, thing.identity);
  if (before !== 'absent') throw new InputProblem(argument, `${thing.name} exists already`);
  return { ...thing, changedBy, before, after };
}

/**
 * A thing that a change leans on and leaves as it is: until the last call is sent, it must be the one that it was planned
 * for. It is no part of the undo.
 * @throws InputProblem through `absent` when it is not there.
 */
export async function leanedOn(
  nas: ReadClient,
  { written: _written, ...thing }: Thing,
  { name, absent }: { readonly name: string; readonly absent: () => Promise<Error> | Error },
): Promise<Target> {
  const target = await presentTarget(nas, thing, 'present', { changedBy: NEVER, absent });
  return { ...target, name, isOnlyRead: true };
}

/** No call changes it. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** True for a thing that an earlier step of the same plan makes. */
export function isMadeEarlier(known: KnownTargets | undefined, name: string): boolean {
  return (
    known?.some(
      (target) => target.name === name && target.before === 'absent' && target.after !== 'absent',
    ) === true
  );
}
