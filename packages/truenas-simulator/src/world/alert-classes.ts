/** Kinds of alerts a NAS knows: those of the simulated world, and what else people ask about. */
import { isAtLeast, type SimRelease } from '../releases.ts';
import type { AlertLevel } from './alerts.ts';

/** A kind of alert. */
export interface AlertClass {
  readonly name: string;
  readonly category: string;
  readonly title: string;
  readonly level: AlertLevel;
}

/** What somebody has set for a kind; what is absent is as it comes. */
export interface AlertClassSetting {
  readonly level?: AlertLevel | undefined;
  readonly policy?: 'IMMEDIATELY' | 'HOURLY' | 'DAILY' | 'NEVER' | undefined;
  readonly proactive_support?: boolean | undefined;
}

/** Titles of the categories, in the NAS's order. */
export const ALERT_CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['APPLICATIONS', 'Applications'],
  ['CERTIFICATES', 'Certificates'],
  ['HARDWARE', 'Hardware'],
  ['SHARING', 'Sharing'],
  ['STORAGE', 'Storage'],
  ['SYSTEM', 'System'],
  ['TASKS', 'Tasks'],
  ['UPS', 'UPS'],
]);

const CLASSES: readonly (readonly [category: string, level: AlertLevel, name: string, title: string])[] = [
  ['APPLICATIONS', 'INFO', 'AppUpdate', 'Application Update Available'],
  ['APPLICATIONS', 'CRITICAL', 'ApplicationsStartFailed', 'Unable to Start Applications'],
  ['CERTIFICATES', 'CRITICAL', 'CertificateExpired', 'Certificate Has Expired'],
  ['CERTIFICATES', 'NOTICE', 'CertificateIsExpiring', 'Certificate Is Expiring'],
  ['CERTIFICATES', 'WARNING', 'CertificateIsExpiringSoon', 'Certificate Is Expiring Soon'],
  ['SHARING', 'WARNING', 'ShareLocked', 'Share Is Unavailable Because It Uses A Locked Dataset'],
  ['STORAGE', 'WARNING', 'QuotaWarning', 'Quota Exceeded on Dataset'],
  ['STORAGE', 'CRITICAL', 'QuotaCritical', 'Critical Quota Exceeded on Dataset'],
  ['STORAGE', 'CRITICAL', 'VolumeStatus', 'Pool Status Is Not Healthy'],
  ['STORAGE', 'INFO', 'ScrubStarted', 'Scrub Started'],
  ['STORAGE', 'INFO', 'ScrubFinished', 'Scrub Finished'],
  ['STORAGE', 'NOTICE', 'ZpoolCapacityNotice', 'Pool Space Usage Is Above 70%'],
  ['STORAGE', 'WARNING', 'ZpoolCapacityWarning', 'Pool Space Usage Is Above 80%'],
  ['STORAGE', 'CRITICAL', 'ZpoolCapacityCritical', 'Pool Space Usage Is Above 90%'],
  ['SYSTEM', 'WARNING', 'APIFailedLogin', 'API Login Failures'],
  ['SYSTEM', 'WARNING', 'ApiKeyRevoked', 'API Key Revoked'],
  ['SYSTEM', 'CRITICAL', 'BootPoolStatus', 'Boot Pool Is Not Healthy'],
  ['SYSTEM', 'INFO', 'HasUpdate', 'Update Available'],
  ['SYSTEM', 'WARNING', 'NTPHealthCheck', 'NTP Health Check Failed'],
  ['TASKS', 'CRITICAL', 'CloudSyncTaskFailed', 'Cloud Sync Task Failed'],
  ['TASKS', 'CRITICAL', 'ReplicationFailed', 'Replication Failed'],
  ['TASKS', 'INFO', 'ReplicationSuccess', 'Replication Succeeded'],
  ['TASKS', 'CRITICAL', 'RsyncFailed', 'Rsync Task Failed'],
  ['TASKS', 'CRITICAL', 'SnapshotFailed', 'Snapshot Task Failed'],
  ['UPS', 'WARNING', 'UPSOnBattery', 'UPS On Battery'],
  ['UPS', 'INFO', 'UPSOnline', 'UPS On Line Power'],
  ['UPS', 'CRITICAL', 'UPSCommbad', 'UPS Communication Lost'],
];

/** The kinds of a release: S.M.A.R.T. moved out of the middleware with 25.10. */
export function alertClasses(release: SimRelease): AlertClass[] {
  const disk = isAtLeast(release, '25.10')
    ? (['WARNING', 'SMARTUncorrectedErrors', 'Uncorrected Errors on a Disk'] as const)
    : (['CRITICAL', 'SMART', 'S.M.A.R.T. Error'] as const);
  return [...CLASSES, ['HARDWARE', ...disk] as const].map(([category, level, name, title]) => ({
    ...{ name, category, title, level },
  }));
}
