import { expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import { askTool, refusing, useTools } from '../../support/tools.ts';
import { unusedDisk } from '../support/disk-rows.ts';
import { ask } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

const failing = () => {
  throw new TrueNasError('timeout', { summary: 'disk.details: no answer', nextStep: '-' });
};

test('a failing disk', async () => {
  expect(await bench.ask('get_disk', { disk: 'sdi' })).toMatchInlineSnapshot(`
    "disk sdi: FAULTED
    model: WDC WD80EFZZ-68BTXN0
    serial: WD-CAEGPVP6
    size: 7.3 TiB
    type: HDD, ATA, 5640 rpm
    pool: backup (data vdev mirror-0)
    errors: 247 read, 7 write, 39 checksum errors
    temperature: 58 °C now, 50 °C to 59 °C in 7 d
    standby: ALWAYS ON
    lunid: 5000c500b4c67372"
  `);
});

test('a boot disk', async () => {
  expect(await bench.ask('get_disk', { disk: 'nvme0n1' })).toMatchInlineSnapshot(`
    "disk nvme0n1: ONLINE
    model: KINGSTON OM8SEP4256Q
    serial: UH3TTJRK91M5LE34
    size: 238 GiB
    type: SSD, NVME
    pool: boot-pool (data vdev mirror-0)
    errors: none
    temperature: 49 °C now, 41 °C to 50 °C in 7 d
    standby: ALWAYS ON"
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
