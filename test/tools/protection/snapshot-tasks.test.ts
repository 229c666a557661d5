/** Tools of snapshot tasks: what a plan says of the snapshots that a task holds. */
import { afterEach, describe, expect, it } from 'vitest';
import { lifetimeOf, scheduleOf, snapshotsKept } from '../../../src/tools/protection/schedule.ts';
import { type ChangeNas, startChangeNas } from '../../changes/support/change-nas.ts';
import { planTextWith } from '../../changes/support/plan-and-apply.ts';

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function planned(
  tool: string,
  args: Record<string, unknown>,
  before: (nas: ChangeNas) => Promise<unknown> = async () => undefined,
): Promise<string> {
  const nas = await startChangeNas({ simulator: { release: '25.10' }, hasWriter: true });
  open.push(nas);
  await before(nas);
  const others = nas.writes().length;
  const text = await planTextWith(nas, tool, args);
  expect(nas.writes().slice(others)).toEqual([]);
  return text;
}

describe('schedules and times as people write them', () => {
  it.each([
    ['hourly', '0 * * * *'],
    ['Daily 02:30', '30 2 * * *'],
    ['weekly at 23:05', '5 23 * * 7'],
    ['@monthly', '0 0 1 * *'],
    ['*/15 8-18 * * 1-5', '*/15 8-18 * * 1-5'],
  ])('%s is %s', (text, cron) => {
    const { minute, hour, dom, month, dow } = scheduleOf(text);
    expect([minute, hour, dom, month, dow].join(' ')).toBe(cron);
  });

  it.each(['', 'sometimes', 'hourly 02:30', '0 0 * *', '0 0 * * * *', 'daily 25:00', '$(x) 0 * * *'])(
    'refuses the schedule %j',
    (text) => {
      expect(() => scheduleOf(text)).toThrow('cannot be read');
    },
  );

  it.each(['5m', '0d', '', 'forever', '-1d', '1.5d'])('refuses to keep for %j', (text) => {
    expect(() => lifetimeOf(text)).toThrow('cannot be read');
  });

  it.each([
    ['hourly', '2w', 336],
    ['daily', '30d', 30],
    ['0 */6 * * *', '1w', 28],
    ['weekly', '1y', 52],
  ])('%s kept %s are about %i snapshots', (schedule, keep, count) => {
    expect(snapshotsKept(scheduleOf(schedule), lifetimeOf(keep))).toBe(count);
  });
});

describe('the plan', () => {
  it('of a new task counts what it will hold, and names tasks that are there', async () => {
    const args = { dataset: '/mnt/tank/media', schedule: 'daily 02:30', keep: '2w' };
    const text = await planned('create_snapshot_task', args);
    expect(text).toContain('risk: configuration');
    expect(text).toContain('about 14 snapshots at a time');
    expect(text).toContain('task 2 takes snapshots of it already');
  });

  it('of a shorter retention is a loss, and keeps the dates of snapshots there are', async () => {
    const text = await planned('update_snapshot_task', { task: 'tank/home', keep: '1d' });
    expect(text).toContain('risk: destroys (snapshots are deleted earlier than before');
    expect(text).toContain('"fixate_removal_date":true');
    expect(text).toMatch(/keeping or letting go changes for: \d+ snapshots? there/u);
  });

  const likeTask2 = {
    dataset: 'tank/media',
    schedule: 'daily 02:30',
    keep: '24h',
    name: 'daily-%Y-%m-%d_%H-%M',
    recursive: true,
  };
  it('of a new task is a loss where snapshots that no task deletes are called as it calls its own', async () => {
    const text = await planned('create_snapshot_task', likeTask2, ({ person }) =>
      person.write('pool.snapshottask.delete', [2, { fixate_removal_date: false }]),
    );
    expect(text).toMatch(/risk: destroys \(snapshots that are there already/u);
    expect(text).toMatch(/impact: \d+ snapshots there already are named like this/u);
  });

  it('of a new task loses nothing that another one keeps for longer, or that only sounds alike', async () => {
    expect(await planned('create_snapshot_task', likeTask2)).toContain('risk: configuration');
    const other = { ...likeTask2, name: 'daily-%Y-%m-%d_%H-%M-x' };
    expect(await planned('create_snapshot_task', other)).toContain('risk: configuration');
  });

  it('of a paused task that runs again is a loss: what it kept meanwhile is deleted by its rule', async () => {
    const text = await planned('update_snapshot_task', { task: 2, enabled: true }, ({ person }) =>
      person.write('pool.snapshottask.update', [2, { enabled: false }]),
    );
    expect(text).toContain('risk: destroys (snapshots that are there already');
  });

  it('of a deletion names replications that go by it, and the gentler way', async () => {
    const text = await planned('delete_snapshot_task', { task: 1 });
    expect(text).toContain('replications that use it: home to backup');
    expect(text).toContain('gentler: update_snapshot_task with enabled: false');
  });

  it.each([
    ['create_snapshot_task', { dataset: 'tank/nope', schedule: 'daily', keep: '1d' }, 'dataset'],
    [
      'create_snapshot_task',
      { dataset: 'tank/media', schedule: 'daily', keep: '1d', exclude: ['tank/media/photos'] },
      'only says something with recursive',
    ],
    [
      'create_snapshot_task',
      { dataset: 'tank/media', schedule: 'daily', keep: '1d', name: 'x-%Y' },
      'must hold',
    ],
    ['update_snapshot_task', { task: 1, keep: '2w' }, 'as it is to be already'],
    ['update_snapshot_task', { task: 'tank/hom', keep: '2w' }, 'tasks: 1 tank/home'],
  ])('%s refuses %j', async (tool, args, text) => {
    expect(await planned(tool, args)).toContain(text);
  });
});
