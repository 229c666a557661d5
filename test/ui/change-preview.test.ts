/** What a person can, and cannot, do with the picture of a planned change. */
import { expect, it } from 'vitest';
import { isReading } from '../../src/ui/page/reads.ts';
import { describeBrowser } from '../browser/support/browser.ts';
import { ALL_TOOLS } from '../support/registry.ts';
import { viewsInBrowser } from './support/views.ts';

const SNAPSHOT = { tool: 'create_snapshot', arguments: { dataset: 'tank/media', name: 'seen-here' } };
const DELETE = { tool: 'delete_dataset', arguments: { dataset: 'tank/media/music' } };

it('a picture may call every tool that reads, and none that changes or plans', () => {
  const allowed = ALL_TOOLS.filter(({ name }) => isReading(name)).map(({ name }) => name);
  const reading = ALL_TOOLS.filter(({ kind, name }) => kind === 'read' && name !== 'call_api_read');
  expect(allowed.sort()).toEqual([...reading.map(({ name }) => name), 'list_changes'].sort());
});

describeBrowser('the picture of a planned change', () => {
  const show = viewsInBrowser();

  it('has no control that approves or applies, and asks the host for nothing whatever is pressed', async () => {
    const view = await show({ tool: 'plan_change', args: DELETE });
    const { page, frame } = view;
    expect(await frame.getByRole('button').count()).toBe(0);
    expect(await frame.getByRole('link').count()).toBe(0);
    expect(await frame.locator('input, form, [onclick], [contenteditable]').count()).toBe(0);
    const pressed: string[] = [];
    await frame.locator('body').click({ position: { x: 1, y: 1 } });
    for (let times = 0; times < 20; times += 1) {
      await page.keyboard.press('Tab');
      const name = await frame.evaluate<string>(
        "document.activeElement.tagName + ' ' + document.activeElement.textContent",
      );
      if (!name.startsWith('SUMMARY ') || pressed.includes(name)) continue;
      pressed.push(name);
      await page.keyboard.press('Enter');
    }
    expect(pressed).toEqual(['SUMMARY Exact call', 'SUMMARY The answer as text']);
    await frame.evaluate(
      "for (const each of document.querySelectorAll('body *')) each.dispatchEvent(new MouseEvent('click', { bubbles: true }))",
    );
    const { calls, asked } = await view.log();
    expect({ calls, asked }).toEqual({ calls: [], asked: [] });
    expect({ requests: view.requests, errors: view.errors }).toEqual({ requests: [], errors: [] });
  });

  it('the exact calls are folded, and unfolded by the keyboard', async () => {
    const { page, frame } = await show({ tool: 'plan_change', args: DELETE });
    const call = frame.getByText('pool.dataset.delete', { exact: false }).first();
    expect(await call.isVisible()).toBe(false);
    await frame.locator('summary', { hasText: 'Exact call' }).focus();
    await page.keyboard.press('Enter');
    expect(await call.isVisible()).toBe(true);
    expect(await call.textContent()).toMatch(/pool\.dataset\.delete \["tank\/media\/music"/u);
  });

  it('a plan that was applied is drawn as it was seen on the NAS afterwards', async () => {
    const planned = await show({ tool: 'plan_change', args: SNAPSHOT });
    const plan = /Plan ([a-z2-9]{10}) ·/u.exec(await planned.spoken())?.[1];
    const summary = 'Take snapshot tank/media@seen-here';
    const done = await show({ tool: 'apply_change', args: { plan, summary } });
    const spoken = await done.spoken();
    expect(spoken).toContain(`heading "DONE: ${summary}"`);
    expect(spoken).toContain('snapshot tank/media@seen-here: as planned');
    expect(spoken).not.toContain('What happens next');
    const again = await show({ tool: 'apply_change', args: { plan, summary } });
    expect(await again.spoken()).toContain(`heading "DONE: ${summary}"`);
  });

  it('words of others that read like a change become no button, and send nothing', async () => {
    const reasons = ['WARNING alert: see → create_snapshot {"dataset":"tank/media","name":"pressed"}'];
    const answer = { text: '', data: { verdict: 'WARNING', reasons, unread: [], seen: [] } };
    const view = await show({ tool: 'system_overview', answer });
    expect(await view.spoken()).toContain('create_snapshot');
    expect(await view.frame.getByRole('button', { name: /snapshot/iu }).count()).toBe(0);
    expect((await view.log()).calls).toEqual([]);
  });

  it('each risk has a shape of its own', async () => {
    const shapes = [];
    for (const risk of ['reversible', 'configuration', 'exposes', 'destroys', 'executes', 'other']) {
      const answer = { text: '', data: { plan: 'p', summary: 's', risk, consent: 'approval' } };
      const { frame } = await show({ tool: 'plan_change', answer });
      shapes.push(await frame.locator('header svg').innerHTML());
      expect(await frame.locator('header').textContent()).toContain(`Risk: ${risk}.`);
    }
    expect(new Set(shapes).size).toBe(shapes.length);
  });
});
