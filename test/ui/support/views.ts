/** Views in a real browser: shows a state in a host, and tells what one sees and what was asked of the network. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import type { WorldName } from 'truenas-simulator';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startBrowser } from '../../browser/support/browser.ts';
import { ROOT } from '../../docs/pages.ts';
import type { HostLog, ShowRequest } from './host-api.ts';
import type { ViewCase } from './view-case.ts';
import { startChangeViewServer, startViewServer, type ViewServer } from './view-server.ts';

/** How a state is looked at. */
export interface Look {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  /** What the browser itself prefers; as the theme when absent. */
  readonly browserScheme?: 'light' | 'dark';
  readonly request?: Partial<ShowRequest>;
}

/** A view on the screen. */
export interface ShownView {
  readonly page: Page;
  /** The frame of the view. */
  readonly frame: Frame;
  /** Requests of the frame; there must be none. */
  readonly requests: readonly string[];
  /** Errors that the browser wrote to its console. */
  readonly errors: readonly string[];
  /** What a screen reader is told. */
  spoken(): Promise<string>;
  log(): Promise<HostLog>;
}

/** Starts browser and servers of a test file, and closes what its tests leave open. Call it once, at the top of a `describe`. */
export function viewsInBrowser() {
  let browser: Browser | undefined;
  const servers = new Map<string, Promise<ViewServer>>();
  const pages: Page[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([...servers.values()].map(async (server) => (await server).close()));
  });

  function serverOf(world: WorldName, tool: string): Promise<ViewServer> {
    const isChange = /_changes?$/u.test(tool);
    const key = `${world}, ${isChange ? 'changes' : 'reads'}`;
    const running = servers.get(key) ?? (isChange ? startChangeViewServer : startViewServer)({ world });
    servers.set(key, running);
    return running;
  }

  /** Opens the host, and shows the case in it. */
  return async function show(
    { tool, args = {}, world = 'mixed', answer }: Omit<ViewCase, 'view' | 'state' | 'tells'>,
    { width = 720, theme = 'light', browserScheme = theme, request = {} }: Look = {},
  ): Promise<ShownView> {
    if (browser === undefined) throw new Error('the browser is not started');
    const server = await serverOf(world, tool);
    const page = await browser.newPage({
      viewport: { width, height: 600 },
      colorScheme: browserScheme,
      reducedMotion: 'reduce',
    });
    pages.push(page);
    const errors: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    page.on('pageerror', (error) => void errors.push(error.message));
    page.on('request', (each) => {
      if (each.frame() !== page.mainFrame()) requests.push(each.url());
    });
    await page.goto(server.url);
    const given: ShowRequest = {
      tool,
      args,
      theme,
      ...(answer && {
        result: {
          content: [{ type: 'text', text: answer.text }],
          structuredContent: { ...answer.data },
          ...(answer.isError && { isError: true }),
          ...(answer.viewData && { _meta: { 'truenas-mcp-server/view': answer.viewData } }),
        },
      }),
      ...request,
    };
    await page.evaluate((asked) => globalThis.show(asked), given);
    const frame = page.frames().find((each) => each !== page.mainFrame());
    if (frame === undefined) throw new Error('there is no view');
    await frame.locator('main').waitFor();
    await frame
      .locator('main > p[role=status]:empty')
      .waitFor({ state: 'attached', timeout: request.isCancelled ? 1 : 15_000 })
      .catch(() => {});
    return {
      page,
      frame,
      requests,
      errors,
      spoken: () => frame.locator('body').ariaSnapshot(),
      log: () => page.evaluate(() => globalThis.hostLog),
    };
  };
}

const FOLDER = join(ROOT, 'docs', 'pictures');

/**
 * Keeps what is on the screen for the documentation; the size of the file in bytes.
 * @throws Error when nothing is drawn yet: a page that waits is no picture of a view
 */
export async function keepPicture({ page, frame }: ShownView, name: string): Promise<number> {
  mkdirSync(FOLDER, { recursive: true });
  if ((await frame.locator('main > p[role=status]:not(:empty)').count()) > 0)
    throw new Error(`${name} is not drawn yet`);
  const height = Math.ceil(
    await frame.evaluate<number>('document.documentElement.getBoundingClientRect().height'),
  );
  const { width } = page.viewportSize() ?? { width: 720 };
  await page.setViewportSize({ width, height });
  // The host gives the view its room when it hears of its size, and the browser paints after that.
  await page.waitForFunction(
    `document.querySelector('iframe')?.getBoundingClientRect().height >= ${height - 1}`,
  );
  await frame.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const png = await page.screenshot({
    path: join(FOLDER, `${name}.png`),
    animations: 'disabled',
    caret: 'hide',
  });
  return png.byteLength;
}
