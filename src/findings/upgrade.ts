/** What stands against an upgrade of TrueNAS, or changes with it. */
import type { FindingKind } from './finding.ts';

const kind = (
  id: string,
  level: FindingKind['level'],
  what: string,
  means: string,
  seeAlso: string,
  more: Partial<FindingKind> = {},
): FindingKind => ({ id: `upgrade.${id}`, level, what, means, certainty: 'sure', seeAlso, ...more });

/** Every kind of finding here. */
export const UPGRADE_TROUBLES = {
  pool_unhealthy: kind(
    'pool_unhealthy',
    'CRITICAL',
    'pool not healthy',
    'A restart of a pool that lacks a disk may be the one after which it does not come back.',
    'get_pool',
  ),
  boot_unhealthy: kind(
    'boot_unhealthy',
    'CRITICAL',
    'boot pool not healthy',
    'The new system is written to it, and the old one is the way back.',
    'get_pool {"pool":"boot-pool"}',
  ),
  boot_space: kind(
    'boot_space',
    'WARNING',
    'too little room on the boot pool for one more system',
    'The update fails, or removes the system to go back to.',
    'list_items {"kind":"boot_environment"}',
  ),
  scan_running: kind(
    'scan_running',
    'WARNING',
    'scrub or resilver runs',
    'A restart sets it back, and a resilver is no time for one.',
    'get_pool',
  ),
  jobs_running: kind(
    'jobs_running',
    'WARNING',
    'jobs run or wait',
    'A restart ends them in the middle.',
    'list_jobs {"states":["RUNNING","WAITING"]}',
  ),
  critical_alerts: kind(
    'critical_alerts',
    'WARNING',
    'critical alerts stand',
    'Trouble from before the upgrade is hard to tell from trouble by it.',
    'list_alerts {"level":"CRITICAL"}',
  ),
  app_broken: kind(
    'app_broken',
    'WARNING',
    'app does not work already',
    'Afterwards nobody knows whether the upgrade broke it.',
    'list_items {"kind":"app"}, get_app_logs',
  ),
  vms_run: kind(
    'vms_run',
    'NOTE',
    'virtual machines run',
    'They are stopped; shut them down from within before.',
    'list_items {"kind":"vm"}',
  ),
  prerelease: kind(
    'prerelease',
    'WARNING',
    'a version for trying out',
    'It is no final release: not for data that matters.',
    'System > Update: the profile',
  ),
  not_offered: kind(
    'not_offered',
    'NOTE',
    'not among the versions that the NAS offers',
    'It may take a step by another version, or another profile.',
    'list_items {"kind":"update"}',
  ),
  instances: kind(
    'instances',
    'WARNING',
    'containers of the old kind (Incus)',
    'From 26 on there is no virt.*: containers are of another kind. What becomes of these stands in the release notes.',
    'list_items {"kind":"container"}',
  ),
  smb1: kind(
    'smb1',
    'WARNING',
    'SMB1 is on',
    'From 26 on the switch is gone and an oldest protocol is set instead: old scanners and players may stay outside.',
    'list_items {"kind":"service_config"}',
    { certainty: 'likely' },
  ),
  smart_tests: kind(
    'smart_tests',
    'WARNING',
    'scheduled S.M.A.R.T. tests',
    'From 25.10 on there is no schedule of tests: look afterwards whether cron jobs took them over.',
    'list_items {"kind":"cron_job"}',
  ),
  rest_api: kind(
    'rest_api',
    'WARNING',
    'something uses the REST API',
    'From 26 on it is gone: such scripts and integrations stop working.',
    'list_alerts',
    { certainty: 'likely' },
  ),
  plain_keys: kind(
    'plain_keys',
    'NOTE',
    'programs sign in by API keys',
    'The end of auth.login and auth.login_with_api_key is announced for 27: they are to sign in by auth.login_ex.',
    'list_items {"kind":"api_key"}',
    { certainty: 'likely' },
  ),
  replication_never_fires: kind(
    'replication_never_fires',
    'WARNING',
    'scheduled replication, which betas of 26 were seen not to start',
    'The copies get old without an error.',
    'list_items {"kind":"replication"}',
    { certainty: 'likely', nasIsWrongOn: ['26.0'] },
  ),
} as const;
export type UpgradeTrouble = keyof typeof UPGRADE_TROUBLES;

export const UPGRADE_KINDS: readonly FindingKind[] = Object.values(UPGRADE_TROUBLES);
