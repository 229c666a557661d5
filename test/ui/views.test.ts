/** Every view in each of its states, in a real browser and in a host of ext-apps. */
import { expect, it } from 'vitest';
import { VIEW_NAMES } from '../../src/tools/view-names.ts';
import { describeBrowser } from '../browser/support/browser.ts';
import { contrastsOf } from '../browser/support/contrasts.ts';
import { VIEW_CASES } from './fixtures/index.ts';
import { namelessIn } from './support/names.ts';
import { keepPicture, viewsInBrowser } from './support/views.ts';

const CASES = VIEW_CASES.map((each) => [`${each.view}, ${each.state}`, each] as const);
const TEXTS = 'h1,h2,h3,p,li,span,b,button,pre,summary,td,th,caption,label,text';

it('every view has a state in trouble, one that is unknown, and one with hostile names', () => {
  const missing = VIEW_NAMES.flatMap((view) =>
    ['trouble', 'unknown', 'hostile']
      .filter((state) => !VIEW_CASES.some((each) => each.view === view && each.state === state))
      .map((state) => `${view}: ${state}`),
  );
  expect(missing).toEqual([]);
});

describeBrowser('a view', () => {
  const show = viewsInBrowser();

  it.each(CASES)(
    '%s: tells what it shows, by role and name, and asks the network for nothing',
    async (_name, each) => {
      const view = await show(each);
      const spoken = await view.spoken();
      for (const told of each.tells) expect(spoken).toMatch(told);
      for (const untold of each.tellsNot ?? []) expect(spoken).not.toMatch(untold);
      expect(namelessIn(spoken)).toEqual([]);
      expect({ requests: view.requests, errors: view.errors }).toEqual({ requests: [], errors: [] });
      expect(await view.frame.evaluate('globalThis.owned')).toBeUndefined();
      expect(await view.frame.locator('img, iframe, a, script:not(body > script)').count()).toBe(0);
      const { calls, asked } = await view.log();
      expect({ calls, asked }).toEqual({ calls: [], asked: [] });
    },
  );

  it.each(CASES)('%s: can be read in light and dark, and fits 320 pixels', async (_name, each) => {
    const { page, frame } = await show(each, { width: 320 });
    for (const theme of ['light', 'dark'] as const) {
      await page.evaluate((next) => globalThis.setTheme(next), theme);
      await frame.locator(`html[data-theme=${theme}]`).waitFor();
      const { ratios, background } = await contrastsOf(frame, TEXTS);
      expect(ratios.filter(({ ratio }) => !(ratio >= 4.5))).toEqual([]);
      expect(background > 0.5).toBe(theme === 'light');
    }
    expect(await frame.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });

  if (process.env['PICTURES'] !== '1') return;
  it.each(CASES.filter(([, { picture }]) => picture !== undefined))(
    '%s: is kept as a picture, which nobody compares',
    async (_name, each) => {
      const name = `${each.view}-${each.state}`;
      expect(await keepPicture(await show(each), name)).toBeGreaterThan(0);
      if (each.picture?.isInEveryForm !== true) return;
      await keepPicture(await show(each, { theme: 'dark' }), `${name}-dark`);
      await keepPicture(await show(each, { width: 320 }), `${name}-narrow`);
    },
  );
});
