/** The end of a change that a person approved elsewhere is told, whenever the client asks. */
import { expect, it } from 'vitest';
import { requestChange } from '../../src/changes/request.ts';
import { type ChangeNas, changeNas } from './support/change-nas.ts';
import { planned } from './support/plan-of.ts';

const { signal } = new AbortController();
const WAYS = { canShowForm: false, canOpenUrl: true, signal };

/** A person at the page, who is faster than the client. */
async function decide(nas: ChangeNas, url: string, path: '/apply' | '/decline'): Promise<void> {
  const { origin, pathname } = new URL(url);
  const post = async (to: string, body: object) => {
    const headers = { 'content-type': 'application/json', origin };
    const answer = await fetch(origin + to, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, unknown>;
  };
  const { token, hash } = await post('/sign-in', { plan: pathname.slice(1), ...nas.simulator.person });
  await post(path, path === '/apply' ? { token, hash } : { token });
}

it.each([
  ['/apply', 'applied'],
  ['/decline', 'refused'],
] as const)(
  'a page that is done with %s before the client answers: the model reads "%s", once in full',
  async (path, kind) => {
    const nas = await changeNas({ approval: 'always' });
    const plan = await planned(nas, 'update_dataset', { dataset: 'tank/media', quota: '40T' });
    const ask = (answer?: { action: 'accept'; way: 'url' }) =>
      requestChange(nas.engine, nas.approvals, plan, { ...WAYS, ...(answer && { answer }) });
    const first = await ask();
    if (first.kind !== 'url') throw new Error(`the page is to be opened, not: ${first.kind}`);
    await decide(nas, first.url, path);
    expect(await ask({ action: 'accept', way: 'url' })).toMatchObject({ kind: 'ended', outcome: { kind } });
    expect(await ask()).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('applied once at most'),
    });
  },
);

it.each(['decline', 'cancel'] as const)(
  'a person who answers the question to open the page with %s is not asked again',
  async (action) => {
    const nas = await changeNas({ approval: 'always' });
    const change = { dataset: 'tank/media', quota: '40T' };
    const plan = await planned(nas, 'update_dataset', change);
    const answered = { ...WAYS, answer: { action, way: 'url' } } as const;
    expect(await requestChange(nas.engine, nas.approvals, plan, answered)).toMatchObject({ kind: 'refused' });
    expect(nas.engine.answerTo(await planned(nas, 'update_dataset', change))).toEqual({ kind: 'declined' });
  },
);
