/** Some clients show their model the structured content alone: what the text says must be in it too. */
import { expect, test } from 'vitest';
import { refusing, runTool, toolNamed, useTools } from '../support/tools.ts';

const bench = useTools();

test.each<[string, Record<string, unknown>, string]>([
  ['list_alerts', {}, '(1 dismissed not shown)'],
  ['list_pools', {}, '(size, used and free are raw, parity included; available is usable)'],
  ['list_jobs', {}, '(those that this key may see: without full administration only its own)'],
])('the notes of %s are in its data', async (name, args, note) => {
  const { text, data } = await bench.answer(name, args);
  expect(text.split('\n')).toContain(note);
  expect(data.notes).toEqual([note]);
});

test('shares that could not be read are named in the data', async () => {
  const nas = refusing(bench.nas, 'sharing.nfs.query', 'service.query');
  const { data } = await runTool(nas, toolNamed('list_shares'));
  expect(data.notes).toEqual([
    'NOT READ, so not listed: NFS (not allowed for this API key, role SHARING_NFS_READ)',
    'whether the services run could not be read (not allowed for this API key, role SERVICE_READ)',
  ]);
});

test('a list without notes has none in its data', async () => {
  expect(await bench.answer('list_services')).not.toHaveProperty('data.notes');
});

test('the overview says in its data what was seen, and its numbers are whole', async () => {
  const { data } = await bench.answer('system_overview');
  expect(data.seen).toContain('3 pools');
  expect(Number.isInteger(data.uptimeSeconds)).toBe(true);
});

test('how full a pool is has a key that reads well', async () => {
  const { data } = await bench.answer('list_pools', { name: 'fast', fields: ['used%', 'frag'] });
  expect(data.rows).toEqual([{ name: 'fast', usedPercent: 93.9, fragPercent: 53 }]);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  [
    'get_pool',
    { pool: 'backup' },
    {
      fragmentationPercent: 21,
      autotrim: 'off',
      vdevs: [{ class: 'data', name: 'mirror-0', status: 'DEGRADED', members: ['sdh', 'sdi'] }],
    },
  ],
  ['get_disk', { disk: 'sdi' }, { bus: 'ATA', rpm: 5640, standby: 'ALWAYS ON' }],
  [
    'get_dataset',
    { dataset: 'tank/vault/contracts' },
    {
      comments: 'Locked: the passphrase is with the notary',
      encryption: 'LOCKED, AES-256-GCM, key passphrase, root tank/vault',
    },
  ],
  [
    'get_job',
    { id: 5 },
    { progress: '0 % Connecting to backup.example.org', took: '2 min', errorType: 'CallError' },
  ],
])('%s %j gives as data what it says', async (name, args, facts) => {
  expect((await bench.answer(name, args)).data).toMatchObject(facts);
});

test('what compression saved is no setting of a dataset, and told apart from them', async () => {
  const { text, data } = await bench.answer('get_dataset', { dataset: 'tank/home/carol' });
  expect(text).toContain('\ncompressratio: 1.22x\nsettings: compression lz4 (i), recordsize');
  expect(data.compressratio).toBe('1.22x');
});

test('metrics that were left out are named in the data', async () => {
  const { data } = await bench.answer('get_metrics', { metric: 'disk' });
  expect(data.notes).toEqual([expect.stringMatching(/^\(\d+ more, ask with name: /u)]);
});
