import { describe, expect, test } from 'vitest';
import { type Finding, verdictOf } from '../../src/tools/system/overview/finding.ts';
import { SUBJECTS } from '../../src/tools/system/overview/subjects.ts';
import type { ReadClient, WireValue } from '../../src/truenas/index.ts';
import { TrueNasError } from '../../src/truenas/errors.ts';
import { NOW_MS, runTool, toolNamed, useTools } from '../support/tools.ts';

const bad: Finding = { level: 'CRITICAL', text: 'bad' };
const odd: Finding = { level: 'WARNING', text: 'odd' };

test.each([
  [[], [], 'OK'],
  [[odd], [], 'WARNING'],
  [[odd, bad], [], 'CRITICAL'],
  [[], ['pools'], 'UNKNOWN'],
  [[odd], ['pools'], 'UNKNOWN'],
  [[bad], ['pools'], 'CRITICAL'],
  [[odd, bad], ['pools', 'alerts'], 'CRITICAL'],
] as const)('found %j, unread %j: %s', (findings, unread, verdict) => {
  expect(verdictOf(findings, unread)).toBe(verdict);
});

const HEALTHY_BOOT_POOL = {
  name: 'boot-pool',
  status: 'ONLINE',
  healthy: true,
  warning: false,
  size: 100,
  allocated: 10,
  free: 90,
  scan: null,
};

/** A NAS in perfect health; tests replace single answers. */
function healthy(answers: Record<string, WireValue | Error> = {}): ReadClient {
  const all: Record<string, WireValue | Error> = {
    'system.info': {
      hostname: 'nas',
      version: 'TrueNAS-25.10.1',
      uptime_seconds: 90_000,
      physmem: 64 * 1024 ** 3,
    },
    'pool.query': [
      {
        name: 'tank',
        status: 'ONLINE',
        healthy: true,
        warning: false,
        size: 100,
        allocated: 50,
        free: 50,
        scan: null,
      },
    ],
    'boot.get_state': HEALTHY_BOOT_POOL,
    'auth.me': { pw_name: 'monitor', privilege: { roles: ['READONLY_ADMIN'] } },
    'system.general.config': { ui_certificate: { id: 1 } },
    'alert.list': [],
    'disk.temperatures': { sda: 35, sdb: null },
    'service.query': [{ service: 'cifs', enable: true, state: 'RUNNING' }],
    ...answers,
  };
  return {
    release: async () => ({ family: '25.10', version: 'TrueNAS-25.10.1' }),
    has: async () => true,
    call: async (method) => {
      const answer = all[method] ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

const denied = new TrueNasError('not-authorized', {
  summary: 'Not authorized.',
  nextStep: 'Use another key.',
});

/** The reasons without the calls that show more. */
const said = (reasons: readonly string[]): string[] => reasons.map((reason) => reason.split(' → ')[0] ?? '');

async function overview(
  nas: ReadClient,
): Promise<{ text: string; data: { verdict: string; reasons: string[]; unread: string[] } }> {
  return runTool(nas, toolNamed('system_overview'));
}

test('a NAS without troubles is OK, and the answer says what was looked at', async () => {
  const { text, data } = await overview(healthy());
  expect(data).toMatchObject({ verdict: 'OK', reasons: [], unread: [] });
  expect(text).toContain(
    'Seen: 1 pool, 1 disk with a temperature, hottest sda 35 °C, 0 active alerts, 1 service running',
  );
});

const alert = (klass: string, level: string, text: string, args: WireValue = null): WireValue => ({
  klass,
  level,
  formatted: text,
  args,
  dismissed: false,
});
const DAY_MS = 86_400_000;
const ago = (ms: number): Date => new Date(NOW_MS - ms);
const pool = (row: Record<string, WireValue>): WireValue => [
  {
    name: 'tank',
    status: 'ONLINE',
    healthy: true,
    warning: false,
    size: 100,
    allocated: 50,
    free: 50,
    scan: null,
    ...row,
  },
];

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
    { 'pool.query': pool({ scan: { function: 'SCRUB', state: 'FINISHED', errors: 3 } }) },
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

test.each(SUBJECTS.map((subject) => [subject.name, subject] as const))(
  'when "%s" cannot be read, the verdict is UNKNOWN and names it',
  async (name, { uses: [method = ''] }) => {
    const answers = { [method]: denied };
    const { text, data } = await overview(healthy(answers));
    expect(data).toMatchObject({ verdict: 'UNKNOWN', unread: [`${name} (not allowed for this API key)`] });
    expect(text).toContain(`NOT READ, so not judged: ${name}`);
  },
);

test('something critical stays CRITICAL, with the unread part named', async () => {
  const { text, data } = await overview(
    healthy({ 'pool.query': pool({ status: 'FAULTED' }), 'alert.list': denied }),
  );
  expect(data).toMatchObject({ verdict: 'CRITICAL', unread: ['alerts (not allowed for this API key)'] });
  expect(text).toMatch(/^CRITICAL[\s\S]*NOT READ[\s\S]*alerts/u);
});

test('when nothing can be read, that failure is the answer', async () => {
  const nas: ReadClient = {
    ...healthy(),
    call: async () =>
      Promise.reject(new TrueNasError('unreachable', { summary: 'No NAS.', nextStep: 'Check.' })),
  };
  await expect(overview(nas)).rejects.toThrow('No NAS.');
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

test('an alert that repeats what the pool itself shows is left out, one about another pool or something worse is not', async () => {
  const { data } = await overview(
    healthy({
      'pool.query': pool({ allocated: 90, free: 10 }),
      'alert.list': [
        alert('ZpoolCapacityWarning', 'WARNING', 'Space usage for pool "tank" is 90%.', { volume: 'tank' }),
        alert('VolumeStatus', 'CRITICAL', 'Pool boot-pool state is DEGRADED.', { volume: 'boot-pool' }),
        alert('VolumeStatus', 'CRITICAL', 'Pool tank state is SUSPENDED.', { volume: 'tank' }),
        alert('VolumeStatus', 'WARNING', 'Pool tank2 state is odd.', { volume: 'tank2' }),
        alert('QuotaWarning', 'WARNING', 'Quota of tank.'),
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'CRITICAL alert Pool boot-pool state is DEGRADED.',
    'CRITICAL alert Pool tank state is SUSPENDED.',
    'WARNING pool tank 90 % full, 10 B raw free',
    'WARNING alert Pool tank2 state is odd.',
    'WARNING alert Quota of tank.',
  ]);
});

const TIMED_OUT = 'connection to backup.example.org timed out';
const failedReplication = (id: number, name: string, error: string, jobId?: number): WireValue => ({
  id,
  name,
  job: jobId === undefined ? null : { id: jobId },
  enabled: true,
  state: { state: 'ERROR', error },
});
const failedJob = (id: number, method: string, error: string): WireValue => ({
  id,
  method,
  error,
  time_finished: ago(DAY_MS / 2),
});

test('a failure that alert, task and job tell of is said once, by the worst of them', async () => {
  const { data } = await overview(
    healthy({
      'alert.list': [
        alert('ReplicationFailed', 'CRITICAL', `Replication "offsite" failed: ${TIMED_OUT}.`, { id: 2 }),
      ],
      'replication.query': [
        failedReplication(2, 'offsite', TIMED_OUT, 9),
        failedReplication(3, 'off', 'no route'),
      ],
      'core.get_jobs': [
        failedJob(9, 'replication.run', `[ETIMEDOUT] ${TIMED_OUT}`),
        failedJob(8, 'app.upgrade', '[EFAULT] container is unhealthy'),
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    `CRITICAL alert Replication "offsite" failed: ${TIMED_OUT}.`,
    'WARNING replication off failed: no route',
    'WARNING job app.upgrade failed (#8): [EFAULT] container is unhealthy',
  ]);
});

test('a failure without an alert is said by its task; a job that failed again and again is counted', async () => {
  const { data } = await overview(
    healthy({
      'replication.query': [failedReplication(2, 'offsite', TIMED_OUT, 9)],
      'pool.snapshottask.query': [
        { dataset: 'tank', enabled: true, state: { state: 'ERROR' } },
        { dataset: 'tank/home', enabled: true, state: { state: 'ERROR' } },
      ],
      'core.get_jobs': [
        failedJob(9, 'replication.run', `[ETIMEDOUT] ${TIMED_OUT}`),
        failedJob(8, 'app.upgrade', 'x'),
        failedJob(7, 'app.upgrade', 'y'),
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'WARNING snapshot tank failed',
    'WARNING snapshot tank/home failed',
    `WARNING replication offsite failed: ${TIMED_OUT}`,
    'WARNING job app.upgrade failed 2 times in 24 h, last (#8): x',
  ]);
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

describe('with a key that may read pools only', () => {
  const bench = useTools({ roles: ['POOL_READ'] });
  test('a degraded pool is still found, and everything else is named as unread', async () => {
    const { data } = await bench.answer('system_overview');
    expect(data.verdict).toBe('CRITICAL');
    expect(data.unread).toContain('alerts (not allowed for this API key, role ALERT_LIST_READ)');
    expect(data.unread.filter((text: string) => text.startsWith('pools'))).toEqual([]);
  });
});

describe('what is odd or missing is unknown', () => {
  test.each<[string, Record<string, WireValue | Error>, RegExp]>([
    [
      'whether a pool is healthy',
      { 'pool.query': pool({ healthy: null }) },
      /pools \(unknown: tank: healthy/u,
    ],
    ['the size of a pool', { 'pool.query': pool({ size: null }) }, /pools \(unknown: tank: space/u],
    ['the scan of a pool', { 'pool.query': pool({ scan: 'done' }) }, /pools \(unknown: tank: scan/u],
    ['a pool that is no object', { 'pool.query': ['tank'] }, /pools \(unknown: -: status/u],
    ['pools that are no list', { 'pool.query': {} }, /pools \(answered in an unknown form/u],
    [
      'temperatures as text',
      { 'disk.temperatures': { sda: '35' } },
      /sda: \\?"35\\?", which cannot be a temperature/u,
    ],
    [
      'a temperature that cannot be',
      { 'disk.temperatures': { sda: 255, sdb: -1 } },
      /sda: 255, which cannot be a temperature/u,
    ],
    [
      'whether a service is meant to run',
      { 'service.query': [{ service: 'nfs', enable: null, state: 'STOPPED' }] },
      /services \(unknown: nfs/u,
    ],
    [
      'the state of a task',
      { 'replication.query': [{ id: 1, name: 'a', enabled: true, state: {} }] },
      /replication tasks \(unknown: state of a/u,
    ],
    [
      'the level of an alert',
      { 'alert.list': [{ klass: 'X', text: 'x', dismissed: false }] },
      /alerts \(unknown: level of X/u,
    ],
    [
      'the end of a certificate',
      { 'certificate.query': [{ id: 1, name: 'web', until: null }] },
      /certificates \(unknown: end of web/u,
    ],
    ['the state of an app', { 'app.query': [{ name: 'immich' }] }, /apps \(unknown: immich/u],
  ])('%s', async (_, answers, text) => {
    const { data } = await overview(healthy(answers));
    expect(['UNKNOWN', 'CRITICAL']).toContain(data.verdict);
    expect(data.unread.join('; ')).toMatch(text);
  });
});

test('a replication and another one with a longer name both tell of their own failure', async () => {
  const { data } = await overview(
    healthy({
      'replication.query': [
        failedReplication(1, 'daily', 'no base'),
        failedReplication(2, 'daily offsite', 'refused'),
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'WARNING replication daily failed: no base',
    'WARNING replication daily offsite failed: refused',
  ]);
});

test('an alert hides nothing of another task, whatever names it quotes', async () => {
  const { data } = await overview(
    healthy({
      'replication.query': [failedReplication(1, 'daily', 'no base')],
      'alert.list': [alert('ReplicationFailed', 'CRITICAL', 'Replication "daily" failed: x', { id: 2 })],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'CRITICAL alert Replication "daily" failed: x',
    'WARNING replication daily failed: no base',
  ]);
});

test('tasks without a name are told apart by their number', async () => {
  const { data } = await overview(
    healthy({
      'cloudsync.query': [
        { id: 1, description: '', enabled: true, job: { state: 'FAILED', error: 'quota exceeded' } },
        { id: 2, description: '', enabled: true, job: { state: 'FAILED', error: 'no bucket' } },
      ],
    }),
  );
  expect(said(data.reasons)).toEqual([
    'WARNING cloud sync #1 failed: quota exceeded',
    'WARNING cloud sync #2 failed: no bucket',
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

test('ages are by the clock of the NAS, and a clock that is wrong is said to be', async () => {
  const behindMs = 5 * DAY_MS;
  const { text, data } = await overview(
    healthy({
      'system.info': { hostname: 'nas', version: '25.10.1', datetime: ago(behindMs) },
      'core.get_jobs': [{ id: 5, method: 'x', error: 'y', time_finished: ago(behindMs + 3_600_000) }],
    }),
  );
  expect(data.verdict).toBe('WARNING');
  expect(text).toContain('CLOCK: the NAS is 5 d behind this machine');
});

test('a job that failed and does not say when it ended is not passed over', async () => {
  const { data } = await overview(
    healthy({
      'core.get_jobs': [
        { id: 5, method: 'x', error: 'y', time_started: ago(3_600_000), time_finished: null },
      ],
    }),
  );
  expect(said(data.reasons)).toEqual(['WARNING job x failed (#5): y']);
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
