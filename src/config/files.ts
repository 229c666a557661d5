/** Reads the files and folders that settings name. */
import { readFileSync, statSync } from 'node:fs';
import type { Keychain } from './keychain.ts';
import type { Origin } from './origin.ts';
import { Misfit, parseApiKey, refuseWrapping } from './parse.ts';
import { problemWith, settingLabel } from './problem.ts';
import { SETTINGS, type SettingName } from './settings.ts';
import type { Setting } from './setting.ts';

/** Where findings go. */
export interface Findings {
  readonly problems: string[];
  readonly warnings: string[];
  readonly secrets: string[];
  /** Settings whose value was not accepted. */
  readonly wrong: ReadonlySet<SettingName>;
  /** Those of the warnings that tell of a file which others can read or replace. */
  readonly exposures: string[];
  /** The place a setting was given at, which is what a problem names. */
  readonly originOf: (name: SettingName) => Origin | undefined;
  readonly keychain: Pick<Keychain, 'read'> | undefined;
}

const FILE_LIMIT_BYTES = 1_048_576;

/** Settings that name a file with an API key. */
type KeyFile = 'apiKeyFile' | 'writeApiKeyFile';

/** The key in a file, or undefined with a problem. */
export function keyFromFile(name: KeyFile, path: string, findings: Findings): string | undefined {
  const text = readSetting(name, path, findings)?.trim();
  if (text === undefined) return undefined;
  findings.secrets.push(text);
  try {
    if (text === '') throw new Misfit('is empty');
    refuseWrapping(text);
    return parseApiKey(text);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    findings.problems.push(
      `${settingLabel(SETTINGS[name], findings.originOf(name))}: the file's content ${error.message}. It should hold the key and nothing else.`,
    );
    return undefined;
  }
}

/** The key in an entry of the keychain, or undefined with a problem. */
export function keyFromKeychain(entry: string, findings: Findings): string | undefined {
  const { keychain, problems, secrets } = findings;
  try {
    if (keychain === undefined)
      throw new Misfit(
        'needs a keychain: the optional package @napi-rs/keyring is not installed, or not for this system',
      );
    const key = keychain.read(entry)?.trim();
    if (key === undefined) throw new Misfit('names an entry that is not there; run truenas-mcp setup');
    secrets.push(key);
    return parseApiKey(key);
  } catch (error) {
    const complaint =
      error instanceof Misfit ? error.message : `names an entry that cannot be read (${reasonOf(error)})`;
    problems.push(problemWith(SETTINGS.keychain, complaint, findings.originOf('keychain')));
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The path of a folder, or undefined with a problem; one that may be missing is made when it is needed. */
export function folderFrom(
  name: 'stateDir' | 'secretsDir',
  path: string | undefined,
  { problems, originOf }: Findings,
  { mustExist }: { readonly mustExist: boolean },
): string | undefined {
  if (path === undefined) return undefined;
  const complain = (complaint: string): undefined =>
    void problems.push(problemWith(SETTINGS[name], complaint, originOf(name)));
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return mustExist ? complain('names a folder that does not exist') : path;
    return stats.isDirectory() ? path : complain('names something that is not a folder');
  } catch (error) {
    return complain(`names a folder that cannot be looked at (${codeOf(error)})`);
  }
}

/** The file's text; a problem when it cannot be read. */
export function readSetting(
  name: KeyFile | 'caFile',
  file: string,
  { problems, warnings, exposures, originOf }: Findings,
): string | undefined {
  const row: Setting<unknown> = SETTINGS[name];
  const read = readTextFile(file);
  if ('complaint' in read) return void problems.push(problemWith(row, read.complaint, originOf(name)));
  const readers = name === 'caFile' ? undefined : readersOf(read);
  if (readers !== undefined) {
    const exposure = `${settingLabel(row, originOf(name))}: ${readers} the key in ${file}. Run: chmod 600 ${file}`;
    warnings.push(exposure);
    exposures.push(exposure);
  }
  return read.text;
}

/** A file's text, and who gets at it. */
export interface TextFile {
  readonly text: string;
  readonly mode: number;
  readonly uid: number;
}

/** The file's text, or the end of a sentence about why it cannot be had: "names a file that …". */
export function readTextFile(file: string): TextFile | { readonly complaint: string } {
  try {
    const stats = statSync(file);
    const { mode, uid, size } = stats;
    // A folder has no text, a pipe may never bring any, and a device may never stop.
    if (!stats.isFile()) return { complaint: 'names something that is not a regular file' };
    if (size > FILE_LIMIT_BYTES) return { complaint: 'names a file that is far too large' };
    return { text: decoded(readFileSync(file)), mode, uid };
  } catch (error) {
    return { complaint: `names a file that cannot be read (${codeOf(error)})` };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}

/** Who else gets at a file that should be its owner's alone, as the beginning of a sentence; nobody is known on Windows. */
export function readersOf({ mode, uid }: Pick<TextFile, 'mode' | 'uid'>): string | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  // The system's owner may lay a secret out for a service, and reads everything anyway.
  if (uid !== own && uid !== 0) return 'the file belongs to another user, who can read and replace';
  if ((mode & 0o007) !== 0) return 'every user of this machine can read';
  return (mode & 0o070) === 0 || (uid === 0 && own !== 0) ? undefined : 'the group of the file can read';
}

/** UTF-8, or UTF-16 as `>` in Windows PowerShell writes it; without the byte order mark. */
function decoded(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\uFEFF/, '');
}
