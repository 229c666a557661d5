import { expect, test } from 'vitest';
import { askTool, refusing, useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('an encrypted and locked dataset', async () => {
  expect(await bench.ask('get_dataset', { dataset: 'tank/vault' })).toMatchInlineSnapshot(`
    "dataset tank/vault
    comments: Locked: the passphrase is with the notary
    space: used 176 GiB, available 33.1 TiB, usedbydataset 113 GiB, usedbysnapshots 13.6 GiB, usedbychildren 49.1 GiB
    compressratio: 1.39x
    settings: compression lz4 (i), recordsize 128k (d), sync standard (d), atime off (i), readonly off (d), deduplication off (d), checksum on (d), copies 1 (d), acltype posix (d), aclmode discard (d), casesensitivity sensitive (d), snapdir hidden (d), exec on (d)
    encryption: LOCKED, AES-256-GCM, key passphrase, root tank/vault
    mountpoint: /mnt/tank/vault
    created: 2024-03-18 12:00Z
    snapshots: 14
    (i) inherited, (d) default; other settings are set here"
  `);
});

test('a zvol', async () => {
  expect(await bench.ask('get_dataset', { dataset: 'fast/vms/db01' })).toMatchInlineSnapshot(`
    "zvol fast/vms/db01
    comments: Disks of virtual machines
    space: used 441 GiB, available 492 GiB, usedbydataset 344 GiB, usedbysnapshots 41.3 GiB, usedbyrefreservation 56 GiB, refreservation 400 GiB, volsize 400 GiB
    compressratio: 1.33x
    settings: compression lz4 (i), volblocksize 16k, sync standard (d), readonly off (d), deduplication off (d), checksum on (d), copies 1 (d)
    encryption: none
    created: 2025-02-03 12:00Z
    snapshots: 14
    (i) inherited, (d) default; other settings are set here"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [
    { dataset: '/mnt/tank/hom/' },
    'Invalid argument: "dataset" names no dataset: "tank/hom"; did you mean "tank/home"?',
  ],
  [
    { dataset: 'tnak/media' },
    'Invalid argument: "dataset" names no dataset: "tnak/media"; did you mean "tank/media", "tank/media/movies" or "tank/media/music"?',
  ],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('get_dataset', args)).toBe(text);
});

test.each<[Record<string, unknown>, Record<string, unknown>]>([
  [
    { dataset: 'tank/vault/contracts' },
    {
      comments: 'Locked: the passphrase is with the notary',
      encryption: 'LOCKED, AES-256-GCM, key passphrase, root tank/vault',
    },
  ],
])('%j gives as data what it says', async (args, facts) => {
  expect((await bench.answer('get_dataset', args)).data).toMatchObject(facts);
});

test('what compression saved is no setting of a dataset, and told apart from them', async () => {
  const { text, data } = await bench.answer('get_dataset', { dataset: 'tank/home/carol' });
  expect(text).toContain('\ncompressratio: 1.22x\nsettings: compression lz4 (i), recordsize');
  expect(data.compressratio).toBe('1.22x');
});

test.each<[Record<string, unknown>, string, string[]]>([
  [
    { dataset: 'tank/home' },
    'pool.snapshot.query',
    [
      'space: used 1.8 TiB',
      'snapshots: could not be read (not allowed for this API key, role SNAPSHOT_READ)',
    ],
  ],
  [
    { dataset: 'tank/hom' },
    'pool.snapshot.query',
    ['"dataset" names no dataset: "tank/hom"; did you mean "tank/home"?'],
  ],
])('%j stands without %s, and says what is missing', async (args, method, parts) => {
  const text = await askTool(refusing(bench.nas, method), 'get_dataset', args);
  for (const part of parts) expect(text).toContain(part);
});
