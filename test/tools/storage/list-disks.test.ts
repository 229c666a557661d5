import { expect, test } from 'vitest';
import { runTool, toolNamed, useTools } from '../../support/tools.ts';
import { detail, unusedDisk } from '../support/disk-rows.ts';
import { ask, leaf, pool } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

test('the disks of one pool', async () => {
  expect(await bench.ask('list_disks', { pool: 'backup' })).toMatchInlineSnapshot(`
    "2 disks with pool=backup
    name  size     type  model                 serial       pool    temp
    sdh   7.3 TiB  HDD   WDC WD80EFZZ-68BTXN0  WD-CA93RU83  backup  39 °C
    sdi   7.3 TiB  HDD   WDC WD80EFZZ-68BTXN0  WD-CAEGPVP6  backup  58 °C"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [
    { pool: 'bot-pool' },
    'Invalid argument: "pool" names no pool with disks: "bot-pool"; did you mean "boot-pool"?',
  ],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('list_disks', args)).toBe(text);
});

test.each<[Record<string, unknown>, string]>([
  [{ pool: 'tank', unused: true }, 'No disks with pool=tank, unused=true.'],
])('%j is empty, as what it is narrowed to exists', async (args, text) => {
  expect(await bench.ask('list_disks', args)).toBe(text);
});

test.each<[Record<string, unknown>, string]>([
  [{ pool: '/mnt/backup' }, '2 disks with pool=/mnt/backup'],
  [{ name: '/dev/sda' }, '1 disk with name=/dev/sda'],
])('%j takes the name as people write it', async (args, heading) => {
  expect((await bench.ask('list_disks', args)).split('\n')[0]).toBe(heading);
});

test.each<[Record<string, unknown>, string, unknown[]]>([
  [{ sort: 'temp', limit: 1 }, 'name', ['sdi']],
  [{ sort: 'temp', order: 'asc', type: 'HDD', limit: 1 }, 'type', ['HDD']],
])('%j: %s is %j', async (args, key, values) => {
  const { data } = await bench.answer('list_disks', args);
  expect(data.rows.map((row: Record<string, unknown>) => row[key])).toEqual(values);
});

test('a disk without a temperature comes last, whichever way they are sorted', async () => {
  const nas = {
    ...bench.nas,
    call: async (...[method, params, options]: Parameters<typeof bench.nas.call>) =>
      method === 'disk.temperatures' ? { sdb: 30, sdc: 40 } : bench.nas.call(method, params, options),
  };
  for (const [order, names] of [
    ['asc', ['sdb', 'sdc', 'nvme0n1']],
    ['desc', ['sdc', 'sdb', 'nvme0n1']],
  ]) {
    const { data } = await runTool(nas, toolNamed('list_disks'), { sort: 'temp', order, limit: 3 });
    expect(data.rows.map((row: { name: string }) => row.name)).toEqual(names);
  }
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

/** A NAS with these disks, none of which `disk.query` names a pool for; it filters by name as the middleware does. */
const disksNamed =
  (...names: string[]) =>
  (params: readonly unknown[]) => {
    const [filters, options] = params as [[string, string, unknown][], { count?: boolean }];
    const shown = names.filter((name) =>
      filters.every(([key, operator, operand]) => {
        if (key !== 'name' || !Array.isArray(operand)) return true;
        return operand.includes(name) === (operator === 'in');
      }),
    );
    return options.count ? shown.length : shown.map(unusedDisk);
  };

test('unused: a disk that its topology or its label has in a pool is left out, and said to be', async () => {
  const { text, data } = await ask(
    {
      'disk.query': disksNamed('sda', 'sdb', 'sdc'),
      'disk.details': { used: [detail('sdb', { imported_zpool: 'tank' })], unused: [] },
      'pool.query': [pool({}, { data: [leaf('sda')] })],
    },
    'list_disks',
    { unused: true },
  );
  expect(text).toMatch(/^1 disk with unused=true$/mu);
  expect(data).toMatchObject({ rows: [{ name: 'sdc' }] });
  expect(text).toContain(
    'NOT FREE, and left out: sda (pool tank by its topology), sdb (pool tank by disk.details)',
  );
});

test('unused: a second path to a disk of a pool is left out, and said to be', async () => {
  const { text } = await ask(
    {
      'disk.query': disksNamed('sda'),
      'disk.details': {
        used: [detail('sdab', { imported_zpool: 'tank', duplicate_serial: ['sda'] })],
        unused: [detail('sda', { duplicate_serial: ['sdab'] })],
      },
    },
    'list_disks',
    { unused: true },
  );
  expect(text).toContain('No disks');
  expect(text).toContain(
    'sda (has the serial of sdab in pool tank: one disk seen twice, or two that tell one serial)',
  );
});

test('unused: without the layout of the pools, nobody says that these are free', async () => {
  const { text } = await ask(
    { 'disk.query': disksNamed('sda'), 'disk.details': { used: [], unused: [] }, 'pool.query': () => null },
    'list_disks',
    { unused: true },
  );
  expect(text).toContain(
    'the layout of the pools could not be read (answered in an unknown form): a member may be among these',
  );
});
