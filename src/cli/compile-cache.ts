import { lstatSync, mkdirSync } from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Keeps compiled code between starts, where Node can (22.8 and later); what is imported after this call takes part.
 * `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` are obeyed by Node itself.
 */
export function keepCompiledCode(): void {
  const { enableCompileCache: enable } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (enable === undefined) return;
  const folder = privateFolder(tmpdir(), process.getuid?.());
  if (folder !== undefined) enable(folder);
}

/**
 * A folder below `parent` in which nobody but this user can put a file, made when missing; `undefined` when there is
 * none. Compiled code is run as it is found. Node's own choice, `node-compile-cache`, has the same name for all users
 * of a shared /tmp: whoever makes it first decides what the others run.
 */
export function privateFolder(parent: string, userId: number | undefined): string | undefined {
  // Windows has no such ids; its temporary folder belongs to one user.
  if (userId === undefined) return join(parent, 'truenas-mcp-compiled');
  const folder = join(parent, `truenas-mcp-compiled-${userId}`);
  try {
    makeFolder(folder);
    const found = lstatSync(folder);
    const isPrivate = found.isDirectory() && found.uid === userId && (found.mode & 0o077) === 0;
    return isPrivate ? folder : undefined;
  } catch {
    // Read-only, full, or not a folder: the program starts without the cache, a little slower.
    return undefined;
  }
}

/** Not `recursive`: where making a folder fails with ENOENT though its parent is there, as in /proc, Node would try for ever. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
