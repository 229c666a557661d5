/** The browser that shows the approval page gets no setting of this program along. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openBrowser } from '../../src/changes/approval/places.ts';

const folders: string[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(folders.splice(0).map((each) => rm(each, { recursive: true })));
});

it.runIf(process.platform === 'linux')(
  'the browser is started without the keys of this process',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'browser-'));
    folders.push(folder);
    const seen = join(folder, 'seen');
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\nenv > ${seen}.part && mv ${seen}.part ${seen}\n`);
    await chmod(join(folder, 'xdg-open'), 0o700);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
    vi.stubEnv('DISPLAY', ':0');
    vi.stubEnv('TRUENAS_API_KEY', 'key-of-the-reader');
    vi.stubEnv('TRUENAS_HOME_WRITE_API_KEY', 'key-of-the-writer');
    vi.stubEnv('TRUENAS_HTTP_TOKEN', 'token-of-clients');
    expect(await openBrowser('http://localhost:1/plan')).toBe(true);
    const environment = await vi.waitFor(async () => readFile(seen, 'utf8'), { timeout: 10_000 });
    expect(environment).toContain('DISPLAY=:0');
    expect(environment).not.toMatch(/TRUENAS_|key-of|token-of/u);
  },
);
