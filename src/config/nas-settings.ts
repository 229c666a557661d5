/** The rows of the table of settings that say which NAS, and with which key. */
import { API_KEYS_PLACE } from '../truenas/api-key.ts';
import {
  parseApiKey,
  parseFingerprint,
  parseNasAddress,
  parsePath,
  parsePlainText,
  parseSwitch,
} from './parse.ts';
import { setting } from './setting.ts';

/** The rows, in the order in which they are documented. */
export const NAS_SETTINGS = {
  url: setting({
    env: 'TRUENAS_URL',
    flag: 'url',
    commands: ['serve'],
    type: 'host name or URL',
    description:
      'The TrueNAS: a host name, an address, or what the browser shows; IPv6 with or without brackets, port if not 443. Always TLS.',
    example: 'nas.local',
    parse: parseNasAddress,
  }),
  apiKey: setting({
    env: 'TRUENAS_API_KEY',
    isSecret: true,
    commands: ['serve'],
    type: 'API key',
    description: `The API key, made in the TrueNAS web UI (${API_KEYS_PLACE}). One key per installation.`,
    example: '12-abcdEFGH… (as shown once when the key is made)',
    parse: parseApiKey,
  }),
  apiKeyFile: setting({
    env: 'TRUENAS_API_KEY_FILE',
    flag: 'api-key-file',
    commands: ['serve'],
    type: 'path',
    description: 'A file that holds the API key and nothing else; instead of TRUENAS_API_KEY.',
    example: '/run/secrets/truenas_api_key',
    parse: parsePath,
  }),
  keychain: setting({
    env: 'TRUENAS_KEYCHAIN',
    flag: 'keychain',
    commands: ['serve'],
    type: 'text',
    description:
      "The entry of this computer's keychain that holds the API key, as `setup` wrote it; instead of TRUENAS_API_KEY. Needs the optional package `@napi-rs/keyring`.",
    example: 'truenas',
    parse: parsePlainText,
  }),
  username: setting({
    env: 'TRUENAS_USERNAME',
    flag: 'username',
    commands: ['serve'],
    type: 'text',
    description: 'The TrueNAS user the API key belongs to. Needed by releases that sign in by user and key.',
    example: 'mcp-reader',
    parse: parsePlainText,
  }),
  tlsFingerprint: setting({
    env: 'TRUENAS_TLS_FINGERPRINT',
    flag: 'tls-fingerprint',
    commands: ['serve'],
    type: 'SHA-256 in hex',
    description:
      "SHA-256 fingerprint of the NAS's certificate: trust exactly this one. The right answer to the self-signed certificate that every TrueNAS ships with.",
    example: 'AB:CD:… (32 pairs of hexadecimal digits)',
    parse: parseFingerprint,
  }),
  caFile: setting({
    env: 'TRUENAS_CA_FILE',
    flag: 'ca-file',
    commands: ['serve'],
    type: 'path',
    description:
      "PEM file of the certificate authority that signed the NAS's certificate; replaces the system's list.",
    example: '/etc/ssl/home-ca.pem',
    parse: parsePath,
  }),
  tlsInsecure: setting({
    env: 'TRUENAS_TLS_INSECURE',
    flag: 'tls-insecure',
    isSwitch: true,
    commands: ['serve'],
    type: 'true or false',
    default: 'false',
    description:
      'Do not verify the certificate at all. Anyone on the path can then read and take over the API key.',
    example: 'false',
    parse: parseSwitch,
  }),
} as const;
