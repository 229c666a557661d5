/** Paths of a NAS: where they really lead, and the dataset that holds what is there. */
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { query } from '../../truenas/query.ts';
import { datasetName } from './inputs.ts';
import { field, oddAnswer, objectOf, rowsOf } from './rows.ts';

/** Methods that {@link placeOf} reads with. */
export const PLACE_USES = ['filesystem.stat', 'filesystem.statfs', 'pool.dataset.query'] as const;

/** Where a path leads. */
export interface Place {
  /** Without links: what is sent to the NAS. */
  readonly path: string;
  readonly dataset: string;
  /** The path of the dataset itself. */
  readonly isMountPoint: boolean;
  readonly isDirectory: boolean;
  /** Mode, owner and group. */
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly hasLockedDataset: boolean | null;
  readonly isReadonly: boolean;
  /** The property as the NAS says it; null where it does not. */
  readonly readonlyProperty: boolean | null;
}

const STAT = {
  realpath: field.rawText,
  type: field.rawText,
  mode: field.number,
  uid: field.number,
  gid: field.number,
};
const DATASET = {
  id: field.rawText,
  type: field.rawText,
  mountpoint: field.rawText,
  locked: field.flag,
  readonly: field.object({ parsed: field.unknown, value: field.rawText }),
};

/** `/mnt/tank/media` from what people write: also `tank/media`. */
export function pathOf(text: string): string {
  return `/mnt/${datasetName(text)}`;
}

/**
 * Resolves a path on the NAS.
 * @throws InputProblem when nothing is there, when it lies in no pool, or when its dataset cannot be told
 */
export async function placeOf(nas: ReadClient, argument: string, text: string): Promise<Place> {
  const asked = pathOf(text);
  const stat = objectOf(await statOf(nas, argument, asked), STAT);
  const path = stat.realpath;
  if (path === null || !/^\/mnt\/[^/]+/u.test(path)) {
    const where = path === null ? 'nobody knows where' : safeCell(path);
    throw new InputProblem(argument, `leads out of the pools, to ${where}`);
  }
  const dataset = await datasetAt(nas, path);
  // The mount point of a locked dataset lies in the dataset above: the filesystem says nothing of it.
  const source = dataset?.locked === true ? undefined : await sourceOf(nas, path);
  const isSure = dataset !== undefined && (dataset.id === source || dataset.locked === true);
  if (!isSure && (source === undefined || source.includes('@')))
    throw new InputProblem(argument, `cannot be tied to a dataset: ${safeCell(path)}`);
  const id = isSure ? dataset.id : (source ?? '');
  return {
    path,
    dataset: id,
    isMountPoint: isSure ? dataset.mountpoint === path || path === `/mnt/${id}` : path === `/mnt/${id}`,
    isDirectory: stat.type === 'DIRECTORY',
    mode: stat.mode,
    uid: stat.uid,
    gid: stat.gid,
    hasLockedDataset: isSure ? dataset.locked : null,
    readonlyProperty: isSure ? readonlyOf(dataset.readonly) : null,
    isReadonly: isSure && (dataset.readonly?.parsed === true || dataset.readonly?.value === 'ON'),
  };
}

function readonlyOf(property: { parsed: unknown; value: string | null } | null): boolean | null {
  if (typeof property?.parsed === 'boolean') return property.parsed;
  return property?.value === 'ON' ? true : property?.value === 'OFF' ? false : null;
}

async function statOf(nas: ReadClient, argument: string, path: string) {
  try {
    return await nas.call('filesystem.stat', [path]);
  } catch (error) {
    if (!isTrueNasError(error, 'not-found')) throw error;
    throw new InputProblem(
      argument,
      `leads to nothing on the NAS: ${safeCell(path)}`,
      'list_datasets shows what there is',
    );
  }
}

/** The deepest dataset whose name the path begins with. */
export async function datasetAt(nas: ReadClient, path: string) {
  const parts = path.replace(/^\/mnt\//u, '').split('/');
  const names = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  const answer = await nas.call(
    'pool.dataset.query',
    query({ filters: [['id', 'in', names]], extra: { flat: true, retrieve_children: false } }),
  );
  const rows = rowsOf(answer, DATASET);
  // The deepest may be the one without a name, and locked.
  if (rows.some(({ id }) => id === null)) throw oddAnswer(null, 'the name of a dataset');
  return rows
    .flatMap((row) => (row.id === null || row.type === 'VOLUME' ? [] : [{ ...row, id: row.id }]))
    .toSorted((a, b) => b.id.length - a.id.length)[0];
}

async function sourceOf(nas: ReadClient, path: string): Promise<string | undefined> {
  const { source } = objectOf(await nas.call('filesystem.statfs', [path]), { source: field.rawText });
  return source ?? undefined;
}
