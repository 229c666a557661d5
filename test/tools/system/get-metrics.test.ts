import { expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('the processor', async () => {
  expect(await bench.ask('get_metrics', { metric: 'cpu' })).toMatchInlineSnapshot(`
    "cpu, 2026-03-01 11:00Z to 2026-03-01 12:00Z
    series  min     mean    max     last    means of 10 min each
    cpu     22.9 %  31.1 %  51.1 %  34.7 %  32.2 % | 34.5 % | 31.2 % | 34 % | 27.6 % | 27.3 %"
  `);
});

test('one disk over a day', async () => {
  expect(
    await bench.ask('get_metrics', { metric: 'disk', name: 'sda', range: '24h' }),
  ).toMatchInlineSnapshot(`
    "disk, 2026-02-28 12:00Z to 2026-03-01 12:00Z
    series      min         mean       max         last        means of 4 h each
    sda reads   95.9 KiB/s  8.1 MiB/s  32.8 MiB/s  10.7 MiB/s  8.8 MiB/s | 10 MiB/s | 8.5 MiB/s | 6.3 MiB/s | 6.1 MiB/s | 8.8 MiB/s
    sda writes  3.9 KiB/s   5.7 MiB/s  24.7 MiB/s  1.4 MiB/s   6.2 MiB/s | 7 MiB/s | 6.1 MiB/s | 4.3 MiB/s | 4.1 MiB/s | 6.8 MiB/s"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [
    { metric: 'disk', name: 'sdaa' },
    'Invalid argument: "name" names nothing that is measured: "sdaa"; did you mean "sda"?',
  ],
  [
    { metric: 'cpu', name: 'sda' },
    'Invalid argument: "name" is only for disk, network and disk_temperature; leave it out',
  ],
  [
    { metric: 'cpu', range: 'soon' },
    'Invalid argument: "range" is not a span of at least a minute; e.g. "1h", "24h" or "7d"',
  ],
  [
    { metric: 'cpu', range: '1h', from: '2h' },
    'Invalid argument: "range" and from exclude each other; give one of them',
  ],
  [
    { metric: 'cpu', from: '1h', to: '2h' },
    'Invalid argument: "from" must be at least a minute before to; e.g. from "2026-03-01T00:00Z" to "2026-03-02T00:00Z"',
  ],
  [
    { metric: 'cpu', from: '2030-01-01', to: '2030-01-02' },
    'Invalid argument: "from" is not in the past; e.g. "2h" for two hours ago',
  ],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('get_metrics', args)).toBe(text);
});

test('metrics that were left out are named in the data', async () => {
  const { data } = await bench.answer('get_metrics', { metric: 'disk' });
  expect(data.notes).toEqual([expect.stringMatching(/^\(\d+ more, ask with name: /u)]);
});
