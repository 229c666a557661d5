/**
 * Tells methods that read from methods that change something, by the NAS's own role metadata. Closed by default: a method
 * is readable only if the NAS grants it to its read-only administrator.
 */

/**
 * `readable`: granted to READONLY_ADMIN. `mutating`: granted to others only. `unknown`: the NAS names no role for it.
 */
export type AccessClass = 'readable' | 'mutating' | 'unknown';

/** The part of a method that its class depends on; `roles` is `undefined` where the NAS publishes none (older releases). */
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
  'auth.me',
  'core.get_jobs',
  'core.ping',
  'directoryservices.get_state',
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
  'user.has_local_administrator_set_up',
];

/** Methods that every signed-in user may call, and that do more than read, or describe the API. */
export const OPEN_METHODS: readonly string[] = [
  'auth.generate_token',
  'auth.login',
  'auth.login_ex',
  'auth.login_ex_continue',
  'auth.login_with_api_key',
  'auth.login_with_token',
  'auth.logout',
  'auth.mechanism_choices',
  'auth.set_attribute',
  'core.bulk',
  'core.download',
  'core.get_methods',
  'core.get_services',
  'core.job_abort',
  'core.job_download_logs',
  'core.job_wait',
  'core.resize_shell',
  'core.set_options',
  'core.subscribe',
  'core.unsubscribe',
  'user.renew_2fa_secret',
  'user.set_password',
  'user.setup_local_administrator',
];

/** True when signing in is enough. Newer releases publish it (`needsNoRole`); of older ones it is known by name. */
export function isOpen(method: RatedMethod & { readonly needsNoRole: boolean }): boolean {
  if (method.roles !== undefined && method.roles.length > 0) return false;
  return method.needsNoRole || OPEN_READS.includes(method.name) || OPEN_METHODS.includes(method.name);
}

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

function verbOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
