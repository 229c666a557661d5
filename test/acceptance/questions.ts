/** Questions that reading answers. */
import type { Question } from './question.ts';

export const QUESTIONS: readonly Question[] = [
  {
    ...{ id: 1, asked: 'Anything wrong with the box?', world: 'trouble' },
    calls: [['system_overview']],
    holds: [/^CRITICAL: /, 'archive 97 % full', 'sdb FAULTED', 'service cifs starts at boot but is STOPPED'],
    lacks: [/^OK: /m],
  },
  {
    ...{ id: 2, asked: 'The bell shows red. What is it about, and what should I do?', world: 'trouble' },
    calls: [
      ['list_alerts', { level: 'CRITICAL' }],
      ['diagnose_problem', { subject: 'alert', name: 'VolumeStatus' }],
    ],
    holds: [
      'No incremental base',
      'Pool tank state is DEGRADED',
      /disk out of service .*sdb \(FAULTED/,
      "'nas_example_org' has expired",
    ],
    lacks: ['<ul>', 'update is available'],
  },
  {
    ...{ id: 3, asked: 'It says DEGRADED: which disk do I take out, and what goes in?', world: 'trouble' },
    calls: [['diagnose_problem', { subject: 'pool', name: 'tank' }]],
    holds: [
      /sdb \(FAULTED;.*serial WD-/,
      /replace_disk .*"old":"sdb".*sde/,
      'survives NO further failed disk',
    ],
    lacks: [/free and large enough: .*sdc/],
  },
  {
    ...{
      id: 4,
      asked: 'Two terabytes of films are deleted, and archive is as full as before',
      world: 'trouble',
    },
    calls: [['space_report', { pool: 'archive' }]],
    holds: [
      /archive: 6\.8 TiB used: own data 6\.1 TiB \+ snapshots 749 GiB/,
      /archive\/films +4\.6 TiB +565 GiB/,
      /frees at least .*, at most /,
      'deleted files that a program still has open',
    ],
    lacks: [/^OK: /m, /tank\//],
  },
  {
    ...{ id: 5, asked: 'How many months until the pool is full?', world: 'trouble' },
    calls: [['capacity_forecast', { pool: 'tank' }]],
    holds: [
      /tank: 52 % of 7 TiB used; \+\d+ GiB a month \(.*\) by \d+ d of snapshots/,
      /100 % about 2027(?:-\d\d)? \(20\d\d(?:-\d\d)? to .*; rough\)/,
      /tank\/photos +1\.8 TiB +\+\d+ GiB/,
      'no history of usage',
    ],
    lacks: ['archive', 'fair'],
  },
  {
    ...{ id: 6, asked: 'The copy of my documents fails, something with a base. Why?', world: 'trouble' },
    calls: [
      ['diagnose_problem', { subject: 'replication', name: 'documents to archive' }],
      ['list_snapshots', { dataset: 'archive/documents', sort: 'created', order: 'desc', limit: 3 }],
    ],
    holds: [
      'No incremental base',
      'no common snapshot to go on from',
      'tank/documents → archive/documents',
      /archive\/documents@weekly-/,
    ],
  },
  {
    ...{ id: 7, asked: 'Which of our data would be gone if the NAS burned down?', world: 'home' },
    calls: [['backup_coverage']],
    holds: [
      '7 of 12 datasets without a copy outside the pool',
      'tank/media/films (2.6 TiB)',
      'Photos to Backblaze',
    ],
    lacks: [/no backup at all.*tank\/photos/],
  },
  {
    ...{ id: 8, asked: 'Anna can open the media share but cannot save there', world: 'home' },
    calls: [['who_can_access', { share: 'media', user: 'anna' }]],
    holds: ['write NO', 'kept out by the permissions of the folder', 'user:anna MODIFY'],
  },
  {
    ...{ id: 9, asked: 'The PCs do not find the share any more', world: 'trouble' },
    calls: [['list_shares'], ['diagnose_problem', { subject: 'share', name: 'private' }]],
    holds: [
      'NOT REACHABLE, as the service does not run: SMB (cifs STOPPED)',
      /private .*yes +yes/,
      'dataset of the share locked',
      '→ control_service {"service":"cifs","action":"start","at_boot":true}',
    ],
  },
  {
    ...{ id: 10, asked: 'Immich says it may not write its library', world: 'home' },
    calls: [['diagnose_problem', { subject: 'app', name: 'immich' }]],
    holds: [
      /\/mnt\/tank\/apps\/immich\/library \(uid 568 may not write; owner root:root/,
      '→ set_permissions',
    ],
    lacks: ['/mnt/tank/apps/nextcloud'],
  },
  {
    ...{ id: 11, asked: 'The cloud app does not come up after its update', world: 'trouble' },
    calls: [['diagnose_problem', { subject: 'app', name: 'nextcloud' }]],
    holds: ['app nextcloud is CRASHED', "Failed 'up' action", 'nextcloud-postgres exited (1)', '→ get_job'],
    lacks: ['jellyfin'],
  },
  {
    ...{ id: 12, asked: 'Do any apps want an update, and to what?', world: 'home' },
    calls: [['list_items', { kind: 'app' }]],
    holds: [
      /immich +RUNNING +1\.9\.2 +1\.9\.9/,
      /nextcloud +RUNNING +2\.0\.4 +2\.0\.7/,
      /jellyfin +RUNNING +1\.1\.30 +-/,
    ],
  },
  {
    ...{ id: 13, asked: 'Something already sits on port 30041. What?', world: 'home' },
    calls: [['list_items', { kind: 'app', filter: ['ports=30041'], fields: ['ports'] }]],
    holds: [/immich .*30041/],
    lacks: ['jellyfin', 'nextcloud'],
  },
  {
    ...{ id: 14, asked: 'It has been slow for days. Is the machine busy?', world: 'office' },
    calls: [
      ['get_metrics', { metric: 'cpu', range: '7d' }],
      ['list_jobs', { states: ['RUNNING'] }],
      ['diagnose_problem', { subject: 'pool', name: 'tank' }],
    ],
    holds: [
      /cpu +6\.34 % .* 29\.6 % +88\.1 % +02-26 14:04/,
      'No jobs with states=RUNNING',
      'OK: pool tank is ONLINE',
    ],
    lacks: [/CRITICAL/],
  },
  {
    ...{ id: 15, asked: 'How long will the scrub take?', world: 'mixed' },
    calls: [['get_pool', { pool: 'fast' }]],
    holds: [/scan: scrub 41 %/, /left|until|ends/],
  },
  {
    ...{ id: 16, asked: 'The NAS reports read errors of a disk. Do I have to worry?', world: 'trouble' },
    calls: [
      ['get_disk', { disk: 'sdb' }],
      ['list_alerts', { text: 'uncorrectable' }],
    ],
    holds: ['errors: 296 read', '96 uncorrectable errors reported for sdb', 'FAULTED'],
  },
  {
    ...{ id: 17, asked: 'A certificate runs out. What uses it?', world: 'office' },
    calls: [['list_items', { kind: 'certificate' }]],
    holds: [/truenas_default .* 7 +web interface/, /nas_example_org .* 21 +FTP/],
  },
  {
    ...{ id: 18, asked: 'Who was on the NAS lately, and what did they change?', world: 'office' },
    calls: [['recent_changes', { since: '7d' }]],
    holds: [
      /change +truenas_admin +Replication task update: engineering offsite +192\.0\.2\.50/,
      'sign-ins refused',
      /sign-in as root \(5 times.* 203\.0\.113\.66 +refused/,
      'key simulator',
    ],
  },
  {
    ...{ id: 19, asked: 'It rebooted two days ago. Why?', world: 'trouble' },
    calls: [['why_rebooted']],
    holds: [
      'the NAS started 2026-02-27 12:00Z, 2 d ago',
      'not shut down in order [reboot.unscheduled]',
      'no UPS is watched',
      /last entry of the audit log before it: 2026-02-2\d .* by truenas_admin/,
    ],
    lacks: ['a reboot was ordered', 'NOT KNOWN'],
  },
  {
    ...{ id: 20, asked: 'May I switch it off now, or is something running?', world: 'mixed' },
    calls: [['list_jobs', { states: ['RUNNING', 'WAITING'] }]],
    holds: ['cloud sync Photos to bucket', 'replication home to backup', /pool\.scrub\.scrub/],
  },
  {
    ...{ id: 21, asked: 'What does it do tonight?', world: 'office' },
    calls: [['schedule_calendar', { from: 'tonight' }]],
    holds: [
      '2026-03-01 18:00+01:00 to 2026-03-02 08:00+01:00',
      /03-02 02:15 +cloud sync Accounting to bucket .* 1 +daily 02:15/,
      /03-02 00:00 +snapshot task of tank\/home/,
      'Only by hand: replication engineering offsite',
    ],
    lacks: [/scrub of \w+ +\w+ +1/],
  },
  {
    ...{ id: 22, asked: 'Last night the copy to the bucket did not work', world: 'trouble' },
    calls: [['diagnose_problem', { subject: 'task', name: 'Photos to bucket' }]],
    holds: ['cloud sync Photos to bucket', 'AccessDenied: Access Denied', 'sign-in refused'],
    lacks: ['app.upgrade'],
  },
  {
    ...{ id: 23, asked: 'Can I go to the next release without a bad surprise?', world: 'home' },
    calls: [['upgrade_check', { target: '27.0' }]],
    holds: [
      /^(?:OK|WARNING): TrueNAS-\S+ to 27\.0/,
      /No release tells how old the backup of the configuration is/,
      /boot pool: .* free, \d+ boot environments/,
    ],
    lacks: [/NOT READ/],
  },
  {
    ...{
      id: 24,
      asked: 'We still have CORE. What breaks when we move?',
      world: 'mixed',
      release: 'core-13.3',
    },
    calls: [['migration_check']],
    holds: [
      /^CRITICAL: TrueNAS-13\.3-U1\.2 to 25\.10: blocks 3, before \d+, changes \d+, note \d+ /m,
      /GELI \[migration\.geli\]: backup \(open, .* to copy\); vault \(locked\) → copy it/,
      /jail \[migration\.jails\]: media .*; build/,
      /plugin \[migration\.plugins\]: nextcloud/,
      /\[migration\.vm_grub\]: web01/,
      /\[migration\.dataset_keys\]: .*key kept by the NAS/,
      'AFP share [migration.afp]: Time Machine',
      '[migration.multipath]: multipath/disk1',
      '[migration.nis]: lab.example.org',
      'with the secret seed',
      'ONE WAY: never start a boot environment of CORE after it',
    ],
    lacks: [/NOT READ/],
  },
  {
    ...{ id: 25, asked: 'Since the restart a folder is empty', world: 'trouble' },
    calls: [
      ['list_datasets', { locked: true }],
      ['get_dataset', { dataset: 'tank/private' }],
    ],
    holds: ['tank/private', /encryption: LOCKED.*key passphrase/],
  },
  {
    ...{ id: 26, asked: 'What can anybody on the network get at?', world: 'office' },
    calls: [['exposure_report']],
    holds: [
      'every account may write [exposure.smb_everyone]: SMB public',
      'without CHAP [exposure.iscsi_any]: iSCSI proxmox',
      '[exposure.ssh_password]',
      /whose service does not run/,
    ],
    lacks: ['SMB accounting', /^OK: /m],
  },
];
