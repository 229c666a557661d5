/** A declined change is not asked about again under another guise, and nobody is worn down by questions. */
import { describe, expect, it } from 'vitest';
import { changeNas } from './support/change-nas.ts';
import { planned, plannedTogether } from './support/plan-of.ts';

async function nasWithSnapshots() {
  const nas = await changeNas();
  const [first] = await snapshots(nas, 'tank/media');
  if (first === undefined) throw new Error('the seeded NAS has snapshots');
  return { nas, snapshot: first };
}

async function snapshots({ nas }: Awaited<ReturnType<typeof changeNas>>, dataset: string): Promise<string[]> {
  const rows = await nas.read.call('pool.snapshot.query', [
    [['dataset', '=', dataset]],
    { limit: 3, select: ['id'] },
  ]);
  return Array.isArray(rows) ? rows.map((row) => String(Object(row).id)) : [];
}

describe('a declined change', () => {
  it('is the same when only the reason that is given differs', async () => {
    const nas = await changeNas();
    await nas.engine.decline(await planned(nas, 'reboot_system', { reason: 'an update' }), 'no');
    expect(
      nas.engine.wasDeclined(await planned(nas, 'reboot_system', { reason: 'the person said yes' })),
    ).toBe(true);
  });

  it('is the same when it is planned together with something else, before or after it', async () => {
    const { nas, snapshot } = await nasWithSnapshots();
    const destroy = ['delete_snapshots', { snapshots: [snapshot], automatic: true }] as const;
    const slight = ['create_snapshot', { dataset: 'tank/documents', name: 'by-the-way' }] as const;
    await nas.engine.decline(await planned(nas, ...destroy), 'no');
    expect(nas.engine.wasDeclined(await plannedTogether(nas, [slight, destroy]))).toBe(true);
    expect(nas.engine.wasDeclined(await plannedTogether(nas, [destroy, slight]))).toBe(true);
    expect(nas.engine.wasDeclined(await planned(nas, ...slight))).toBe(false);
  });

  it('is the same without the slight changes that came with it', async () => {
    const { nas, snapshot } = await nasWithSnapshots();
    const destroy = ['delete_snapshots', { snapshots: [snapshot], automatic: true }] as const;
    const slight = ['create_snapshot', { dataset: 'tank/documents', name: 'by-the-way' }] as const;
    await nas.engine.decline(await plannedTogether(nas, [slight, destroy]), 'no');
    expect(nas.engine.wasDeclined(await planned(nas, ...destroy))).toBe(true);
  });

  it('is the same in another order, and another question with less of it', async () => {
    const nas = await changeNas();
    const [first = '', second = ''] = await snapshots(nas, 'tank/media');
    const remove = (list: readonly string[]) =>
      planned(nas, 'delete_snapshots', { snapshots: list, automatic: true });
    await nas.engine.decline(await remove([first, second]), 'no');
    expect(nas.engine.wasDeclined(await remove([second, first]))).toBe(true);
    expect(nas.engine.wasDeclined(await remove([second]))).toBe(false);
  });

  it('is the same with other words in a comment, unless the words are all that it changes', async () => {
    const nas = await changeNas();
    const update = (args: object) => planned(nas, 'update_dataset', { dataset: 'tank/media', ...args });
    await nas.engine.decline(await update({ quota: '40T', comments: 'as agreed' }), 'no');
    expect(nas.engine.wasDeclined(await update({ quota: '40T', comments: 'as really agreed' }))).toBe(true);
    expect(nas.engine.wasDeclined(await update({ quota: '40T' }))).toBe(true);
    expect(nas.engine.wasDeclined(await update({ quota: '41T', comments: 'as agreed' }))).toBe(false);
    await nas.engine.decline(await update({ comments: 'films' }), 'no');
    expect(nas.engine.wasDeclined(await update({ comments: ' films ' }))).toBe(true);
    expect(nas.engine.wasDeclined(await update({ comments: 'series' }))).toBe(false);
  });

  it('is another one for a thing that was made again under the same name', async () => {
    const nas = await changeNas();
    const make = { dataset: 'tank/media', name: 'mine' };
    const remove = () => planned(nas, 'delete_snapshots', { snapshots: ['tank/media@mine'] });
    const session = await nas.engine.writerFor(await planned(nas, 'create_snapshot', make));
    await session?.write.write('pool.snapshot.create', [make]);
    await nas.engine.decline(await remove(), 'no');
    expect(nas.engine.wasDeclined(await remove())).toBe(true);
    await session?.write.write('pool.snapshot.delete', ['tank/media@mine']);
    await session?.write.write('pool.snapshot.create', [make]);
    expect(nas.engine.wasDeclined(await remove())).toBe(false);
  });

  it('is asked about again after an hour, or once the person reopens it', async () => {
    const clock = { ms: Date.now() };
    const nas = await changeNas({ now: () => clock.ms });
    const reboot = () => planned(nas, 'reboot_system', { reason: 'an update' });
    await nas.engine.decline(await reboot(), 'no');
    clock.ms += 59 * 60_000;
    expect(nas.engine.wasDeclined(await reboot())).toBe(true);
    clock.ms += 2 * 60_000;
    expect(nas.engine.wasDeclined(await reboot())).toBe(false);
    await nas.engine.decline(await reboot(), 'no');
    nas.engine.reopen(await reboot());
    expect(nas.engine.wasDeclined(await reboot())).toBe(false);
  });
});

describe('questions to a person', () => {
  const QUOTAS = Array.from({ length: 9 }, (_each, index) => `${40 + index}T`);

  it('end after eight in vain: no more forms or pages within the hour, and the answer says so', async () => {
    const clock = { ms: Date.parse('2026-11-26T12:00:00Z') };
    const nas = await changeNas({ now: () => clock.ms });
    let asked = 0;
    const client = await nas.client('legacy', () => {
      asked += 1;
      return { action: 'decline' };
    });
    const change = (quota: string) => nas.call(client, 'update_dataset', { dataset: 'tank/media', quota });
    for (const quota of QUOTAS.slice(0, 8)) await change(quota);
    expect(asked).toBe(8);
    const [snapshot = ''] = await snapshots(nas, 'tank/media');
    for (const answer of [
      await change(QUOTAS[8] ?? ''),
      await nas.call(client, 'delete_snapshots', { snapshots: [snapshot], automatic: true }),
    ]) {
      expect(answer.isError).toBe(true);
      expect(answer.text).toContain(
        'NOT APPLIED: A person was asked 8 times within the last hour and agreed to none of it. Nobody is asked before 2026-11-26 13:00',
      );
      expect(answer.text).toContain(
        'If they want it, it is approved with "truenas-mcp approve" in a terminal on the machine of this server.',
      );
    }
    expect(asked).toBe(8);
    expect(nas.openedUrls).toEqual([]);
    expect(nas.writes()).toEqual([]);
    clock.ms += 61 * 60_000;
    await change(QUOTAS[8] ?? '');
    expect(asked).toBe(9);
  });

  it('go on without end while the person agrees', async () => {
    const nas = await changeNas();
    const client = await nas.client('legacy', () => ({ action: 'accept', content: { apply: true } }));
    for (const quota of [...QUOTAS, '60T', '61T'])
      expect((await nas.call(client, 'update_dataset', { dataset: 'tank/media', quota })).text).toContain(
        'DONE',
      );
  });
});
