/** Writes the configuration of a client: the change is shown first, the file is backed up, and replaced in one step. */
import {
  chmod,
  constants,
  copyFile,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { createRedactor } from '../../../output/redact/redactor.ts';
import { SetupStopped } from '../asker.ts';
import type { McpClient } from './catalogue.ts';
import { linesThatChange } from './diff.ts';
import { withEntry } from './edit.ts';

/** A change of a file that is ready to be made. */
export interface FileChange {
  readonly path: string;
  /** What to show; empty when the file is right as it is. */
  readonly diff: readonly string[];
  /** Makes it; the path of the backup, if there was something to back up. @throws SetupStopped when the file has changed meanwhile */
  apply(): Promise<string | undefined>;
}

/**
 * Prepares a change. @param entry undefined: the entry is taken out.
 * @throws SetupStopped when the file cannot be read or understood
 */
export async function planFile(
  path: string,
  client: Pick<McpClient, 'format' | 'under' | 'reads'>,
  name: string,
  entry: Readonly<Record<string, unknown>> | undefined,
): Promise<FileChange> {
  // Dotfiles are often links into a repository: the link stays.
  const real = await realpath(path).catch(() => path);
  const before = await textOf(real);
  const after = await withEntry(before ?? '', client, name, entry);
  // An entry of an earlier set-up by hand may hold a key.
  const redactor = createRedactor({ ownSecrets: [] });
  const diff = linesThatChange(before ?? '', after).map((line) => redactor.text(line));
  return {
    path,
    diff,
    async apply() {
      if ((await textOf(real)) !== before)
        throw new SetupStopped(`${path} was changed by another program meanwhile.`, 'Run setup again.');
      if (diff.length === 0) return undefined;
      const mode = before === undefined ? 0o600 : (await stat(real)).mode & 0o777;
      await mkdir(dirname(real), { recursive: true });
      const backup = before === undefined ? undefined : await backedUp(real);
      const temporary = `${real}.truenas-mcp-new`;
      await rm(temporary, { force: true });
      // `wx`: a link that somebody laid there is not followed, and the mode is that of the file.
      await writeFile(temporary, after, { mode, flag: 'wx' });
      await rename(temporary, real);
      return backup;
    },
  };
}

/** The path of a copy that only its owner reads: it keeps what an entry held before, which may be a key. */
async function backedUp(path: string): Promise<string> {
  const first = `${path}.before-truenas-mcp-${timestamp()}`;
  for (let number = 1; ; number += 1) {
    const backup = number === 1 ? first : `${first}-${number}`;
    try {
      await copyFile(path, backup, constants.COPYFILE_EXCL);
      await chmod(backup, 0o600);
      return backup;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SetupStopped(`${path} cannot be read: ${code}.`);
  }
}

/** `20261126-224512`. */
function timestamp(): string {
  return new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
}
