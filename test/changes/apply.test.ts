/** A change from plan to undo, by each way of consent that applies, on both protocol revisions. */
import { afterEach, describe, expect, it } from 'vitest';
import { type ChangeNas, MODES, startChangeNas } from './support/change-nas.ts';

const open: ChangeNas[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(...args: Parameters<typeof startChangeNas>): Promise<ChangeNas> {
  const nas = await startChangeNas(...args);
  open.push(nas);
  return nas;
}

describe.each(MODES)('a client of %s', (_revision, mode) => {
  it('a reversible change is planned without a write, applied at once, seen on the NAS, and undone', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client(mode);
    const args = { dataset: 'tank/media', name: 'before-cleanup' };
    const plan = await nas.call(client, 'plan_change', { tool: 'create_snapshot', arguments: args });
    expect(plan.text).toContain('nothing was changed: Take snapshot tank/media@before-cleanup');
    expect(nas.writes()).toEqual([]);

    const done = await nas.call(client, 'create_snapshot', args);
    expect(done.text).toContain(
      'DONE, and seen on the NAS afterwards: Take snapshot tank/media@before-cleanup',
    );
    expect(done.isError).toBe(false);
    expect(nas.writes().map(({ method }) => method)).toEqual(['pool.snapshot.create']);

    const undo = await nas.call(client, 'undo_change', { change: String(done.data['plan']) });
    expect(undo.text).toContain('risk: reversible');
    const undone = await nas.call(client, 'apply_change', {
      plan: String(undo.data['plan']),
      summary: String(undo.data['summary']),
    });
    expect(undone.text).toContain('DONE, and seen on the NAS afterwards');
    const list = await nas.call(client, 'list_changes', {});
    expect(list.data['total']).toBe(2);
  });
});

describe.each(MODES)('consent of a client of %s', (_revision, mode) => {
  const QUOTA = { dataset: 'tank/media', quota: '40T' };

  it('a form is shown with the exact plan, and a change is applied only when the person ticks it', async () => {
    const nas = await start({ hasWriter: true });
    const shown: string[] = [];
    const client = await nas.client(mode, (message) => {
      shown.push(message);
      return { action: 'accept', content: { apply: true } };
    });
    const done = await nas.call(client, 'update_dataset', QUOTA);
    expect(done.text).toContain('DONE, and seen on the NAS afterwards');
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain('pool.dataset.update ["tank/media",{"quota":43980465111040}]');
  });

  it.each([
    ['declines', { action: 'decline' }],
    ['closes the question', { action: 'cancel' }],
    ['accepts by itself without the person’s mark', { action: 'accept', content: { apply: false } }],
    ['accepts with content of another form', { action: 'accept', content: { ok: true } }],
  ] as const)(
    'nothing is sent when the client %s, and the same change is not asked again',
    async (_what, answer) => {
      const nas = await start({ hasWriter: true });
      let asked = 0;
      const client = await nas.client(mode, () => {
        asked += 1;
        return answer;
      });
      const refused = await nas.call(client, 'update_dataset', QUOTA);
      expect(refused.isError).toBe(true);
      expect(refused.text).toContain('NOT APPLIED');
      const again = await nas.call(client, 'update_dataset', QUOTA);
      expect(again.text).toContain('declined this very change within the last hour');
      expect(asked).toBe(1);
      expect(nas.writes()).toEqual([]);
    },
  );

  it('without forms, the summary has to be repeated word for word', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client(mode);
    const first = await nas.call(client, 'update_dataset', QUOTA);
    expect(first.text).toContain('To apply it: apply_change');
    const plan = String(first.data['plan']);
    const wrong = await nas.call(client, 'apply_change', { plan, summary: 'Change quota of tank/media' });
    expect(wrong.text).toContain('To apply it: apply_change');
    expect(nas.writes()).toEqual([]);
    const right = await nas.call(client, 'apply_change', { plan, summary: String(first.data['summary']) });
    expect(right.text).toContain('DONE, and seen on the NAS afterwards');
    const twice = await nas.call(client, 'apply_change', { plan, summary: String(first.data['summary']) });
    expect(twice.text).toContain('applied once at most');
    expect(nas.writes()).toHaveLength(1);
  });

  it.each(['password:', 'see --password=', '-----BEGIN PRIVATE KEY-----'])(
    'a form that would hide what comes after %j is not shown: the page shows all of it',
    async (comments) => {
      const nas = await start({ hasWriter: true });
      const shown: string[] = [];
      const client = await nas.client(mode, (message) => {
        shown.push(message);
        return { action: 'accept', content: { apply: true } };
      });
      const waiting = nas.call(client, 'update_dataset', { ...QUOTA, comments });
      waiting.catch(() => {});
      await expect
        .poll(() => shown.length + nas.openedUrls.length, { timeout: 15_000 })
        .toBeGreaterThanOrEqual(1);
      expect(shown).toEqual([]);
      expect(nas.openedUrls).toHaveLength(1);
      expect(nas.writes()).toEqual([]);
    },
  );

  it('what destroys waits for a person’s sign-in on the page, whatever the client says', async () => {
    const nas = await start({ hasWriter: true });
    const client = await nas.client(mode, () => ({ action: 'accept', content: { apply: true } }));
    const name = await firstSnapshot(nas);
    const waiting = nas.call(client, 'delete_snapshots', { snapshots: [name], automatic: true });
    await expect.poll(() => nas.openedUrls, { timeout: 15_000 }).toHaveLength(1);
    const url = new URL(nas.openedUrls[0] ?? '');
    const page = await fetch(url);
    expect(await page.text()).not.toContain(name);
    const post = async (path: string, body: object) =>
      (
        await fetch(new URL(path, url), {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', origin: url.origin },
        })
      ).json() as Promise<Record<string, string>>;
    const plan = url.pathname.slice(1);
    const wrong = await post('/sign-in', {
      plan,
      username: nas.simulator.person.username,
      password: 'guessed',
    });
    expect(wrong['problem']).toBeDefined();
    expect(nas.writes()).toEqual([]);
    const shown = await post('/sign-in', { plan, ...nas.simulator.person });
    expect(JSON.stringify(shown)).toContain(name);
    const applied = await post('/apply', { token: shown['token'] ?? '', hash: shown['hash'] ?? '' });
    expect(applied['text']).toContain('DONE, and seen on the NAS afterwards');
    expect((await waiting).text).toContain(`snapshot ${name}: as planned, it is gone`);
  }, 20_000);
});

async function firstSnapshot({ nas }: ChangeNas): Promise<string> {
  const rows = await nas.read.call('pool.snapshot.query', [
    [['dataset', '=', 'tank/media']],
    { limit: 1, select: ['id'] },
  ]);
  return String(Object(Array.isArray(rows) ? rows[0] : rows).id);
}
