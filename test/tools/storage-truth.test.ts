/** What a storage engineer on call must be told; rows in shapes that TrueNAS sends and the simulator does not. */
import { describe, expect, test } from 'vitest';
import { TrueNasError, type WireValue } from '../../src/truenas/index.ts';
import { refusing, runTool, toolNamed } from '../support/tools.ts';
import { ago, ask, leaf, nasWith, pool, vdev } from './support/hand-made-nas.ts';

const overview = async (answers: Record<string, WireValue>): Promise<string> =>
  (await ask({ 'pool.query': [pool()], 'pool.dataset.query': [], ...answers }, 'system_overview')).text;
const finished = (days: number): WireValue => ({
  function: 'SCRUB',
  state: 'FINISHED',
  end_time: ago(days),
  percentage: 100,
  errors: 0,
  pause: null,
});

test('a healthy NAS stays OK', async () => {
  expect(await overview({})).toMatch(/^OK/u);
});

describe('a disk that is gone', () => {
  const gone = leaf(null, 'UNAVAIL', {
    unavail_disk: { name: 'sdc', model: 'ST16000NM001G', serial: 'ZL2ABCDE' },
  });
  const rows = [
    pool(
      {
        status: 'DEGRADED',
        healthy: false,
        status_code: 'MISSING_DEV_R',
        status_detail: 'One or more devices could not be opened.',
      },
      { data: [vdev('raidz1-0', 'RAIDZ1', 'DEGRADED', [leaf('sda'), leaf('sdb'), gone])] },
    ),
  ];
  test('get_pool names it by model and serial', async () => {
    const { text, data } = await ask({ 'pool.query': rows }, 'get_pool', { pool: 'tank' });
    expect(text).toContain('9154337582071534917 UNAVAIL [ST16000NM001G, serial ZL2ABCDE]');
    expect(data.troubled).toContainEqual(
      expect.objectContaining({ identity: 'ST16000NM001G, serial ZL2ABCDE' }),
    );
  });
  test('the overview does, as it drops the alert that does', async () => {
    const text = await overview({
      'pool.query': rows,
      'alert.list': [
        {
          uuid: '1',
          node: 'Controller A',
          klass: 'VolumeStatus',
          level: 'CRITICAL',
          dismissed: false,
          datetime: ago(1),
          last_occurrence: ago(1),
          text: '',
          formatted:
            'Pool tank state is DEGRADED: One or more devices could not be opened. The following devices are not healthy: Disk ST16000NM001G ZL2ABCDE is UNAVAIL',
        },
      ],
    });
    expect(text).toContain('ZL2ABCDE');
  });
});

describe('tasks that do not run', () => {
  const daily = { minute: '0', hour: '0', dom: '*', month: '*', dow: '*' };
  const replication = (more: Record<string, WireValue>): Record<string, WireValue> => ({
    'replication.query': [
      {
        id: 1,
        enabled: true,
        auto: true,
        name: 'offsite',
        schedule: daily,
        restrict_schedule: null,
        periodic_snapshot_tasks: [],
        ...more,
      },
    ],
  });
  test.each<[string, Record<string, WireValue>, RegExp]>([
    [
      'a replication on hold',
      replication({ state: { state: 'HOLD', datetime: ago(40), reason: 'Dataset tank/x is locked.' } }),
      /^WARNING.*\nWARNING replication offsite is on hold and does not run: Dataset tank\/x is locked\./u,
    ],
    [
      'a snapshot task on hold',
      {
        'pool.snapshottask.query': [
          {
            id: 1,
            enabled: true,
            dataset: 'tank/x',
            schedule: daily,
            state: { state: 'HOLD', datetime: ago(1), reason: 'Pool tank is not imported.' },
          },
        ],
      },
      /WARNING snapshot tank\/x is on hold/u,
    ],
    [
      'a daily replication, 60 days ago',
      replication({ state: { state: 'FINISHED', datetime: ago(60), last_snapshot: 'tank/a@x' } }),
      /WARNING replication offsite has not run for 60 d/u,
    ],
    [
      'one after snapshot tasks',
      replication({
        schedule: null,
        periodic_snapshot_tasks: [{ id: 1, schedule: daily }],
        state: { state: 'FINISHED', datetime: ago(60) },
      }),
      /has not run for 60 d/u,
    ],
    [
      'hourly snapshots, 90 days ago',
      {
        'pool.snapshottask.query': [
          {
            id: 1,
            enabled: true,
            dataset: 'tank/y',
            schedule: daily,
            state: { state: 'FINISHED', datetime: ago(90) },
          },
        ],
      },
      /WARNING snapshot tank\/y has not run for 90 d/u,
    ],
  ])('%s', async (_, answers, expected) => {
    expect(await overview(answers)).toMatch(expected);
  });
  test.each<[string, Record<string, WireValue>]>([
    ['one that ran yesterday', replication({ state: { state: 'FINISHED', datetime: ago(1) } })],
    [
      'a monthly one, 40 days ago',
      replication({ schedule: { ...daily, dom: '1' }, state: { state: 'FINISHED', datetime: ago(40) } }),
    ],
    [
      'a yearly one',
      replication({
        schedule: { ...daily, dom: '1', month: '1' },
        state: { state: 'FINISHED', datetime: ago(300) },
      }),
    ],
    [
      'one that people start',
      replication({ auto: false, schedule: null, state: { state: 'FINISHED', datetime: ago(300) } }),
    ],
    ['a new one', replication({ state: { state: 'PENDING' } })],
  ])('%s is no trouble', async (_, answers) => {
    expect(await overview(answers)).toMatch(/^OK/u);
  });
});

describe('scrubs', () => {
  test.each([
    ['finished long ago', finished(900)],
    [
      'canceled long ago',
      { function: 'SCRUB', state: 'CANCELED', end_time: ago(200), percentage: 3, errors: 0, pause: null },
    ],
  ])('%s: all three tools say so', async (_, scan) => {
    const answers = { 'pool.query': [pool({ scan })], 'pool.dataset.query': [] };
    expect(await overview(answers)).toMatch(/^WARNING.*\nWARNING pool tank ONLINE: no scrub for long/u);
    expect((await ask(answers, 'list_pools')).text).toContain('no scrub for long');
    expect((await ask(answers, 'get_pool', { pool: 'tank' })).text).toContain('problem: no scrub for long');
  });
  test('six weeks are the plan of TrueNAS', async () => {
    expect(await overview({ 'pool.query': [pool({ scan: finished(44) })] })).toMatch(/^OK/u);
  });
  test('of a pool that is not imported nothing is known', async () => {
    const row = pool({
      status: 'OFFLINE',
      healthy: false,
      size: null,
      allocated: null,
      free: null,
      scan: {},
      topology: null,
    });
    expect((await ask({ 'pool.query': [row] }, 'get_pool', { pool: 'tank' })).text).toContain(
      'scan: unknown',
    );
  });
});

test('an ONLINE pool with lost data is CRITICAL, as TrueNAS says', async () => {
  const row = pool({
    healthy: false,
    status_code: 'CORRUPT_DATA',
    status_detail: 'One or more devices has experienced an error resulting in data corruption.',
  });
  expect(await overview({ 'pool.query': [row] })).toMatch(/^CRITICAL/u);
});

describe('a disk of an exported pool', () => {
  const answers = {
    'disk.query': [{ name: 'sdn', serial: 'ZL2X', model: 'ST16', pool: null, size: 16e12, type: 'HDD' }],
    'disk.details': { used: [{ name: 'sdn', imported_zpool: null, exported_zpool: 'archive' }], unused: [] },
    'disk.temperatures': {},
    'disk.temperature_agg': {},
  };
  test('is not offered as unused', async () => {
    const { text } = await ask(
      {
        ...answers,
        'disk.query': (params) => ((params[1] as { count?: boolean }).count ? 1 : answers['disk.query']),
      },
      'list_disks',
      { unused: true },
    );
    expect(text).toContain('NOT FREE, they hold an exported pool: sdn (archive)');
  });
  test('get_disk', async () => {
    expect((await ask(answers, 'get_disk', { disk: 'sdn' })).text).toContain(
      'holds the exported pool archive',
    );
  });
});

describe('an alert of the standby controller', () => {
  const alert: WireValue = {
    uuid: '1',
    node: 'Standby Controller (B)',
    klass: 'BootPoolStatus',
    level: 'CRITICAL',
    dismissed: false,
    datetime: ago(1),
    last_occurrence: ago(1),
    text: '',
    formatted: 'Boot pool status is DEGRADED: Gone.',
  };
  test('says whose it is', async () => {
    expect(await overview({ 'alert.list': [alert] })).toContain(
      'alert Standby Controller (B): Boot pool status is DEGRADED',
    );
    expect((await ask({ 'alert.list': [alert] }, 'list_alerts')).text).toContain(
      'Standby Controller (B): Boot pool',
    );
  });
  test('is not said by what this controller sees of its own', async () => {
    const boot = {
      name: 'boot-pool',
      status: 'DEGRADED',
      healthy: false,
      status_detail: 'Gone.',
      scan: null,
    };
    expect(await overview({ 'boot.get_state': boot, 'alert.list': [alert] })).toContain(
      'Standby Controller (B)',
    );
  });
});

test('a Fibre Channel target is reachable without a portal', async () => {
  const answers = {
    'service.query': [{ service: 'iscsitarget', state: 'RUNNING', enable: true }],
    'iscsi.target.query': [{ id: 1, name: 'fc0', alias: null, mode: 'FC', groups: [], auth_networks: [] }],
    'iscsi.targetextent.query': [{ id: 1, target: 1, lunid: 0, extent: 1 }],
    'iscsi.extent.query': [
      { id: 1, name: 'e', type: 'DISK', path: 'zvol/tank/z', enabled: true, ro: false, locked: false },
    ],
  };
  expect((await ask(answers, 'list_shares', { kind: 'iscsi' })).text).not.toContain('no portal');
});

test('a disk being replaced under the spare that stands in for it is named', async () => {
  const replacing = vdev('replacing-0', 'REPLACING', 'DEGRADED', [leaf('sdc', 'FAULTED'), leaf('sdh')]);
  const spare = vdev('spare-2', 'SPARE', 'DEGRADED', [replacing, leaf('sdg')]);
  const row = pool(
    { status: 'DEGRADED', healthy: false },
    { data: [vdev('raidz1-0', 'RAIDZ1', 'DEGRADED', [leaf('sda'), leaf('sdb'), spare])] },
  );
  const answers = {
    'pool.query': [row],
    'disk.query': [{ name: 'sdc', model: 'ST16', serial: 'ZL2C', pool: 'tank' }],
  };
  expect((await ask(answers, 'get_pool', { pool: 'tank' })).text).toContain(
    'sdc FAULTED [ST16, serial ZL2C]',
  );
  expect((await ask(answers, 'get_disk', { disk: 'sdc' })).text).toContain('disk sdc: FAULTED');
  expect(await overview({ 'pool.query': [row] })).toContain('sdc FAULTED');
});

test('a spare that stands in for a disk is in use, not broken', async () => {
  const spare = vdev('spare-1', 'SPARE', 'DEGRADED', [leaf('sdc', 'FAULTED'), leaf('sdg')]);
  const row = pool(
    { status: 'DEGRADED', healthy: false },
    {
      data: [vdev('raidz1-0', 'RAIDZ1', 'DEGRADED', [leaf('sda'), spare])],
      spare: [leaf('sdg', 'UNAVAIL'), leaf('sdh', 'UNAVAIL')],
    },
  );
  const { text, data } = await ask({ 'pool.query': [row] }, 'get_pool', { pool: 'tank' });
  expect(text).toContain('sdg INUSE');
  expect(data.troubled.map((entry: { name: string }) => entry.name)).not.toContain('sdg');
  const seen = await overview({ 'pool.query': [row] });
  expect(seen).not.toContain('sdg UNAVAIL');
  expect(seen).toContain('sdh UNAVAIL');
});

test('a disk in service with errors is named by disk.query, or said not to be', async () => {
  const failing = leaf('sdb', 'ONLINE', { stats: { read_errors: 3, write_errors: 0, checksum_errors: 9 } });
  const answers = {
    'pool.query': [pool({}, { data: [vdev('mirror-0', 'MIRROR', 'ONLINE', [leaf('sda'), failing])] })],
    'disk.query': [{ name: 'sdb', model: 'ST16', serial: 'ZL2B', pool: 'tank' }],
  };
  const line = 'sdb ONLINE 3 read, 0 write, 9 checksum errors';
  const { text } = await ask(answers, 'get_pool', { pool: 'tank' });
  expect(text).toContain(`${line} [ST16, serial ZL2B]`);
  const narrow = await runTool(refusing(nasWith(answers), 'disk.query'), toolNamed('get_pool'), {
    pool: 'tank',
  });
  expect(narrow.text).toContain(`${line}\n`);
  expect(narrow.text).toContain(
    'models and serials could not be read (not allowed for this API key, role DISK_READ)',
  );
});

test('a RAIDZ that takes in another disk says how far it is', async () => {
  const expand = { state: 'SCANNING', percentage: 42.4, total_secs_left: 10_900, waiting_for_resilver: 0 };
  const shown = async (more: Record<string, WireValue>) =>
    (await ask({ 'pool.query': [pool(more)] }, 'get_pool', { pool: 'tank' })).text;
  expect(await shown({ expand })).toContain('expansion of a RAIDZ: 42 %, 3 h left');
  expect(await shown({ expand: { ...expand, state: 'FINISHED' } })).not.toContain('expansion');
});

test('what reads as 95 % full is critical, and dismissed alerts are counted', async () => {
  const row = pool({ size: 1000, allocated: 946, free: 54 });
  const dismissed = { uuid: '1', klass: 'X', level: 'CRITICAL', dismissed: true, formatted: 'old' };
  const text = await overview({ 'pool.query': [row], 'alert.list': [dismissed] });
  expect(text).toContain('CRITICAL pool tank 95 % full');
  expect(text).toContain('0 active alerts (1 dismissed)');
});

const failing = () => {
  throw new TrueNasError('timeout', { summary: 'disk.details: no answer', nextStep: '-' });
};
const unusedDisk = (name: string) => ({
  name,
  identifier: name,
  size: 1e12,
  type: 'HDD',
  model: 'M',
  serial: `S${name}`,
  pool: null,
});

test('get_disk does not say "none" when nobody knows', async () => {
  const { text } = await ask({ 'disk.query': [unusedDisk('sda')], 'disk.details': failing }, 'get_disk', {
    disk: 'sda',
  });
  expect(text).not.toMatch(/pool:? +none$/mu);
});

test('list_disks unused by temperature: the note is about the page, and bounded', async () => {
  const names = Array.from({ length: 500 }, (_, i) => `sd${i}`);
  const { text } = await ask(
    {
      'disk.query': (params) => ((params[1] as { count?: boolean }).count ? 500 : names.map(unusedDisk)),
      'disk.details': {
        used: names.map((name) => ({ name, exported_zpool: 'a-rather-long-pool-name-of-old' })),
        unused: [],
      },
    },
    'list_disks',
    { unused: true, sort: 'temp', limit: 10 },
  );
  expect(text.length).toBeLessThan(4000);
});

test('monthly scrubs with the default threshold of 35 days run every second month: 62 days', async () => {
  const scan = {
    function: 'SCRUB',
    state: 'FINISHED',
    end_time: ago(61),
    percentage: 100,
    errors: 0,
    pause: null,
  };
  const { text } = await ask({ 'pool.query': [pool({ scan })], 'pool.dataset.query': [] }, 'system_overview');
  expect(text).toMatch(/^OK/u);
});
