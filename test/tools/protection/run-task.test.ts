/** `run_task`: what a run reads, writes and deletes, told before; how it ended, told after. */
import { afterEach, describe, expect, it } from 'vitest';
import { type ChangeNas, startChangeNas } from '../../changes/support/change-nas.ts';
import { applied, planTextWith, planWith } from '../../changes/support/plan-and-apply.ts';

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(options: Parameters<typeof startChangeNas>[0] = {}): Promise<ChangeNas> {
  const nas = await startChangeNas({ simulator: { release: '25.10' }, hasWriter: true, ...options });
  open.push(nas);
  return nas;
}

const TOOL = 'run_task';

describe('the plan', () => {
  it('of a cloud sync that mirrors says that it deletes, and needs an approval', async () => {
    const nas = await start();
    const text = await planTextWith(nas, TOOL, { kind: 'cloudsync', task: 'Documents to Backblaze' });
    expect(text).toMatchInlineSnapshot(`
      "PLAN, nothing was changed: Run cloud sync task 2 (Documents to Backblaze) now
      risk: destroys (the run deletes files at the source or at the target; data goes to, or comes from, another place)
      1. run cloud sync task 2: cloudsync.sync [2]
      diff: cloud sync task 2: job state stays SUCCESS
      diff: cloud sync task 2: job id 6 -> another one
      impact: copies to the cloud from /mnt/tank/documents, mode SYNC
      impact: SYNC deletes at the target what the source does not have
      impact: last run: SUCCESS
      undo: none: what a run has copied, overwritten or deleted does not come back
      roles needed: CLOUD_SYNC_WRITE"
    `);
    expect(nas.writes()).toEqual([]);
  });

  it('of a replication names the target that is overwritten, and both sides count for the protected datasets', async () => {
    const nas = await start({ rules: { protect: ['tank/projects'] } });
    const text = await planTextWith(nas, TOOL, { kind: 'replication', task: 'projects to offsite' });
    expect(text).toContain('risk: destroys');
    expect(text).toContain('sends snapshots of tank/projects to vault/nas/projects (SSH)');
    expect(text).toContain('last run: ERROR: connection to backup.example.org timed out');
    expect(text).toContain('CANNOT BE APPLIED: TRUENAS_PROTECT covers');
  });

  it('under a scope, a task that reads outside of it is not run', async () => {
    const nas = await start({ rules: { scope: ['tank/media'] } });
    expect(await planTextWith(nas, TOOL, { kind: 'rsync', task: 1 })).toContain('lies outside');
    expect(await planTextWith(nas, TOOL, { kind: 'snapshot', task: 'tank/media' })).not.toContain('CANNOT');
  });

  it.each([
    [{ kind: 'replication', task: 1 }, '1 runs already'],
    [{ kind: 'snapshot', task: 'fast/scratch' }, 'is switched off'],
    [{ kind: 'cloud_sync', task: 'Documents' }, 'tasks: 2 Documents to Backblaze'],
    [{ kind: 'snapshot', task: 99 }, 'no such task: 99'],
    [{ kind: 'rsync', task: 1, dry_run: true }, 'is for cloud sync only'],
  ])('refuses %j', async (args, text) => {
    expect(await planTextWith(await start(), TOOL, args)).toContain(text);
  });
});

describe('applied', () => {
  it('a replication whose other side is away is told as not done, with the text of the NAS', async () => {
    const nas = await start();
    const done = await applied(nas, await planWith(nas, TOOL, { kind: 'replication', task: 2 }));
    expect(done.outcome.kind).not.toBe('applied');
    expect(done.text).toContain('connection to backup.example.org timed out');
  });

  it('a snapshot task that the NAS says to have run, and that took nothing, is caught', async () => {
    const nas = await start();
    const plan = await planWith(nas, TOOL, { kind: 'snapshot', task: 'tank/media' });
    nas.simulator.control.next('pool.snapshottask.run', { kind: 'pretend', result: null });
    const done = await applied(nas, plan);
    expect(done.outcome.kind).toBe('differs');
    expect(done.text).toContain('not another one');
  });

  it('a task that was changed after it was planned is not run', async () => {
    const nas = await start();
    const plan = await planWith(nas, TOOL, { kind: 'snapshot', task: 2 });
    const session = await nas.engine.writerFor(plan);
    await session?.write.write('pool.snapshottask.update', [2, { recursive: false }]);
    expect((await applied(nas, plan)).outcome.kind).toBe('moved');
    expect(nas.writes().map(({ method }) => method)).toEqual(['pool.snapshottask.update']);
  });
});
