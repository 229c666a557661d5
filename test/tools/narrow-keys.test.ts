/** What a key with few roles gets: what it may read, and by name what it may not. */
import { expect, test } from 'vitest';
import { READ_TOOLS } from '../support/registry.ts';
import { askTool, refusing, useTools } from '../support/tools.ts';

const bench = useTools();

test.each<[string, Record<string, unknown>, string, string[]]>([
  [
    'get_pool',
    { pool: 'backup' },
    'disk.query',
    [
      'pool backup: DEGRADED',
      'sdi FAULTED 247 read, 7 write, 39 checksum errors [WDC WD80EFZZ-68BTXN0, serial WD-CAEGPVP6]',
    ],
  ],
  [
    'get_pool',
    { pool: 'tank' },
    'pool.dataset.query',
    ['pool tank: ONLINE', 'available: could not be read (not allowed for this API key, role DATASET_READ)'],
  ],
  [
    'list_pools',
    {},
    'pool.dataset.query',
    ['3 pools', 'available could not be read (not allowed for this API key, role DATASET_READ)'],
  ],
  [
    'get_dataset',
    { dataset: 'tank/home' },
    'pool.snapshot.query',
    [
      'space: used 1.8 TiB',
      'snapshots: could not be read (not allowed for this API key, role SNAPSHOT_READ)',
    ],
  ],
  [
    'get_dataset',
    { dataset: 'tank/hom' },
    'pool.snapshot.query',
    ['"dataset" names no dataset: "tank/hom"; did you mean "tank/home"?'],
  ],
  [
    'get_disk',
    { disk: 'sdi' },
    'pool.query',
    ['pool: backup\n', 'errors: could not be read (not allowed for this API key, role POOL_READ)'],
  ],
  [
    'get_share',
    { share: 'media' },
    'service.query',
    ['path: /mnt/tank/media', 'service: could not be read (not allowed for this API key, role SERVICE_READ)'],
  ],
  [
    'list_shares',
    { kind: 'smb' },
    'service.query',
    [
      '6 shares',
      'whether the services run could not be read (not allowed for this API key, role SERVICE_READ)',
    ],
  ],
])('%s %j without %s', async (name, args, method, parts) => {
  const text = await askTool(refusing(bench.nas, method), name, args);
  for (const part of parts) expect(text).toContain(part);
});

const DECLARED = READ_TOOLS.flatMap(({ name, examples: [{ args }], mayLack = [] }) =>
  mayLack.flatMap((lack) => (lack.field === undefined ? [[name, args, lack.method] as const] : [])),
);

test.each(DECLARED)(
  '%s %j declares that it stands without %s, and says what is missing',
  async (name, args, method) => {
    const text = await askTool(refusing(bench.nas, method), name, args);
    expect(text).toContain('not allowed for this API key');
    expect(text).not.toContain('Not authorized');
  },
);
