/** What a person does with a view: buttons, keys, the host's theme, and answers that are none. */
import { expect, it } from 'vitest';
import { describeBrowser } from '../browser/support/browser.ts';
import { contrastsOf } from '../browser/support/contrasts.ts';
import { type ShownView, viewsInBrowser } from './support/views.ts';

const TROUBLE = { tool: 'system_overview', world: 'trouble' } as const;
const TEMPERATURES = { tool: 'get_metrics', args: { metric: 'disk_temperature', range: '24h' } } as const;

/** Presses Tab until something of this name has the focus, which must show; fails after a page full of things. */
async function tabTo({ page, frame }: ShownView, name: string): Promise<void> {
  for (let times = 0; times < 40; times += 1) {
    await page.keyboard.press('Tab');
    const { text, outline } = await frame.evaluate<{ text: string; outline: number }>(`(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      const text = document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent;
      return { text, outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth) };
    })()`);
    if (text !== name) continue;
    expect(outline).toBeGreaterThanOrEqual(2);
    return;
  }
  throw new Error(`${name} cannot be reached by the keyboard`);
}

describeBrowser('a view in the hands of a person', () => {
  const show = viewsInBrowser();

  it('a button asks the NAS through the host, draws the answer by its own view, and Back leads back', async () => {
    const view = await show(TROUBLE);
    const { frame } = view;
    await frame.getByRole('button', { name: 'Pool tank' }).click();
    await frame.getByRole('heading', { name: 'tank DEGRADED' }).waitFor();
    await frame.getByRole('button', { name: /^sdb FAULTED/u }).click();
    await frame.getByText('serial').first().waitFor();
    expect((await view.log()).calls).toEqual([
      { name: 'get_pool', arguments: { pool: 'tank' } },
      { name: 'get_disk', arguments: { disk: 'sdb' } },
    ]);
    await frame.getByRole('button', { name: 'Back' }).click();
    await frame.getByRole('heading', { name: 'tank DEGRADED' }).waitFor();
    await frame.getByRole('button', { name: 'Back' }).click();
    await frame.getByRole('heading', { name: 'CRITICAL' }).waitFor();
    expect(await frame.getByRole('button', { name: 'Back' }).count()).toBe(0);
    expect({ requests: view.requests, errors: view.errors }).toEqual({ requests: [], errors: [] });
  });

  it('everything is done with the keyboard, and the focus shows', async () => {
    const view = await show(TROUBLE);
    await view.frame.locator('body').click({ position: { x: 1, y: 1 } });
    await tabTo(view, 'Pool archive');
    await view.page.keyboard.press('Enter');
    await view.frame.getByRole('heading', { name: 'archive ONLINE' }).waitFor();
    await tabTo(view, 'Back');
    await tabTo(view, 'All disks of this pool');
    await tabTo(view, 'The answer as text');
    await view.page.keyboard.press('Enter');
    expect(await view.frame.locator('pre').textContent()).toContain('raw space, parity included');
    expect(await view.frame.locator('pre').isVisible()).toBe(true);
  });

  it('what the NAS refuses is said, and what was drawn is still there', async () => {
    const view = await show({
      tool: 'system_overview',
      answer: {
        text: 'WARNING',
        data: {
          verdict: 'WARNING',
          reasons: ['WARNING pool gone → get_pool {"pool":"nothing"}'],
          unread: [],
          seen: [],
        },
      },
    });
    await view.frame.getByRole('button', { name: 'Pool nothing' }).click();
    await view.frame.getByRole('heading', { name: 'The call failed' }).waitFor();
    expect(await view.frame.locator('pre').textContent()).toContain('nothing');
    await view.frame.getByRole('button', { name: 'Back' }).click();
    await view.frame.getByRole('heading', { name: 'WARNING' }).waitFor();
  });

  it('a host that passes no calls on gets no buttons, but the words to ask with', async () => {
    const view = await show(TROUBLE, { request: { isWithoutCalls: true } });
    expect(await view.frame.getByRole('button').count()).toBe(0);
    expect(await view.spoken()).toContain('Ask for: Pool tank');
  });

  it('an error and a cancelled call are told, not drawn as if all were well', async () => {
    const failed = await show({ tool: 'get_pool', args: { pool: 'nothing' } });
    expect(await failed.spoken()).toMatch(/heading "The call failed"[\s\S]*nothing/u);
    const cancelled = await show(TROUBLE, { request: { isCancelled: true } });
    await cancelled.frame.getByRole('status').filter({ hasText: 'The call was cancelled' }).waitFor();
    expect(await cancelled.frame.getByRole('heading').count()).toBe(0);
  });

  it('has the colours that the host has, whatever the browser prefers, and follows when they change', async () => {
    const { page, frame } = await show(TROUBLE, { theme: 'dark', browserScheme: 'light' });
    expect((await contrastsOf(frame)).background).toBeLessThan(0.5);
    await page.evaluate(() => globalThis.setTheme('light'));
    await frame.locator('html[data-theme=light]').waitFor();
    expect((await contrastsOf(frame)).background).toBeGreaterThan(0.5);
  });

  it('tells the host its height, and lets itself be closed', async () => {
    const view = await show(TROUBLE);
    const height = await view.frame.evaluate<number>(
      'document.documentElement.getBoundingClientRect().height',
    );
    expect((await view.log()).sizes.at(-1)?.height).toBe(Math.ceil(height));
    expect(await view.page.evaluate(() => globalThis.teardown())).toEqual({});
  });

  it('no other frame can pass for the host', async () => {
    const { page, frame } = await show(TROUBLE);
    await page.evaluate(`(() => {
      const other = document.createElement('iframe');
      other.srcdoc = '<script>parent.frames[0].postMessage({ jsonrpc: "2.0", method: "ui/notifications/tool-result", params: { content: [{ type: "text", text: "forged" }] } }, "*")<\\/script>';
      document.body.append(other);
      return new Promise((resolve) => other.addEventListener('load', () => setTimeout(resolve, 200)));
    })()`);
    expect(await frame.locator('body').textContent()).not.toContain('forged');
    expect(await frame.getByRole('heading', { name: 'CRITICAL' }).count()).toBe(1);
  });

  it('its own policy keeps scripts of others out, and every request in', async () => {
    const view = await show(TROUBLE);
    const said = await view.frame.evaluate<string>(`(async () => {
      const said = [];
      try { document.body.innerHTML = '<img src=x onerror="globalThis.owned = 1">'; } catch { said.push('markup refused'); }
      const script = document.createElement('script');
      try { script.textContent = 'globalThis.owned = 1'; document.body.append(script); } catch { said.push('script refused'); }
      await fetch('https://example.org/').catch(() => said.push('fetch refused'));
      await new Promise((resolve) => setTimeout(resolve, 200));
      return [...said, String(globalThis.owned)].join(', ');
    })()`);
    expect(said).toBe('markup refused, script refused, fetch refused, undefined');
  });
});

describeBrowser('the chart', () => {
  const show = viewsInBrowser();

  it('is read with the arrow keys, and zoomed with Enter into a quarter around the cursor', async () => {
    const view = await show(TEMPERATURES);
    const slider = view.frame.getByRole('slider');
    const before = await slider.getAttribute('aria-valuetext');
    await view.frame.locator('body').click({ position: { x: 1, y: 1 } });
    await tabTo(view, 'disk temperature over time');
    await view.page.keyboard.press('Home');
    await view.page.keyboard.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuenow')).toBe('1');
    expect(await slider.getAttribute('aria-valuetext')).not.toBe(before);
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d: sdi \d+ °C, /u);
    await view.page.keyboard.press('Enter');
    await view.frame.getByRole('button', { name: 'Back' }).waitFor();
    const [call] = (await view.log()).calls;
    expect(call).toMatchObject({
      name: 'get_metrics',
      arguments: {
        metric: 'disk_temperature',
        from: '2026-02-28T12:00:00.000Z',
        to: '2026-02-28T15:18:00.000Z',
      },
    });
  });

  it('is zoomed by drawing over a range, and has more than the few means that a model reads', async () => {
    const view = await show(TEMPERATURES);
    const slider = view.frame.getByRole('slider');
    expect(Number(await slider.getAttribute('aria-valuemax'))).toBe(119);
    const box = await slider.boundingBox();
    if (box === null) throw new Error('the chart is not on the screen');
    const y = box.y + box.height / 2;
    await view.page.mouse.move(box.x + box.width * 0.4, y);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
    await view.page.mouse.up();
    await view.frame.getByRole('button', { name: 'Back' }).waitFor();
    const { from, to } = (await view.log()).calls[0]?.arguments ?? {};
    const hours = (Date.parse(String(to)) - Date.parse(String(from))) / 3_600_000;
    expect(hours).toBeGreaterThan(4);
    expect(hours).toBeLessThan(7);
  });

  it('shows and hides a series', async () => {
    const { frame } = await show(TEMPERATURES);
    await frame.getByRole('checkbox', { name: 'sdi' }).uncheck();
    await frame.getByRole('checkbox', { name: 'sde' }).check();
    const told = await frame.getByRole('slider').getAttribute('aria-valuetext');
    expect(told).toContain('sde');
    expect(told).not.toContain('sdi');
  });
});
