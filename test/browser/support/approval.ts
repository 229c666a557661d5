/** A change that waits for a person, and the page on which they approve it, in a real browser. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type ChangeNas, type ChangeNasOptions, startChangeNas } from '../../changes/support/change-nas.ts';
import { startBrowser } from './browser.ts';

/** What a tool answers, as `ChangeNas.call` gives it. */
type Answer = Awaited<ReturnType<ChangeNas['call']>>;

/** A change that waits. */
export interface Waiting {
  readonly nas: ChangeNas;
  /** Where the server opened the page. */
  readonly url: string;
  /** The answer to the model, once a person has decided. */
  readonly answer: Promise<Answer>;
  /** A browser at the page; each with a profile of its own unless `sameAs` is given. */
  visit(options?: BrowserContextOptions): Promise<Page>;
}

/** Starts the browser of a test file, and closes what its tests leave open. Call it once, at the top of a `describe`. */
export function approvalPages() {
  let browser: Browser | undefined;
  const nases: ChangeNas[] = [];
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((each) => each.close()));
    await Promise.all(nases.splice(0).map((each) => each.close()));
  });
  afterAll(() => browser?.close());

  /** A model asks for a change that needs a person. */
  return async function waiting(
    tool = 'create_snapshot',
    args: Record<string, unknown> = { dataset: 'tank/media', name: 'by-hand' },
    options: ChangeNasOptions = {},
  ): Promise<Waiting> {
    const nas = await startChangeNas({ approval: 'always', hasWriter: true, ...options });
    nases.push(nas);
    const client = await nas.client();
    const plan = await nas.call(client, 'plan_change', { tool, arguments: args });
    const { plan: id, summary } = plan.data;
    if (typeof id !== 'string') throw new Error(plan.text);
    const answer = nas.call(client, 'apply_change', { plan: id, summary: String(summary) });
    // A test that ends before the answer ends its client, too.
    answer.catch(() => {});
    while (nas.openedUrls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const url = nas.openedUrls[0] ?? '';
    return {
      nas,
      url,
      answer,
      async visit(contextOptions) {
        if (browser === undefined) throw new Error('the browser is not started');
        const context = await browser.newContext(contextOptions);
        contexts.push(context);
        const page = await context.newPage();
        await page.goto(url);
        return page;
      },
    };
  };
}

/** Fills in the sign-in, and sends it. */
export async function signIn(
  page: Page,
  { username, password, code }: { username: string; password: string; code?: string },
): Promise<void> {
  await page.getByLabel('User of the NAS').fill(username);
  await page.getByLabel('Password, or an API key of this user').fill(password);
  if (code !== undefined) await page.getByLabel('One-time code').fill(code);
  await page.getByRole('button', { name: 'Show the change' }).click();
}

/** Signs in as the administrator, and waits for the preview. */
export async function signedIn(page: Page, { nas }: Waiting): Promise<void> {
  await signIn(page, nas.simulator.person);
  await page.getByRole('button', { name: 'Decline' }).waitFor();
}

/** Everything that a person can read on the page. */
export async function textOf(page: Page): Promise<string> {
  const texts = await page.locator('body').allInnerTexts();
  return texts.join('\n');
}
