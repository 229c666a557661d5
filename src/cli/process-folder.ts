/** Temporary folders that go with their process. One that was killed leaves its own behind: the next to make such a folder removes it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes a folder that only this user can read, and removes the folders of this name whose processes are gone.
 * @param name beginning of its name: `truenas-mcp-demo`
 * @throws Error where no folder can be made, e.g. on a read-only file system.
 */
export async function makeProcessFolder(name: string): Promise<string> {
  await removeLeftovers(tmpdir(), name);
  return mkdtemp(join(tmpdir(), `${name}-${process.pid}-`));
}

async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const leftover = names.filter((name) => {
    const pid = name.startsWith(`${prefix}-`)
      ? /^(\d+)-/.exec(name.slice(prefix.length + 1))?.[1]
      : undefined;
    return pid !== undefined && !isRunning(Number(pid));
  });
  // The folder of another user stays: it cannot be removed.
  await Promise.allSettled(leftover.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

/** True also for a process of another user, which may not be signalled. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
