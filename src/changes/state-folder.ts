/**
 * Files of `TRUENAS_STATE_DIR`: the owner's alone, appended to and written through to disk. One line of JSON is one
 * entry; a line that a crash tore is told apart from one that somebody altered.
 */
import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { copyFile, type FileHandle, link, lstat, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '../truenas/problem.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const optional = (flag: number | undefined): number => flag ?? 0;
const APPEND =
  constants.O_RDWR |
  constants.O_CREAT |
  constants.O_APPEND |
  optional(constants.O_NOFOLLOW) |
  optional(constants.O_NONBLOCK);

const READ = constants.O_RDONLY | optional(constants.O_NOFOLLOW) | optional(constants.O_NONBLOCK);

/** The folder or a file of it cannot be used; changes stop there. */
export class StateProblem extends Problem {
  override readonly name = 'StateProblem';
}

/** Makes the folder when it is absent. @throws StateProblem when others could read or replace what is in it. */
export async function openStateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    const folder = await lstat(path);
    if (!folder.isDirectory()) throw new Error('it is not a folder');
    if (process.getuid !== undefined) {
      if (folder.uid !== process.getuid()) throw new Error('it belongs to another user');
      if ((folder.mode & 0o077) !== 0) throw new Error('other users can reach it; run chmod 700 on it');
    }
  } catch (error) {
    throw new StateProblem({
      summary: `The folder of TRUENAS_STATE_DIR cannot be used: ${reasonOf(error)}.`,
      nextStep: 'Mend it or name another folder, and call again. Nothing was changed on the NAS.',
      cause: error,
    });
  }
}

/** A file of lines, each on the disk before the next step is taken. Other processes may write and move it, too. */
export interface DurableLines {
  /**
   * Appends one line and waits until it is on the disk.
   * @throws StateProblem when it cannot be: what the line announces must not happen then.
   */
  append(line: string): Promise<void>;
  /** Size after the last line that was appended here; undefined before the first. */
  sizeBytes(): number | undefined;
}

/** Makes it; the file is opened anew for each line, as it may have been moved aside meanwhile. */
export function durableLines(path: string): DurableLines {
  let sizeBytes: number | undefined;

  async function append(line: string): Promise<void> {
    const handle = await open(path, APPEND, FILE_MODE);
    try {
      const file = await handle.stat();
      checkOwn(file);
      // A line that a crash tore must not take this one with it. Where nobody wrote since the last line, none is torn.
      const isTorn =
        file.size > 0 && file.size !== sizeBytes && (await lastByte(handle, file.size)) !== NEW_LINE;
      const text = Buffer.from(`${isTorn ? '\n' : ''}${line}\n`);
      sizeBytes = undefined;
      await appendOrNothing(handle, text, file.size);
      sizeBytes = file.size + text.length;
      // A new file is on the disk once its name is, too.
      if (file.size === 0) await syncFolder(dirname(path));
    } finally {
      await handle.close();
    }
  }

  return {
    sizeBytes: () => sizeBytes,
    async append(line) {
      try {
        await append(line);
      } catch (error) {
        throw new StateProblem({
          summary: `${path} cannot be written: ${reasonOf(error)}.`,
          nextStep: 'Make room or mend the file; changes go on once it can be written again.',
          cause: error,
        });
      }
    },
  };
}

/** @throws Error for a file that others could read, change or have laid there */
function checkOwn(file: Stats): void {
  if (!file.isFile()) throw new Error('it is not a regular file');
  if (process.getuid === undefined) return;
  if (file.uid !== process.getuid()) throw new Error('it belongs to another user');
  if ((file.mode & 0o077) !== 0) throw new Error('other users can read or change it; run chmod 600 on it');
}

/** The text of a file that is the owner's alone. @throws Error for one that others can reach, and as the system tells it */
export async function readOwn(path: string): Promise<string> {
  const handle = await open(path, READ);
  try {
    checkOwn(await handle.stat());
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** On a full disk a part of the line may have been written: it is taken away again, unless others have written since. */
async function appendOrNothing(handle: FileHandle, text: Buffer, sizeBefore: number): Promise<void> {
  try {
    await handle.appendFile(text);
    await handle.datasync();
  } catch (error) {
    const added = Buffer.alloc(text.length + 1);
    const { bytesRead } = await handle.read(added, 0, added.length, sizeBefore);
    const isOurs =
      bytesRead <= text.length && text.subarray(0, bytesRead).equals(added.subarray(0, bytesRead));
    if (isOurs) await handle.truncate(sizeBefore);
    throw error;
  }
}

/** Writes the names in a folder through to disk, where the system knows how. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Makes a file with this content, for its owner alone, unless there is one: never a part of it, and never twice.
 * @throws Error as the system tells it, other than that there is one
 */
export async function createOnce(path: string, content: string): Promise<void> {
  const own = `${path}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(own, 'wx', FILE_MODE);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Where the file system has no second names, a copy is exclusive as well.
    await link(own, path).catch((error: unknown) => {
      if (hasCode(error, 'EEXIST')) throw error;
      return copyFile(own, path, constants.COPYFILE_EXCL);
    });
    await syncFolder(dirname(path));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(own, { force: true });
  }
}

const NEW_LINE = 0x0a;

async function lastByte(handle: FileHandle, size: number): Promise<number | undefined> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0];
}

/** The lines of a file; none when it is absent. A torn last line is left out. */
export async function readLines(path: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return [];
    throw new StateProblem({
      summary: `${path} cannot be read: ${reasonOf(error)}.`,
      nextStep: 'Mend the file or its permissions.',
      cause: error,
    });
  }
  return text.split('\n').slice(0, -1);
}

/** Path of a file of the folder. */
export function inFolder(folder: string, name: string): string {
  return join(folder, name);
}

/** True for the error of a file that is not there. */
export function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** True for an error of the system with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
