/** Opens the file of the audit trail, and only one that nobody else can read, replace or redirect. */
import { constants, fstatSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** For the owner alone. */
const FILE_MODE = 0o600;
/** Windows has neither. */
const optional = (flag: number | undefined): number => flag ?? 0;
/**
 * Appends. A link would lead to a file that somebody else chose; with O_NOFOLLOW it fails. Opening a pipe waits for its
 * reader and would keep the process alive; with O_NONBLOCK it fails instead.
 */
const FILE_FLAGS =
  constants.O_WRONLY |
  constants.O_CREAT |
  constants.O_APPEND |
  optional(constants.O_NONBLOCK) |
  optional(constants.O_NOFOLLOW);

/** Opens for appending, and makes the file when it is absent. Rejects with the reason, of the file system or of these checks. */
export async function openAuditFile(path: string): Promise<FileHandle> {
  const handle = await open(path, FILE_FLAGS, FILE_MODE).catch((error: unknown) => {
    const isLink = error instanceof Error && 'code' in error && error.code === 'ELOOP';
    throw isLink ? new Error('it is a symbolic link; name the file itself') : error;
  });
  try {
    const reason = await unfitness(handle);
    if (reason !== undefined) throw new Error(reason);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Judged on the open file: what a path names may change between a look and the opening. */
async function unfitness(handle: FileHandle): Promise<string | undefined> {
  const [file, stdout] = [await handle.stat(), fstatSync(1)];
  if (stdout.ino !== 0 && file.ino === stdout.ino && file.dev === stdout.dev)
    return 'it is the standard output, which belongs to MCP';
  if (!file.isFile()) return 'it is not a regular file';
  if (process.getuid === undefined) return undefined;
  if (file.uid !== process.getuid()) return 'it belongs to another user; remove it or name another file';
  if ((file.mode & 0o077) !== 0) return 'other users can read or change it; run chmod 600 on it';
  return undefined;
}
