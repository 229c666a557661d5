/**
 * The datasets that a generic change reaches, as far as they can be told: from its arguments, and from the state of what it
 * is about. Whatever looks like a place counts; for most methods nobody can tell that there is no other.
 */
import { posix } from 'node:path';
import type { Target } from '../../changes/change.ts';
import { InputProblem } from '../../output/problem.ts';
import { isJudged } from '../../policy/risk/index.ts';
import { isNested } from '../../policy/survey.ts';
import { serviceOf } from '../../truenas/catalog/index.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { query } from '../../truenas/query.ts';
import { readPart } from '../support/part.ts';
import { field, objectOf, rowsOf } from '../support/rows.ts';
import { datasetThing, leanedOn } from '../support/targets.ts';

/** Methods that {@link touchedPlaces} reads with. */
export const TOUCHED_USES = ['pool.query', 'pool.dataset.query', 'filesystem.stat'] as const;

/** The call, as far as it tells places. */
export interface Placed {
  readonly method: string;
  /** Name of what it is about. */
  readonly thing: string;
  readonly params: readonly unknown[];
  /** State before of what it is about, where there is any. */
  readonly row: Readonly<Record<string, unknown>> | undefined;
}

/** Where a change reaches. */
export interface Places {
  /** The dataset that the thing itself hangs on; also one that is not there yet. */
  readonly dataset: string | undefined;
  /** Nobody can tell that these are all. */
  readonly isUnplaced: boolean;
  /** Each dataset that is there: it must stay the one that it was. */
  readonly targets: readonly Target[];
}

/** @throws InputProblem for a call that names more places than anybody could look at */
export async function touchedPlaces(nas: ReadClient, call: Placed): Promise<Places> {
  const own = ownPlace(call);
  const texts = [
    ...textsOf(call.params),
    // The row of a thing that hangs on one dataset names others by the way: its pool, its parent.
    ...(own === undefined ? textsOf(call.row) : [own]),
  ];
  const pools = await readPart(nas, poolNames);
  if ('gap' in pools) return { dataset: undefined, isUnplaced: true, targets: [] };
  const named = [...new Set(texts.flatMap((text) => namesIn(text, pools.value)))];
  if (named.length > MAX_PLACES)
    throw new InputProblem('params', `name ${named.length} places; at most ${MAX_PLACES} can be looked at`);
  const led = await Promise.all(named.map((name) => leadsTo(nas, name)));
  const existing = await existingDatasets(nas, led.flat());
  const reached = [...new Set(led.flat().flatMap((name) => deepest(name, existing)))];
  const isLost = led.some((names) => names.length === 0);
  const [dataset] = own === undefined ? [] : namesIn(own, pools.value);
  const isUnplaced = dataset === undefined || isLost;
  const targets = reached.map(
    async (name): Promise<Target> => ({
      ...(await leanedOn(nas, datasetThing(name), {
        name: `dataset ${name}, reached by ${call.method} of ${call.thing}`,
        absent: () => new InputProblem('params', `reach ${name}, which is gone`),
      })),
      ...(isUnplaced ? { isUnplaced } : {}),
    }),
  );
  return { dataset, isUnplaced, targets: await Promise.all(targets) };
}

const MAX_PLACES = 30;
const MAX_DEPTH = 16;

/** Services whose things hang on the one dataset that these fields name, and reach nothing else. */
const PLACE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  filesystem: ['path'],
  'iscsi.extent': ['disk', 'path'],
  'pool.dataset': ['id', 'name'],
  'pool.snapshot': ['dataset', 'id', 'name'],
  'pool.snapshottask': ['dataset'],
  'sharing.nfs': ['path'],
  'sharing.smb': ['path'],
};

/** The place that the thing itself is at, as it is written; undefined where the call may reach others. */
function ownPlace({ method, params, row }: Placed): string | undefined {
  const service = serviceOf(method);
  // A method that nobody looked at may reach anything.
  if (!isJudged(method)) return undefined;
  const fields = Object.hasOwn(PLACE_FIELDS, service) ? (PLACE_FIELDS[service] ?? []) : [];
  const [first] = params;
  const isById = service === 'pool.dataset' || service === 'pool.snapshot';
  if (isById && typeof first === 'string') return first;
  const holder = row ?? (isRecord(first) ? first : undefined);
  return fields.map((name) => holder?.[name]).find((value) => typeof value === 'string' && value !== '') as
    | string
    | undefined;
}

/** Every text at any depth, keys included. */
function textsOf(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (!isNested(value)) return [];
  if (depth > MAX_DEPTH) throw new InputProblem('params', 'are nested too deeply');
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...textsOf(inner, depth + 1),
  ]);
}

/** Names of datasets, or of what lies in them, without `/mnt`; snapshots count as their dataset. */
function namesIn(text: string, pools: readonly string[]): string[] {
  const paths = [...text.matchAll(/\/(?:mnt|dev\/zvol)\/[^\p{C}"'`;|<>]+/gu)].flatMap(([path]) => [
    path,
    // Within a command a space ends a path; within a name it does not.
    ...(path.includes(' ') ? path.split(/\s+\//u).flatMap((part) => [part.split(' ')[0] ?? '']) : []),
  ]);
  return [
    ...new Set([...paths, text].map(plainName).filter((name) => pools.includes(name.split('/')[0] ?? ''))),
  ];
}

/** `tank/media` of `/mnt/tank/x/../media/@snap`. The path of a volume has `+` for a space. */
function plainName(path: string): string {
  const isVolume = /^\/*(?:dev\/)?zvol\//u.test(path);
  const straight = posix.normalize(isVolume ? path.replaceAll('+', ' ') : path);
  // Folders and links may have these signs in their names; they lie in the dataset before them all the same.
  const isFolder = /^\/+mnt\//u.test(straight);
  const name = straight.replace(/^\/*(?:mnt|dev\/zvol|zvol)\/+/u, '');
  return (isFolder ? name : name.replace(/[@#].*$/u, '')).replace(/\/+$/u, '');
}

async function poolNames(nas: ReadClient): Promise<string[]> {
  const rows = rowsOf(await nas.call('pool.query', query({ select: ['name'] })), { name: field.rawText });
  return [...rows.flatMap(({ name }) => (name === null ? [] : [name])), 'boot-pool'];
}

/** Where a name leads, links on the NAS resolved; itself besides. Empty for what leads out of the pools. */
async function leadsTo(nas: ReadClient, name: string): Promise<string[]> {
  const parts = name.split('/');
  for (let length = parts.length; length > 1; length -= 1) {
    try {
      const path = `/mnt/${parts.slice(0, length).join('/')}`;
      const { realpath } = objectOf(await nas.call('filesystem.stat', [path]), { realpath: field.rawText });
      if (realpath === null || !realpath.startsWith('/mnt/')) return [];
      return [...new Set([name, [plainName(realpath), ...parts.slice(length)].join('/')])];
    } catch (error) {
      if (!isTrueNasError(error) || error.kind === 'aborted') throw error;
      // Nothing is there yet, or it is a volume: what lies above tells. What cannot be looked at may be a link to anywhere.
      if (error.kind !== 'not-found') return [];
    }
  }
  return [name];
}

/** Those of the names, and of all above them, that are datasets. */
async function existingDatasets(nas: ReadClient, names: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(names.flatMap(prefixes))];
  if (ids.length === 0) return new Set();
  const answer = await nas.call(
    'pool.dataset.query',
    query({
      filters: [['id', 'in', ids]],
      select: ['id'],
      extra: { flat: true, retrieve_children: false },
    }),
  );
  return new Set(rowsOf(answer, { id: field.rawText }).flatMap(({ id }) => (id === null ? [] : [id])));
}

function prefixes(name: string): string[] {
  const parts = name.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

function deepest(name: string, existing: ReadonlySet<string>): string[] {
  return prefixes(name)
    .filter((each) => existing.has(each))
    .slice(0, 1);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isNested(value) && !Array.isArray(value);
}
