/**
 * The one table of everything that can be set: by environment variable, by flag, or by either (the flag wins).
 * Parsing, `--help` and docs/configuration.md are all derived from it. Secrets have no flag: a process list shows those.
 */
import { ACCESS_LEVELS } from '../policy/levels.ts';
import { TOOLSET_NAMES } from '../tools/toolset.ts';
import { CHANGE_SETTINGS } from './change-settings.ts';
import {
  integerBetween,
  Misfit,
  oneOf,
  parseApiKey,
  parseDurationMs,
  parseFingerprint,
  parseNasAddress,
  parsePath,
  parsePlainText,
  parseSwitch,
  someOf,
  splitList,
} from './parse.ts';

/** The commands that take settings. */
export const COMMANDS = ['serve', 'demo', 'simulate'] as const;
export type Command = (typeof COMMANDS)[number];

/** One row of the table. */
export interface Setting<Value> {
  /** Environment variable; absent for a choice that belongs to one start only. */
  readonly env?: string;
  /** Long flag without dashes; absent for secrets. */
  readonly flag?: string;
  /** A switch is given without a value as a flag, and as `true`/`false` in the environment. */
  readonly isSwitch?: boolean;
  /** Given several times or as a comma-separated list. */
  readonly isList?: boolean;
  /** Never printed, never a flag. */
  readonly isSecret?: boolean;
  readonly commands: readonly Command[];
  /** What is accepted, for people. */
  readonly type: string;
  /** Default as a person would type it. */
  readonly default?: string;
  readonly description: string;
  /** A right value, shown when a wrong one was given. */
  readonly example: string;
  /** @throws Misfit */
  parse(text: string): Value;
}

function setting<Value>(row: Setting<Value>): Setting<Value> {
  return row;
}

/** Log levels in descending urgency. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Releases the simulator can play; the simulator's own list is checked against this one by a test. */
export const SIMULATED_RELEASES = ['25.04', '25.10', '27.0'] as const;

export const SETTINGS = {
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
    description:
      'The API key, made in the TrueNAS web UI under Credentials > API Keys. One key per installation.',
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
  access: setting({
    env: 'TRUENAS_ACCESS',
    flag: 'access',
    commands: ['serve'],
    type: ACCESS_LEVELS.join(', '),
    default: 'read',
    description:
      'How much the server may do; each level includes the ones before. Tools above it are not listed.',
    example: 'read',
    parse: oneOf(ACCESS_LEVELS),
  }),
  toolsets: setting({
    env: 'TRUENAS_TOOLSETS',
    flag: 'toolsets',
    isList: true,
    commands: ['serve'],
    type: `list of ${TOOLSET_NAMES.join(', ')}; or all`,
    default: 'all',
    description: 'Groups of tools to offer; `system_overview` is always there.',
    example: 'system,storage',
    parse: someOf(TOOLSET_NAMES),
  }),
  timeout: setting({
    env: 'TRUENAS_TIMEOUT',
    flag: 'timeout',
    commands: ['serve'],
    type: 'seconds, or 30s, 2m',
    default: '30s',
    description: 'Longest wait for one answer of the NAS.',
    example: '30s',
    parse: parseDurationMs,
  }),
  maxResultTokens: setting({
    env: 'TRUENAS_MAX_RESULT_TOKENS',
    flag: 'max-result-tokens',
    commands: ['serve'],
    type: 'number',
    default: '6000',
    description:
      'Size budget of one answer, in tokens (estimated). What is cut is counted, and the next call is spelled out.',
    example: '6000',
    parse: integerBetween(200, 200_000),
  }),
  logLevel: setting({
    env: 'TRUENAS_LOG_LEVEL',
    flag: 'log-level',
    commands: ['serve'],
    type: LOG_LEVELS.join(', '),
    default: 'info',
    description: 'How much to write to stderr. Secrets are removed at every level.',
    example: 'info',
    parse: oneOf(LOG_LEVELS),
  }),
  auditFile: setting({
    env: 'TRUENAS_AUDIT_FILE',
    flag: 'audit-file',
    commands: ['serve'],
    type: 'path',
    description:
      'File to which one line of JSON is appended for every call of a tool: when, what was asked, how it ended; no answers, no secrets.',
    example: '/var/log/truenas-mcp-audit.jsonl',
    parse: parsePath,
  }),
  ...CHANGE_SETTINGS,
  plaintextLoopback: setting({
    flag: 'dangerously-allow-plaintext-to-loopback-for-tests',
    isSwitch: true,
    commands: ['serve'],
    type: 'switch',
    description:
      'Accept ws:// and http:// when the host is this machine. For tests: a TrueNAS revokes an API key that it sees unencrypted.',
    example: '',
    parse: parseSwitch,
  }),
  httpPort: setting({
    flag: 'http',
    commands: ['serve'],
    type: 'port (0 picks one)',
    description:
      'Serve Streamable HTTP on 127.0.0.1 instead of stdio, for inspectors and test suites. Prints its address and a bearer token to stderr.',
    example: '3000',
    parse: integerBetween(0, 65_535),
  }),
  httpToken: setting({
    env: 'TRUENAS_HTTP_TOKEN',
    isSecret: true,
    commands: ['serve'],
    type: 'text of 16 characters or more',
    description: 'The bearer token that `--http` asks for; a random one per start when absent.',
    example: '$(openssl rand -hex 32)',
    parse: parseToken,
  }),
  demo: setting({
    flag: 'demo',
    isSwitch: true,
    commands: ['serve'],
    type: 'switch',
    description: 'Serve an embedded, simulated TrueNAS; no NAS, no key needed.',
    example: '',
    parse: parseSwitch,
  }),
  release: setting({
    flag: 'release',
    commands: ['serve', 'demo', 'simulate'],
    type: SIMULATED_RELEASES.join(', '),
    default: '25.10',
    description: 'Release that the simulated TrueNAS plays.',
    example: '25.10',
    parse: oneOf(SIMULATED_RELEASES),
  }),
  seed: setting({
    flag: 'seed',
    commands: ['serve', 'demo', 'simulate'],
    type: 'number',
    default: '1',
    description: 'Seed of the simulated world; the same seed gives the same world.',
    example: '42',
    parse: integerBetween(0, 4_294_967_295),
  }),
  datasets: setting({
    flag: 'datasets',
    commands: ['serve', 'demo', 'simulate'],
    type: 'number',
    description: 'At least so many datasets in the simulated world.',
    example: '10000',
    parse: integerBetween(0, 1_000_000),
  }),
  snapshots: setting({
    flag: 'snapshots',
    commands: ['serve', 'demo', 'simulate'],
    type: 'number',
    description: 'At least so many snapshots in the simulated world.',
    example: '100000',
    parse: integerBetween(0, 10_000_000),
  }),
  port: setting({
    flag: 'port',
    commands: ['simulate'],
    type: 'port (0 picks one)',
    default: '0',
    description: 'Port to listen on.',
    example: '8443',
    parse: integerBetween(0, 65_535),
  }),
  host: setting({
    flag: 'host',
    commands: ['simulate'],
    type: 'loopback address',
    default: '127.0.0.1',
    description: 'Address to listen on; loopback only.',
    example: '127.0.0.1',
    parse: parsePlainText,
  }),
  roles: setting({
    flag: 'role',
    isList: true,
    commands: ['simulate'],
    type: 'list of TrueNAS roles',
    default: 'FULL_ADMIN',
    description: 'What the issued API key may do.',
    example: 'READONLY_ADMIN',
    parse: parseRoles,
  }),
  json: setting({
    flag: 'json',
    isSwitch: true,
    commands: ['simulate'],
    type: 'switch',
    description:
      'Print one line of JSON with url, apiKey, username, fingerprint and caFile, then stay quiet.',
    example: '',
    parse: parseSwitch,
  }),
} as const;

/** The key of a row. */
export type SettingName = keyof typeof SETTINGS;

/** The rows in order, with their keys and forgotten value types. */
export const SETTING_ROWS: readonly (readonly [SettingName, Setting<unknown>])[] = Object.entries(
  SETTINGS,
) as [SettingName, Setting<unknown>][];

function parseRoles(text: string): readonly string[] {
  const roles = splitList(text);
  if (roles.length === 0) throw new Misfit('must name at least one role');
  return roles;
}

function parseToken(text: string): string {
  const token = parsePlainText(text);
  if (token.length < 16 || /\s/.test(token))
    throw new Misfit('must be at least 16 characters without spaces');
  return token;
}
