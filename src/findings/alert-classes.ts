/** What the classes of alerts mean, and what to do: those that people meet, by name or by how it begins. */

/** A class of alerts. */
export interface AlertMeaning {
  /** In one sentence. */
  readonly means: string;
  readonly todo: string;
}

const CLASSES: readonly (readonly [name: RegExp, means: string, todo: string])[] = [
  [
    /^VolumeStatus$/,
    'A pool is not healthy: a device failed or is missing.',
    'replace the disk that the diagnosis of the pool names',
  ],
  [
    /^BootPoolStatus$/,
    'The disk that TrueNAS starts from fails; shares go on until it is gone.',
    'save the configuration now, then replace the boot disk (System > Boot)',
  ],
  [
    /^ZpoolCapacity/,
    'A pool is filling up; above 90 % writing gets slow.',
    'delete snapshots and data, or add disks: list_datasets {"sort":"used"}',
  ],
  [
    /^Quota/,
    'A dataset reached its quota; at 100 % nothing more can be written there.',
    'delete data, or raise the quota with update_dataset',
  ],
  [
    /^SMARTUncorrectedErrors$|^SMART$/,
    'A disk reports errors of its own that it could not correct.',
    'have a backup, then replace the disk; get_disk names free ones',
  ],
  [
    /^DiskTemp|TemperatureTooHot|^SMARTTemp/,
    'A disk is too hot.',
    'check fans and airflow; get_disk shows the week',
  ],
  [
    /^ReplicationFailed$/,
    'The copy at the target is older than the schedule promises.',
    'diagnose_problem tells the cause; then run_task',
  ],
  [
    /^SnapshotFailed$/,
    'No snapshot was taken: since then nothing can be rolled back.',
    'see the error; mostly the dataset is gone, full or locked',
  ],
  [
    /^CloudSyncTaskFailed$|^CloudBackupTaskFailed$/,
    'The copy in the cloud is older than the schedule promises.',
    'diagnose_problem tells the cause; verify its credential, then run_task',
  ],
  [
    /^RsyncFailed$/,
    'A copy by rsync failed.',
    'diagnose_problem tells the cause; check host, path and key, then run_task',
  ],
  [
    /^CertificateIsExpiring/,
    'A certificate ends soon; then clients warn or refuse.',
    'renew or replace it where it is used',
  ],
  [/^CertificateExpired$/, 'A certificate has ended: clients warn or refuse.', 'replace it where it is used'],
  [
    /^CertificateParsing|^CertificateRevoked|^WebUiBindAddress/,
    'The web interface or a certificate cannot be used as it is set.',
    'System > General Settings > GUI',
  ],
  [
    /^ShareLocked$|^TaskLocked$/,
    'A share or task lies in a locked dataset and is away until it is unlocked.',
    'unlock_dataset (the passphrase never goes through the chat)',
  ],
  [
    /^NTPHealthCheck$/,
    'The clock may drift: sign-ins, Kerberos and certificates depend on it.',
    'check that the NAS reaches its NTP servers (UDP 123): diagnose_problem {"subject":"network"}',
  ],
  [/^HasUpdate$/, 'A newer TrueNAS is there; nothing is wrong.', 'System > Update; plan a window'],
  [
    /^(?:Scrub|Resilver)(?:Started|Finished|Paused)/,
    'A scrub or resilver began or ended; nothing is wrong by itself.',
    'get_pool shows how far it is and what it found',
  ],
  [/^ScrubNotStarted/, 'A scrub is overdue and did not start.', 'start_scrub'],
  [
    /^APIFailedLogin$|^SSHLoginFailures$|^AdminSession|^FailedLogin/,
    'Somebody or a script tried to sign in with wrong words.',
    'list_items {"kind":"audit_entry"} shows from where; block the address, change what leaked',
  ],
  [
    /^ApiKeyRevoked$|^ApiKey/,
    'An API key was revoked or is unsafe to use: it went over an unencrypted line, or expired.',
    'make a new key for what used it; never over http',
  ],
  [
    /^UnscheduledReboot$/,
    'The NAS went down without being shut down: what was not written yet is lost.',
    'why_rebooted tells what points to a cause',
  ],
  [
    /^UPSOnBattery$|^UPSBatteryLow$|^UPSOnline$/,
    'The mains went away or came back.',
    'check the mains; with a low battery shut the NAS down in order',
  ],
  [
    /^UPS(?:Commbad|Commok|Replbatt)/,
    'The UPS does not answer or its battery is worn: a power cut would stop the NAS hard.',
    'check its cable and the service ups; replace the battery',
  ],
  [
    /^AppUpdate$|^CatalogSync/,
    'Apps have updates, or the catalog could not be read.',
    'list_items {"kind":"app"}; upgrade_app after reading what changes',
  ],
  [
    /^ApplicationsStartFailed$|^ApplicationsConfigurationFailed$|^FailuresInAppMigration/,
    'Apps did not come up.',
    'check the apps pool: Apps > Configuration',
  ],
  [
    /^(?:Sensors|PowerSupply|Sensor|IPMISEL|EnclosureUnhealthy|Enclosure|MemoryErrors|MemorySize|NVDIMM)/,
    'Hardware reports a fault: supply, fan, temperature or memory.',
    'look at the machine and its IPMI log, replace the part',
  ],
  [
    /^(?:Failover|Fenced|Vrrp|NoFailover|DisksAreNotPresentOn|JBODRedundancy|HA)/i,
    'The two controllers of an HA pair do not agree: a takeover may not work.',
    'do not update or reboot now; see System > Failover, ask support',
  ],
  [
    /^(?:SMB|NFS|ISCSI|NVMe|FTP)/i,
    'A sharing service has to be looked at: its settings do not work as they are.',
    'get_share and list_services; see the text',
  ],
  [
    /^(?:LDAP|ActiveDirectory|ADDomain|ADBind|IPADomain|DirectoryService|KDC|NIS)/i,
    'The directory service does not answer: its users cannot sign in.',
    'check DNS, clock and the account of the machine: Credentials > Directory Services',
  ],
  [
    /^(?:Syslog|Audit)/,
    'The audit or system log cannot be written or sent as it is set.',
    'check its space and its server: System > Advanced Settings',
  ],
  [
    /^(?:Licen|Proactive|TrueCommand|TrueNASConnect|Support)/i,
    'It is about licence or services of the maker, not about data.',
    'see the text; System > General Settings',
  ],
  [
    /^(?:CoreFiles|Kdump|SystemTesting|DeprecatedService|UnsafeConfiguration|LegacyService|OldBiosVersion|Encrypted|SEDPassword)/i,
    'Something of the system wants attention and does not endanger data now.',
    'see the text',
  ],
];

/** The meaning of a class; undefined for one that is not known here. */
export function classOf(klass: string | null): AlertMeaning | undefined {
  const found = CLASSES.find(([name]) => name.test(klass ?? ''));
  return found === undefined ? undefined : { means: found[1], todo: found[2] };
}
