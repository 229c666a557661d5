/** Why a replication or another periodic task does not do its work. */
import { judgeTask, type TaskFacts } from '../../../findings/task-run.ts';
import { formatInstant } from '../../../output/time.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import {
  readTaskNames,
  TASK_KINDS,
  TASK_SOURCES,
  type TaskKind,
  type TaskRow,
  tasksCalled,
} from '../../protection/tasks.ts';
import { snapshotNamesOf } from '../../storage/snapshot-lookup.ts';
import { gapText, type Part, readPart, valueOr } from '../../support/part.ts';
import { field, type RowOf, rowsOf } from '../../support/rows.ts';
import { STATES, TASK, troubleOf } from '../overview/tasks.ts';
import { noneCalled } from './named.ts';
import { type Diagnosis, some, type Subject, type SubjectContext } from './subject.ts';

const ROW = {
  ...TASK,
  direction: field.text,
  transport: field.text,
  source_datasets: field.rawTexts,
  target_dataset: field.rawText,
};
type Row = RowOf<typeof ROW>;

/** Nouns of the kinds; the last run is in `state` or in `job`. */
const WORDS: Readonly<Record<TaskKind, { readonly noun: string; readonly last: 'state' | 'job' }>> = {
  snapshot: { noun: 'snapshot task', last: 'state' },
  replication: { noun: 'replication', last: 'state' },
  cloud_sync: { noun: 'cloud sync', last: 'job' },
  rsync: { noun: 'rsync task', last: 'job' },
};

export const replication: Subject = {
  uses: ['replication.query', 'pool.snapshot.query'],
  diagnose: (context, name) => diagnoseTasks(context, ['replication'], 'replication', name),
};

export const task: Subject = {
  uses: ['pool.snapshot.query', ...TASK_KINDS.map((kind) => TASK_SOURCES[kind].query)],
  diagnose(context, name) {
    // `cloud_sync 2`, as other tools call it.
    const [, named, rest = name] =
      /^\s*(snapshot|replication|cloud[_ ]?sync|rsync)(?:\s+task)?\s+(.+)$/iu.exec(name) ?? [];
    const plain = named?.toLowerCase().replace(/[_ ]/u, '');
    const kind = TASK_KINDS.find((each) => each.replace('_', '') === plain);
    return kind === undefined
      ? diagnoseTasks(context, TASK_KINDS, 'task', name)
      : diagnoseTasks(context, [kind], WORDS[kind].noun, rest);
  },
};

/** Tasks that are looked at when several are called the same. */
const MAX_TASKS = 5;

/** Every task of these kinds that is called so: two of one dataset are common, hourly and daily. */
async function diagnoseTasks(
  { nas, nowMs }: SubjectContext,
  kinds: readonly TaskKind[],
  noun: string,
  name: string,
): Promise<Diagnosis> {
  const searched = await Promise.all(
    kinds.map(async (kind) => ({
      kind,
      part: await readPart(nas, async (limited) =>
        (await nas.has(TASK_SOURCES[kind].query)) ? readTaskNames(limited, kind) : [],
      ),
    })),
  );
  const unread = searched.flatMap(({ kind, part }) =>
    some(gapText(part) && `${WORDS[kind].noun}s ${gapText(part)}`),
  );
  const all = searched.map(({ kind, part }) => ({ kind, tasks: valueOr(part, []) }));
  const found = all.flatMap(({ kind, tasks }) =>
    tasksCalled(tasks, kind, name).map((each) => ({ kind, called: each })),
  );
  if (found.length === 0) {
    const names = all.flatMap(({ kind, tasks }) => tasks.map(({ row }) => row[firstNameOf(kind)]));
    const problem = noneCalled(noun, name, names);
    if (unread.length === 0) throw problem;
    return {
      headline: `${noun} ${safeCell(name, 80)} is not among those that could be read`,
      findings: [],
      unjudged: unread,
      lines: [],
    };
  }
  const shown = found.slice(0, MAX_TASKS);
  const each = await Promise.all(shown.map(({ kind, called }) => diagnoseTask(nas, nowMs, kind, called)));
  return {
    headline: each.map(({ headline }) => headline).join('; '),
    findings: each.flatMap(({ findings }) => findings),
    unjudged: [...each.flatMap(({ unjudged }) => unjudged), ...unread],
    lines: [
      ...each.flatMap(({ lines }) => lines),
      ...some(
        found.length > MAX_TASKS &&
          `(${found.length} tasks are called so; the first ${MAX_TASKS} were looked at)`,
      ),
    ],
  };
}

function firstNameOf(kind: TaskKind): string {
  return TASK_SOURCES[kind].names[0] ?? 'id';
}

async function diagnoseTask(
  nas: ReadClient,
  nowMs: number,
  kind: TaskKind,
  called: TaskRow,
): Promise<Diagnosis> {
  const { noun, last } = WORDS[kind];
  const label = `${noun} ${safeCell(called.label, 80)}`;
  const part = await readPart(nas, async (limited) => {
    const parameters = query({ filters: [['id', '=', called.id]], select: Object.keys(ROW), limit: 1 });
    return rowsOf(await limited.call(TASK_SOURCES[kind].query, parameters), ROW)[0];
  });
  const row = valueOr(part, undefined);
  if (row === undefined)
    return {
      headline: `${label}: nothing is known of it`,
      findings: [],
      unjudged: [`${label} ${gapText(part) ?? 'is not there any more'}`],
      lines: [],
    };
  const run = row[last];
  const base = await readPart(nas, (limited) => lacksBase(limited, row));
  const state = stateOf(kind, row, nowMs);
  const trouble = troubleOf({ last, method: TASK_SOURCES[kind].query }, row, nowMs);
  const when = typeof run?.datetime === 'number' ? ` at ${formatInstant(run.datetime)}` : '';
  const job = row.job?.id ?? null;
  const isBaseless = valueOr(base, undefined) === true;
  return {
    headline: `${label}: ${row.enabled === false ? 'switched off, ' : ''}${run === null ? 'has never run' : `last run ${safeCell(run.state ?? 'in an unknown state', 20)}${when}`}`,
    findings: judgeTask({
      isReplication: kind === 'replication',
      label,
      isEnabled: row.enabled,
      state,
      why: trouble?.why ? safeCell(trouble.why, 300) : undefined,
      lacksBase: isBaseless,
      run: { kind, task: called.id },
      job: job === null ? undefined : `get_job ${JSON.stringify({ id: job })} shows the log`,
    }),
    unjudged: unjudgedOf(row, { state, why: trouble?.why, base, isBaseless, run }).map(
      (what) => `${what} of ${label}`,
    ),
    lines: linesOf(called, row, base),
  };
}

interface Judged {
  readonly state: TaskFacts['state'];
  readonly why: string | null | undefined;
  readonly base: Part<boolean | undefined>;
  readonly isBaseless: boolean;
  readonly run: Row['state'];
}

function unjudgedOf(row: Row, { state, why, base, isBaseless, run }: Judged): string[] {
  const isTrouble = state === 'failed' || state === 'on hold';
  return [
    ...some(row.enabled === null && 'whether it is enabled'),
    ...some(state === 'unknown' && 'end of the last run'),
    ...some(isTrouble && !why && `cause of the trouble`),
    ...some(
      run !== null && run.datetime !== null && typeof run.datetime !== 'number' && 'time of the last run',
    ),
    // Its first run may be under way: then nothing is shared yet.
    ...some(state === 'unknown' && isBaseless && 'what a run can go on from'),
    ...some(gapText(base) && `snapshots of source and target ${gapText(base)}, so the common one`),
  ];
}

function stateOf(kind: TaskKind, row: Row, nowMs: number): TaskFacts['state'] {
  const { last } = WORDS[kind];
  const run = row[last];
  const trouble = troubleOf({ last, method: TASK_SOURCES[kind].query }, row, nowMs);
  if (run === null) return 'never ran';
  if (trouble?.what === 'failed') return 'failed';
  if (trouble?.what.includes('on hold') === true) return 'on hold';
  if (trouble !== undefined) return 'stale';
  if (run.state === null || !STATES.has(run.state)) return 'unknown';
  return run.state === 'RUNNING' ? 'runs' : 'works';
}

function linesOf({ id, places }: TaskRow, row: Row, base: Part<boolean | undefined>): string[] {
  const from = row.source_datasets?.map((source) => safeCell(source, 80)).join(', ');
  const to = row.target_dataset === null ? undefined : safeCell(row.target_dataset, 80);
  const side = row.transport === 'LOCAL' ? 'this NAS' : (row.transport ?? 'unknown transport');
  const isElsewhere = to !== undefined && valueOr(base, undefined) === undefined && !('gap' in base);
  return [
    `task ${id}${from === undefined ? '' : `: ${safeCell(from, 200)} → ${to ?? 'target not known'} (${safeCell(row.direction ?? 'PUSH', 10)}, ${safeCell(side, 20)})`}${places.length > 0 ? `: ${places.map((place) => safeCell(place, 80)).join(', ')}` : ''}`,
    ...some(isElsewhere && 'snapshots on the other side cannot be read from here'),
    ...some(
      valueOr(base, undefined) === false && 'source and target share a snapshot: it can go on from there',
    ),
  ];
}

/** Sources that are compared with their targets. */
const MAX_SOURCES = 5;

/**
 * True when a target on this NAS has snapshots and shares none with its source; undefined where it is elsewhere. Calls
 * `pool.snapshot.query` for names alone.
 */
async function lacksBase(nas: ReadClient, row: Row): Promise<boolean | undefined> {
  const { transport, source_datasets: sources, target_dataset: target } = row;
  if (transport !== 'LOCAL' || sources === null || target === null) return undefined;
  const lacking = await Promise.all(
    sources.slice(0, MAX_SOURCES).map(async (source) => {
      const place = sources.length === 1 ? target : `${target}/${source.slice(source.lastIndexOf('/') + 1)}`;
      const [here, there] = await Promise.all([snapshotNamesOf(nas, source), snapshotNamesOf(nas, place)]);
      const known = new Set(here);
      return there.length > 0 && !there.some((name) => known.has(name));
    }),
  );
  return lacking.includes(true);
}
