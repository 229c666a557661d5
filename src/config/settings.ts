/**
 * The one table of everything that can be set: by flag, by environment variable, or in the configuration file; the first of them wins.
 * Parsing, `--help` and docs/configuration.md are all derived from it. Secrets have no flag: a process list shows those.
 */
import { ACCESS_LEVELS } from '../policy/levels.ts';
import { TOOLSET_NAMES } from '../tools/toolset.ts';
import { CHANGE_SETTINGS } from './change-settings.ts';
import { NAS_SETTINGS } from './nas-settings.ts';
import {
  integerBetween,
  Misfit,
  oneOf,
  parseDurationMs,
  parsePath,
  parsePlainText,
  parseSwitch,
  someOf,
} from './parse.ts';
import { CONFIG_VARIABLE, LOG_LEVELS, type Setting, setting } from './setting.ts';
import { SIMULATOR_SETTINGS } from './simulator-settings.ts';

export const SETTINGS = {
  ...NAS_SETTINGS,
  config: setting({
    env: CONFIG_VARIABLE,
    flag: 'config',
    commands: ['serve'],
    type: 'path',
    description: 'YAML file with settings; flags and variables win over it.',
    example: '/etc/truenas-mcp.yaml',
    parse: parsePath,
  }),
  access: setting({
    env: 'TRUENAS_ACCESS',
    flag: 'access',
    commands: ['serve'],
    choices: ACCESS_LEVELS,
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
    choices: [...TOOLSET_NAMES, 'all'],
    type: `list of ${TOOLSET_NAMES.join(', ')}; or all`,
    default: 'all',
    description:
      'Groups of tools to offer; `system_overview` is always there, and `changes` above access `read`. Chosen here, `all` too, every tool of theirs is listed; else the seldom ones are not, which `search_api` finds.',
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
    choices: LOG_LEVELS,
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

  ...SIMULATOR_SETTINGS,
} as const;

/** The key of a row. */
export type SettingName = keyof typeof SETTINGS;

/** The rows in order, with their keys and forgotten value types. */
export const SETTING_ROWS: readonly (readonly [SettingName, Setting<unknown>])[] = Object.entries(
  SETTINGS,
) as [SettingName, Setting<unknown>][];

function parseToken(text: string): string {
  const token = parsePlainText(text);
  if (token.length < 16 || /\s/.test(token))
    throw new Misfit('must be at least 16 characters without spaces');
  return token;
}
