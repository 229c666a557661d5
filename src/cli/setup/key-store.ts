/** The place of the key: the keychain of this computer, or a file that only its owner reads. The server reads it there at each start. */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keychain } from '../../config/keychain.ts';
import { SetupStopped } from './asker.ts';
import type { Places } from './places.ts';
import type { Made, Notes } from './record.ts';

/** A place for the key of one set-up. */
export interface KeyStore {
  /** Where that is, in words. */
  readonly where: string;
  /** By which the server finds it. */
  readonly settings: Readonly<Record<string, string>>;
  /** @throws SetupStopped where it cannot be stored safely */
  store(apiKey: string, notes: Notes): Promise<void>;
}

/** How the place is chosen. */
export interface StoreChoice {
  readonly wanted: 'keychain' | 'file' | undefined;
  readonly keychain: Keychain | undefined;
}

/** The keychain where there is one that works, unless something else is wanted. @throws SetupStopped when it is wanted and does not work */
export function chooseStore(places: Places, name: string, { wanted, keychain }: StoreChoice): KeyStore {
  if (wanted === 'file') return fileStore(keyFileOf(places, name));
  const obstacle = obstacleOf(keychain);
  if (keychain !== undefined && obstacle === undefined) return keychainStore(keychain, name);
  if (wanted === 'keychain')
    throw new SetupStopped(
      `The keychain of this computer cannot be used: ${obstacle}.`,
      `${process.platform === 'linux' ? 'It takes a Secret Service that runs and is unlocked, as GNOME Keyring, KWallet or KeePassXC of a desktop. ' : ''}Or use a file: --store file`,
    );
  return fileStore(keyFileOf(places, name));
}

/** A file for the key that changes: two keys in one keychain would be asked for at once. */
export function writeKeyStore({ own }: Places, name: string): KeyStore {
  // No name of a set-up holds a dot.
  const path = join(own, `${name}.write.key`);
  return { ...fileStore(path), settings: { TRUENAS_WRITE_API_KEY_FILE: path } };
}

/** The key that these settings name; undefined when there is none. */
export async function storedKey(
  settings: Readonly<Record<string, string>>,
  keychain: Keychain | undefined,
): Promise<string | undefined> {
  const { TRUENAS_API_KEY_FILE: path, TRUENAS_KEYCHAIN: entry } = settings;
  try {
    if (entry !== undefined) return keychain?.read(entry);
    return path === undefined ? undefined : (await readFile(path, 'utf8')).trim();
  } catch {
    return undefined;
  }
}

const PLACES = [
  ...['TRUENAS_API_KEY_FILE', 'TRUENAS_KEYCHAIN'],
  ...['TRUENAS_WRITE_API_KEY_FILE', 'TRUENAS_WRITE_USERNAME'],
];

/** The settings that say where the keys are, out of all. */
export function storeSettings(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => PLACES.includes(name)));
}

/** Removes a stored key. */
export async function removeStored(
  made: Extract<Made, { kind: 'key-file' | 'keychain' }>,
  keychain: Keychain | undefined,
): Promise<void> {
  if (made.kind === 'key-file') return rm(made.path, { force: true });
  if (keychain === undefined)
    throw new SetupStopped(`the entry ${made.entry} of the keychain, which cannot be opened.`);
  if (keychain.read(made.entry) !== undefined) keychain.remove(made.entry);
}

/** Tried by an entry that is written, read and removed: a keychain may be locked, or made of nothing. */
function obstacleOf(keychain: Keychain | undefined): string | undefined {
  if (keychain === undefined)
    return 'the optional package @napi-rs/keyring is not installed, or not for this system';
  const probe = `probe-${randomUUID()}`;
  try {
    keychain.write(probe, probe);
    const isRight = keychain.read(probe) === probe;
    keychain.remove(probe);
    return isRight ? undefined : 'what is written to it does not come back';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function keychainStore(keychain: Keychain, entry: string): KeyStore {
  return {
    where: `the keychain of this computer, as ${entry} of truenas-mcp`,
    settings: { TRUENAS_KEYCHAIN: entry },
    async store(apiKey, notes) {
      await notes.begin({ kind: 'keychain', entry });
      try {
        keychain.write(entry, apiKey);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new SetupStopped(`The keychain does not take the key: ${reason}.`, 'Use a file: --store file');
      }
    },
  };
}

function keyFileOf({ own }: Places, name: string): string {
  return join(own, `${name}.key`);
}

function fileStore(path: string): KeyStore {
  return {
    where: `${path}, which only you can read`,
    settings: { TRUENAS_API_KEY_FILE: path },
    store: (apiKey, notes) => storeInFile(path, apiKey, notes),
  };
}

async function storeInFile(path: string, apiKey: string, notes: Notes): Promise<void> {
  await notes.begin({ kind: 'key-file', path });
  try {
    const folder = join(path, '..');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // A folder that was there before may be open to others.
    if (process.getuid !== undefined && ((await stat(folder)).mode & 0o077) !== 0) await chmod(folder, 0o700);
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
    throw new SetupStopped(`The key cannot be written to ${path}: ${code}.`);
  }
}
