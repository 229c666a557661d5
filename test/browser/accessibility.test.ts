/** The approval page with the keyboard alone, for a screen reader, in light and dark, and on a narrow screen. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { approvalPages, signedIn, signIn } from './support/approval.ts';
import { describeBrowser } from './support/browser.ts';
import { contrastsOf } from './support/contrasts.ts';

/** The element that has the focus, and whether one sees it: its outline has a style and a width. */
async function focused(page: Page): Promise<{ id: string; isVisible: boolean }> {
  return page.evaluate<{ id: string; isVisible: boolean }>(`(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    const isVisible = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    return { id: document.activeElement.id || document.activeElement.textContent, isVisible };
  })()`);
}

/** Presses Tab and answers where that leads; an element whose focus does not show is a failure. */
async function tab(page: Page): Promise<string> {
  await page.keyboard.press('Tab');
  const { id, isVisible } = await focused(page);
  if (!isVisible) throw new Error(`the focus on ${id} does not show`);
  return id;
}

/** What a screen reader is told. */
async function spoken(page: Page): Promise<string> {
  return page.locator('body').ariaSnapshot();
}

/** A NAS takes its time to refuse a sign-in. */
const WITHIN = { timeout: 15_000 };

describeBrowser('the approval page with the keyboard alone', () => {
  const waiting = approvalPages();

  it('leads through the sign-in to the change, and applies it', async () => {
    const change = await waiting();
    const { username, password } = change.nas.simulator.person;
    const page = await change.visit();
    expect(await focused(page)).toEqual({ id: 'username', isVisible: true });
    await page.keyboard.type(username);
    expect(await tab(page)).toBe('password');
    await page.keyboard.type(password);
    expect(await tab(page)).toBe('code');
    expect(await tab(page)).toBe('Show the change');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Take snapshot tank/media@by-hand' }).waitFor();
    expect(await focused(page)).toEqual({ id: 'summary', isVisible: true });
    // The Enter that sent the sign-in, pressed once too often, must not apply what nobody has read.
    await page.keyboard.press('Enter');
    expect(change.nas.writes()).toEqual([]);
    expect(await tab(page)).toBe('decline');
    expect(await tab(page)).toBe('apply');
    await page.keyboard.press('Enter');
    await page.getByText('DONE, and seen on the NAS afterwards').waitFor();
    expect((await focused(page)).id).toBe('outcome');
    expect(change.nas.writes()).toHaveLength(1);
  });

  it('a wrong sign-in leaves the cursor where the next try is typed', async () => {
    const change = await waiting();
    const { username, password } = change.nas.simulator.person;
    const page = await change.visit();
    await page.keyboard.type(username);
    await tab(page);
    await page.keyboard.type('guessed');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'wrong sign-in 1 of 3' }).waitFor();
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Take snapshot tank/media@by-hand' }).waitFor();
    expect((await focused(page)).id).toBe('summary');
  });

  it.each([
    ['unlock_dataset', { dataset: 'tank/vault' }, ['secret-0']],
    ['create_user', { username: 'maria', full_name: 'Maria' }, ['secret-0', 'secret-2']],
  ] as const)(
    'the secrets of %s come before the buttons, and Enter in the last one applies',
    async (tool, args, ids) => {
      const change = await waiting(tool, args);
      const page = await change.visit();
      await signedIn(page, change);
      const secret =
        tool === 'create_user' ? 'Correct-Horse-7' : change.nas.simulator.control.secretOf('tank/vault');
      for (const id of ids) {
        expect(await tab(page)).toBe(id);
        await page.keyboard.type(secret);
      }
      await page.keyboard.press('Enter');
      await page.getByText('DONE, and seen on the NAS afterwards').waitFor();
    },
  );
});

describeBrowser('the approval page for a screen reader', () => {
  const waiting = approvalPages();

  it('names every field and button of the sign-in', async () => {
    const change = await waiting();
    const page = await change.visit();
    expect(await spoken(page)).toMatchInlineSnapshot(`
      "- main:
        - heading "Approve a change of your NAS" [level=1]
        - paragraph: An assistant has planned a change. Sign in to your NAS to see it. What you type goes to the NAS, is used once, and is not kept.
        - alert
        - status
        - text: User of the NAS
        - textbox "User of the NAS"
        - text: Password, or an API key of this user
        - textbox "Password, or an API key of this user"
        - text: One-time code (if your user has one)
        - textbox "One-time code (if your user has one)"
        - button "Show the change""
    `);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('tells the change as a region with terms and what they are, and moves there after the sign-in', async () => {
    const change = await waiting('create_user', { username: 'maria', full_name: 'Maria' });
    const page = await change.visit();
    await signedIn(page, change);
    const tree = await spoken(page);
    expect(tree).toContain('- definition: exposes');
    // What a tool says of itself is tested with the tool.
    expect(
      tree.replaceAll(/(- definition).*/gu, '$1').replaceAll(/( *- definition\n)\1+/gu, '$1'),
    ).toMatchInlineSnapshot(`
      "- main:
        - heading "Approve a change of your NAS" [level=1]
        - alert
        - status
        - region "Create user maria":
          - heading "Create user maria" [level=2]
          - term: NAS and account
          - definition
          - term: Risk
          - definition
          - term: What is sent
          - definition
          - term: Before and after
          - definition
          - term: Impact
          - definition
          - term: Undo
          - definition
          - term: Secrets
          - definition
          - text: password of user maria
          - textbox "password of user maria"
          - text: password of user maria, again
          - textbox "password of user maria, again"
          - button "Decline"
          - button "Apply""
    `);
  });

  it('announces problems and progress in regions that are there from the start', async () => {
    const change = await waiting();
    const page = await change.visit();
    // A live region that comes into the document with its text is often not read.
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(await page.getByRole('status').count()).toBe(1);
    await signIn(page, { username: 'nobody', password: 'x' });
    await expect.poll(() => page.getByRole('alert').textContent(), WITHIN).toContain('wrong sign-in 1 of 3');
    await page.route('**/sign-in', () => {});
    await page.getByRole('button', { name: 'Show the change' }).click();
    await expect.poll(() => page.getByRole('status').textContent(), WITHIN).toBe('Signing in to the NAS.');
    expect(await page.getByRole('alert').textContent()).toBe('');
  });
});

describeBrowser('the looks of the approval page', () => {
  const waiting = approvalPages();

  it.each(['light', 'dark'] as const)(
    'can be read in %s: every text has the contrast of WCAG AA',
    async (colorScheme) => {
      const change = await waiting('create_user', { username: 'maria', full_name: 'Maria' });
      const page = await change.visit({ colorScheme });
      await signIn(page, { username: 'nobody', password: 'x' });
      await page.getByRole('alert').filter({ hasText: 'wrong sign-in' }).waitFor();
      const before = await contrastsOf(page);
      await signedIn(page, change);
      const after = await contrastsOf(page);
      const ratios = [...before.ratios, ...after.ratios];
      expect(ratios.length).toBeGreaterThan(25);
      expect(ratios.filter(({ ratio }) => !(ratio >= 4.5))).toEqual([]);
      await page.keyboard.press('Tab');
      const { outline } = await contrastsOf(page);
      expect(outline).toBeGreaterThanOrEqual(3);
      expect(after.background > 0.5).toBe(colorScheme === 'light');
    },
  );

  it('fits a narrow screen: nothing is cut off at the side', async () => {
    const change = await waiting('update_dataset', { dataset: 'tank/media', comments: 'x'.repeat(300) });
    const page = await change.visit({ viewport: { width: 320, height: 600 } });
    await signedIn(page, change);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(320);
  });
});
