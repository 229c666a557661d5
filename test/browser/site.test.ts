/** The documentation site in a real browser, opened from a folder: its search works, and it asks no other machine for anything. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../docs/pages.ts';
import { describeBrowser, startBrowser } from './support/browser.ts';

describeBrowser('the documentation site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-site-'));
  let browser: Browser;
  beforeAll(async () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/site.mjs', '--outdir', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is searched with the keyboard, and leads to what was found', async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    const elsewhere: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    page.on(
      'request',
      (request) => void (request.url().startsWith('file:') || elsewhere.push(request.url())),
    );
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('reporting vulnerability');
    const first = page.locator('#found a').first();
    await first.waitFor();
    expect(await first.textContent()).toBe('Reporting a vulnerability (Security policy)');
    await first.press('Enter');
    await page.waitForURL(/security\.html#reporting-a-vulnerability$/);
    expect(await page.locator('[aria-current=page]').textContent()).toBe('Security policy');
    expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
    await page.close();
  });

  it('fits a narrow screen', async () => {
    const page = await browser.newPage({ viewport: { width: 360, height: 700 } });
    await page.goto(pathToFileURL(join(folder, 'tools.html')).href);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });
});
