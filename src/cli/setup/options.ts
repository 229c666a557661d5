/** The flags of `setup`. Every question of the wizard is one of them; secrets have none. */
import { parseArgs } from 'node:util';
import {
  integerBetween,
  Misfit,
  oneOf,
  parseFingerprint,
  parseNasAddress,
  parsePath,
  someOf,
} from '../../config/parse.ts';
import { ACCESS_LEVELS, type AccessLevel } from '../../policy/levels.ts';
import { TOOLSET_NAMES, type ToolsetName } from '../../tools/toolset.ts';
import { CLIENT_NAMES, type ClientName } from './clients/catalogue.ts';
import { wrapped } from '../../config/wrapped.ts';

/** One flag. */
interface Flag<Value> {
  /** Absent for a switch. */
  readonly value?: string;
  readonly about: string;
  readonly parse: (text: string) => Value;
}

const flag = <Value>(value: string, about: string, parse: (text: string) => Value): Flag<Value> => ({
  value,
  about,
  parse,
});
const isOn = (about: string): Flag<true> => ({ about, parse: () => true });

/** Places for the key. */
const STORES = ['keychain', 'file'] as const;

/** The flags, in the order of the questions. */
export const FLAGS = {
  url: flag('ADDRESS', 'The NAS: a host name, an address, or what the browser shows.', parseNasAddress),
  'tls-fingerprint': flag(
    'SHA-256',
    'The fingerprint that its certificate must have. With --yes there is no other way to trust one that this computer does not know.',
    parseFingerprint,
  ),
  'ca-file': flag('PATH', 'PEM file of the authority that issued its certificate.', parsePath),
  access: flag(
    'LEVEL',
    `What the server may do: ${ACCESS_LEVELS.join(', ')} (default read).`,
    oneOf(ACCESS_LEVELS),
  ),
  toolsets: flag(
    'LIST',
    `Groups of tools: ${TOOLSET_NAMES.join(', ')}; or all (default).`,
    someOf(TOOLSET_NAMES),
  ),
  narrow: isOn(
    'Leave READONLY_ADMIN out of the privilege: only the roles that the chosen toolsets name. Some answers then say what they cannot see.',
  ),
  admin: flag(
    'USER',
    'An administrator of the NAS, who signs in once to make the user of the server.',
    parseName,
  ),
  'admin-password-file': flag(
    'PATH',
    'A file with the password, and the one-time code in its second line where the NAS asks for one; `-` is stdin. Otherwise TRUENAS_ADMIN_PASSWORD and TRUENAS_ADMIN_CODE, or typed.',
    (text) => (text === '-' ? text : parsePath(text)),
  ),
  'api-key-file': flag(
    'PATH',
    'A file with a key that exists, instead of --admin: nothing is made on the NAS.',
    parsePath,
  ),
  username: flag('USER', 'The user of the key in --api-key-file.', parseName),
  user: flag('NAME', 'Name of the user, group and privilege to make (default truenas-mcp).', parseName),
  'key-days': flag(
    'DAYS',
    'How long the key lives (default 365; 0: without an end).',
    integerBetween(0, 3650),
  ),
  store: flag(
    'PLACE',
    `Where the key is kept: ${STORES.join(', ')} (default: the keychain where there is one, else a file).`,
    oneOf(STORES),
  ),
  'write-key': isOn(
    'Make a second user whose key makes the changes that need no approval; without it you sign in for each. For access operate and above.',
  ),
  'state-dir': flag(
    'PATH',
    'Folder for the journal and audit of changes; above access read only.',
    parsePath,
  ),
  client: flag(
    'LIST',
    `MCP clients whose configuration is written: ${CLIENT_NAMES.join(', ')}. Without it and with --yes, the configuration is printed.`,
    someOf(CLIENT_NAMES),
  ),
  'client-config': flag('PATH', 'The file of the one --client, where it is not the usual one.', parsePath),
  name: flag('NAME', 'Name of this set-up and of the entry in the client (default truenas).', parseSetupName),
  'new-key': isOn('Make a new key although the one of an earlier set-up works.'),
  remove: isOn(
    'Undo a set-up: its key, user, privilege and group on the NAS, the stored key, and the entry in the clients.',
  ),
  yes: isOn('Ask nothing: flags, defaults and environment answer.'),
} as const;

type FlagName = keyof typeof FLAGS;
/** What was given, by flag. */
export type Options = { readonly [Name in FlagName]?: ReturnType<(typeof FLAGS)[Name]['parse']> };
export type { AccessLevel, ToolsetName, ClientName };

/** Reads the arguments after `setup`. */
export function readOptions(argv: readonly string[]): {
  readonly options: Options;
  readonly errors: readonly string[];
} {
  const errors: string[] = [];
  const options: Record<string, unknown> = {};
  const names = Object.keys(FLAGS);
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries<Flag<unknown>>(FLAGS).map(([name, { value }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    // What stands there may be a secret: it is not repeated.
    if (token.kind === 'positional') errors.push('setup takes flags only.');
    if (token.kind !== 'option') continue;
    const row: Flag<unknown> | undefined = names.includes(token.name)
      ? FLAGS[token.name as FlagName]
      : undefined;
    if (row === undefined || !token.rawName.startsWith('--')) {
      errors.push(/pass|key|code|otp/i.test(token.name) ? SECRETS : `Unknown flag ${token.rawName}.`);
      continue;
    }
    try {
      if (row.value !== undefined && (token.value === undefined || token.value === ''))
        throw new Misfit('needs a value');
      options[token.name] = row.parse((token.value ?? '').trim());
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      errors.push(`--${token.name} ${error.message}.`);
    }
  }
  return {
    options: options as Options,
    errors: [...new Set([...errors, ...contradictions(options as Options)])],
  };
}

const SECRETS =
  'A secret on a command line is visible to every user of the machine: type it when asked, or see --admin-password-file and --api-key-file.';

function contradictions(options: Options): string[] {
  const { client, admin } = options;
  const withWriteKey = options['write-key'] === true;
  return [
    ...(withWriteKey && (options.access ?? 'read') === 'read'
      ? ['--write-key is for --access operate, manage or destroy: at read nothing is changed.']
      : []),
    ...(withWriteKey && options['api-key-file'] !== undefined
      ? ['--write-key makes a user, which needs --admin instead of --api-key-file.']
      : []),
    ...(admin !== undefined && options['api-key-file'] !== undefined
      ? ['--admin makes a key, --api-key-file names one: keep one of them.']
      : []),
    ...(options['client-config'] !== undefined && client?.length !== 1
      ? ['--client-config needs exactly one --client.']
      : []),
    ...(options.url?.isPlain === true
      ? ['--url must not be http:// or ws://: a TrueNAS revokes an API key that it sees unencrypted.']
      : []),
  ];
}

/** A name of a user, group and privilege as every release takes it. */
function parseName(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,30}$/.test(text))
    throw new Misfit('must be a name of letters, digits, dots, dashes and underscores');
  return text;
}

function parseSetupName(text: string): string {
  if (!/^[a-z0-9][a-z0-9_-]{0,30}$/i.test(text))
    throw new Misfit('must be letters, digits, dashes and underscores');
  return text;
}

/** `truenas-mcp setup --help`. */
export function setupHelp(): string {
  const lines = Object.entries<Flag<unknown>>(FLAGS).flatMap(([name, { value, about }]) => [
    `  --${name}${value === undefined ? '' : ` ${value}`}`,
    ...wrapped(about),
  ]);
  return ['Usage: truenas-mcp setup [options]', '', ABOUT, '', 'Options:', ...lines, ''].join('\n');
}

const ABOUT =
  'Connects a TrueNAS with an MCP client: trusts its certificate, makes a user with the fewest roles and a key for it,\nstores the key, writes the configuration of the client, and checks it all. Asks at a terminal; each question is a flag as well.';
