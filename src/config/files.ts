/** Reads the files and folders that settings name. */
import { readFileSync, statSync } from 'node:fs';
import { Misfit, parseApiKey, refuseWrapping } from './parse.ts';
import { problemWith, settingLabel } from './problem.ts';
import { SETTINGS, type SettingName } from './settings.ts';
import type { Setting } from './setting.ts';

/** Where findings go. */
export interface Findings {
  readonly problems: string[];
  readonly warnings: string[];
  readonly secrets: string[];
  /** Those of the warnings that tell of a file which others can read or replace. */
  readonly exposures: string[];
  /** True when the setting came from its flag, which is then what a problem names. */
  readonly isFlag: (name: SettingName) => boolean;
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
      `${settingLabel(SETTINGS[name], findings.isFlag(name))}: the file's content ${error.message}. It should hold the key and nothing else.`,
    );
    return undefined;
  }
}

/** The path of a folder, or undefined with a problem; one that may be missing is made when it is needed. */
export function folderFrom(
  name: 'stateDir' | 'secretsDir',
  path: string | undefined,
  { problems, isFlag }: Findings,
  { mustExist }: { readonly mustExist: boolean },
): string | undefined {
  if (path === undefined) return undefined;
  const complain = (complaint: string): undefined =>
    void problems.push(problemWith(SETTINGS[name], complaint, isFlag(name)));
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
  { problems, warnings, exposures, isFlag }: Findings,
): string | undefined {
  const row: Setting<unknown> = SETTINGS[name];
  const complain = (complaint: string): undefined =>
    void problems.push(problemWith(row, complaint, isFlag(name)));
  try {
    const stats = statSync(file);
    const { mode, size } = stats;
    // A folder has no text, a pipe may never bring any, and a device may never stop.
    if (!stats.isFile()) {
      return complain('names something that is not a regular file');
    }
    if (size > FILE_LIMIT_BYTES) {
      return complain('names a file that is far too large');
    }
    if (name !== 'caFile' && process.getuid !== undefined) {
      const readers = readersOf({ mode, uid: stats.uid }, process.getuid());
      if (readers !== undefined) {
        const exposure = `${settingLabel(row, isFlag(name))}: ${readers} the key in ${file}. Run: chmod 600 ${file}`;
        warnings.push(exposure);
        exposures.push(exposure);
      }
    }
    return decoded(readFileSync(file));
  } catch (error) {
    return complain(`names a file that cannot be read (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}

/** Who else gets at a file that should be its owner's alone, as the beginning of a sentence. */
function readersOf({ mode, uid }: { mode: number; uid: number }, own: number): string | undefined {
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
