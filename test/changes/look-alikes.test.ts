/** Names that are not what they seem to be: nobody may agree to one thing while another is changed. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { approve } from '../../src/cli/approve.ts';
import { startPlannedNas } from './support/planned.ts';
import { textOf } from './support/plan-of.ts';

/** With an `а` of Cyrillic. */
const LIKE_FAMILY = 'f\u0430mily';
const SHOWN = String.raw`f\u0430mily`;

it('a letter that looks like another one is shown as what it is, and the plan says so', async () => {
  const nas = await startPlannedNas();
  const plan = await nas.plan('call_api_write', {
    method: 'sharing.smb.update',
    params: [1, { name: LIKE_FAMILY }],
  });
  const text = textOf(plan);
  expect(text).not.toContain(LIKE_FAMILY);
  expect(text).toContain(`sharing.smb.update [1,{"name":"${SHOWN}"}]`);
  expect(text).toContain(String.raw`impact: LOOK CLOSELY: \u0430 look`);
  // What is sent is what was asked for.
  expect(plan.change.calls[0].params).toEqual([1, { name: LIKE_FAMILY }]);
});

it('a plan of plain names says nothing of the sort', async () => {
  const nas = await startPlannedNas();
  const plan = await nas.plan('update_dataset', { dataset: 'tank/media', comments: 'Фото и Müller' });
  expect(textOf(plan)).not.toContain('LOOK CLOSELY');
});

it('page and terminal show such a name as the plan does', async () => {
  const nas = await startPlannedNas({ approval: 'always' });
  const client = await nas.client();
  const asked = nas.call(client, 'update_dataset', {
    dataset: 'tank/media',
    comments: `of the ${LIKE_FAMILY}`,
  });
  asked.catch(() => {});
  await expect.poll(() => nas.openedUrls, { timeout: 15_000 }).toHaveLength(1);
  const url = new URL(nas.openedUrls[0] ?? '');
  const { username, password } = nas.simulator.person;
  const page = await fetch(new URL('/sign-in', url), {
    method: 'POST',
    body: JSON.stringify({ plan: url.pathname.slice(1), username, password }),
    headers: { 'content-type': 'application/json', origin: url.origin },
  });
  const onPage = await page.text();
  const said: string[] = [];
  const answers = [username, password, 'no'];
  const ask = async () => answers.shift() ?? '';
  const terminal = { say: (line: string) => void said.push(line), ask, askHidden: ask, close: () => {} };
  await approve(terminal, join(nas.folder, 'sockets'));
  for (const shown of [onPage.replaceAll(String.raw`\\u`, String.raw`\u`), said.join('\n')]) {
    expect(shown).not.toContain(LIKE_FAMILY);
    expect(shown).toContain(SHOWN);
    expect(shown).toContain('LOOK CLOSELY');
  }
  expect(nas.writes()).toEqual([]);
});

it('a summary that is cut off is not agreed to by repeating it', async () => {
  const nas = await startPlannedNas();
  const client = await nas.client();
  const long = `tank/${'a'.repeat(180)}`;
  await nas.person.write('pool.dataset.create', [{ name: `${long}b` }]);
  const plan = await nas.call(client, 'plan_change', {
    tool: 'rename_dataset',
    arguments: { dataset: `${long}b`, new_name: `${long}c` },
  });
  expect(plan.text).toContain('risk: configuration');
  const before = nas.writes().length;
  const summary = String(plan.data['summary']);
  const asked = nas.call(client, 'apply_change', { plan: String(plan.data['plan']), summary });
  asked.catch(() => {});
  await expect.poll(() => nas.openedUrls, { timeout: 15_000 }).toHaveLength(1);
  expect(nas.writes()).toHaveLength(before);
});
