/**
 * Each fault at each call of changes of every shape: one call, several, a job, a delete. Nothing is sent twice, every call
 * is told as what it is, what is claimed holds for the whole NAS, and what was done can be taken back or it is said why not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from 'truenas-simulator';
import { describe, expect, it } from 'vitest';
import type { Applied } from '../../src/changes/engine.ts';
import { outcomeText } from '../../src/changes/outcome-text.ts';
import type { Plan } from '../../src/changes/plan.ts';
import { canonicalJson } from '../../src/changes/state.ts';
import { parseRelease } from '../../src/truenas/releases.ts';
import { nameInRelease } from '../../src/truenas/renames.ts';
import { type ChangeNas, startChangeNas } from './support/change-nas.ts';
import { applied, planned, plannedTogether, undone } from './support/plan-of.ts';
import { worldDifferences } from './support/world-remains.ts';

type Step = readonly [tool: string, args: Readonly<Record<string, unknown>>];

interface Shape {
  readonly shape: string;
  readonly steps: readonly Step[];
  /** Methods of its calls, in their order: in a plan of another shape faults would not meet what they are for. */
  readonly calls: readonly string[];
  /** Where a thing has another number after the undo, as every-tool.test.ts tells. */
  readonly renumbered?: RegExp;
}

const SHAPES: readonly Shape[] = [
  {
    shape: 'one call',
    steps: [['update_dataset', { dataset: 'tank/media', quota: '40T' }]],
    calls: ['pool.dataset.update'],
  },
  {
    shape: 'three calls',
    steps: [
      ['create_dataset', { dataset: 'tank/kids' }],
      ['create_snapshot_task', { dataset: 'tank/kids', schedule: 'hourly', keep: '2w' }],
      ['create_share', { kind: 'nfs', path: '/mnt/tank/kids' }],
    ],
    calls: ['pool.dataset.create', 'pool.snapshottask.create', 'sharing.nfs.create'],
  },
  {
    shape: 'a job',
    steps: [['set_permissions', { path: 'tank/media', mode: '770' }]],
    calls: ['filesystem.setperm'],
  },
  {
    shape: 'a call and a job',
    steps: [
      ['create_snapshot', { dataset: 'tank/media', name: 'before' }],
      ['set_permissions', { path: 'tank/documents', entries: ['user:alice MODIFY'], keep: true }],
    ],
    calls: ['pool.snapshot.create', 'filesystem.setacl'],
  },
  {
    shape: 'a delete of three things',
    steps: [['delete_share', { share: 'lab' }]],
    calls: ['iscsi.targetextent.delete', 'iscsi.target.delete', 'iscsi.extent.delete'],
    renumbered: /^shares > (?:targets|extents|targetExtents) > [23]$/u,
  },
];

const JOBS = new Set(['filesystem.setperm', 'filesystem.setacl']);

/** What goes wrong, with the states that may be told of the call. */
interface Trouble {
  readonly trouble: string;
  readonly fault: Fault;
  readonly told: readonly ('done' | 'FAILED' | 'SENT, NO ANSWER')[];
  readonly isForJobs?: true;
  /** The NAS goes down while the call waits, and comes up again; on another release if it is given. */
  readonly restart?: 'same' | '27.0';
}

const TROUBLES: readonly Trouble[] = [
  { trouble: 'cut before the NAS has it', fault: { kind: 'drop-before' }, told: ['SENT, NO ANSWER'] },
  { trouble: 'cut after the NAS did it', fault: { kind: 'drop-after' }, told: ['SENT, NO ANSWER'] },
  { trouble: 'an answer that is cut off', fault: { kind: 'half-frame' }, told: ['SENT, NO ANSWER'] },
  { trouble: 'an answer that is no JSON', fault: { kind: 'malformed' }, told: ['SENT, NO ANSWER'] },
  { trouble: 'two answers', fault: { kind: 'duplicate' }, told: ['done'] },
  { trouble: 'refused', fault: { kind: 'error', code: -32001, message: 'no' }, told: ['FAILED'] },
  // Refused before it is looked at: sent again, it is carried out once.
  { trouble: 'too many calls at once', fault: { kind: 'too-many-calls' }, told: ['done'] },
  { trouble: 'answered true, nothing done', fault: { kind: 'pretend' }, told: ['done', 'SENT, NO ANSWER'] },
  { trouble: 'answered null', fault: { kind: 'result', result: null }, told: ['done', 'SENT, NO ANSWER'] },
  { trouble: 'the job fails', fault: { kind: 'job-fails' }, told: ['FAILED'], isForJobs: true },
  {
    trouble: 'the job fails after its work',
    fault: { kind: 'job-fails', isDone: true },
    told: ['FAILED'],
    isForJobs: true,
  },
  { trouble: 'the job is aborted', fault: { kind: 'job-aborts' }, told: ['FAILED'], isForJobs: true },
  {
    trouble: 'the job is aborted after its work',
    fault: { kind: 'job-aborts', isDone: true },
    told: ['FAILED'],
    isForJobs: true,
  },
  {
    trouble: 'the job is lost',
    fault: { kind: 'job-lost', isDone: false },
    told: ['SENT, NO ANSWER'],
    isForJobs: true,
  },
  {
    trouble: 'the job is lost after its work',
    fault: { kind: 'job-lost' },
    told: ['SENT, NO ANSWER'],
    isForJobs: true,
  },
  {
    trouble: 'the NAS restarts meanwhile',
    fault: { kind: 'delay', ms: 60_000 },
    told: ['SENT, NO ANSWER'],
    restart: 'same',
  },
  {
    trouble: 'the NAS is upgraded meanwhile',
    fault: { kind: 'delay', ms: 60_000 },
    told: ['SENT, NO ANSWER'],
    restart: '27.0',
  },
];

const CASES = SHAPES.flatMap((shape) =>
  shape.calls.flatMap((method, at) =>
    TROUBLES.filter(({ isForJobs }) => isForJobs !== true || JOBS.has(method)).map((trouble) => ({
      ...{ name: `${shape.shape}, call ${at + 1}: ${trouble.trouble}`, shape, method, at },
      ...trouble,
    })),
  ),
);
type Case = (typeof CASES)[number] & { readonly sent: readonly string[] };

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  // Some methods had other names in 25.04.
  const named = (method: string) => nameInRelease(method, parseRelease(`TrueNAS-${release}.0`));
  const cases = CASES.map((each) => ({
    ...each,
    method: named(each.method),
    sent: each.shape.calls.map(named),
  }));
  it.concurrent.each(cases)('$name', async (each) => {
    const nas = await startChangeNas({ simulator: { release }, hasWriter: true });
    try {
      expect(await problemsOf(nas, each)).toEqual([]);
    } finally {
      await nas.close();
    }
  });
});

async function problemsOf(nas: ChangeNas, each: Case): Promise<string[]> {
  const { control } = nas.simulator;
  const before = control.worldState();
  const plan = await planFor(nas, each.shape);
  const methods = plan.change.calls.map(({ method }) => method);
  if (canonicalJson(methods) !== canonicalJson(each.shape.calls))
    return [`the plan is ${methods.join(', ')}`];
  control.next(each.method, each.fault);
  const done = applied(nas, plan);
  if (each.restart !== undefined) {
    while (!nas.writes().some(({ method }) => method === each.method)) await sleep(5);
    control.restart(each.restart === 'same' ? undefined : each.restart);
  }
  const end = await done;
  const text = outcomeText(end.plan, end.outcome, end.undo);
  const told = [...toldProblems(text, end, each), ...sentProblems(nas, each)];
  // An upgraded NAS of the simulator is a new one.
  if (each.restart === '27.0') return told;
  const changed = worldDifferences(before, control.worldState());
  const claimed = [
    ...(end.outcome.kind === 'failed'
      ? changed.map(([path]) => `said to be unchanged, and is not: ${path}`)
      : []),
    ...(changed.length > 0 && !text.includes('undo: ') ? ['an undo is neither offered nor denied'] : []),
  ];
  return [...told, ...claimed, ...(await undoProblems(nas, end, before, each))].map(
    (line) => `${line}\n${text}`,
  );
}

function planFor(nas: ChangeNas, { steps }: Shape): Promise<Plan> {
  const [only, ...others] = steps;
  return only !== undefined && others.length === 0 ? planned(nas, ...only) : plannedTogether(nas, steps);
}

/** Every call is told, and the one in trouble as one of what it can be. */
function toldProblems(text: string, { outcome }: Applied, { at, told, shape }: Case): string[] {
  if (outcome.kind === 'applied') return told.includes('done') ? [] : ['said to be applied'];
  const lines = new Map(
    text
      .split('\n')
      .map((line) => /^(\d+)\. (done|FAILED|SENT, NO ANSWER|not sent): /u.exec(line))
      .filter((match) => match !== null)
      .map(([, number, state]) => [Number(number) - 1, state ?? '']),
  );
  const expected = shape.calls.map((_method, index) =>
    index < at ? ['done'] : index === at ? told : ['not sent', 'done', 'FAILED'],
  );
  return expected.flatMap((states, index) => {
    const state = lines.get(index);
    return state !== undefined && states.some((one) => one === state)
      ? []
      : [`call ${index + 1} is told as ${state}`];
  });
}

/** No call reached the NAS twice, and none after one whose end is not known. */
function sentProblems(nas: ChangeNas, { sent: all, at, told }: Case): string[] {
  const sent = nas.simulator
    .calls()
    .filter(({ isMutating, errorCode }) => isMutating && errorCode !== TOO_MANY_CALLS)
    .map(({ method }) => method);
  const isOpen = told.includes('SENT, NO ANSWER') && !told.includes('done');
  const most = isOpen ? all.slice(0, at + 1) : all;
  return canonicalJson(sent) === canonicalJson(most.slice(0, sent.length))
    ? []
    : [`sent: ${sent.join(', ')}`];
}

const TOO_MANY_CALLS = -32000;

/** An undo that is offered brings the NAS back to where it was, but for what it says that it leaves out. */
async function undoProblems(
  nas: ChangeNas,
  { plan, undo, outcome }: Applied,
  before: unknown,
  { shape }: Case,
): Promise<string[]> {
  if (undo === undefined || 'impossible' in undo) return [];
  if (undo.lost.some((each) => /^call \d/u.test(each))) return [];
  try {
    await nas.signIn();
    const back = await undone(nas, plan);
    const text = outcomeText(back.plan, back.outcome, back.undo);
    const left = worldDifferences(before, nas.simulator.control.worldState()).filter(
      ([path]) => shape.renumbered?.test(path) !== true,
    );
    return [
      ...(back.outcome.kind === 'applied' ? [] : [`the undo of ${outcome.kind}: ${text}`]),
      ...left.map(([path, what]) => `left after the undo: ${path}: ${what}`),
    ];
  } catch (error) {
    return [`the undo cannot be planned: ${String(error)}`];
  }
}
