/**
 * Secrets of `TRUENAS_SECRETS_DIR`: each file with the ending .json is one entry, for one method, field and thing of one NAS.
 * Files are read when a change needs them, and nothing of them is kept.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Log } from '../truenas/log.ts';
import { MAX_SECRET, type NeededSecret } from './secrets.ts';

const ENTRY = z.strictObject({
  /** Needed where several systems are configured. */
  system: z.string().optional(),
  method: z.string(),
  field: z.string(),
  target: z.string(),
  secret: z.string().min(1).max(MAX_SECRET),
});

/** The entries of a folder. */
export interface SecretFolder {
  /** The secret of the one entry that is for this and nothing else; undefined when there is none, or more than one. */
  find(system: string, needed: Pick<NeededSecret, 'method' | 'field' | 'of'>): Promise<string | undefined>;
}

/** Parts of it. */
export interface SecretFolderOptions {
  /** None without it. */
  readonly folder: string | undefined;
  /** The one system, where no other is configured: an entry need not name it then. */
  readonly onlySystem: string | undefined;
  readonly log: Log;
}

const MAX_FILES = 500;
const MAX_BYTES = 64 * 1024;

/** Makes it; nothing is read yet. */
export function createSecretFolder({ folder, onlySystem, log }: SecretFolderOptions): SecretFolder {
  async function entries(path: string) {
    const { mode, uid } = await stat(path);
    // Whoever can write there could put an entry of ours under another name.
    if (process.getuid !== undefined && ((mode & 0o022) !== 0 || (uid !== process.getuid() && uid !== 0)))
      throw new Error('other users can write it');
    const names = (await readdir(path)).filter((name) => name.endsWith('.json')).sort();
    const read = await Promise.all(names.slice(0, MAX_FILES).map((name) => entryOf(join(path, name), log)));
    return read.filter((entry) => entry !== undefined);
  }
  return {
    async find(system, { method, field, of }) {
      if (folder === undefined) return undefined;
      let all: Awaited<ReturnType<typeof entries>>;
      try {
        all = await entries(folder);
      } catch (error) {
        const reason = error instanceof Error && !('code' in error) ? error.message : reasonOf(error);
        log.warn('the folder of secrets is not used', { reason });
        return undefined;
      }
      const fitting = all.filter(
        (entry) =>
          (entry.system ?? onlySystem) === system &&
          entry.method === method &&
          entry.field === field &&
          entry.target === of,
      );
      if (fitting.length > 1)
        log.warn('several entries are for the same secret: none is used', { method, field });
      return fitting.length === 1 ? fitting[0]?.secret : undefined;
    },
  };
}

/** One entry. A file that others could write, or of another form, is none: its content never reaches the log. */
async function entryOf(path: string, log: Log): Promise<z.output<typeof ENTRY> | undefined> {
  const refuse = (reason: string): undefined => {
    log.warn('an entry of the folder of secrets is not used', { path, reason });
  };
  try {
    const handle = await open(path, 'r');
    try {
      const file = await handle.stat();
      const { mode, uid, size } = file;
      if (!file.isFile()) return refuse('it is no regular file');
      if (size > MAX_BYTES) return refuse('it is too large');
      if (process.getuid !== undefined) {
        // The system's owner may lay it out for a service.
        if (uid !== process.getuid() && uid !== 0) return refuse('it belongs to another user');
        if ((mode & 0o022) !== 0) return refuse('other users can write it');
        if ((mode & 0o007) !== 0) return refuse('every user can read it; run chmod 600 on it');
      }
      const entry = ENTRY.safeParse(JSON.parse(await handle.readFile('utf8')));
      return entry.success
        ? entry.data
        : refuse('it needs method, field, target and secret, and nothing else');
    } finally {
      await handle.close();
    }
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

/** The code alone: the text of a JSON error quotes what it could not read. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'it is no JSON';
}
