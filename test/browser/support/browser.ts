/** A real browser for tests: the system's chromium, without a network of its own. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

const PATHS = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const executablePath = PATHS.find((path): path is string => path !== undefined && existsSync(path));

/** A group of tests that needs the browser; where there is none, it is skipped by a name that says so. */
export function describeBrowser(title: string, body: () => void): void {
  const isMissing = executablePath === undefined;
  const name = isMissing
    ? `SKIPPED, no chromium (apt-get install chromium, or CHROMIUM=path): ${title}`
    : title;
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback
  describe.skipIf(isMissing)(name, body);
}

/** Starts it. The sandbox of chromium does not work for root. */
export async function startBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('there is no chromium');
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
    ],
  });
}
