/** Brings the settings of a connection together: address, key, trust. */
import { X509Certificate } from 'node:crypto';
import { API_KEYS_PLACE } from '../truenas/api-key.ts';
import type { TlsTrust, TrueNasOptions } from '../truenas/options.ts';
import { type Findings, keyFromFile, keyFromKeychain, readSetting } from './files.ts';
import type { SettingValues } from './config.ts';
import { problemWith } from './problem.ts';
import { SETTINGS } from './settings.ts';

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

function addressFrom(set: SettingValues, { problems, wrong, originOf }: Findings): string | undefined {
  const address = set.url;
  if (address === undefined) {
    if (!wrong.has('url')) problems.push(problemWith(SETTINGS.url, 'is not set'));
    return undefined;
  }
  if (!address.isPlain) return address.url;
  if (address.isLoopback && set.plaintextLoopback === true) return address.url;
  const reason = 'must not be http:// or ws://: a TrueNAS revokes an API key that it sees unencrypted';
  problems.push(problemWith(SETTINGS.url, reason, originOf('url')));
  return undefined;
}

function apiKeyFrom(set: SettingValues, findings: Findings): string | undefined {
  const { problems, wrong } = findings;
  const isKeyWrong = wrong.has('apiKey');
  if (set.keychain !== undefined) {
    const rival = isKeyWrong || set.apiKey !== undefined ? SETTINGS.apiKey : SETTINGS.apiKeyFile;
    if (rival === SETTINGS.apiKeyFile && set.apiKeyFile === undefined)
      return keyFromKeychain(set.keychain, findings);
    problems.push(`${rival.env} and ${SETTINGS.keychain.env} are both set. Keep one of them.`);
    return undefined;
  }
  if ((set.apiKey !== undefined || isKeyWrong) && set.apiKeyFile !== undefined) {
    problems.push('TRUENAS_API_KEY and TRUENAS_API_KEY_FILE are both set. Keep one of them.');
    return undefined;
  }
  if (set.apiKey !== undefined || isKeyWrong) return set.apiKey;
  if (set.apiKeyFile === undefined) {
    if (!wrong.has('apiKeyFile')) {
      problems.push(
        `TRUENAS_API_KEY is not set (nor TRUENAS_API_KEY_FILE). Make a key in the TrueNAS web UI (${API_KEYS_PLACE}), for a user with no more privileges than needed.`,
      );
    }
    return undefined;
  }
  return keyFromFile('apiKeyFile', set.apiKeyFile, findings);
}

function trustFrom(set: SettingValues, findings: Findings): TlsTrust {
  const caPem = set.caFile === undefined ? undefined : caFrom(set.caFile, findings);
  if (set.tlsInsecure === true) {
    findings.warnings.push(
      set.tlsFingerprint === undefined
        ? `TRUENAS_TLS_INSECURE is on: the certificate of the NAS is NOT verified. Anyone on the path can read and take over the API key${set.username === undefined ? ', which without TRUENAS_USERNAME is sent to whatever answers' : ''}. Use TRUENAS_TLS_FINGERPRINT instead.`
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
      problemWith(SETTINGS.caFile, 'names a file without a PEM certificate', findings.originOf('caFile')),
    );
    return undefined;
  }
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    findings.problems.push(
      problemWith(
        SETTINGS.caFile,
        'names a file with a damaged PEM certificate',
        findings.originOf('caFile'),
      ),
    );
    return undefined;
  }
  return blocks.join('\n');
}
