/**
 * What is left in the simulated NAS after a change and its undo. Nothing is, but what the table below gives a reason for:
 * each entry is one exact place, and one that is not left any more is a failure too.
 */
import type { Example } from '../../../src/tools/define.ts';

/** Something that an undo does not bring back. */
interface Remains {
  /** Tool and arguments of the example. */
  readonly example: string;
  /** Things that are there again under another number: where, and which of their fields name a number. */
  readonly madeAnew: readonly (readonly [was: string, is: string, fields: readonly string[]])[];
  readonly why: string;
  /** The words with which the undo has to say so. */
  readonly said: string;
}

const REMAINS: readonly Remains[] = [
  {
    example: 'delete_share {"share":"media"}',
    madeAnew: [['shares > smb > 1', 'shares > smb > 7', ['id']]],
    why: 'the NAS numbers its shares, and never uses a number again',
    said: 'the id 1 of the share',
  },
  {
    example: 'delete_share {"share":"/mnt/tank/iso","kind":"nfs"}',
    madeAnew: [['shares > nfs > 2', 'shares > nfs > 5', ['id']]],
    why: 'the NAS numbers its exports, and never uses a number again',
    said: 'the id 2 of the share',
  },
  {
    example: 'delete_share {"share":"lab"}',
    madeAnew: [
      ['shares > targets > 2', 'shares > targets > 3', ['id']],
      ['shares > extents > 2', 'shares > extents > 3', ['id', 'naa']],
      ['shares > targetExtents > 2', 'shares > targetExtents > 3', ['id', 'target', 'extent']],
    ],
    why: 'targets, extents and what joins them are numbered; the NAS chooses the NAA identifier of an extent',
    said: 'the ids of target and extents, and the NAA identifier of an extent',
  },
  {
    example: 'delete_snapshot_task {"task":"fast/scratch"}',
    madeAnew: [['tasks > snapshots > 4', 'tasks > snapshots > 5', ['id']]],
    why: 'the NAS numbers its tasks, and never uses a number again',
    said: 'the id of the task',
  },
  {
    example: 'delete_snapshot_task {"task":3,"existing":"stay"}',
    madeAnew: [['tasks > snapshots > 3', 'tasks > snapshots > 5', ['id']]],
    why: 'the NAS numbers its tasks, and never uses a number again',
    said: 'the id of the task',
  },
];

/** The name of an example, as the table has it. */
export function nameOfExample(tool: string, { args }: Pick<Example, 'args'>): string {
  return `${tool} ${JSON.stringify(args)}`;
}

/** Names of examples in the table, to be held against those that there are. */
export const EXAMPLES_WITH_REMAINS: readonly string[] = REMAINS.map(({ example }) => example);

/** Differences that nothing explains, and explanations of what is not different. */
export function unexplained(
  before: unknown,
  after: unknown,
  { example, lost }: { readonly example: string; readonly lost: string },
): string[] {
  const entries = REMAINS.filter(({ example: of }) => of === example);
  const found = new Map(worldDifferences(before, after));
  const unsaid = entries.flatMap(({ said }) =>
    lost.includes(said) ? [] : [`the undo does not say: ${said}`],
  );
  const stale = entries
    .flatMap(({ madeAnew }) => madeAnew)
    .flatMap(([was, is, fields]) => {
      const [gone, made] = [valueAt(before, was), valueAt(after, is)];
      if (!found.delete(was) || !found.delete(is)) return [`${was} was not made anew as ${is}`];
      const other = new Map(worldDifferences(gone, made));
      const same = fields
        .filter((field) => !other.delete(field))
        .map((field) => `${was} has its ${field} again`);
      return [...same, ...[...other].map(([path, text]) => `${was} > ${path}: ${text}`)];
    });
  return [...unsaid, ...stale, ...[...found].map(([path, text]) => `left at ${path}: ${text}`)];
}

/** Every place where two states differ, each with both values. A thing that is in one of them only is one place. */
export function worldDifferences(before: unknown, after: unknown): (readonly [path: string, text: string])[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before) || !isObject(after)) return [['', `${shown(before)}, then ${shown(after)}`]];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    worldDifferences(Reflect.get(before, key), Reflect.get(after, key)).map(
      ([path, text]) => [path === '' ? key : `${key}${SEPARATOR}${path}`, text] as const,
    ),
  );
}

/** Names of datasets and snapshots hold slashes and dots. */
const SEPARATOR = ' > ';

function valueAt(value: unknown, path: string): unknown {
  return path
    .split(SEPARATOR)
    .reduce((each: unknown, key) => (isObject(each) ? Reflect.get(each, key) : undefined), value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}
