/** Brings the settings of a connection together: address, key, trust. Reads the files they name. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { TlsTrust, TrueNasOptions } from '../truenas/options.ts';
import type { SettingValues } from './index.ts';
import { Misfit, parseApiKey, refuseWrapping } from './parse.ts';
import { problemWith, settingLabel } from './problem.ts';
import { SETTINGS, type Setting, type SettingName } from './settings.ts';

/** Where findings go. */
interface Findings {
  readonly problems: string[];
  readonly warnings: string[];
  readonly secrets: string[];
  /** True when the setting came from its flag, which is then what a problem names. */
  readonly isFlag: (name: SettingName) => boolean;
}

const FILE_LIMIT_BYTES = 1_048_576;

/** The connection's options, or `undefined` with everything that is missing or wrong added to `findings.problems`. */
export function connectionFrom(
  set: SettingValues,
  findings: Findings,
): Omit<TrueNasOptions, 'log'> | undefined {
  const url = addressFrom(set, findings);
  const apiKey = apiKeyFrom(set, findings);
  const tls = trustFrom(set, findings);
  if (url === undefined || apiKey === undefined) return undefined;
  return {
    url,
    apiKey,
    ...(set.username === undefined ? {} : { username: set.username }),
    tls,
    timeoutMs: set.timeout ?? 30_000,
  };
}

function addressFrom(set: SettingValues, { problems, isFlag }: Findings): string | undefined {
  const address = set.url;
  if (address === undefined) {
    if (!mentions(problems, SETTINGS.url)) problems.push(problemWith(SETTINGS.url, 'is not set'));
    return undefined;
  }
  if (!address.isPlain) return address.url;
  if (address.isLoopback && set.plaintextLoopback === true) return address.url;
  const reason = 'must not be http:// or ws://: a TrueNAS revokes an API key that it sees unencrypted';
  problems.push(problemWith(SETTINGS.url, reason, isFlag('url')));
  return undefined;
}

function apiKeyFrom(set: SettingValues, findings: Findings): string | undefined {
  const { problems, secrets } = findings;
  const isKeyWrong = mentions(problems, SETTINGS.apiKey);
  if ((set.apiKey !== undefined || isKeyWrong) && set.apiKeyFile !== undefined) {
    problems.push('TRUENAS_API_KEY and TRUENAS_API_KEY_FILE are both set. Keep one of them.');
    return undefined;
  }
  if (set.apiKey !== undefined || isKeyWrong) return set.apiKey;
  if (set.apiKeyFile === undefined) {
    if (!mentions(problems, SETTINGS.apiKeyFile)) {
      problems.push(
        'TRUENAS_API_KEY is not set (nor TRUENAS_API_KEY_FILE). Make a key in the TrueNAS web UI under Credentials > API Keys, for a user with no more privileges than needed.',
      );
    }
    return undefined;
  }
  const text = readSetting('apiKeyFile', set.apiKeyFile, findings)?.trim();
  if (text === undefined) return undefined;
  secrets.push(text);
  try {
    if (text === '') throw new Misfit('is empty');
    refuseWrapping(text);
    return parseApiKey(text);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    problems.push(
      `${settingLabel(SETTINGS.apiKeyFile, findings.isFlag('apiKeyFile'))}: the file's content ${error.message}. It should hold the key and nothing else.`,
    );
    return undefined;
  }
}

function trustFrom(set: SettingValues, findings: Findings): TlsTrust {
  const caPem = set.caFile === undefined ? undefined : caFrom(set.caFile, findings);
  if (set.tlsInsecure === true) {
    findings.warnings.push(
      set.tlsFingerprint === undefined
        ? 'TRUENAS_TLS_INSECURE is on: the certificate of the NAS is NOT verified. Anyone on the path can read and take over the API key. Use TRUENAS_TLS_FINGERPRINT instead.'
        : 'TRUENAS_TLS_INSECURE is ignored: TRUENAS_TLS_FINGERPRINT is set and decides.',
    );
  }
  return {
    ...(caPem === undefined ? {} : { caPem }),
    ...(set.tlsFingerprint === undefined ? {} : { fingerprintSha256: set.tlsFingerprint }),
    ...(set.tlsInsecure === true && set.tlsFingerprint === undefined ? { isInsecure: true } : {}),
  };
}

function caFrom(path: string, findings: Findings): string | undefined {
  const text = readSetting('caFile', path, findings);
  if (text === undefined) return undefined;
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) {
    findings.problems.push(
      problemWith(SETTINGS.caFile, 'names a file without a PEM certificate', findings.isFlag('caFile')),
    );
    return undefined;
  }
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    findings.problems.push(
      problemWith(SETTINGS.caFile, 'names a file with a damaged PEM certificate', findings.isFlag('caFile')),
    );
    return undefined;
  }
  return blocks.join('\n');
}

/** The file's text; a problem when it cannot be read. */
function readSetting(
  name: 'apiKeyFile' | 'caFile',
  file: string,
  { problems, warnings, isFlag }: Findings,
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
    if (name === 'apiKeyFile' && process.getuid !== undefined) {
      const readers = readersOf({ mode, uid: stats.uid }, process.getuid());
      if (readers !== undefined) {
        warnings.push(
          `${settingLabel(row, isFlag(name))}: ${readers} the key in ${file}. Run: chmod 600 ${file}`,
        );
      }
    }
    return decoded(readFileSync(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return complain(`names a file that cannot be read (${code})`);
  }
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

/** A problem about this setting is already on the list. */
function mentions(
  problems: readonly string[],
  row: { readonly env?: string; readonly flag?: string },
): boolean {
  const labels = [row.env, row.flag === undefined ? undefined : `--${row.flag}`];
  return problems.some((problem) => labels.includes(problem.split(' ', 1)[0] ?? ''));
}
