/** Where the key is kept: in a file that only its owner reads. The server reads it from there at each start. */
import { chmod, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupStopped } from './asker.ts';
import type { Places } from './places.ts';
import type { Made, Notes } from './record.ts';

/** A stored key, by the settings that name it. */
export interface StoredKey {
  readonly settings: Readonly<Record<string, string>>;
  readonly where: string;
}

/** The file for a key of this set-up. */
export function keyFileOf({ own }: Places, name: string): string {
  return join(own, `${name}.key`);
}

/** Writes the key into a file of its own. @throws SetupStopped where that cannot be done safely */
export async function storeInFile(path: string, apiKey: string, notes: Notes): Promise<StoredKey> {
  await notes.begin({ kind: 'key-file', path });
  try {
    const folder = join(path, '..');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A folder that was there before may be open to others.
    if (process.getuid !== undefined && ((await stat(folder)).mode & 0o022) !== 0) await chmod(folder, 0o700);
    await rm(path, { force: true });
    // `wx`: a link that somebody laid there meanwhile is not followed.
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${apiKey}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SetupStopped(
      `The key cannot be written to ${path}: ${code}.`,
      'Name another folder with XDG_CONFIG_HOME.',
    );
  }
  return { settings: { TRUENAS_API_KEY_FILE: path }, where: path };
}

/** Removes a stored key. */
export async function removeStored(made: Extract<Made, { kind: 'key-file' | 'keychain' }>): Promise<void> {
  if (made.kind === 'key-file') await rm(made.path, { force: true });
}
