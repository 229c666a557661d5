import { describe, expect, test } from 'vitest';
import type { ReadClient, WireValue } from '../../../src/truenas/client.ts';
import { type Answers, ask as askOf } from '../support/hand-made-nas.ts';
import { refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';

const bench = useTools({ release: '27.0' });
const old = useTools({ release: '25.04' });

/** The same NAS with other rows of one method. */
function withRows(method: string, change: (rows: Record<string, WireValue>[]) => WireValue): ReadClient {
  return {
    ...bench.nas,
    origin: undefined,
    call: async (asked, params, options) => {
      const answer = await bench.nas.call(asked, params, options);
      return asked === method ? change(answer as Record<string, WireValue>[]) : answer;
    },
  };
}

const ask = async (nas: ReadClient, args: Record<string, unknown>) =>
  runTool(nas, toolNamed('schedule_calendar'), args);

test('tonight has every task in the order of its first run, with what runs together and what does not run', async () => {
  expect(await bench.ask('schedule_calendar', { from: 'tonight' })).toMatchInlineSnapshot(`
    "OK: 8 tasks with 36 runs, 2026-03-01 18:00+01:00 to 2026-03-02 08:00+01:00
    NOTE heavy tasks at the same time, likely [schedule.together]: 03-02 02:15 cloud sync Documents to Backblaze + cloud sync Photos to bucket → Data Protection, to move one of them
    Times are by the clock of the NAS, Europe/Berlin.
    Running now: replication home to backup, cloud sync Photos to bucket, scrub of fast. Other jobs: list_jobs {"states":["RUNNING","WAITING"]}
    Switched off: snapshot task of fast/scratch.
    Only by hand: replication projects to offsite.
    A resilver, should one run, goes first from 18:00 to 9:00.
    Once a day, at a time that it does not tell, the NAS looks for updates; none installs itself.
    Not told by any schedule: the scrub of the boot pool, what apps and machines do inside, other machines that send to or fetch from this NAS.
    8 tasks
    first        task                               about                                       runs  schedule              took    note
    03-01 18:00  snapshot task of tank/home         tank/home                                   15    hourly                -       -
    03-01 18:00  replication home to backup         tank/home, tank/documents → backup/replica  15    after snapshot tasks  -       -
    03-02 00:00  snapshot task of tank/media        tank/media                                  1     daily 00:00           -       -
    03-02 01:30  cloud backup Home to bucket        /mnt/tank/home                              1     daily 01:30           -       -
    03-02 02:15  cloud sync Photos to bucket        /mnt/tank/media/photos                      1     daily 02:15           -       -
    03-02 02:15  cloud sync Documents to Backblaze  /mnt/tank/documents                         1     daily 02:15           11 min  -
    03-02 03:30  rsync task Installation media      /mnt/tank/iso                               1     daily 03:30           -       -
    03-02 04:45  cron job Nightly report            -                                           1     daily 04:45           -       -"
  `);
});

test('25.04 has SMART tests, which later releases have not', async () => {
  const { text } = await ask(old.nas, { from: '2026-03-08 00:00', span: '6h' });
  expect(text).toMatch(/03-08 02:00 +SMART test Short test every week +all disks/u);
  expect(text).not.toContain('tonight');
});

describe('a scrub', () => {
  const withScan = (scan: Record<string, WireValue> | null) =>
    withRows('pool.query', (rows) => rows.map((row) => (row['name'] === 'tank' ? { ...row, scan } : row)));
  const scrub = (start: string, end: string | null, state = 'FINISHED'): Record<string, WireValue> => ({
    ...{ function: 'SCRUB', state, start_time: new Date(start) },
    end_time: end === null ? null : new Date(end),
  });
  const week = { from: 'now', span: '7d' };

  test('comes when the last one began long enough ago, and its length overlaps what follows', async () => {
    const { text } = await ask(withScan(scrub('2026-01-01T00:00:00Z', '2026-01-01T20:00:00Z')), week);
    expect(text).toMatch(/scrub of tank +tank +1 +Sun 00:00 +20 h/u);
    expect(text).toMatch(/heavy tasks at the same time.*scrub of tank/u);
  });

  test('does not come before', async () => {
    const { text } = await ask(withScan(scrub('2026-02-20T00:00:00Z', '2026-02-20T09:00:00Z')), week);
    expect(text).not.toMatch(/scrub of tank +tank/u);
  });

  test('may come where a resilver hides when the last one was, and that is said', async () => {
    const { text } = await ask(
      withScan({ ...scrub('2026-02-20T00:00:00Z', null), function: 'RESILVER' }),
      week,
    );
    expect(text).toMatch(/scrub of tank.*unless scrubbed in the 35 days before/u);
  });
});

describe('what is not known', () => {
  test('a kind that this key may not read makes the verdict UNKNOWN, and the rest stands', async () => {
    const { text, data } = await ask(refusing(bench.nas, 'cloudsync.query'), { from: 'tonight' });
    expect(data.verdict).toBe('UNKNOWN');
    expect(text).toContain(
      'cloud syncs could not be read (not allowed for this API key, role CLOUD_SYNC_READ)',
    );
    expect(text).toContain('rsync task Installation media');
  });

  test('without the time zone no time is told', async () => {
    const { text, data } = await ask(refusing(bench.nas, 'system.info'), { span: '24h' });
    expect(data.verdict).toBe('UNKNOWN');
    expect(text).toContain('the time zone of the NAS is not known');
    expect(text).not.toMatch(/^03-0\d \d\d:\d\d /mu);
    expect(text).toContain('cloud sync Photos to bucket');
  });

  test('a schedule that cannot be read is named, and never left out', async () => {
    const nas = withRows('rsynctask.query', (rows) =>
      rows.map((row) => ({ ...row, schedule: { minute: 'L', hour: '3', dom: '*', month: '*', dow: '*' } })),
    );
    const { text, data } = await ask(nas, { from: 'tonight' });
    expect(data.verdict).toBe('UNKNOWN');
    expect(text).toContain('when rsync task Installation media runs (not readable)');
    expect(text).toMatch(/unknown +rsync task Installation media/u);
  });

  test('more tasks than are looked at are said', async () => {
    const nas = withRows('cronjob.query', (rows) =>
      Array.from({ length: 100 }, (_, index) => ({ ...rows[0], id: index + 1, description: `job ${index}` })),
    );
    const { text, data } = await ask(nas, { from: 'tonight' });
    expect(text).toContain('(only the first 100 of each of these were looked at: cron jobs)');
    expect(data.next).toContain('"cursor"');
  });
});

describe('a pool whose scrubs do not come by themselves', () => {
  const task = (pool: string, enabled: boolean) => ({
    ...{ id: 1, pool_name: pool, enabled, threshold: 35 },
    schedule: { minute: '00', hour: '00', dom: '*', month: '*', dow: '7' },
  });
  const calendar = async (answers: Answers) =>
    (await askOf({ 'pool.query': [{ name: 'tank', status: 'ONLINE' }], ...answers }, 'schedule_calendar'))
      .text;

  test('is found, with or without a task that is switched off', async () => {
    const off = await calendar({ 'pool.scrub.query': [task('tank', false)] });
    expect(off).toContain(
      'pool that no scrub covers [schedule.unscrubbed]: tank (its scrub task is switched off)',
    );
    const none = await calendar({ 'pool.scrub.query': [] });
    expect(none).toContain('[schedule.unscrubbed]: tank (no scrub task) → Data Protection > Scrub Tasks');
    expect(await calendar({ 'pool.scrub.query': [task('tank', true)] })).not.toContain('unscrubbed');
  });

  test('is not one that is not there, and nothing is said where tasks or pools could not be read', async () => {
    const gone = { 'pool.scrub.query': [], 'pool.query': [{ name: 'tank', status: 'OFFLINE' }] };
    expect(await calendar(gone)).not.toContain('unscrubbed');
    const odd = await calendar({ 'pool.scrub.query': { odd: true } });
    expect(odd).toMatch(/^UNKNOWN: /u);
    expect(odd).toContain('whether scrubs cover each pool');
    expect(odd).not.toContain('unscrubbed');
  });
});
