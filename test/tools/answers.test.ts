/** Whole answers, as a model reads them, on the default world of 25.10 at a fixed moment. */
import { expect, test } from 'vitest';
import { useTools } from '../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('system_overview', async () => {
  expect(await bench.ask('system_overview')).toMatchInlineSnapshot();
});

test('list_alerts', async () => {
  expect(await bench.ask('list_alerts', { level: 'WARNING' })).toMatchInlineSnapshot();
});

test('list_jobs', async () => {
  expect(await bench.ask('list_jobs', { limit: 5 })).toMatchInlineSnapshot();
});

test('list_jobs, failed', async () => {
  expect(await bench.ask('list_jobs', { states: ['FAILED'], since: '7d' })).toMatchInlineSnapshot();
});

test('list_services', async () => {
  expect(await bench.ask('list_services')).toMatchInlineSnapshot();
});

test('get_metrics of the processor', async () => {
  expect(await bench.ask('get_metrics', { metric: 'cpu' })).toMatchInlineSnapshot();
});

test('get_metrics of one disk over a day', async () => {
  expect(
    await bench.ask('get_metrics', { metric: 'disk', name: 'sda', range: '24h' }),
  ).toMatchInlineSnapshot();
});

test('list_pools', async () => {
  expect(await bench.ask('list_pools')).toMatchInlineSnapshot();
});

test('get_pool of the degraded one', async () => {
  expect(await bench.ask('get_pool', { pool: 'backup' })).toMatchInlineSnapshot();
});

test('list_datasets, the biggest three', async () => {
  expect(await bench.ask('list_datasets', { sort: 'used', limit: 3 })).toMatchInlineSnapshot();
});

test('list_datasets directly below one', async () => {
  expect(
    await bench.ask('list_datasets', {
      parent: '/mnt/tank/media',
      recursive: false,
      fields: ['used', 'mountpoint', 'ratio'],
    }),
  ).toMatchInlineSnapshot();
});

test('list_datasets by a pattern', async () => {
  expect(
    await bench.ask('list_datasets', { name: 'm*', pool: 'tank', fields: ['type'], limit: 4 }),
  ).toMatchInlineSnapshot();
});

test('get_dataset, an encrypted and locked one', async () => {
  expect(await bench.ask('get_dataset', { dataset: 'tank/vault' })).toMatchInlineSnapshot();
});

test('get_dataset, a zvol', async () => {
  expect(await bench.ask('get_dataset', { dataset: 'fast/vms/db01' })).toMatchInlineSnapshot();
});

test('list_snapshots', async () => {
  expect(await bench.ask('list_snapshots', { dataset: 'tank/home', limit: 3 })).toMatchInlineSnapshot();
});

test('list_snapshots, newest first, with space', async () => {
  expect(
    await bench.ask('list_snapshots', {
      dataset: 'tank/home',
      sort: 'created',
      fields: ['used', 'referenced'],
      limit: 3,
    }),
  ).toMatchInlineSnapshot();
});

test('list_disks of one pool', async () => {
  expect(await bench.ask('list_disks', { pool: 'backup' })).toMatchInlineSnapshot();
});

test('get_disk, the failing one', async () => {
  expect(await bench.ask('get_disk', { disk: 'sdi' })).toMatchInlineSnapshot();
});

test('list_shares', async () => {
  expect(await bench.ask('list_shares')).toMatchInlineSnapshot();
});

test('get_share over SMB', async () => {
  expect(await bench.ask('get_share', { share: 'media' })).toMatchInlineSnapshot();
});

test('get_share over NFS, by path', async () => {
  expect(await bench.ask('get_share', { share: '/mnt/tank/projects' })).toMatchInlineSnapshot();
});

test('get_share over iSCSI', async () => {
  expect(await bench.ask('get_share', { share: 'esx' })).toMatchInlineSnapshot();
});

test('get_share over NVMe-oF', async () => {
  expect(await bench.ask('get_share', { share: 'db', kind: 'nvmeof' })).toMatchInlineSnapshot();
});

test('the data of a list carries exact bytes, and the same rows', async () => {
  const { data } = await bench.answer('list_datasets', { parent: 'tank/finance' });
  expect(data).toMatchInlineSnapshot();
});
