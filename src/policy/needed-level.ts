/** The access level that a method which changes something takes, by its verb. */
import type { AccessLevel } from './levels.ts';

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

/** Methods with a verb that misleads. */
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
