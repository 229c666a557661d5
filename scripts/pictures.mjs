/** Draws the pictures of docs/pictures: the tests of the views in a browser, which keep what they see. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.browser.config.ts', 'test/ui/views.test.ts'],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, PICTURES: '1' },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
