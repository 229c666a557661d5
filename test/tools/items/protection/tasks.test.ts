import { describe, expect, test } from 'vitest';
import { useTools } from '../../../support/tools.ts';
import type { WireValue } from '../../../../src/truenas/index.ts';
import { ask } from '../../support/hand-made-nas.ts';

type Row = { readonly [field: string]: WireValue };

describe.each(['25.04', '25.10', '27.0'] as const)('on %s', (release) => {
  const bench = useTools({ release });
  const lines = async (kind: string): Promise<string[]> =>
    (await bench.ask('list_items', { kind })).split('\n').slice(-2);

  test('replications say what starts them and how they ended', async () => {
    expect(await lines('replication')).toEqual([
      '1   home to backup       tank/home, tank/documents  backup/replica      LOCAL      after snapshot task 1  yes      RUNNING  -             2026-03-01 13:00Z  -',
      '2   projects to offsite  tank/projects              vault/nas/projects  SSH        by hand                yes      ERROR    -             -                  connection to backup.example.org timed out',
    ]);
  });

  test('cloud syncs say when they went well and when they run', async () => {
    expect(await lines('cloud_sync')).toEqual([
      '2   Documents to Backblaze  /mnt/tank/documents     nas-example  PUSH SYNC  daily 02:15  yes      SUCCESS  2026-02-28 16:11Z  2026-03-02 01:15Z  -',
      '1   Photos to bucket        /mnt/tank/media/photos  nas-example  PUSH SYNC  daily 02:15  yes      RUNNING  -                  2026-03-02 01:15Z  -',
    ]);
  });

  test('a task without a run says so, and has a next one', async () => {
    expect((await lines('cloud_backup'))[1]).toBe(
      '1   Home to bucket  /mnt/tank/home  nas-versions/home  30        daily 01:30  yes      none known  -             2026-03-02 00:30Z  -',
    );
    expect((await lines('rsync_task'))[1]).toContain(
      'mirror.example.org::iso  daily 03:30  yes      none known',
    );
    expect((await lines('cron_job'))[1]).toBe(
      '1   Nightly report  /root/bin/report.sh --quiet  root  daily 04:45  yes      none known  -             2026-03-02 03:45Z',
    );
  });

  test('a scrub is not before its least days are over', async () => {
    expect((await bench.ask('list_items', { kind: 'scrub_task' })).split('\n').slice(2)).toEqual([
      'pool    schedule   least_days  enabled  scan            errors  last_success       next_run',
      'backup  Sun 00:00  35          yes      SCRUB FINISHED  12      2026-02-23 17:13Z  2026-04-04 22:00Z',
      'fast    Sun 00:00  35          yes      SCRUB SCANNING  0       -                  2026-04-04 22:00Z',
      'tank    Sun 00:00  35          yes      SCRUB FINISHED  0       2026-02-26 18:42Z  2026-04-04 22:00Z',
    ]);
  });

  test('scripts, SSH credentials and cloud accounts are listed without their secrets', async () => {
    expect(await lines('init_script')).toEqual([
      '2   -              SHUTDOWN  SCRIPT   /root/bin/tell-ups.sh                                      30         no',
      '1   Bound the ARC  PREINIT   COMMAND  echo 17179869184 > /sys/module/zfs/parameters/zfs_arc_max  10         yes',
    ]);
    expect(await lines('credential')).toEqual([
      '2   backup.example.org  SSH_CREDENTIALS  Replication task projects to offsite',
      '1   offsite key pair    SSH_KEY_PAIR     SSH credentials backup.example.org',
    ]);
    expect(await lines('cloud_account')).toEqual([
      '2   Backblaze       cloud sync Documents to Backblaze',
      '1   Offsite bucket  cloud sync Photos to bucket, cloud backup Home to bucket',
    ]);
  });

  test('one task shows its last runs, the newest first, and the whole error', async () => {
    const text = await bench.ask('get_item', { kind: 'replication', id: 'projects to offsite' });
    expect(text).toContain('last error:\n  connection to backup.example.org timed out\nlast runs:\n');
    expect(text).toContain(
      '  2026-02-28 22:00Z FAILED, 2 min: [ETIMEDOUT] connection to backup.example.org timed out',
    );
  });
});

const info = { datetime: { $date: Date.UTC(2026, 2, 1, 12) }, timezone: 'Europe/Berlin' };
const daily = { minute: '0', hour: '3', dom: '*', month: '*', dow: '*', begin: '00:00', end: '23:59' };

/** A replication as a NAS would send it. */
function replication(fields: object) {
  return {
    ...{
      id: 1,
      name: 'copy',
      source_datasets: ['a'],
      target_dataset: 'b',
      transport: 'LOCAL',
      enabled: true,
    },
    ...{ auto: true, schedule: null, restrict_schedule: null, periodic_snapshot_tasks: [] },
    ...{ state: { state: 'FINISHED', datetime: { $date: Date.UTC(2026, 1, 28) } }, job: null },
    ...fields,
  };
}
const hourly = { ...daily, hour: '*' };
const after = (...schedules: object[]) => schedules.map((schedule, id) => ({ id, enabled: true, schedule }));

test.each<[string, object, string | undefined]>([
  ['its own schedule', { schedule: daily }, '2026-03-02T02:00:00Z'],
  [
    'the first of its snapshot tasks',
    { periodic_snapshot_tasks: after(daily, hourly) },
    '2026-03-01T13:00:00Z',
  ],
  [
    'a snapshot task, in the hours that it is restricted to',
    {
      periodic_snapshot_tasks: after(hourly),
      restrict_schedule: { ...hourly, begin: '20:00', end: '22:00' },
    },
    '2026-03-01T19:00:00Z',
  ],
  ['nothing while it is on hold', { schedule: daily, state: { state: 'HOLD', reason: 'locked' } }, undefined],
  ['nothing when it is off', { schedule: daily, enabled: false }, undefined],
  ['a person', { schedule: daily, auto: false }, undefined],
  ['a task whose schedule is odd', { periodic_snapshot_tasks: after(hourly, { minute: 7 }) }, undefined],
  ['nobody knows what', { periodic_snapshot_tasks: 'odd' }, undefined],
])('a replication is started next by %s', async (_, fields, expected) => {
  const answers = { 'system.info': info, 'replication.query': [replication(fields)], 'core.get_jobs': [] };
  const { data } = await ask(answers, 'list_items', { kind: 'replication' }, '27.0');
  expect(data.rows[0].next_run).toBe(expected);
});

/** A cloud sync task, as far as it is looked at. */
const sync = { id: 4, description: 'up', path: '/mnt/a', enabled: true, locked: false, schedule: daily };
const job = (id: number, task: number, day: number) => ({
  ...{ id, method: 'cloudsync.sync', arguments: [task], state: 'SUCCESS', error: null },
  ...{ time_started: { $date: Date.UTC(2026, 1, day) }, time_finished: { $date: Date.UTC(2026, 1, day, 1) } },
});

test.each<[string, Row, Row[], object]>([
  [
    'the run before one that failed',
    { job: { id: 9, state: 'FAILED', error: 'no route' } },
    [job(8, 5, 27), job(7, 4, 26), job(6, 4, 25)],
    { last_success: '2026-02-26T01:00:00Z', error: 'no route', state: 'FAILED' },
  ],
  ['none, where the NAS knows none', { job: null }, [job(8, 5, 27)], { state: 'none known' }],
  ['none, where the last run is odd', { job: 'odd' }, [], { last_success: undefined, state: undefined }],
  ['none next, while its dataset is locked', { job: null, locked: true }, [], { next_run: undefined }],
])('the last success of a cloud sync is %s', async (_, fields, jobs, expected) => {
  const answers = {
    ...{ 'system.info': info, 'cloudsync.query': [{ ...sync, ...fields }], 'core.get_jobs': jobs },
  };
  const { data } = await ask(answers, 'list_items', { kind: 'cloud_sync' }, '27.0');
  for (const [column, value] of Object.entries(expected))
    expect([column, data.rows[0][column]]).toEqual([column, value]);
});

test('of a pool whose last scan was no scrub, nobody knows when the next one is', async () => {
  const pools = [
    {
      name: 'tank',
      scan: { function: 'RESILVER', state: 'FINISHED', start_time: null, end_time: null, errors: 0 },
    },
  ];
  const scrub = { id: 1, pool_name: 'tank', enabled: true, schedule: daily, threshold: 35 };
  const answers = { 'system.info': info, 'pool.scrub.query': [scrub], 'pool.query': pools };
  const { data } = await ask(answers, 'list_items', { kind: 'scrub_task' }, '27.0');
  expect(data.rows[0].next_run).toBeUndefined();
  expect(data.rows[0].scan).toBe('RESILVER FINISHED');
});

describe.each(['core-13.3', '24.10', '25.10', '27.0'] as const)(
  'which task goes by which credential, on %s',
  (release) => {
    const bench = useTools({ release });
    const rows = async (kind: string, field: string, filter: string): Promise<string> =>
      bench.ask('list_items', { kind, filter: [field + filter], fields: [field] });

    test('is told by its name, and asked for by it', async () => {
      const found = await rows('replication', 'connection', '=backup.example.org');
      expect(found).toContain('1 replication task\nfilter: connection = backup.example.org');
      expect(found).toContain(
        '\nid  name                 connection\n2   projects to offsite  backup.example.org',
      );
      expect(found).not.toContain('may belong here');
      expect(await rows('cloud_sync', 'account', '=Backblaze')).toBe(
        [
          '1 cloud sync task',
          'filter: account = Backblaze',
          'id  name                    account',
          '2   Documents to Backblaze  Backblaze',
        ].join('\n'),
      );
      expect(await rows('replication', 'connection', '!=none')).toContain('1 replication task');
    });
  },
);

describe('the credential of a task', () => {
  const bench = useTools({ release: '25.10', roles: ['READONLY_ADMIN'] });

  test('is told to a key that only reads, and none to a task without', async () => {
    const args = { kind: 'replication', fields: ['direction', 'connection'] };
    expect(await bench.ask('list_items', args)).toMatchInlineSnapshot(`
      "2 replication tasks
      id  name                 direction  connection
      1   home to backup       PUSH       -
      2   projects to offsite  PUSH       backup.example.org"
    `);
  });

  test('never brings its keys along', async () => {
    const before = bench.simulator.calls().length;
    for (const kind of ['replication', 'rsync_task'])
      await bench.ask('list_items', { kind, fields: ['connection'] });
    for (const kind of ['cloud_sync', 'cloud_backup'])
      await bench.ask('list_items', { kind, fields: ['account'] });
    const asked = bench.simulator
      .calls()
      .slice(before)
      .map(({ method, params }) => `${method} ${JSON.stringify(params)}`);
    expect(asked.join('\n')).toMatch(
      /replication.query \[\[\["ssh_credentials.id","=",2\]\],\{"select":\["id"\]/,
    );
    expect(asked.join('\n')).not.toMatch(/"select":\[[^\]]*(?:credentials|provider|private)/);
  });
});

test('a cloud account is used by nothing only where all tasks could be looked at', async () => {
  const accounts = [{ id: 1, name: 'B2' }];
  const used = async (backups: WireValue | Error): Promise<string> =>
    (
      await ask(
        { 'cloudsync.credentials.query': accounts, 'cloudsync.query': [], 'cloud_backup.query': backups },
        'get_item',
        { kind: 'cloud_account', id: 'B2' },
      )
    ).text;
  expect(await used([])).toMatchInlineSnapshot(`
    "id: 1
    name: B2
    used_by: -"
  `);
  expect(await used({ odd: true })).toMatchInlineSnapshot(`
    "id: 1
    name: B2
    used_by: -
    (used_by: cloud backup tasks could not be read (answered in an unknown form))"
  `);
  expect(await used([{ id: 7, description: '' }])).toMatchInlineSnapshot(`
    "id: 1
    name: B2
    used_by: cloud backup 7"
  `);
});
