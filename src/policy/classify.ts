/**
 * What a method may do, from the NAS's own role metadata. Closed by default: only what the NAS grants to its
 * read-only administrator is readable; what nobody is granted, or nobody knows, is not harmless.
 */
import type { AccessLevel } from './access.ts';

/**
 * `readable`: granted to READONLY_ADMIN. `mutating`: granted to others only. `unknown`: the NAS names no role for it.
 */
export type AccessClass = 'readable' | 'mutating' | 'unknown';

/** What is looked at; `roles` is `undefined` where the NAS publishes none at all (older releases). */
export interface RatedMethod {
  readonly name: string;
  readonly roles: readonly string[] | undefined;
}

/** The access class of a method. */
export function classify(method: RatedMethod): AccessClass {
  if (method.roles === undefined) return isReadingVerb(method.name) ? 'readable' : 'unknown';
  if (method.roles.includes('READONLY_ADMIN')) return 'readable';
  return method.roles.length === 0 ? 'unknown' : 'mutating';
}

/**
 * Methods that every signed-in user may call, for which no role is named, and which only read. The NAS's metadata
 * cannot tell them from `auth.generate_token`, so they are named here, one by one.
 */
export const OPEN_READS: readonly string[] = [
  'core.get_jobs',
  'core.ping',
  'directoryservices.status',
  'failover.licensed',
  'interface.lacpdu_rate_choices',
  'interface.xmit_hash_policy_choices',
  'privilege.roles',
  'system.advanced.login_banner',
  'system.advanced.syslog_certificate_authority_choices',
  'system.boot_id',
  'system.version',
  'system.version_short',
  'truenas.managed_by_truecommand',
  'tunable.tunable_type_choices',
];

/** True when reading tools may call it: readable by role, or open to everyone and named in `OPEN_READS`. */
export function isReadable(method: RatedMethod): boolean {
  const accessClass = classify(method);
  return accessClass === 'readable' || (accessClass === 'unknown' && OPEN_READS.includes(method.name));
}

/** Verbs taken as reading where a NAS publishes no roles. */
const READING_VERBS = ['query', 'get_instance', 'config'];

function isReadingVerb(name: string): boolean {
  const verb = verbOf(name);
  return READING_VERBS.includes(verb) || verb.endsWith('_choices');
}

/** The access level that a method which is not readable would take; `destroy` for whatever is not known to be less. */
export function neededLevel(name: string): Exclude<AccessLevel, 'read'> {
  const exact = LEVELS_BY_NAME[name];
  if (exact !== undefined && Object.hasOwn(LEVELS_BY_NAME, name)) return exact;
  const verb = verbOf(name);
  if (OPERATING_VERBS.has(verb)) return 'operate';
  return MANAGING_VERBS.has(verb) ? 'manage' : 'destroy';
}

/** Running things, with nothing lost. */
const OPERATING_VERBS = new Set([
  ...['start', 'stop', 'restart', 'reload', 'control', 'resume', 'suspend'],
  ...['scrub', 'run', 'sync', 'dismiss', 'abort', 'job_abort', 'job_wait', 'hold', 'identify', 'ping_remote'],
  ...[
    'manual_test',
    'test',
    'verify',
    'send',
    'redeploy',
    'pull',
    'pull_images',
    'online',
    'prefetch',
    'ddt_prefetch',
  ],
]);

/** Making and changing configuration. */
const MANAGING_VERBS = new Set([
  ...['create', 'update', 'set', 'add', 'clone', 'rename', 'keep', 'promote', 'mkdir', 'set_quota', 'attach'],
  ...['activate', 'convert', 'device_add', 'device_update', 'create_bucket', 'create_dataset', 'import_pool'],
  ...[
    'import_iso',
    'import_zvol',
    'set_bootable_disk',
    'set_train',
    'set_auto_download',
    'set_scrub_interval',
  ],
  ...[
    'checkin',
    'commit',
    'cancel_rollback',
    'save_network_config',
    'save_default_route',
    'backup',
    'backup_to_pool',
  ],
  ...['accept_eula', 'set_production', 'license_update', 'unlock', 'upgrade_bulk', 'dataset_set_tier'],
]);

/** Where the verb misleads. */
const LEVELS_BY_NAME: Readonly<Record<string, Exclude<AccessLevel, 'read'>>> = {
  'alert.restore': 'operate',
  'app.upgrade': 'manage',
  'pool.snapshot.create': 'operate',
  'zfs.snapshot.create': 'operate',
  'zfs.resource.snapshot.create': 'operate',
  'cronjob.run': 'destroy',
  'replication.run_onetime': 'destroy',
  'failover.control': 'destroy',
  'failover.unlock': 'destroy',
  'pool.create': 'destroy',
  'initshutdownscript.create': 'destroy',
  'initshutdownscript.update': 'destroy',
  'cronjob.create': 'destroy',
  'cronjob.update': 'destroy',
  'system.general.ui_restart': 'operate',
  'update.update': 'destroy',
};

function verbOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * The roles to ask an administrator for, least first: the NAS lists every role that grants a method, also the wide
 * ones that merely include a narrow one. FULL_ADMIN when it names none.
 */
export function neededRoles(roles: readonly string[] | undefined, max = 2): string[] {
  const rank = (role: string): number => {
    if (/_(READ|WRITE|DELETE)$/.test(role)) return 0;
    return role.endsWith('_ADMIN') ? 2 : 1;
  };
  const named = (roles ?? []).toSorted((a, b) => rank(a) - rank(b));
  return named.length === 0 ? ['FULL_ADMIN'] : named.slice(0, max);
}
