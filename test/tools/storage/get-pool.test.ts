import { describe, expect, it, test } from 'vitest';
import type { ReadClient } from '../../../src/truenas/client.ts';
import type { WireValue } from '../../../src/truenas/index.ts';
import { askTool, NOW_MS, refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';
import { ask, leaf, nasWith, pool, vdev } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

test('a degraded pool, with the disk to replace', async () => {
  expect(await bench.ask('get_pool', { pool: 'backup' })).toMatchInlineSnapshot(`
    "pool backup: DEGRADED
    problem: One or more devices are faulted in response to persistent errors. Sufficient replicas exist for the pool to continue functioning in a degraded state.
    problem: last scrub found 12 errors
    raw space, parity included: 4.1 TiB of 7.2 TiB used (56 %), 3.2 TiB free
    available: 3.1 TiB
    fragmentation: 21 %
    autotrim: off
    scan: scrub 2026-02-23 17:13Z, 12 errors
    data:
      mirror-0 DEGRADED 0 read, 0 write, 39 checksum errors
        sdh ONLINE
        sdi FAULTED 247 read, 7 write, 39 checksum errors [WDC WD80EFZZ-68BTXN0, serial WD-CAEGPVP6]"
  `);
});

test('the boot pool, which list_disks names', async () => {
  expect(await bench.ask('get_pool', { pool: 'boot-pool' })).toMatchInlineSnapshot(`
    "pool boot-pool: ONLINE
    raw space, parity included: 11.1 GiB of 237 GiB used (5 %), 226 GiB free
    fragmentation: 0 %
    autotrim: off
    scan: scrub 2026-02-24 12:00Z, 0 errors
    data:
      mirror-0 ONLINE
        nvme0n1 ONLINE
        nvme1n1 ONLINE"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [{ pool: 'tnak' }, 'Invalid argument: "pool" names no pool: "tnak"; did you mean "tank"?'],
  [{ pool: 'zzzzzz' }, 'Invalid argument: "pool" names no pool: "zzzzzz"; there is backup, fast, tank'],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('get_pool', args)).toBe(text);
});

test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [
    { pool: 'backup' },
    {
      fragmentationPercent: 21,
      autotrim: 'off',
      vdevs: [{ class: 'data', name: 'mirror-0', status: 'DEGRADED', members: ['sdh', 'sdi'] }],
    },
  ],
])('%j gives as data what it says', async (args, facts) => {
  expect((await bench.answer('get_pool', args)).data).toMatchObject(facts);
});

test.each<[Record<string, unknown>, string, string[]]>([
  [
    { pool: 'backup' },
    'disk.query',
    [
      'pool backup: DEGRADED',
      'sdi FAULTED 247 read, 7 write, 39 checksum errors [WDC WD80EFZZ-68BTXN0, serial WD-CAEGPVP6]',
    ],
  ],
  [
    { pool: 'tank' },
    'pool.dataset.query',
    ['pool tank: ONLINE', 'available: could not be read (not allowed for this API key, role DATASET_READ)'],
  ],
])('%j stands without %s, and says what is missing', async (args, method, parts) => {
  const text = await askTool(refusing(bench.nas, method), 'get_pool', args);
  for (const part of parts) expect(text).toContain(part);
});

test('a disk in service with errors is named by disk.query, or said not to be', async () => {
  const failing = leaf('sdb', 'ONLINE', { stats: { read_errors: 3, write_errors: 0, checksum_errors: 9 } });
  const answers = {
    'pool.query': [pool({}, { data: [vdev('mirror-0', 'MIRROR', 'ONLINE', [leaf('sda'), failing])] })],
    'disk.query': [{ name: 'sdb', model: 'ST16', serial: 'ZL2B', pool: 'tank' }],
  };
  const line = 'sdb ONLINE 3 read, 0 write, 9 checksum errors';
  const { text } = await ask(answers, 'get_pool', { pool: 'tank' });
  expect(text).toContain(`${line} [ST16, serial ZL2B]`);
  const narrow = await runTool(refusing(nasWith(answers), 'disk.query'), toolNamed('get_pool'), {
    pool: 'tank',
  });
  expect(narrow.text).toContain(`${line}\n`);
  expect(narrow.text).toContain(
    'models and serials could not be read (not allowed for this API key, role DISK_READ)',
  );
});

test('a RAIDZ that takes in another disk says how far it is', async () => {
  const expand = { state: 'SCANNING', percentage: 42.4, total_secs_left: 10_900, waiting_for_resilver: 0 };
  const shown = async (more: Record<string, WireValue>) =>
    (await ask({ 'pool.query': [pool(more)] }, 'get_pool', { pool: 'tank' })).text;
  expect(await shown({ expand })).toContain('expansion of a RAIDZ: 42 %, 3 h left');
  expect(await shown({ expand: { ...expand, state: 'FINISHED' } })).not.toContain('expansion');
});

describe('for a view', () => {
  const withShelf = useTools({ release: '24.10' });
  const tool = toolNamed('get_pool');
  const drawn = (nas: ReadClient) => tool.run(nas, { pool: 'tank' }, { now: () => NOW_MS, showsViews: true });

  it('every disk comes with its serial, and its bay where the NAS tells it; for others nothing is asked besides', async () => {
    const { viewData } = await drawn(withShelf.nas);
    const disks = viewData?.['disks'] as { name: string; serial: string; slot: number | null }[];
    expect(disks.length).toBeGreaterThan(2);
    for (const disk of disks)
      expect(disk).toMatchObject({ serial: expect.stringMatching(/\w{6}/u) as string });
    expect(disks.filter(({ slot }) => slot !== null).length).toBeGreaterThan(2);
    expect(await tool.run(withShelf.nas, { pool: 'tank' }, { now: () => NOW_MS })).not.toHaveProperty(
      'viewData',
    );
  });

  it('an account that may not see disks is told so, and the rest stands', async () => {
    const { viewData, text } = await drawn(refusing(bench.nas, 'disk.query'));
    expect(viewData).toEqual({ disksUnread: expect.stringMatching(/\w/u) as string });
    expect(text).toContain('pool tank: ONLINE');
  });
});
