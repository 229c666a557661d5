/**
 * The built program, for tests that start it as a process. It is built once when the sources are newer than dist/; test
 * files run side by side, so one of them builds and the others wait.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const lock = join(root, 'node_modules', '.truenas-mcp-build.lock');

/** The path of dist/cli.js, built from the sources as they are now. */
export const builtCli = join(dist, 'cli.js');

/** How long a build may take before its lock counts as left over from a killed run. */
const STALE_LOCK_MS = 60_000;

/** Builds dist/ when it is older than the sources. Call it in `beforeAll` of every file that uses {@link builtCli}. */
export async function ensureBuilt(): Promise<void> {
  while (isStale()) {
    if (!takeLock()) {
      await sleep(100);
      continue;
    }
    try {
      if (!isStale()) return;
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(root, 'scripts', 'build.mjs'), '--keep', '--no-types'],
        {
          cwd: root,
          encoding: 'utf8',
        },
      );
      if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
    } finally {
      rmSync(lock, { force: true });
    }
  }
}

function isStale(): boolean {
  if (!existsSync(builtCli)) return true;
  const builtMs = statSync(builtCli).mtimeMs;
  return ['src', 'scripts', 'packages'].some((folder) => newestMs(join(root, folder)) > builtMs);
}

function newestMs(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

function takeLock(): boolean {
  try {
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    closeSync(openSync(lock, 'wx'));
    return true;
  } catch {
    const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
    if (age > STALE_LOCK_MS) rmSync(lock, { force: true });
    return false;
  }
}
