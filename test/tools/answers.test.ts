/** Whole answers, as a model reads them, on the default world of 25.10 at a fixed moment. */
import { expect, test } from 'vitest';
import { useTools } from '../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('system_overview', async () => {
  expect(await bench.ask('system_overview')).toMatchInlineSnapshot(`
    "CRITICAL: nas, TrueNAS 25.10.6, up 37 d, 63.4 GiB memory
    CRITICAL pool backup DEGRADED: sdi FAULTED [WDC WD80EFZZ-68BTXN0, serial WD-CAEGPVP6]; One or more devices are faulted in response to persistent errors. Sufficient replicas...; last scrub found 12 errors
    CRITICAL alert Replication "projects to offsite" failed: connection to backup.example.org timed out (14 h ago)
    WARNING pool fast 94 % full, 436 GiB available
    WARNING disk sdi 58 °C
    WARNING alert 184 uncorrectable errors reported for sdi (WD-CAEGPVP6). (3 d ago)
    WARNING alert Quota exceeded on dataset tank/home/carol. Used 92.5% of quota. (11 h ago)
    WARNING service ups starts at boot but is STOPPED
    WARNING 2 datasets locked (data unreachable): tank/vault, tank/vault/contracts
    Seen: 3 pools, 20 disks with a temperature, hottest sdi 58 °C, 8 active alerts (1 dismissed), 6 services running, 1 failed job in 24 h (visible to this key), 3 snapshot tasks, 2 replication tasks, 2 cloud sync tasks"
  `);
});

test('list_alerts', async () => {
  expect(await bench.ask('list_alerts', { level: 'WARNING' })).toMatchInlineSnapshot(`
    "5 alerts
    (1 dismissed not shown)
    level     since              text
    CRITICAL  2026-02-28 22:00Z  Replication "projects to offsite" failed: connection to backup.example.org timed out
    CRITICAL  2026-02-27 09:00Z  Pool backup state is DEGRADED: One or more devices are faulted in response to persistent errors. The following devices are not healthy: Disk WDC WD80EFZZ-68BTXN0 WD-CAEGPVP6 is FAULTED
    WARNING   2026-03-01 01:00Z  Quota exceeded on dataset tank/home/carol. Used 92.5% of quota.
    WARNING   2026-02-28 06:00Z  Space usage for pool "fast" is 93%.
    WARNING   2026-02-26 12:00Z  184 uncorrectable errors reported for sdi (WD-CAEGPVP6)."
  `);
});

test('list_jobs', async () => {
  expect(await bench.ask('list_jobs', { limit: 5 })).toMatchInlineSnapshot(`
    "jobs 1-5 of 10
    (those that this key may see: without full administration only its own)
    id  method            state    progress                                                   started            took    error
    10  cloudsync.sync    RUNNING  17 % Transferred: 18.204 GiB / 104.117 GiB, ETA 2h21m      2026-03-01 12:00Z  0 s     -
    9   replication.run   RUNNING  24 % Sending 1 of 2: tank/home@auto (61.3 GiB / 97.8 GiB)  2026-03-01 12:00Z  0 s     -
    8   pool.scrub.scrub  RUNNING  41 % Scrubbing                                             2026-03-01 12:00Z  0 s     -
    7   update.download   ABORTED  23 % Downloading update                                    2026-03-01 03:00Z  1 min   -
    6   cloudsync.sync    SUCCESS  -                                                          2026-02-28 16:00Z  11 min  -
    next: list_jobs {"limit":5,"cursor":"5._elU8T"}"
  `);
});

test('list_jobs, failed', async () => {
  expect(await bench.ask('list_jobs', { states: ['FAILED'], since: '7d' })).toMatchInlineSnapshot(`
    "2 jobs
    (those that this key may see: without full administration only its own)
    id  method           state   progress                                           started            took   error
    5   replication.run  FAILED  0 % Connecting to backup.example.org               2026-02-28 22:00Z  2 min  [ETIMEDOUT] connection to backup.example.org timed out
    4   app.upgrade      FAILED  40 % Upgrading 'nextcloud' app to '2.0.4' version  2026-02-28 10:00Z  3 min  [EFAULT] Failed 'up' action for 'nextcloud' app: container nextcloud-redis is unhealthy"
  `);
});

test('list_services', async () => {
  expect(await bench.ask('list_services')).toMatchInlineSnapshot(`
    "8 services
    service      state    at_boot
    cifs         RUNNING  yes
    ftp          STOPPED  no
    iscsitarget  RUNNING  yes
    nfs          RUNNING  yes
    nvmet        RUNNING  yes
    snmp         RUNNING  yes
    ssh          RUNNING  yes
    ups          STOPPED  yes"
  `);
});

test('get_metrics of the processor', async () => {
  expect(await bench.ask('get_metrics', { metric: 'cpu' })).toMatchInlineSnapshot(`
    "cpu, 2026-03-01 11:00Z to 2026-03-01 12:00Z
    series  min     mean    max     last    means of 10 min each
    cpu     22.9 %  31.1 %  51.1 %  34.7 %  32.2 % | 34.5 % | 31.2 % | 34 % | 27.6 % | 27.3 %"
  `);
});

test('get_metrics of one disk over a day', async () => {
  expect(
    await bench.ask('get_metrics', { metric: 'disk', name: 'sda', range: '24h' }),
  ).toMatchInlineSnapshot(`
    "disk, 2026-02-28 12:00Z to 2026-03-01 12:00Z
    series      min         mean       max         last        means of 4 h each
    sda reads   95.9 KiB/s  8.1 MiB/s  32.8 MiB/s  10.7 MiB/s  8.8 MiB/s | 10 MiB/s | 8.5 MiB/s | 6.3 MiB/s | 6.1 MiB/s | 8.8 MiB/s
    sda writes  3.9 KiB/s   5.7 MiB/s  24.7 MiB/s  1.4 MiB/s   6.2 MiB/s | 7 MiB/s | 6.1 MiB/s | 4.3 MiB/s | 4.1 MiB/s | 6.8 MiB/s"
  `);
});

test('list_pools', async () => {
  expect(await bench.ask('list_pools')).toMatchInlineSnapshot(`
    "3 pools
    (size, used and free are raw, parity included; available is usable)
    name    status    size      used      used%  available  scan                                problem
    backup  DEGRADED  7.2 TiB   4.1 TiB   56 %   3.1 TiB    scrub 2026-02-23 17:13Z, 12 errors  One or more devices are faulted in response to persistent errors. Sufficient replicas exist for the pool to continue...
    fast    ONLINE    7.2 TiB   6.8 TiB   94 %   436 GiB    scrub 41 %                          -
    tank    ONLINE    86.7 TiB  35.5 TiB  41 %   33.1 TiB   scrub 2026-02-26 18:42Z, 0 errors   -"
  `);
});

test('get_pool of the degraded one', async () => {
  expect(await bench.ask('get_pool', { pool: 'backup' })).toMatchInlineSnapshot(`
    "pool backup: DEGRADED
    problem: One or more devices are faulted in response to persistent errors. Sufficient replicas exist for the pool to continue functioning in a degraded state.
    problem: last scrub found 12 errors
    raw space, parity included: 4.1 TiB of 7.2 TiB used (56 %), 3.2 TiB free
    available: 3.1 TiB
    fragmentation: 21 %
    autotrim: off
    scan: scrub 2026-02-23 17:13Z, 12 errors
    data:
      mirror-0 DEGRADED 0 read, 0 write, 39 checksum errors
        sdh ONLINE
        sdi FAULTED 247 read, 7 write, 39 checksum errors [WDC WD80EFZZ-68BTXN0, serial WD-CAEGPVP6]"
  `);
});

test('list_datasets, the biggest three', async () => {
  expect(await bench.ask('list_datasets', { sort: 'used', limit: 3 })).toMatchInlineSnapshot(`
    "datasets 1-3 of 47
    name               used      type  available  quota  locked
    tank               22.9 TiB  fs    33.1 TiB   -      no
    tank/media         16.2 TiB  fs    33.1 TiB   -      no
    tank/media/movies  7.4 TiB   fs    33.1 TiB   -      no
    next: list_datasets {"sort":"used","limit":3,"cursor":"3.vf5jYd"}"
  `);
});

test('list_datasets directly below one', async () => {
  expect(
    await bench.ask('list_datasets', {
      parent: '/mnt/tank/media',
      recursive: false,
      fields: ['used', 'mountpoint', 'ratio'],
    }),
  ).toMatchInlineSnapshot(`
    "4 datasets
    name               used     mountpoint              ratio
    tank/media/movies  7.4 TiB  /mnt/tank/media/movies  1.00x
    tank/media/music   1.2 TiB  /mnt/tank/media/music   1.01x
    tank/media/photos  2.1 TiB  /mnt/tank/media/photos  1.24x
    tank/media/series  5 TiB    /mnt/tank/media/series  1.00x"
  `);
});

test('list_datasets by a pattern', async () => {
  expect(
    await bench.ask('list_datasets', { name: 'm*', pool: 'tank', fields: ['type'], limit: 4 }),
  ).toMatchInlineSnapshot(`
    "datasets 1-4 of 6
    name               type
    tank/media         fs
    tank/media/movies  fs
    tank/media/music   fs
    tank/media/photos  fs
    next: list_datasets {"pool":"tank","name":"m*","fields":["type"],"limit":4,"cursor":"4.QobYNR"}"
  `);
});

test('get_dataset, an encrypted and locked one', async () => {
  expect(await bench.ask('get_dataset', { dataset: 'tank/vault' })).toMatchInlineSnapshot(`
    "dataset tank/vault
    comments: Locked: the passphrase is with the notary
    space: used 176 GiB, available 33.1 TiB, usedbydataset 113 GiB, usedbysnapshots 13.6 GiB, usedbychildren 49.1 GiB
    compressratio: 1.39x
    settings: compression lz4 (i), recordsize 128k (d), sync standard (d), atime off (i), readonly off (d), deduplication off (d), checksum on (d), copies 1 (d), acltype posix (d), aclmode discard (d), casesensitivity sensitive (d), snapdir hidden (d), exec on (d)
    encryption: LOCKED, AES-256-GCM, key passphrase, root tank/vault
    mountpoint: /mnt/tank/vault
    created: 2024-03-18 12:00Z
    snapshots: 14
    (i) inherited, (d) default; other settings are set here"
  `);
});

test('get_dataset, a zvol', async () => {
  expect(await bench.ask('get_dataset', { dataset: 'fast/vms/db01' })).toMatchInlineSnapshot(`
    "zvol fast/vms/db01
    comments: Disks of virtual machines
    space: used 441 GiB, available 492 GiB, usedbydataset 344 GiB, usedbysnapshots 41.3 GiB, usedbyrefreservation 56 GiB, refreservation 400 GiB, volsize 400 GiB
    compressratio: 1.33x
    settings: compression lz4 (i), volblocksize 16k, sync standard (d), readonly off (d), deduplication off (d), checksum on (d), copies 1 (d)
    encryption: none
    created: 2025-02-03 12:00Z
    snapshots: 14
    (i) inherited, (d) default; other settings are set here"
  `);
});

test('list_snapshots', async () => {
  expect(await bench.ask('list_snapshots', { dataset: 'tank/home', limit: 3 })).toMatchInlineSnapshot(`
    "snapshots 1-3 of 15
    name
    tank/home@auto-2026-02-28_22-00
    tank/home@auto-2026-02-28_23-00
    tank/home@auto-2026-03-01_00-00
    next: list_snapshots {"dataset":"tank/home","limit":3,"cursor":"3.HaXov6"}"
  `);
});

test('list_snapshots, newest first, with space', async () => {
  expect(
    await bench.ask('list_snapshots', {
      dataset: 'tank/home',
      sort: 'created',
      fields: ['used', 'referenced'],
      limit: 3,
    }),
  ).toMatchInlineSnapshot(`
    "snapshots 1-3 of 15
    name                             created            used     referenced
    tank/home@auto-2026-03-01_12-00  2026-03-01 12:00Z  2.4 KiB  256 KiB
    tank/home@auto-2026-03-01_11-00  2026-03-01 11:00Z  3.2 KiB  255 KiB
    tank/home@auto-2026-03-01_10-00  2026-03-01 10:00Z  3.8 KiB  254 KiB
    next: list_snapshots {"dataset":"tank/home","sort":"created","fields":["used","referenced"],"limit":3,"cursor":"3.Ax-vk5"}"
  `);
});

test('list_disks of one pool', async () => {
  expect(await bench.ask('list_disks', { pool: 'backup' })).toMatchInlineSnapshot(`
    "2 disks
    name  size     type  model                 serial       pool    temp
    sdh   7.3 TiB  HDD   WDC WD80EFZZ-68BTXN0  WD-CA93RU83  backup  39 °C
    sdi   7.3 TiB  HDD   WDC WD80EFZZ-68BTXN0  WD-CAEGPVP6  backup  58 °C"
  `);
});

test('get_disk, the failing one', async () => {
  expect(await bench.ask('get_disk', { disk: 'sdi' })).toMatchInlineSnapshot(`
    "disk sdi: FAULTED
    model: WDC WD80EFZZ-68BTXN0
    serial: WD-CAEGPVP6
    size: 7.3 TiB
    type: HDD, ATA, 5640 rpm
    pool: backup (data vdev mirror-0)
    errors: 247 read, 7 write, 39 checksum errors
    temperature: 58 °C now, 50 °C to 59 °C in 7 d
    standby: ALWAYS ON
    lunid: 5000c500b4c67372"
  `);
});

test('list_shares', async () => {
  expect(await bench.ask('list_shares')).toMatchInlineSnapshot(`
    "13 shares
    kind    name         path                           enabled  locked  clients                                                   comment
    smb     documents    /mnt/tank/documents            yes      no      any                                                       -
    smb     homes        /mnt/tank/home                 yes      no      any                                                       -
    smb     media        /mnt/tank/media                yes      no      any                                                       Films, series and music
    smb     old-scans    /mnt/tank/documents/scans      no       no      any                                                       -
    smb     timemachine  /mnt/tank/backups/timemachine  yes      no      any                                                       -
    smb     vault        /mnt/tank/vault                yes      yes     any                                                       Dataset is locked
    nfs     old-server   /mnt/backup/old-server         no       no      any                                                       -
    nfs     containers   /mnt/fast/containers           yes      no      k8s1.example.org, k8s2.example.org                        -
    nfs     iso          /mnt/tank/iso                  yes      no      any                                                       Installation media
    nfs     projects     /mnt/tank/projects             yes      no      192.0.2.0/24                                              -
    iscsi   esx          zvol/tank/iscsi/esx-datastore  yes      no      iqn.1998-01.com.vmware:esx1, iqn.1998-01.com.vmware:esx2  LUN 0
    iscsi   lab          zvol/fast/vms/win11            no       no      any                                                       LUN 0
    nvmeof  db           zvol/fast/vms/db01             yes      no      nqn.2014-08.org.nvmexpress:uuid:db01.example.org          namespace 1"
  `);
});

test('get_share over SMB', async () => {
  expect(await bench.ask('get_share', { share: 'media' })).toMatchInlineSnapshot(`
    "SMB share media (id 1)
    path: /mnt/tank/media
    enabled: yes
    read only: no
    guests: not allowed
    hosts allowed: any
    browsable: yes
    hides what one may not read: no
    audited: no
    purpose: LEGACY_SHARE
    comment: Films, series and music
    service: RUNNING, starts at boot"
  `);
});

test('get_share over NFS, by path', async () => {
  expect(await bench.ask('get_share', { share: '/mnt/tank/projects' })).toMatchInlineSnapshot(`
    "NFS share projects (id 1)
    path: /mnt/tank/projects
    enabled: yes
    read only: no
    clients allowed: 192.0.2.0/24
    root is mapped to: root:root
    security: SYS (default)
    snapshots visible: no
    service: RUNNING, starts at boot"
  `);
});

test('get_share over iSCSI', async () => {
  expect(await bench.ask('get_share', { share: 'esx' })).toMatchInlineSnapshot(`
    "iSCSI share esx (id 1)
    alias: ESXi datastore
    mode: ISCSI
    listens on: 0.0.0.0:3260
    initiators allowed: iqn.1998-01.com.vmware:esx1, iqn.1998-01.com.vmware:esx2
    networks allowed: any
    authentication: CHAP
    LUN 0: zvol/tank/iscsi/esx-datastore
    service: RUNNING, starts at boot"
  `);
});

test('get_share over NVMe-oF', async () => {
  expect(await bench.ask('get_share', { share: 'db', kind: 'nvmeof' })).toMatchInlineSnapshot(`
    "NVMe-oF share db (id 1)
    nqn: nqn.2011-06.com.truenas:uuid:7d2d0f0a-5f0e-4a53-9a54-6c1f3d5ee1c4:db
    listens on: TCP 192.0.2.10:4420
    hosts allowed: nqn.2014-08.org.nvmexpress:uuid:db01.example.org
    namespace 1: zvol/fast/vms/db01
    service: RUNNING, starts at boot"
  `);
});

test('the data of a list carries exact bytes, and the same rows', async () => {
  const { data } = await bench.answer('list_datasets', { parent: 'tank/finance' });
  expect(data).toMatchInlineSnapshot(`
    {
      "rows": [
        {
          "availableBytes": 36366254795779,
          "locked": false,
          "name": "tank/finance/2025",
          "type": "fs",
          "usedBytes": 34728031536,
        },
        {
          "availableBytes": 36366254795779,
          "locked": false,
          "name": "tank/finance/2026",
          "type": "fs",
          "usedBytes": 34381527938,
        },
      ],
      "shown": 2,
      "total": 2,
    }
  `);
});

test('get_pool of the boot pool, which list_disks names', async () => {
  expect(await bench.ask('get_pool', { pool: 'boot-pool' })).toMatchInlineSnapshot(`
    "pool boot-pool: ONLINE
    raw space, parity included: 11.1 GiB of 237 GiB used (5 %), 226 GiB free
    fragmentation: 0 %
    autotrim: off
    scan: scrub 2026-02-24 12:00Z, 0 errors
    data:
      mirror-0 ONLINE
        nvme0n1 ONLINE
        nvme1n1 ONLINE"
  `);
});

test('get_disk of a boot disk', async () => {
  expect(await bench.ask('get_disk', { disk: 'nvme0n1' })).toMatchInlineSnapshot(`
    "disk nvme0n1: ONLINE
    model: KINGSTON OM8SEP4256Q
    serial: UH3TTJRK91M5LE34
    size: 238 GiB
    type: SSD, NVME
    pool: boot-pool (data vdev mirror-0)
    errors: none
    temperature: 49 °C now, 41 °C to 50 °C in 7 d
    standby: ALWAYS ON"
  `);
});
