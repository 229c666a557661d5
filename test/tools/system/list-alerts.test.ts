import { expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('alerts of a level and worse', async () => {
  expect(await bench.ask('list_alerts', { level: 'WARNING' })).toMatchInlineSnapshot(`
    "5 alerts with level=WARNING
    (1 dismissed not shown)
    level     since              text
    CRITICAL  2026-02-28 22:00Z  Replication "projects to offsite" failed: connection to backup.example.org timed out
    CRITICAL  2026-02-27 09:00Z  Pool backup state is DEGRADED: One or more devices are faulted in response to persistent errors. The following devices are not healthy: Disk WDC WD80EFZZ-68BTXN0 WD-CAEGPVP6 is FAULTED
    WARNING   2026-03-01 01:00Z  Quota exceeded on dataset tank/home/carol. Used 92.5% of quota.
    WARNING   2026-02-28 06:00Z  Space usage for pool "fast" is 93%.
    WARNING   2026-02-26 12:00Z  184 uncorrectable errors reported for sdi (WD-CAEGPVP6)."
  `);
});

test.each<[Record<string, unknown>, string, unknown[]]>([
  [{ sort: 'since', limit: 2 }, 'level', ['INFO', 'WARNING']],
  [{ order: 'asc', limit: 3 }, 'level', ['INFO', 'INFO', 'NOTICE']],
])('%j: %s is %j', async (args, key, values) => {
  const { data } = await bench.answer('list_alerts', args);
  expect(data.rows.map((row: Record<string, unknown>) => row[key])).toEqual(values);
});

test('dismissed alerts are counted among those that were asked for', async () => {
  expect(await bench.ask('list_alerts', { level: 'CRITICAL' })).not.toContain('dismissed');
  expect(await bench.ask('list_alerts', { text: 'NTP' })).toBe(
    'No alerts with text=NTP.\n(1 dismissed not shown)',
  );
});

test('what the text notes is in the data', async () => {
  const { text, data } = await bench.answer('list_alerts', {});
  expect(data.notes).toEqual(['(1 dismissed not shown)']);
  expect(text.split('\n')).toEqual(expect.arrayContaining(data.notes));
});
