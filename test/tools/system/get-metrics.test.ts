import { describe, expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import { ask } from '../support/hand-made-nas.ts';
import { NOW_MS, useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('the processor', async () => {
  expect(await bench.ask('get_metrics', { metric: 'cpu' })).toMatchInlineSnapshot(`
    "cpu, 2026-03-01 12:00+01:00 to 2026-03-01 13:00+01:00 Europe/Berlin, a value each 2 s
    series  min     min at  mean    max     max at  last    means of 10 min each
    cpu     22.9 %  12:43   31.1 %  51.1 %  12:35   34.7 %  32.2 % | 34.5 % | 31.2 % | 34 % | 27.6 % | 27.3 %"
  `);
});

test('one disk over a day', async () => {
  expect(
    await bench.ask('get_metrics', { metric: 'disk', name: 'sda', range: '24h' }),
  ).toMatchInlineSnapshot(`
    "disk, 2026-02-28 13:00+01:00 to 2026-03-01 13:00+01:00 Europe/Berlin, a value each 29 s
    series      min         min at  mean       max         max at  last        means of 4 h each
    sda reads   95.9 KiB/s  11:52   8.1 MiB/s  32.8 MiB/s  10:48   10.7 MiB/s  8.8 MiB/s | 10 MiB/s | 8.5 MiB/s | 6.3 MiB/s | 6.1 MiB/s | 8.8 MiB/s
    sda writes  3.9 KiB/s   09:40   5.7 MiB/s  24.7 MiB/s  22:51   1.4 MiB/s   6.2 MiB/s | 7 MiB/s | 6.1 MiB/s | 4.3 MiB/s | 4.1 MiB/s | 6.8 MiB/s"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [
    { metric: 'disk', name: 'sdaa' },
    'Invalid argument: "name" names nothing that is measured: "sdaa"; did you mean "sda"?',
  ],
  [
    { metric: 'cpu', name: 'sda' },
    'Invalid argument: "name" is only for disk, network, disk_temperature and pool; leave it out',
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

test('series that are not shown are no worse than those that are, in text and data', async () => {
  const { text, data } = await bench.answer('get_metrics', { metric: 'disk' });
  expect(data.series).toHaveLength(12);
  const [rest] = data.notes;
  expect(rest).toMatch(/^\(\d+ more series, at most [\d.]+ [KM]iB\/s: [\w, ]+\)$/u);
  expect(text.split('\n')).toContain(rest);
});

test('several disks by name, path and serial number', async () => {
  const disks = (await bench.nas.call('disk.query', [])) as { name: string; serial: string }[];
  const disk = disks.find(({ name }) => name === 'sdc');
  const { data } = await bench.answer('get_metrics', {
    metric: 'disk_temperature',
    name: ['SDA', '/dev/sdb', disk?.serial],
  });
  expect(data.series.map(({ name }: { name: string }) => name).toSorted()).toEqual(['sda', 'sdb', 'sdc']);
});

test('load average is three series, named by their span', async () => {
  const { data } = await bench.answer('get_metrics', { metric: 'load' });
  expect(data.series.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    'over 1 min',
    'over 15 min',
    'over 5 min',
  ]);
});

test('pool usage over time is not measured by this release, and the answer says where it is now', async () => {
  expect(await bench.ask('get_metrics', { metric: 'pool' })).toBe(
    'Invalid argument: "metric" "pool" is not measured over time by this NAS; list_pools shows what is used now',
  );
});

describe('graphs written by hand', () => {
  const seconds = NOW_MS / 1000;
  /** A value each ten minutes of the last hour. */
  const points = (...values: unknown[]) =>
    values.map((value, index) => [seconds - (values.length - 1 - index) * 600, value]);
  const graph = (...values: unknown[]) => [
    { name: 'disktemp', identifier: 'x', legend: ['time', 'temperature_value'], data: points(...values) },
  ];
  const listed = (...identifiers: unknown[]) => [{ name: 'disktemp', identifiers }];
  const of = (
    answers: Readonly<Record<string, unknown>>,
    list: unknown = listed(...Object.keys(answers)),
  ) => ({
    'system.info': { timezone: 'Europe/Berlin', datetime: new Date(NOW_MS) },
    'reporting.netdata_graphs': list,
    'reporting.netdata_get_data': (params: readonly unknown[]) => {
      const [[{ identifier }]] = params as [[{ identifier: string }]];
      const answer = answers[identifier];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const askFor = async (answers: ReturnType<typeof of>, args: Record<string, unknown> = {}) =>
    ask(answers as never, 'get_metrics', { metric: 'disk_temperature', ...args });

  test('the worst comes first, with the moment of its maximum by the clock on the wall', async () => {
    const { text } = await askFor(
      of({ sda: graph(30, 31, 30, 30, 30, 30), sdb: graph(40, 40, 61, 44, 43, 42) }),
    );
    expect(text).toMatchInlineSnapshot(`
      "disk_temperature, 2026-03-01 12:00+01:00 to 2026-03-01 13:00+01:00 Europe/Berlin, a value each 10 min
      series  min    min at  mean   max    max at  last   means of 10 min each
      sdb     40 °C  12:10   45 °C  61 °C  12:30   42 °C  - | 40 °C | 40 °C | 61 °C | 44 °C | 43 °C
      sda     30 °C  12:10   30 °C  31 °C  12:20   30 °C  - | 30 °C | 31 °C | 30 °C | 30 °C | 30 °C"
    `);
  });

  test('one that fails, one in another form and odd values are said, and the rest stands', async () => {
    const failure = new TrueNasError('call', {
      summary: 'no',
      nextStep: 'no',
      nasText: 'No chart data for sdb',
    });
    const { text } = await askFor(
      of({
        sda: graph(30, '31 C', 30, null, true, 0),
        sdb: failure,
        sdc: [{ name: 'disktemp', data: 'odd', legend: ['time'] }],
        sdd: [],
        sde: 'odd',
      }),
    );
    expect(text).toMatchInlineSnapshot(`
      "disk_temperature, 2026-03-01 12:00+01:00 to 2026-03-01 13:00+01:00 Europe/Berlin, a value each 10 min
      series  min    min at  mean   max    max at  last   means of 10 min each
      sda     30 °C  12:10   30 °C  30 °C  12:10   30 °C  - | 30 °C | - | 30 °C | - | -
      2 values could not be read: sda
      could not be read (No chart data for sdb): sdb
      could not be read (answered in an unknown form): sdc, sde
      not measured in this period: sdd
      (measured until 12:30 only)"
    `);
  });

  test('names that cannot be read are said, and a name that is not found may be one of them', async () => {
    const answers = of({ sda: graph(30, 30) }, listed('sda', 7, null));
    expect((await askFor(answers)).text).toContain('2 names of what is measured could not be read');
    await expect(askFor(answers, { name: ['sdb'] })).rejects.toThrow(
      'names nothing that is measured: "sdb" (2 names of what is measured could not be read)',
    );
    const { text } = await askFor(of({}, [{ name: 'disktemp' }]));
    expect(text).toContain('the names of what is measured could not be read');
    expect(text).not.toContain('No measurements');
  });

  test('a trend has no more parts than the NAS has values, and the step is its own', async () => {
    const { text, data } = await askFor(of({ sda: graph(30, 32, 34) }), { range: '20m' });
    expect(text).toContain('a value each 10 min');
    expect(text).toContain('means of 10 min each');
    expect(data).toMatchObject({ trendSeconds: 600, series: [{ trend: [30, 33] }] });
  });

  test('a range that was not measured whole says from when on it was', async () => {
    const { text } = await askFor(of({ sda: graph(30, 30, 30) }), { range: '7d' });
    expect(text).toContain('(measured from 03-01 12:40 only)');
    expect(text).toContain('means of 1 d 4 h each');
  });

  test('a release with a graph of pools is asked for it, in the unit that it names', async () => {
    const pool = [
      { name: 'x', identifier: 'tank', legend: ['time', 'used'], data: points(2 ** 40, 2 ** 41) },
    ];
    const { data, text } = await askFor(
      of({ tank: pool }, [
        { name: 'cpu', identifiers: null, vertical_label: '%CPU' },
        { name: 'poolusage', identifiers: ['tank'], vertical_label: 'Bytes' },
      ]),
      { metric: 'pool' },
    );
    expect(data).toMatchObject({ unit: 'bytes', series: [{ name: 'tank used', max: 2199000000000 }] });
    expect(text).toContain('2 TiB');
  });

  test('without a clock times are UTC, and that is said', async () => {
    const { text } = await askFor({
      ...of({ sda: graph(30, 30) }),
      'system.info': { timezone: 'Mars/Base' } as never,
    });
    expect(text).toContain('2026-03-01 11:00Z to 2026-03-01 12:00Z');
    expect(text).toContain('(the time zone of the NAS is not known: times are UTC)');
    expect(text).toContain('(the clock of the NAS could not be read; ages are by the clock of this machine)');
  });

  test('when all fail the failure is the answer', async () => {
    const failure = new TrueNasError('call', { summary: 'It failed.', nextStep: 'Ask again.' });
    await expect(askFor(of({ sda: failure, sdb: failure }))).rejects.toThrow(failure);
  });
});
