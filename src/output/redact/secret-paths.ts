/**
 * Where TrueNAS keeps secrets under names that do not say so, by namespace or method; what a name says is not repeated
 * here. A NAS hides these itself only from accounts that may not write, and not in answers that it could not check.
 */
import { namesSecret } from './secret-names.ts';

/**
 * Endings of dotted paths, list positions left out; everything below such a place is secret. The empty path stands for
 * the whole answer.
 */
const SECRET_PATHS: Readonly<Record<string, readonly string[]>> = {
  'acme.dns.authenticator': ['attributes'],
  alertservice: ['attributes'],
  api_key: ['key'],
  app: ['config', 'values', 'custom_compose_config', 'custom_compose_config_string'],
  'app.config': [''],
  'app.registry': ['username'],
  'auth.generate_onetime_password': [''],
  'auth.generate_token': [''],
  'cloudsync.credentials': ['provider', 'attributes'],
  container: ['environment', 'initenv'],
  'kerberos.keytab': ['file'],
  keychaincredential: ['attributes'],
  'nvmet.host.generate_key': [''],
  pool: ['encryption_options.key'],
  'pool.dataset': ['key', 'encryption_options.key'],
  'pool.dataset.export_key': [''],
  'pool.dataset.export_keys': [''],
  'pool.dataset.export_keys_for_replication': [''],
  ssh: ['host_key'],
  'system.advanced.sed_global_password': [''],
  'system.general': ['ui_certificate'],
  'tn_connect.generate_claim_token': [''],
  'tn_connect.get_registration_uri': [''],
  ups: ['extrausers'],
  'virt.instance': ['environment', 'raw'],
};

/** The same for any method: these travel inside the rows of others. */
const SECRET_ANYWHERE: readonly string[] = [
  'credentials.attributes',
  'credentials.provider',
  'provisioning_uri',
  'ssh_credentials.attributes',
];

/** Named like a secret, but an object that only describes one. */
const DESCRIBED: readonly string[] = ['attribute_maps.passwd', 'credentials_data.api_key', 'data.api_key'];

/** Texts that people put passwords into. They are shown, freed of what looks like one, but never compared with. */
const HOLDING_SECRETS: Readonly<Record<string, readonly string[]>> = {
  app: ['notes'],
  cloud_backup: ['args', 'pre_script', 'post_script'],
  cloudsync: ['args', 'pre_script', 'post_script'],
  'core.get_jobs': ['arguments', 'error', 'exc_info', 'exception', 'logs_excerpt', 'result'],
  cronjob: ['command'],
  initshutdownscript: ['command', 'script'],
  'reporting.exporters': ['attributes'],
  rsynctask: ['extra'],
  'sharing.smb': ['auxsmbconf'],
  tunable: ['value'],
  vm: ['command_line_args'],
};

/** The same for any method: rows of tasks carry their last job. */
const HOLDING_SECRETS_ANYWHERE = [
  'arguments',
  'error',
  'exc_info',
  'exception',
  'logs_excerpt',
  'result',
].map((field) => `job.${field}`);

/** Finds secret places while an answer is walked. */
export interface PathRules {
  /** Everything is secret. */
  readonly isWhole: boolean;
  /** False when no place that matters ends in this key. */
  mayEndIn(key: string): boolean;
  /** What a place is, given the keys that lead to it, list positions left out. */
  verdict(keys: readonly string[]): 'secret' | 'described' | undefined;
}

/** The rules for the answers of a method; without one, those that hold anywhere. */
export function pathRules(method = ''): PathRules {
  let rules = known.get(method);
  if (rules === undefined) {
    rules = makeRules(method);
    if (known.size > 2000) known.clear();
    known.set(method, rules);
  }
  return rules;
}

/**
 * True when a dotted path, as in a filter, an order or a `select`, leads to or into a secret of the method's rows.
 * `forComparing` also counts texts that may hold one: comparing would tell it bit by bit.
 */
export function isSecretPath(method: string, path: string, { forComparing = false } = {}): boolean {
  // A JSON path may spell a step as ["name"], and a NAS reads `\.` as a dot inside a name.
  const keys = path.split(/[^A-Za-z0-9_-]+/u).filter((key) => key !== '' && !/^\d+$/u.test(key));
  const rules = pathRules(method);
  if (rules.isWhole || keys.some(namesSecret)) return true;
  const held = forComparing
    ? suffixes([...linesOf(HOLDING_SECRETS, method), ...HOLDING_SECRETS_ANYWHERE])
    : undefined;
  return keys.some((_key, index) => {
    const upTo = keys.slice(0, index + 1);
    return rules.verdict(upTo) === 'secret' || (held !== undefined && endsWithOne(held, upTo));
  });
}

const known = new Map<string, PathRules>();

function makeRules(method: string): PathRules {
  const lines = linesOf(SECRET_PATHS, method);
  const secret = suffixes([...lines, ...SECRET_ANYWHERE]);
  const described = suffixes(DESCRIBED);
  return {
    isWhole: lines.includes(''),
    mayEndIn: (key) => secret.has(key) || described.has(key),
    verdict(keys) {
      if (endsWithOne(secret, keys)) return 'secret';
      return endsWithOne(described, keys) ? 'described' : undefined;
    },
  };
}

/** Lines for the method itself and for its namespace. */
function linesOf(table: Readonly<Record<string, readonly string[]>>, method: string): readonly string[] {
  const namespace = method.slice(0, Math.max(0, method.lastIndexOf('.')));
  return [method, namespace].flatMap((name) => (Object.hasOwn(table, name) ? (table[name] ?? []) : []));
}

type Suffixes = ReadonlyMap<string, readonly (readonly string[])[]>;

function suffixes(paths: readonly string[]): Suffixes {
  const byLast = new Map<string, (readonly string[])[]>();
  for (const path of paths) {
    if (path === '') continue;
    const keys = path.split('.').reverse();
    const last = keys[0] ?? '';
    byLast.set(last, [...(byLast.get(last) ?? []), keys.slice(1)]);
  }
  return byLast;
}

function endsWithOne(paths: Suffixes, keys: readonly string[]): boolean {
  const before = paths.get(keys[keys.length - 1] ?? '');
  if (before === undefined) return false;
  return before.some((needed) => needed.every((key, index) => keys[keys.length - 2 - index] === key));
}
