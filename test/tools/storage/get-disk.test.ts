import { expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import { askTool, refusing, useTools } from '../../support/tools.ts';
import { detail, unusedDisk } from '../support/disk-rows.ts';
import { ask, leaf, pool, vdev } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

const failing = () => {
  throw new TrueNasError('timeout', { summary: 'disk.details: no answer', nextStep: '-' });
};

test('a failing disk', async () => {
  expect(await bench.ask('get_disk', { disk: 'sdi' })).toMatchInlineSnapshot(`
    "disk sdi: FAULTED
    model: WDC WD80EFZZ-68BTXN0
    serial: WD-CAEGPVP6
    size: 7.3 TiB = 8 TB (8001563222016 bytes)
    type: HDD, ATA, 5640 rpm
    pool: backup (data vdev mirror-0)
    errors: 247 read, 7 write, 39 checksum errors
    redundancy: mirror-0 survives NO further failed disk
    replacement: at least as large as this one, as the smallest of mirror-0; free and large enough: sdn (16 TB (16000900661248 bytes), HDD)
    temperature: 58 °C now, 50 °C to 59 °C in 7 d
    standby: ALWAYS ON
    slot: the NAS does not tell
    lunid: 5000c500b4c67372"
  `);
});

test('a boot disk', async () => {
  expect(await bench.ask('get_disk', { disk: 'nvme0n1' })).toMatchInlineSnapshot(`
    "disk nvme0n1: ONLINE
    model: KINGSTON OM8SEP4256Q
    serial: UH3TTJRK91M5LE34
    size: 238 GiB = 256 GB (256060514304 bytes)
    type: SSD, NVME
    pool: boot-pool (data vdev mirror-0)
    errors: none
    redundancy: mirror-0 survives 1 more failed disk
    replacement: at least as large as this one, as the smallest of mirror-0
    temperature: 49 °C now, 41 °C to 50 °C in 7 d
    standby: ALWAYS ON
    slot: the NAS does not tell"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [{ disk: 'sdii' }, 'Invalid argument: "disk" names no disk: "sdii"; did you mean "sdi"?'],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('get_disk', args)).toBe(text);
});

test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [{ disk: 'sdi' }, { bus: 'ATA', rpm: 5640, standby: 'ALWAYS ON' }],
])('%j gives as data what it says', async (args, facts) => {
  expect((await bench.answer('get_disk', args)).data).toMatchObject(facts);
});

test.each<[Record<string, unknown>, string, string[]]>([
  [
    { disk: 'sdi' },
    'pool.query',
    ['pool: backup\n', 'errors: could not be read (not allowed for this API key, role POOL_READ)'],
  ],
])('%j stands without %s, and says what is missing', async (args, method, parts) => {
  const text = await askTool(refusing(bench.nas, method), 'get_disk', args);
  for (const part of parts) expect(text).toContain(part);
});

test('get_disk does not say "none" when nobody knows', async () => {
  const { text } = await ask({ 'disk.query': [unusedDisk('sda')], 'disk.details': failing }, 'get_disk', {
    disk: 'sda',
  });
  expect(text).not.toMatch(/pool:? +none$/mu);
});

test('an empty name is refused, also when disks have no serial number', async () => {
  const disks = [{ ...unusedDisk('sda'), serial: '' }];
  await expect(ask({ 'disk.query': disks }, 'get_disk', { disk: ' ' })).rejects.toThrow('disk: is empty');
});

test('a serial number that two disks have names both, and picks neither', async () => {
  const disks = [
    { ...unusedDisk('sdo'), serial: 'SAME', pool: 'tank' },
    { ...unusedDisk('sdp'), serial: 'SAME' },
  ];
  await expect(ask({ 'disk.query': disks }, 'get_disk', { disk: 'SAME' })).rejects.toThrow(
    'disk: is the serial number of 2 disks: sdo (pool tank), sdp (no pool)',
  );
  const { text } = await ask({ 'disk.query': disks }, 'get_disk', { disk: 'sdp' });
  expect(text).toContain('same serial: sdo (pool tank): one disk seen twice, or two that tell one serial');
});

const tank = pool({}, { data: [vdev('mirror-0', 'MIRROR', 'ONLINE', [leaf('sda'), leaf('sdb')])] });

test.each([
  ['the topology', { 'pool.query': [tank] }, 'tank by its topology'],
  [
    'disk.details',
    { 'disk.details': { used: [detail('sdb', { imported_zpool: 'tank' })], unused: [] } },
    'tank by disk.details',
  ],
])('a disk without a pool that %s has in one is not free', async (_, more, text) => {
  const answers = { 'disk.query': [unusedDisk('sdb')], 'disk.details': { used: [], unused: [] }, ...more };
  expect((await ask(answers, 'get_disk', { disk: 'sdb' })).text).toContain(
    `pool: ${text}, though disk.query names no pool: NOT FREE`,
  );
});

test('the layout of the pools is unknown: nobody says that the disk is free', async () => {
  const answers = {
    'disk.query': [unusedDisk('sdb')],
    'disk.details': { used: [], unused: [] },
    'pool.query': failing,
  };
  expect((await ask(answers, 'get_disk', { disk: 'sdb' })).text).toContain(
    'pool: none by disk.query; the layout of the pools could not be read',
  );
});

test('a pool whose layout does not name the disk is said to be so', async () => {
  const answers = { 'disk.query': [{ ...unusedDisk('sdx'), pool: 'tank' }], 'pool.query': [tank] };
  expect((await ask(answers, 'get_disk', { disk: 'sdx' })).text).toContain(
    'pool: tank, whose layout does not name this disk',
  );
});

test('a disk that fails: a free one of the same size fits, one that is claimed or a label of which nobody could read does not', async () => {
  const failed = pool(
    {},
    { data: [vdev('mirror-0', 'MIRROR', 'DEGRADED', [leaf('sda'), leaf('sdb', 'FAULTED')])] },
  );
  const disks = [
    { ...unusedDisk('sdb'), pool: 'tank', size: 4e12 },
    { ...unusedDisk('sdc'), size: 4e12 },
    { ...unusedDisk('sdd'), size: 4e12 },
  ];
  const details = { used: [detail('sdc', { exported_zpool: 'old' })], unused: [detail('sdd')] };
  const answers = { 'disk.query': disks, 'pool.query': [failed], 'disk.details': details };
  const { text } = await ask(answers, 'get_disk', { disk: 'sdb' });
  expect(text).toContain(
    'replacement: at least as large as this one, as the smallest of mirror-0; free and large enough: sdd (4 TB (4000000000000 bytes), HDD)\n',
  );
  expect(text).toContain('redundancy: mirror-0 survives NO further failed disk');
  const unread = await ask({ ...answers, 'disk.details': failing }, 'get_disk', { disk: 'sdb' });
  expect(unread.text).toContain('which free disk fits could not be read');
});

test('a spare is not said to have lost disks, or to need a replacement', async () => {
  const row = pool({}, { data: [leaf('sda')], spare: [leaf('sdx', 'AVAIL')] });
  const answers = { 'disk.query': [{ ...unusedDisk('sdx'), pool: 'tank' }], 'pool.query': [row] };
  const { text } = await ask(answers, 'get_disk', { disk: 'sdx' });
  expect(text).toContain('pool: tank (spare vdev sdx)');
  expect(text).not.toMatch(/redundancy|replacement/u);
});
