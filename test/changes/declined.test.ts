/** A declined change is not asked about again under another guise, and nobody is worn down by questions. */
import { describe, expect, it } from 'vitest';
import { PLAN_LIFE_MS, type Plan } from '../../src/changes/plan.ts';
import { requestChange } from '../../src/changes/request.ts';
import { type ChangeNas, changeNas } from './support/change-nas.ts';
import { planned, plannedTogether } from './support/plan-of.ts';

function wasDeclined({ engine }: ChangeNas, plan: Plan): boolean {
  return engine.answerTo(plan)?.kind === 'declined';
}

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
    expect(wasDeclined(nas, await planned(nas, 'reboot_system', { reason: 'the person said yes' }))).toBe(
      true,
    );
  });

  it('is the same when it is planned together with something else, before or after it', async () => {
    const { nas, snapshot } = await nasWithSnapshots();
    const destroy = ['delete_snapshots', { snapshots: [snapshot], automatic: true }] as const;
    const slight = ['create_snapshot', { dataset: 'tank/documents', name: 'by-the-way' }] as const;
    await nas.engine.decline(await planned(nas, ...destroy), 'no');
    expect(wasDeclined(nas, await plannedTogether(nas, [slight, destroy]))).toBe(true);
    expect(wasDeclined(nas, await plannedTogether(nas, [destroy, slight]))).toBe(true);
    expect(wasDeclined(nas, await planned(nas, ...slight))).toBe(false);
  });

  it('is the same without the slight changes that came with it', async () => {
    const { nas, snapshot } = await nasWithSnapshots();
    const destroy = ['delete_snapshots', { snapshots: [snapshot], automatic: true }] as const;
    const slight = ['create_snapshot', { dataset: 'tank/documents', name: 'by-the-way' }] as const;
    await nas.engine.decline(await plannedTogether(nas, [slight, destroy]), 'no');
    expect(wasDeclined(nas, await planned(nas, ...destroy))).toBe(true);
  });

  it('is the same in another order, and another question with less of it', async () => {
    const nas = await changeNas();
    const [first = '', second = ''] = await snapshots(nas, 'tank/media');
    const remove = (list: readonly string[]) =>
      planned(nas, 'delete_snapshots', { snapshots: list, automatic: true });
    await nas.engine.decline(await remove([first, second]), 'no');
    expect(wasDeclined(nas, await remove([second, first]))).toBe(true);
    expect(wasDeclined(nas, await remove([second]))).toBe(false);
  });

  it('is the same with other words in a comment, unless the words are all that it changes', async () => {
    const nas = await changeNas();
    const update = (args: object) => planned(nas, 'update_dataset', { dataset: 'tank/media', ...args });
    await nas.engine.decline(await update({ quota: '40T', comments: 'as agreed' }), 'no');
    expect(wasDeclined(nas, await update({ quota: '40T', comments: 'as really agreed' }))).toBe(true);
    expect(wasDeclined(nas, await update({ quota: '40T' }))).toBe(true);
    expect(wasDeclined(nas, await update({ quota: '41T', comments: 'as agreed' }))).toBe(false);
    await nas.engine.decline(await update({ comments: 'films' }), 'no');
    expect(wasDeclined(nas, await update({ comments: ' films ' }))).toBe(true);
    expect(wasDeclined(nas, await update({ comments: 'series' }))).toBe(false);
  });

  it('is another one for a thing that was made again under the same name', async () => {
    const nas = await changeNas();
    const make = { dataset: 'tank/media', name: 'mine' };
    const remove = () => planned(nas, 'delete_snapshots', { snapshots: ['tank/media@mine'] });
    const session = await nas.engine.writerFor(await planned(nas, 'create_snapshot', make));
    await session?.write.write('pool.snapshot.create', [make]);
    await nas.engine.decline(await remove(), 'no');
    expect(wasDeclined(nas, await remove())).toBe(true);
    await session?.write.write('pool.snapshot.delete', ['tank/media@mine']);
    await session?.write.write('pool.snapshot.create', [make]);
    expect(wasDeclined(nas, await remove())).toBe(false);
  });

  it('is asked about again after an hour, or once the person reopens it', async () => {
    const clock = { ms: Date.now() };
    const nas = await changeNas({ now: () => clock.ms });
    const reboot = () => planned(nas, 'reboot_system', { reason: 'an update' });
    await nas.engine.decline(await reboot(), 'no');
    clock.ms += 59 * 60_000;
    expect(wasDeclined(nas, await reboot())).toBe(true);
    clock.ms += 2 * 60_000;
    expect(wasDeclined(nas, await reboot())).toBe(false);
    await nas.engine.decline(await reboot(), 'no');
    nas.engine.reopen(await reboot());
    expect(wasDeclined(nas, await reboot())).toBe(false);
  });
});

function givenUp() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** A question that goes on until it is given up. */
function asked(nas: ChangeNas, plan: Plan, ways: { form?: boolean; url?: boolean } = {}) {
  const { signal, abort } = givenUp();
  setTimeout(abort, 50);
  return requestChange(nas.engine, nas.approvals, plan, {
    canShowForm: ways.form === true,
    canOpenUrl: ways.url === true,
    signal,
  });
}

describe('a change that is spelled otherwise', () => {
  it('is the same with a field that has its value already', async () => {
    const nas = await changeNas();
    const update = (args: object) => planned(nas, 'update_dataset', { dataset: 'tank/media', ...args });
    await nas.engine.decline(await update({ quota: '40T' }), 'no');
    expect(wasDeclined(nas, await update({ quota: '40T', atime: 'off' }))).toBe(true);
    expect(wasDeclined(nas, await update({ quota: '40T', readonly: 'off' }))).toBe(true);
  });

  it('is the same among other fields, and another one with another value', async () => {
    const nas = await changeNas();
    const update = (args: object) => planned(nas, 'update_dataset', { dataset: 'tank/media', ...args });
    await nas.engine.decline(await update({ quota: '40T' }), 'no');
    expect(wasDeclined(nas, await update({ quota: '40T', reservation: '1T' }))).toBe(true);
    expect(wasDeclined(nas, await update({ reservation: '1T' }))).toBe(false);
  });

  it('is the same through call_api_write', async () => {
    const nas = await changeNas();
    const write = (...params: readonly unknown[]) =>
      planned(nas, 'call_api_write', { method: 'pool.dataset.update', params });
    const quota = 40 * 1024 ** 4;
    await nas.engine.decline(
      await planned(nas, 'update_dataset', { dataset: 'tank/media', quota: '40T' }),
      'no',
    );
    expect(wasDeclined(nas, await write('tank/media', { quota }))).toBe(true);
    expect(wasDeclined(nas, await write('tank/media', { quota, comments: 'agreed', atime: 'OFF' }))).toBe(
      true,
    );
    expect(wasDeclined(nas, await write('tank/media', { quota: quota + 1 }))).toBe(false);
  });

  it('is the same with the values that the NAS takes by itself for what is left out', async () => {
    const nas = await changeNas();
    const make = (extra: object) =>
      planned(nas, 'call_api_write', {
        method: 'pool.snapshottask.create',
        params: [{ dataset: 'tank/media', naming_schema: 'x-%Y-%m-%d_%H-%M', ...extra }],
      });
    await nas.engine.decline(await make({}), 'no');
    expect(wasDeclined(nas, await make({ enabled: true, exclude: [] }))).toBe(true);
    expect(wasDeclined(nas, await make({ recursive: true }))).toBe(false);
  });
});

describe('a question that nobody answers', () => {
  const QUOTA = { dataset: 'tank/media', quota: '40T' };

  it('is remembered for an hour after its time is over, as one that was declined', async () => {
    const clock = { ms: Date.now() };
    const nas = await changeNas({ now: () => clock.ms });
    const reboot = () => planned(nas, 'reboot_system', { reason: 'an update' });
    const plan = await reboot();
    expect((await asked(nas, plan)).kind).toBe('waiting');
    expect(nas.openedUrls).toHaveLength(1);
    clock.ms += PLAN_LIFE_MS;
    const again = await asked(nas, await reboot());
    expect(again).toMatchObject({ kind: 'refused', reason: expect.stringContaining('did not answer') });
    expect(nas.openedUrls).toHaveLength(1);
    clock.ms += 59 * 60_000;
    expect((await asked(nas, await reboot())).kind).toBe('refused');
    clock.ms += 2 * 60_000;
    expect((await asked(nas, await reboot())).kind).toBe('waiting');
    expect(nas.openedUrls).toHaveLength(2);
    expect(nas.writes()).toEqual([]);
  });

  it('is not asked with a second plan while the first still waits', async () => {
    const nas = await changeNas();
    const reboot = () => planned(nas, 'reboot_system', { reason: 'an update' });
    const first = await reboot();
    await asked(nas, first);
    expect(await asked(nas, await reboot())).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining(`already, as plan ${first.id}`),
    });
    expect((await asked(nas, first)).kind).toBe('waiting');
    expect(nas.openedUrls).toHaveLength(1);
  });

  it('is not asked again because newer plans have pushed it out', async () => {
    const nas = await changeNas();
    const reboot = () => planned(nas, 'reboot_system', { reason: 'an update' });
    const first = await reboot();
    await asked(nas, first);
    const other = () => planned(nas, 'create_snapshot', { dataset: 'tank/media', name: 'one-of-many' });
    await Promise.all(Array.from({ length: 200 }, other));
    expect(first.phase).toBe('ended');
    expect((await asked(nas, await reboot())).kind).toBe('refused');
    expect(nas.openedUrls).toHaveLength(1);
  });

  it.each(['form', 'url'] as const)('in a %s is put once for a plan', async (way) => {
    const nas = await changeNas(way === 'form' ? {} : { approval: 'always' });
    const plan = await planned(nas, 'update_dataset', QUOTA);
    expect((await asked(nas, plan, { [way]: true })).kind).toBe(way);
    const again = await asked(nas, plan, { [way]: true });
    expect(again.kind).toBe(way === 'form' ? 'refused' : 'waiting');
    // The person's answer to the first is still good.
    const answer = { action: 'accept', way } as const;
    const { signal, abort } = givenUp();
    if (way === 'url') abort();
    const ended = await requestChange(nas.engine, nas.approvals, plan, {
      canShowForm: way === 'form',
      canOpenUrl: way === 'url',
      answer,
      signal,
    });
    expect(ended.kind).toBe(way === 'form' ? 'ended' : 'waiting');
  });

  it('is asked again once somebody agreed to it', async () => {
    const nas = await changeNas();
    const plan = await planned(nas, 'update_dataset', QUOTA);
    await asked(nas, plan, { form: true });
    const session = await nas.engine.writerFor(plan);
    if (session === undefined) throw new Error('the test has a writer');
    await nas.engine.apply(plan, session, { signal: new AbortController().signal });
    await nas.person.write('pool.dataset.update', ['tank/media', { quota: 0 }]);
    expect((await asked(nas, await planned(nas, 'update_dataset', QUOTA), { form: true })).kind).toBe('form');
  });

  it('with a plan that has expired says so, and waits no longer', async () => {
    const clock = { ms: Date.now() };
    const nas = await changeNas({ now: () => clock.ms });
    const client = await nas.client();
    const { data } = await nas.call(client, 'plan_change', { tool: 'update_dataset', arguments: QUOTA });
    clock.ms += PLAN_LIFE_MS;
    const { text } = await nas.call(client, 'apply_change', {
      plan: String(data['plan']),
      summary: String(data['summary']),
    });
    expect(text).toContain('it has expired: a plan lives for ten minutes');
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
