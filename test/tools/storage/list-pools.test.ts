import { expect, test } from 'vitest';
import { askTool, refusing, useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('pools, with what is wrong', async () => {
  expect(await bench.ask('list_pools')).toMatchInlineSnapshot(`
    "3 pools
    (size, used and free are raw, parity included; available is usable)
    name    status    size      used      used%  available  scan                                problem
    backup  DEGRADED  7.2 TiB   4.1 TiB   56 %   3.1 TiB    scrub 2026-02-23 17:13Z, 12 errors  One or more devices are faulted in response to persistent errors. Sufficient replicas exist for the pool to continue...
    fast    ONLINE    7.2 TiB   6.8 TiB   94 %   436 GiB    scrub 41 %                          -
    tank    ONLINE    86.7 TiB  35.5 TiB  41 %   33.1 TiB   scrub 2026-02-26 18:42Z, 0 errors   -"
  `);
});

test.each<[Record<string, unknown>, string, unknown[]]>([
  [{ sort: 'used%' }, 'name', ['fast', 'backup', 'tank']],
])('%j: %s is %j', async (args, key, values) => {
  const { data } = await bench.answer('list_pools', args);
  expect(data.rows.map((row: Record<string, unknown>) => row[key])).toEqual(values);
});

test('what the text notes is in the data', async () => {
  const { text, data } = await bench.answer('list_pools', {});
  expect(data.notes).toEqual(['(size, used and free are raw, parity included; available is usable)']);
  expect(text.split('\n')).toEqual(expect.arrayContaining(data.notes));
});

test('how full a pool is has a key that reads well', async () => {
  const { data } = await bench.answer('list_pools', { name: 'fast', fields: ['used%', 'frag'] });
  expect(data.rows).toEqual([{ name: 'fast', usedPercent: 93.9, fragPercent: 53 }]);
});

test.each<[Record<string, unknown>, string, string[]]>([
  [
    {},
    'pool.dataset.query',
    ['3 pools', 'available could not be read (not allowed for this API key, role DATASET_READ)'],
  ],
])('%j stands without %s, and says what is missing', async (args, method, parts) => {
  const text = await askTool(refusing(bench.nas, method), 'list_pools', args);
  for (const part of parts) expect(text).toContain(part);
});
