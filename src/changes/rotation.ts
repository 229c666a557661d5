/**
 * Files that are moved aside when they have grown: `audit.jsonl` becomes `audit.jsonl.1`, the next time `audit.jsonl.2`.
 * Numbers only grow, so that no file is ever written over and a missing one shows. Several processes may do it at once.
 */
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DurableLines, isAbsent, StateProblem } from './state-folder.ts';

/** A file that was moved aside. */
export interface RotatedFile {
  readonly path: string;
  /** The oldest that was ever moved aside has 1. */
  readonly number: number;
}

/** The files that were moved aside, the oldest first. @throws Error when the folder cannot be read */
export async function rotatedFiles(path: string): Promise<RotatedFile[]> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path)).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  return names
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d{0,8}$/u.test(name.slice(prefix.length)))
    .map((name) => ({ path: join(dirname(path), name), number: Number(name.slice(prefix.length)) }))
    .toSorted((a, b) => a.number - b.number);
}

/** True where {@link rotate} is to look: the file was over the limit when it was last written, or was not written yet. */
export function isLarge(lines: DurableLines, maxBytes: number): boolean {
  const size = lines.sizeBytes();
  return size === undefined || size > maxBytes;
}

/**
 * Moves a file aside that has grown over `maxBytes`, and removes the oldest beyond `kept`.
 * @throws StateProblem when that fails
 */
export async function rotate(path: string, maxBytes: number, kept: number): Promise<void> {
  try {
    if ((await sizeOf(path)) <= maxBytes) return;
    const lock = `${path}.rotating`;
    if (!(await claimed(lock))) {
      // Another process is at it; its lock is left behind only by a crash, and costs one more entry in this file.
      if (Date.now() - (await timeOf(lock)) > STALE_MS) await rm(lock, { force: true });
      return;
    }
    try {
      await moveAside(path, maxBytes, kept);
    } finally {
      await rm(lock, { force: true });
    }
  } catch (error) {
    throw new StateProblem({
      summary: `${path} cannot be rotated: ${error instanceof Error ? error.message : String(error)}.`,
      nextStep: 'Make room or mend the folder.',
      cause: error,
    });
  }
}

/** Nothing that is done under the lock takes nearly as long. */
const STALE_MS = 60_000;

async function moveAside(path: string, maxBytes: number, kept: number): Promise<void> {
  // The process that had the lock before may have moved it.
  if ((await sizeOf(path)) <= maxBytes) return;
  const others = await rotatedFiles(path);
  const last = others.at(-1)?.number ?? 0;
  const aside = `${path}.${last + 1}`;
  // Nobody else's file is ever written over, not even by a process whose lock was taken for one that a crash left behind.
  if (!(await claimed(aside))) return;
  await rename(path, aside);
  for (const { path: old, number } of others) if (number <= last + 1 - kept) await rm(old, { force: true });
}

async function claimed(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, zeroWhenAbsent);
}

async function timeOf(path: string): Promise<number> {
  return stat(path).then(({ mtimeMs }) => mtimeMs, zeroWhenAbsent);
}

function zeroWhenAbsent(error: unknown): number {
  if (isAbsent(error)) return 0;
  throw error;
}
