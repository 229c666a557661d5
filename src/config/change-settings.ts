/** The rows of the table of settings that are about changes. */
import { APPROVALS } from '../policy/change-settings.ts';
import {
  integerBetween,
  Misfit,
  oneOf,
  parseApiKey,
  parsePath,
  parsePlainText,
  parseSwitch,
  splitList,
} from './parse.ts';
import { setting } from './setting.ts';

/** The rows, in the order in which they are documented. */
export const CHANGE_SETTINGS = {
  writeApiKey: setting({
    env: 'TRUENAS_WRITE_API_KEY',
    isSecret: true,
    commands: ['serve'],
    type: 'API key',
    description:
      "An API key of its own for changes that a person need not approve; without it, a person signs in for each. Never a full administrator's key: it is refused.",
    example: '13-abcdEFGH… (as shown once when the key is made)',
    parse: parseApiKey,
  }),
  writeApiKeyFile: setting({
    env: 'TRUENAS_WRITE_API_KEY_FILE',
    flag: 'write-api-key-file',
    commands: ['serve'],
    type: 'path',
    description: 'A file that holds the key for changes and nothing else; instead of TRUENAS_WRITE_API_KEY.',
    example: '/run/secrets/truenas_write_api_key',
    parse: parsePath,
  }),
  writeUsername: setting({
    env: 'TRUENAS_WRITE_USERNAME',
    flag: 'write-username',
    commands: ['serve'],
    type: 'text',
    description: 'The TrueNAS user the key for changes belongs to.',
    example: 'mcp-writer',
    parse: parsePlainText,
  }),
  writeSession: setting({
    env: 'TRUENAS_WRITE_SESSION',
    flag: 'write-session',
    commands: ['serve'],
    type: 'minutes, 0 to 60',
    default: '15',
    description:
      "How long a person's sign-in serves further changes that need no approval; 0 ends it after the change that it was given for. Jobs that it started are seen to their end.",
    example: '15',
    parse: integerBetween(0, 60),
  }),
  approval: setting({
    env: 'TRUENAS_APPROVAL',
    flag: 'approval',
    commands: ['serve'],
    choices: APPROVALS,
    type: APPROVALS.join(', '),
    default: 'page',
    description:
      'Where changes that lose or expose something are approved: on a page of this computer with a sign-in to the NAS, or by a form of the MCP client (no defence against a model that can run programs); `always` sends every change to the page.',
    example: 'page',
    parse: oneOf(APPROVALS),
  }),
  scope: setting({
    env: 'TRUENAS_SCOPE',
    flag: 'scope',
    isList: true,
    commands: ['serve'],
    type: 'list of datasets',
    description:
      'Changes are confined to these datasets, all below them and what hangs on them; what cannot be tied to a dataset is refused. Reading is not confined.',
    example: 'tank/ai,tank/media',
    parse: parseDatasets,
  }),
  protect: setting({
    env: 'TRUENAS_PROTECT',
    flag: 'protect',
    isList: true,
    commands: ['serve'],
    type: 'list of datasets',
    description: 'Datasets that are, with all below them, never destroyed or exposed, whoever approves.',
    example: 'tank/finance',
    parse: parseDatasets,
  }),
  allowCode: setting({
    env: 'TRUENAS_ALLOW_CODE',
    flag: 'allow-code',
    isSwitch: true,
    commands: ['serve'],
    type: 'true or false',
    default: 'false',
    description:
      'Changes that make the NAS run code as root (cron jobs, init scripts, pre and post commands) may be planned; a person approves each.',
    example: 'false',
    parse: parseSwitch,
  }),
  apiWrite: setting({
    env: 'TRUENAS_API_WRITE',
    flag: 'api-write',
    isSwitch: true,
    commands: ['serve'],
    type: 'true or false',
    default: 'false',
    description:
      'Offers `call_api_write`, which plans any other changing method of the API, under the same rules and consent as every change.',
    example: 'false',
    parse: parseSwitch,
  }),
  stateDir: setting({
    env: 'TRUENAS_STATE_DIR',
    flag: 'state-dir',
    commands: ['serve'],
    type: 'path',
    description:
      'Folder for the journal of changes, by which they are undone, and their audit; owner-only, no secrets. Without it, or TRUENAS_AUDIT_FILE, changes are planned and never applied.',
    example: '/var/lib/truenas-mcp',
    parse: parsePath,
  }),
  secretsDir: setting({
    env: 'TRUENAS_SECRETS_DIR',
    flag: 'secrets-dir',
    commands: ['serve'],
    type: 'path',
    description:
      'Folder of secrets that changes may need (a passphrase, a password). Each `.json` file is one entry: `method`, `field` and `target` that it is for and no other, and the `secret`.',
    example: '/run/secrets/truenas-changes',
    parse: parsePath,
  }),
} as const;

/** `tank/ai`, or the path under which it is mounted; each name once. */
export function parseDatasets(text: string): readonly [string, ...string[]] {
  const names = splitList(text).map(parseDataset);
  const [first, ...others] = [...new Set(names)];
  if (first === undefined) throw new Misfit('must name at least one dataset');
  return [first, ...others];
}

function parseDataset(text: string): string {
  const name = text.replace(/^\/mnt\//, '').replace(/\/+$/, '');
  if (/[*?]/.test(name))
    throw new Misfit('must be names without wildcards: all below a dataset goes with it');
  if (/[@#]/.test(name)) throw new Misfit('must name datasets, not snapshots or bookmarks');
  const parts = name.split('/');
  // The characters of ZFS; a pool begins with a letter.
  const isRight =
    name.length <= 255 &&
    /^[a-z]/i.test(name) &&
    parts.every((part) => /^[\w.: -]+$/.test(part) && part !== '.' && part !== '..' && part.trim() === part);
  if (!isRight) throw new Misfit('must be names of datasets, separated by commas');
  return name;
}
