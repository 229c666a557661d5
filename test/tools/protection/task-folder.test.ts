/** Where the folder of a task leads is asked of the NAS: its path may hold a link that leaves the scope. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type ChangeRules, obstaclesOf } from '../../../src/changes/gates.ts';
import { runTask } from '../../../src/tools/protection/run-task.ts';
import type { ReadClient } from '../../../src/truenas/client.ts';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import { type PlannedNas, startPlannedNas } from '../../changes/support/planned.ts';

/** The kinds of tasks with a folder, a task of each, and the method that reads it. */
const TASKS = [
  ['cloud_sync', 2, 'cloudsync.query'],
  ['rsync', 1, 'rsynctask.query'],
] as const;
const PATH = '/mnt/tank/media/link';
const IN_SCOPE = { scope: ['tank/media'] };
const PROTECTED = { protect: ['tank/documents'] };

let nas: PlannedNas;
beforeEach(async () => {
  nas = await startPlannedNas();
});

/** The NAS with the path in every task, and a link there; the simulated NAS has no links of its own. */
function linked(leadsTo: string | TrueNasError, fields: Readonly<Record<string, unknown>> = {}): ReadClient {
  return {
    ...nas.nas.read,
    async call(method, params, options) {
      const answer = () => nas.nas.read.call(method, params, options);
      if (TASKS.some(([, , query]) => query === method))
        return ((await answer()) as object[]).map((row) => ({ ...row, path: PATH, ...fields }));
      if (method === 'filesystem.statfs' && params?.[0] === PATH)
        return nas.nas.read.call(method, ['/mnt/tank/media']);
      if (method !== 'filesystem.stat' || params?.[0] !== PATH) return answer();
      if (typeof leadsTo !== 'string') throw leadsTo;
      return { ...((await nas.nas.read.call(method, ['/mnt/tank/media'])) as object), realpath: leadsTo };
    },
  };
}

/** What holds the run back, as the plan of a server with these rules would tell it. */
async function heldBack(
  read: ReadClient,
  kind: (typeof TASKS)[number][0],
  task: number,
  rules: Partial<ChangeRules>,
): Promise<{ obstacles: string[]; impact: string }> {
  const change = await runTask.plan(read, { kind, task }, { now: () => 0 } as never);
  const all = { access: 'destroy', scope: undefined, protect: [], allowsCode: false, ...rules } as const;
  const judgement = { risk: 'destroys', level: 'destroy', reasons: [] } as const;
  return { obstacles: obstaclesOf(change, judgement, all), impact: change.impact.join('\n') };
}

describe.each(TASKS)('%s', (kind, task) => {
  it('runs in its folder within the scope', async () => {
    const { obstacles } = await heldBack(linked(PATH), kind, task, IN_SCOPE);
    expect(obstacles).toEqual([]);
  });

  it('is held back where its path is a link that leaves the scope, or leads into what is protected', async () => {
    const read = linked('/mnt/tank/documents');
    const { obstacles, impact } = await heldBack(read, kind, task, IN_SCOPE);
    expect(obstacles.join()).toMatch(
      /folder \/mnt\/tank\/media\/link of .*, which leads to \/mnt\/tank\/documents, lies outside/u,
    );
    expect(impact).toContain('/mnt/tank/media/link leads to /mnt/tank/documents');
    const { obstacles: covered } = await heldBack(read, kind, task, PROTECTED);
    expect(covered.join()).toContain('TRUENAS_PROTECT covers folder /mnt/tank/media/link of');
  });

  it('is held back where its path leads out of the pools', async () => {
    const { obstacles, impact } = await heldBack(linked('/etc'), kind, task, IN_SCOPE);
    expect(obstacles.join()).toContain('cannot be tied to a dataset');
    expect(impact).toContain(
      `where its folder ${PATH} leads is not known: it leads out of the pools, to /etc`,
    );
  });

  it('is held back where nobody may look at its path', async () => {
    const parts = { summary: 'The account may not call filesystem.stat', nextStep: '' };
    const read = linked(new TrueNasError('not-authorized', parts));
    for (const rules of [IN_SCOPE, PROTECTED])
      expect((await heldBack(read, kind, task, rules)).obstacles.join()).toMatch(/cannot be (?:tied|told)/u);
  });

  it('runs where its folder is not there yet and what lies above leads nowhere else', async () => {
    const parts = { summary: 'It is not there.', nextStep: '' };
    const { obstacles } = await heldBack(linked(new TrueNasError('not-found', parts)), kind, task, IN_SCOPE);
    expect(obstacles).toEqual([]);
  });
});

it.each([
  ['cloud_sync', 2, { follow_symlinks: true }],
  ['rsync', 1, { extra: ['-avL'] }],
  ['rsync', 1, { extra: '--delete --copy-unsafe-links' }],
] as const)('a %s that follows links inside its folder is held back, %j %j', async (kind, task, fields) => {
  const { obstacles, impact } = await heldBack(linked(PATH, fields), kind, task, IN_SCOPE);
  expect(obstacles.join()).toContain('cannot be tied to a dataset');
  expect(impact).toContain('follows symbolic links inside its folder');
});

it('the folder is looked at again before the run, by where it leads', async () => {
  const plan = await nas.plan('run_task', { kind: 'rsync', task: 1 });
  const folder = plan.change.targets.find(({ name }) => name.startsWith('folder '));
  expect(folder).toMatchObject({ identity: ['realpath'], isOnlyRead: true, changedBy: 0 });
});
