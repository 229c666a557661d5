import { expect, test } from 'vitest';
import type { WireValue } from '../../../src/truenas/index.ts';
import { useTools } from '../../support/tools.ts';
import {
  ago,
  alert,
  DAY_MS,
  denied,
  failedJob,
  healthy,
  overview,
  pool,
  said,
} from '../support/healthy-nas.ts';

const bench = useTools({ release: '25.10' });

test('the whole answer', async () => {
  expect(await bench.ask('system_overview')).toMatchInlineSnapshot(`
    "CRITICAL: SIMULATED, nas, TrueNAS 25.10.6, up 37 d, 63.4 GiB memory
    CRITICAL pool backup DEGRADED: sdi FAULTED [WDC WD80EFZZ-68BTXN0, serial WD-CAEGPVP6]; One or more devices are faulted in response to persistent errors. Sufficient replicas...; last scrub found 12 errors → get_pool {"pool":"backup"}
    CRITICAL alert Replication "projects to offsite" failed: connection to backup.example.org timed out (14 h ago) → list_alerts
    WARNING pool fast 94 % full, 436 GiB available → get_pool {"pool":"fast"}
    WARNING disk sdi 58 °C → get_disk {"disk":"sdi"}
    WARNING alert 184 uncorrectable errors reported for sdi (WD-CAEGPVP6). (3 d ago) → list_alerts
    WARNING alert Quota exceeded on dataset tank/home/carol. Used 92.5% of quota. (11 h ago) → list_alerts
    WARNING service ups starts at boot but is STOPPED → list_services
    WARNING 2 datasets locked (data unreachable): tank/vault, tank/vault/contracts → list_datasets {"locked":true}
    WARNING app immich has crashed → call_api_read {"method":"app.query","filters":[["name","=","immich"]]}
    WARNING certificate nas_example_org expires in 21 d → list_items {"kind":"certificate"}
    Seen: 3 pools, 20 disks with a temperature, hottest sdi 58 °C, 8 active alerts (1 dismissed), an update is available, 6 services running, 3 snapshot tasks (1 more off), 2 replication tasks, 2 cloud sync tasks, 1 rsync task, 1 failed job in 24 h, 4 apps (2 updates)
    Signed in as: truenas_admin (FULL_ADMIN; for reading, READONLY_ADMIN is enough)"
  `);
});

test('the overview says in its data what was seen, and its numbers are whole', async () => {
  const { data } = await bench.answer('system_overview');
  expect(data.seen).toContain('3 pools');
  expect(Number.isInteger(data.uptimeSeconds)).toBe(true);
});

test('a NAS without troubles is OK, and the answer says what was looked at', async () => {
  const { text, data } = await overview(healthy());
  expect(data).toMatchObject({ verdict: 'OK', reasons: [], unread: [] });
  expect(text).toContain(
    'Seen: 1 pool, 1 disk with a temperature, hottest sda 35 °C, 0 active alerts, 1 service running',
  );
});

test.each<[string, Record<string, WireValue | Error>, string, RegExp]>([
  [
    'a degraded pool',
    { 'pool.query': pool({ status: 'DEGRADED', healthy: false }) },
    'CRITICAL',
    /pool tank DEGRADED/u,
  ],
  [
    'a pool with a warning',
    { 'pool.query': pool({ warning: true, status_detail: 'Some features are off.' }) },
    'WARNING',
    /Some features/u,
  ],
  [
    'a pool whose features were never upgraded',
    { 'pool.query': pool({ warning: true, status_code: 'FEAT_DISABLED', status_detail: 'Some features.' }) },
    'OK',
    /^OK/u,
  ],
  [
    'a pool that resilvers',
    {
      'pool.query': pool({
        status: 'DEGRADED',
        healthy: false,
        scan: { function: 'RESILVER', state: 'SCANNING', percentage: 41.7, errors: 0 },
      }),
    },
    'CRITICAL',
    /pool tank DEGRADED: resilver 42 %; status DEGRADED/u,
  ],
  [
    'a degraded boot pool',
    { 'boot.get_state': { name: 'boot-pool', status: 'DEGRADED', healthy: false, status_detail: 'Gone.' } },
    'CRITICAL',
    /CRITICAL boot pool boot-pool DEGRADED: Gone\./u,
  ],
  [
    'a degraded boot pool and the alert about it',
    {
      'boot.get_state': { name: 'boot-pool', status: 'DEGRADED', healthy: false },
      'alert.list': [
        alert('BootPoolStatus', 'CRITICAL', 'Boot pool status is DEGRADED: Gone.'),
        alert('ZpoolCapacityWarning', 'WARNING', "Space usage for pool 'boot-pool' is 91%.", {
          volume: 'boot-pool',
        }),
      ],
    },
    'CRITICAL',
    /^(?!.*Boot pool status).*\nWARNING alert Space usage for pool 'boot-pool'/su,
  ],
  [
    'a full boot pool',
    {
      'boot.get_state': {
        name: 'boot-pool',
        status: 'ONLINE',
        healthy: true,
        warning: false,
        size: 100,
        allocated: 96,
        free: 4,
      },
      'alert.list': [
        alert('ZpoolCapacityCritical', 'CRITICAL', "Space usage for pool 'boot-pool' is 96%.", {
          volume: 'boot-pool',
        }),
      ],
    },
    'CRITICAL',
    /\nCRITICAL boot pool boot-pool 96 % full, 4 B raw free → get_pool \{"pool":"boot-pool"\}\nSeen/u,
  ],
  ['a boot pool that may not be read', { 'boot.get_state': denied }, 'UNKNOWN', /boot pool \(not allowed/u],
  [
    'errors found by a scrub',
    {
      'pool.query': pool({
        scan: { function: 'SCRUB', state: 'FINISHED', errors: 3, end_time: ago(DAY_MS) },
      }),
    },
    'WARNING',
    /found 3 errors/u,
  ],
  ['a pool 85 % full', { 'pool.query': pool({ allocated: 85, free: 15 }) }, 'WARNING', /85 % full/u],
  ['a pool 95 % full', { 'pool.query': pool({ allocated: 95, free: 5 }) }, 'CRITICAL', /95 % full/u],
  ['a pool 84 % full', { 'pool.query': pool({ allocated: 84, free: 16 }) }, 'OK', /^OK/u],
  [
    'a critical alert',
    {
      'alert.list': [
        { level: 'CRITICAL', formatted: 'Fan failed', dismissed: false, datetime: ago(3_600_000) },
      ],
    },
    'CRITICAL',
    /Fan failed \(1 h ago\)/u,
  ],
  [
    'an alert of an unknown level',
    { 'alert.list': [{ level: 'NEW', text: 'x', dismissed: false }] },
    'WARNING',
    /alert x/u,
  ],
  [
    'a dismissed alert',
    { 'alert.list': [{ level: 'CRITICAL', text: 'x', dismissed: true }] },
    'OK',
    /0 active alerts/u,
  ],
  [
    'a mere notice',
    { 'alert.list': [{ level: 'INFO', text: 'x', dismissed: false }] },
    'OK',
    /1 active alert/u,
  ],
  ['a hot disk', { 'disk.temperatures': { sda: 51 } }, 'WARNING', /disk sda 51 °C/u],
  ['a very hot disk', { 'disk.temperatures': { sda: 60 } }, 'CRITICAL', /disk sda 60 °C/u],
  ['a warm NVMe drive', { 'disk.temperatures': { nvme0n1: 60 } }, 'OK', /^OK/u],
  [
    'a service that should run',
    { 'service.query': [{ service: 'nfs', enable: true, state: 'STOPPED' }] },
    'WARNING',
    /service nfs starts at boot but is STOPPED/u,
  ],
  [
    'a service that nobody wants',
    { 'service.query': [{ service: 'nfs', enable: false, state: 'STOPPED' }] },
    'OK',
    /0 services running/u,
  ],
  [
    'a locked dataset',
    { 'pool.dataset.query': [{ id: 'tank/vault' }] },
    'WARNING',
    /1 dataset locked .*tank\/vault/u,
  ],
  [
    'very many locked datasets',
    { 'pool.dataset.query': Array.from({ length: 100 }, (_, index) => ({ id: `tank/${index}` })) },
    'WARNING',
    /at least 100 datasets locked/u,
  ],
  [
    'a job that failed today',
    {
      'core.get_jobs': [
        { id: 5, method: 'cloudsync.sync', error: 'no route', time_finished: ago(DAY_MS / 2) },
      ],
    },
    'WARNING',
    /job cloudsync.sync failed \(#5\): no route/u,
  ],
  [
    'a job that failed long ago',
    { 'core.get_jobs': [{ id: 5, method: 'x', error: 'y', time_finished: ago(3 * DAY_MS) }] },
    'OK',
    /0 failed jobs/u,
  ],
  [
    'a replication in error',
    {
      'replication.query': [
        { name: 'offsite', enabled: true, state: { state: 'ERROR', error: 'timed out' } },
      ],
    },
    'WARNING',
    /replication offsite failed: timed out/u,
  ],
  [
    'a snapshot task in error',
    { 'pool.snapshottask.query': [{ dataset: 'tank', enabled: true, state: { state: 'ERROR' } }] },
    'WARNING',
    /snapshot tank failed/u,
  ],
  [
    'a failed cloud sync',
    { 'cloudsync.query': [{ description: 'b2', enabled: true, job: { state: 'FAILED', error: '401' } }] },
    'WARNING',
    /cloud sync b2 failed: 401/u,
  ],
  [
    'a cloud sync that never ran',
    { 'cloudsync.query': [{ description: 'b2', enabled: true, job: null }] },
    'OK',
    /1 cloud sync task/u,
  ],
])('%s', async (_, answers, verdict, text) => {
  const answer = await overview(healthy(answers));
  expect(answer.data.verdict).toBe(verdict);
  expect(answer.text).toMatch(text);
});

test('reasons come worst first, and no more than twelve', async () => {
  const temperatures = Object.fromEntries(
    Array.from({ length: 15 }, (_, index) => [
      `sd${String.fromCodePoint(97 + index)}`,
      index === 14 ? 65 : 52,
    ]),
  );
  const { text, data } = await overview(
    healthy({ 'disk.temperatures': temperatures, 'pool.query': pool({ allocated: 90, free: 10 }) }),
  );
  expect(data.reasons).toHaveLength(12);
  expect(data.reasons[0]).toBe('CRITICAL disk sdo 65 °C → get_disk {"disk":"sdo"}');
  expect(text).toContain('… and 4 more reasons');
});

test('a degraded pool names its troubled disks, a full one what can still be stored', async () => {
  const disk = (name: string, status: string, errors = 0): WireValue => ({
    name,
    disk: name,
    status,
    type: 'DISK',
    stats: { read_errors: errors, write_errors: 0, checksum_errors: 0 },
    children: [],
  });
  const mirror = {
    name: 'mirror-0',
    type: 'MIRROR',
    status: 'DEGRADED',
    children: [disk('sda', 'ONLINE'), disk('sdb', 'FAULTED', 7), disk('sdc', 'ONLINE', 2)],
  };
  const { data } = await overview(
    healthy({
      'pool.query': pool({ status: 'DEGRADED', allocated: 90, free: 10, topology: { data: [mirror] } }),
      'pool.dataset.query': [{ id: 'tank', available: { parsed: 6 } }],
    }),
  );
  expect(said(data.reasons).slice(0, 2)).toEqual([
    'CRITICAL pool tank DEGRADED: sdb FAULTED, sdc 2 errors; status DEGRADED',
    'WARNING pool tank 90 % full, 6 B available',
  ]);
});

test('a spare that cannot be used is a warning, one that stands in for a disk is none', async () => {
  const disk = (name: string, status: string): WireValue => ({
    name,
    disk: name,
    status,
    type: 'DISK',
    children: [],
  });
  const layout = (spare: string): WireValue =>
    pool({ topology: { data: [disk('sda', 'ONLINE')], spare: [disk(spare, 'UNAVAIL')] } });
  const broken = await overview(healthy({ 'pool.query': layout('sdq') }));
  expect(said(broken.data.reasons)).toEqual(['WARNING pool tank: spare sdq UNAVAIL cannot be used']);
  const inUse = await overview(healthy({ 'pool.query': layout('sda') }));
  expect(inUse.data.reasons).toEqual([]);
});

test('crashed apps, certificates that end and updates are told, and tasks that are off are counted', async () => {
  const { text, data } = await overview(
    healthy({
      'app.query': [
        { name: 'immich', state: 'CRASHED', upgrade_available: true },
        { name: 'plex', state: 'RUNNING', upgrade_available: false },
      ],
      'certificate.query': [
        { id: 1, name: 'web', until: 'Sat Mar 14 12:00:00 2026', expired: false },
        { id: 2, name: 'old', until: 'Sun Mar 14 12:00:00 2027', expired: false },
      ],
      'alert.list': [alert('HasUpdate', 'INFO', 'A system update is available.')],
      'pool.snapshottask.query': [{ id: 1, dataset: 'tank', enabled: false, state: { state: 'PENDING' } }],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'WARNING app immich has crashed',
    'WARNING certificate web (the web interface uses it) expires in 13 d',
  ]);
  expect(text).toContain('2 apps (1 update)');
  expect(text).toContain('an update is available');
  expect(text).toContain('0 snapshot tasks (1 more off)');
  expect(text).toContain('Signed in as: monitor (READONLY_ADMIN)');
});

test('every reason names the call that shows more', async () => {
  const { data } = await overview(
    healthy({
      'pool.query': pool({ status: 'DEGRADED', healthy: false, allocated: 97 }),
      'disk.temperatures': { sda: 70 },
      'service.query': [{ service: 'nfs', enable: true, state: 'STOPPED' }],
      'core.get_jobs': [failedJob(9, 'x', 'y')],
    }),
  );
  expect(data.reasons.length).toBeGreaterThan(3);
  for (const reason of data.reasons) expect(reason).toMatch(/ → [a-z_]+(?: \{.*\})?$/u);
});
