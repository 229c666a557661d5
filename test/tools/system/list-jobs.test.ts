import { expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('jobs, newest first', async () => {
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

test('jobs that failed lately', async () => {
  expect(await bench.ask('list_jobs', { states: ['FAILED'], since: '7d' })).toMatchInlineSnapshot(`
    "2 jobs
    (those that this key may see: without full administration only its own)
    id  method           state   progress                                           started            took   error
    5   replication.run  FAILED  0 % Connecting to backup.example.org               2026-02-28 22:00Z  2 min  [ETIMEDOUT] connection to backup.example.org timed out
    4   app.upgrade      FAILED  40 % Upgrading 'nextcloud' app to '2.0.4' version  2026-02-28 10:00Z  3 min  [EFAULT] Failed 'up' action for 'nextcloud' app: container nextcloud-redis is unhealthy"
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
  const { text, data } = await bench.answer('list_jobs', {});
  expect(data.notes).toEqual(['(those that this key may see: without full administration only its own)']);
  expect(text.split('\n')).toEqual(expect.arrayContaining(data.notes));
});
