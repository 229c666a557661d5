/**
 * What `/api/vX` of an older version than the NAS's own knows. A method is found there if that version described its
 * arguments in the style of today. 25.04 still described many in an older style: at its paths newer releases answer
 * that they have no such method, whatever shape the arguments have. Where arguments are taken, they and the results
 * have the shape of the NAS's own version here: the real conversions (they fill and drop fields) are not simulated.
 */
import { CallError, ERRNO } from '../errors/exceptions.ts';
import { methodsOf } from './registry.ts';
import { SIM_RELEASES, type SimRelease } from '../releases.ts';

const CHANGES = ['create', 'update', 'delete'];

/** Namespace → methods that 25.04 had and described in its older style. */
const OLD_STYLE_25_04: Readonly<Record<string, readonly string[]>> = {
  core: ['get_services', 'get_methods', 'job_wait', 'job_abort', 'bulk'],
  auth: ['login_with_api_key', 'login_with_token'],
  system: ['info', 'version', 'version_short', 'product_type', 'state', 'ready', 'host_id', 'boot_id'],
  service: ['update', 'start', 'stop', 'restart', 'reload', 'started', 'started_or_enabled'],
  boot: ['get_state', 'get_disks'],
  pool: [
    ...['get_disks', 'is_upgraded', 'attachments', 'processes', 'scrub', 'offline', 'online', 'replace'],
    ...['upgrade', 'export', 'import_find', 'import_pool'],
  ],
  'pool.dataset': [
    ...[...CHANGES, 'promote', 'lock', 'unlock', 'encryption_summary', 'attachments', 'processes'],
    ...['compression_choices', 'checksum_choices', 'encryption_algorithm_choices', 'recordsize_choices'],
    'recommended_zvol_blocksize',
  ],
  disk: ['update', 'temperatures', 'temperature_agg', 'details', 'get_used'],
  'sharing.smb': CHANGES,
  replication: [...CHANGES, 'run'],
  cloudsync: [...CHANGES, 'sync', 'abort'],
  rsynctask: [...CHANGES, 'run'],
  reporting: ['get_data', 'graph'],
  'network.general': ['summary'],
  directoryservices: ['status'],
  nfs: ['client_count'],
};

/** Refuses what an endpoint of this version does not know. @throws CallError ENOMETHOD */
export function refuseUnknown(release: SimRelease, apiVersion: string, name: string): void {
  const family = familyOf(apiVersion);
  if (family === release) return;
  const cut = name.lastIndexOf('.');
  const [namespace, method] = [name.slice(0, cut), name.slice(cut + 1)];
  const isOldStyle = family === '25.04' && OLD_STYLE_25_04[namespace]?.includes(method) === true;
  if (!isOldStyle && methodsOf(family).has(name)) return;
  throw new CallError(`Method '${method}' not found in '${namespace}'`, ERRNO.ENOMETHOD);
}

/** The oldest release stands for everything before it. */
function familyOf(apiVersion: string): SimRelease {
  return SIM_RELEASES.find((each) => apiVersion.startsWith(`v${each}`)) ?? '25.04';
}
