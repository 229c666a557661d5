import { describe, expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import { queried } from '../../nas-cases/support/answers.ts';
import { NOW_MS, refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';
import { ask } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

test('jobs, newest first', async () => {
  expect(await bench.ask('list_jobs', { limit: 5 })).toMatchInlineSnapshot(`
    "jobs 1-5 of 10
    id  method            about                              state    progress                                                   started            took    error
    10  cloudsync.sync    cloud sync Photos to bucket        RUNNING  17 % Transferred: 18.204 GiB / 104.117 GiB, ETA 2h21m      2026-03-01 12:00Z  0 s     -
    9   replication.run   replication home to backup         RUNNING  24 % Sending 1 of 2: tank/home@auto (61.3 GiB / 97.8 GiB)  2026-03-01 12:00Z  0 s     -
    8   pool.scrub.scrub  fast, START                        RUNNING  41 % Scrubbing                                             2026-03-01 12:00Z  0 s     -
    7   update.download   -                                  ABORTED  23 % Downloading update                                    2026-03-01 03:00Z  1 min   -
    6   cloudsync.sync    cloud sync Documents to Backblaze  SUCCESS  -                                                          2026-02-28 16:00Z  11 min  -
    next: list_jobs {"limit":5,"cursor":"5._elU8T"}"
  `);
});

test('jobs that failed lately', async () => {
  expect(await bench.ask('list_jobs', { states: ['FAILED'], since: '7d' })).toMatchInlineSnapshot(`
    "2 jobs with states=FAILED, since=7d
    id  method           about                             state   progress                                           started            took   error
    5   replication.run  replication projects to offsite   FAILED  0 % Connecting to backup.example.org               2026-02-28 22:00Z  2 min  [ETIMEDOUT] connection to backup.example.org timed out
    4   app.upgrade      nextcloud, {app_version: latest}  FAILED  40 % Upgrading 'nextcloud' app to '2.0.4' version  2026-02-28 10:00Z  3 min  [EFAULT] Failed 'up' action for 'nextcloud' app: container nextcloud-redis is unhealthy"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [
    { since: 'monday' },
    'Invalid argument: "since" is neither a span nor a date; e.g. "24h", "7d" or "2026-03-01"',
  ],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('list_jobs', args)).toBe(text);
});

test.each<[Record<string, unknown>, string, unknown[]]>([
  [{ sort: 'id', order: 'asc', limit: 2 }, 'id', [1, 2]],
  [{ sort: 'method', limit: 3 }, 'method', ['app.upgrade', 'cloudsync.sync', 'cloudsync.sync']],
  [{ sort: 'method', limit: 3 }, 'id', [4, 10, 6]],
])('%j: %s is %j', async (args, key, values) => {
  const { data } = await bench.answer('list_jobs', args);
  expect(data.rows.map((row: Record<string, unknown>) => row[key])).toEqual(values);
});

test('what the text notes is in the data', async () => {
  const { text, data } = await runTool(refusing(bench.nas, 'system.info'), toolNamed('list_jobs'));
  expect(data.notes).toEqual([expect.stringContaining('the clock of the NAS could not be read')]);
  expect(text.split('\n')).toEqual(expect.arrayContaining(data.notes));
});

describe('a key without full administration', () => {
  const hours = (ago: number) => new Date(NOW_MS - ago * 3_600_000);
  const job = (id: number, method: string, more: Record<string, unknown> = {}) => ({
    id,
    method,
    arguments: [],
    state: 'FAILED',
    error: '[EFAULT] it broke',
    time_started: hours(2),
    time_finished: hours(1),
    ...more,
  });
  const me = (...roles: string[]) => ({ pw_name: 'monitor', privilege: { roles } });
  const clock = { timezone: 'UTC', datetime: new Date(NOW_MS) };
  const rowsIn = (reply: ReturnType<typeof queried>) => (reply.kind === 'result' ? reply.value : null);
  /** Filtered, ordered and selected as a NAS does. */
  const listed =
    (...rows: Record<string, unknown>[]) =>
    (params: readonly unknown[]) =>
      rowsIn(queried(rows, params));
  const nas = (answers: Record<string, unknown>) => ({
    'system.info': clock,
    'auth.me': me('READONLY_ADMIN'),
    'core.get_jobs': listed(),
    ...answers,
  });
  const asked = async (answers: Record<string, unknown>, args: Record<string, unknown> = {}) =>
    ask(nas(answers) as never, 'list_jobs', args);

  const sync = {
    id: 4,
    description: 'docs to the cloud',
    job: job(88, 'cloudsync.sync', { arguments: [4, { dry_run: false }] }),
  };
  const copy = {
    id: 2,
    name: 'cellar',
    job: job(90, 'replication.run', { arguments: [2], state: 'SUCCESS' }),
  };

  test('sees the last run of each task among its own jobs', async () => {
    const { text } = await asked({
      'core.get_jobs': listed(
        job(89, 'pool.scrub.scrub', { arguments: ['tank', 'START'], state: 'SUCCESS' }),
      ),
      'cloudsync.query': [sync],
      'replication.query': [copy],
    });
    expect(text).toMatchInlineSnapshot(`
      "3 jobs
      (without full administration a key sees its own jobs and the last run of each task)
      id  method            about                         state    progress  started            took  error
      90  replication.run   replication cellar            SUCCESS  -         2026-03-01 10:00Z  1 h   [EFAULT] it broke
      89  pool.scrub.scrub  tank, START                   SUCCESS  -         2026-03-01 10:00Z  1 h   [EFAULT] it broke
      88  cloudsync.sync    cloud sync docs to the cloud  FAILED   -         2026-03-01 10:00Z  1 h   [EFAULT] it broke"
    `);
  });

  test('sees them by state, method, time and page', async () => {
    const answers = { 'cloudsync.query': [sync], 'replication.query': [copy] };
    const idsOf = async (args: Record<string, unknown>) => {
      const { data } = await asked(answers, args);
      return data.rows.map(({ id }: { id: number }) => id);
    };
    expect(await idsOf({ states: ['FAILED'] })).toEqual([88]);
    expect(await idsOf({ method: 'repl*' })).toEqual([90]);
    expect(await idsOf({ method: 'SYNC' })).toEqual([88]);
    expect(await idsOf({ since: '90m' })).toEqual([]);
    expect(await idsOf({ until: '90m', since: '1d' })).toEqual([90, 88]);
    expect(await idsOf({ sort: 'method', limit: 1 })).toEqual([88]);
    const { data } = await asked(answers, { limit: 1 });
    expect(data).toMatchObject({ total: 2, shown: 1, next: expect.stringContaining('list_jobs') });
  });

  test('sees a run once that the NAS lists as well', async () => {
    const { data } = await asked({ 'core.get_jobs': listed(sync.job), 'cloudsync.query': [sync] });
    expect(data.total).toBe(1);
  });

  test('is told which last runs could not be read', async () => {
    const failure = new TrueNasError('call', {
      summary: 'no',
      nextStep: 'no',
      nasText: 'the pool is suspended',
    });
    const fails = () => {
      throw failure;
    };
    const { text } = await asked({
      'cloudsync.query': fails,
      'rsynctask.query': fails,
      'replication.query': [{ id: 1, name: 'cellar', job: 7 }],
    });
    expect(text).toContain(
      '(last runs of cloud sync, rsync tasks could not be read (the pool is suspended))',
    );
    expect(text).toContain('(the last run of replication cellar could not be read)');
  });

  test('is told what the list may lack; a full administrator is not', async () => {
    expect((await asked({})).text).toContain('without full administration');
    expect((await asked({ 'auth.me': me('READONLY_ADMIN', 'FULL_ADMIN') })).text).not.toContain('full admin');
    expect((await asked({ 'auth.me': { privilege: null } })).text).toContain(
      '(whether this key sees all jobs could not be read (answered in an unknown form))',
    );
  });

  test('periods are by the clock of the NAS, and a job that cannot be read is counted', async () => {
    const behind = 5 * 24;
    const { text, data } = await asked(
      {
        'system.info': { ...clock, datetime: hours(behind) },
        'core.get_jobs': (params: readonly unknown[]) =>
          params[0]?.toString() === ''
            ? [
                job(4, 'app.update', { time_started: hours(behind + 1) }),
                'odd',
                job(3, 'app.upgrade', { time_started: hours(behind + 40) }),
              ]
            : rowsIn(queried([job(4, 'app.update'), job(3, 'app.upgrade')], params)),
      },
      { since: '2h' },
    );
    expect(data.rows.map(({ id }: { id: number }) => id)).toEqual([4]);
    expect(text).toContain('CLOCK: the NAS is 5 d behind this machine');
    expect(text).toContain('(1 job could not be read)');
  });
});
