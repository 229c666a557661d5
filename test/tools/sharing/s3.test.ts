/** S3 buckets, which TrueNAS has from 27.0 on. */
import { describe, expect, test } from 'vitest';
import { askTool, refusing, useTools } from '../../support/tools.ts';
import { ask } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '27.0' });

test('buckets are among the shares, with who may use them', async () => {
  expect(await bench.ask('list_shares', { kind: 's3' })).toMatchInlineSnapshot(`
    "3 shares
    kind  name            path                           enabled  clients                                     comment
    s3    installers      /mnt/tank/iso                  yes      alice (owner), EVERYONE read only           -
    s3    laptop-backups  /mnt/tank/backups/laptops      yes      backup (owner)                              -
    s3    ml-datasets     /mnt/fast/scratch/ml-datasets  yes      alice (owner), group family read and write  -"
  `);
  expect(await bench.ask('list_shares', { pool: 'fast' })).toMatch(/^s3 +ml-datasets/mu);
});

test('a bucket that is open to everyone says so first of all', async () => {
  expect(await bench.ask('get_share', { share: 'installers' })).toMatchInlineSnapshot(`
    "S3 share installers (id 3)
    path: /mnt/tank/iso
    enabled: yes
    may be used by: alice (owner), EVERYONE read only
    open to everyone: YES, read only
    access keys: old training job (alice; EXPIRED); 1 of other users
    listens on: 0.0.0.0:9000 (TLS)
    permissions: S3
    owner of objects: BUCKET_OWNER_ENFORCED
    versioning: OFF
    object lock: no
    audited: as the service by default
    service: RUNNING, starts at boot"
  `);
});

test('a bucket with a key of its owner', async () => {
  expect(
    await bench.ask('get_share', { share: '/mnt/tank/backups/laptops', kind: 's3' }),
  ).toMatchInlineSnapshot(`
    "S3 share laptop-backups (id 2)
    path: /mnt/tank/backups/laptops
    enabled: yes
    may be used by: backup (owner)
    open to everyone: no
    access keys: restic on laptops (backup; used 2026-03-01 07:00Z); 1 of other users
    listens on: 0.0.0.0:9000 (TLS)
    permissions: S3
    owner of objects: BUCKET_OWNER_ENFORCED
    versioning: OFF
    object lock: no
    audited: as the service by default
    service: RUNNING, starts at boot"
  `);
});

test('neither half of a key is fetched', async () => {
  const before = bench.simulator.calls().length;
  await bench.ask('get_share', { share: 'installers' });
  const calls = bench.simulator.calls().slice(before);
  const [asked] = calls.filter(({ method }) => method === 's3.accesskey.query');
  expect(JSON.stringify(asked?.params)).not.toMatch(/secret|access_key/u);
});

test.each<[string, string[]]>([
  ['s3.config', ['open to everyone: UNKNOWN, could not be read', 'listens on: UNKNOWN, could not be read']],
  ['s3.accesskey.query', ['access keys: UNKNOWN, could not be read (not allowed for this API key']],
])('a bucket stands without %s, and says what is missing', async (method, parts) => {
  const text = await askTool(refusing(bench.nas, method), 'get_share', { share: 'laptop-backups' });
  for (const part of parts) expect(text).toContain(part);
});

test('grants that could not be read are unknown, never the owner alone', async () => {
  const bucket = { id: 1, name: 'photos', dataset: 'tank/photos', enabled: true, owner: 'ada', grants: [7] };
  const answers = { 'sharing.s3.query': [bucket], 's3.config': { listeners: [], global_grants: [] } };
  const list = await ask(answers, 'list_shares', { kind: 's3' }, '27.0');
  expect(list.data.rows).toMatchObject([{ name: 'photos', clients: 'ada (owner), others UNKNOWN' }]);
  const { text } = await ask(answers, 'get_share', { share: 'photos' }, '27.0');
  expect(text).toContain('open to everyone: UNKNOWN');
});

test('a grant on all buckets counts for each', async () => {
  const bucket = { id: 1, name: 'photos', dataset: 'tank/photos', enabled: true, owner: 'ada', grants: [] };
  const everyone = { principal_type: 'EVERYONE', xid: null, access: 'READWRITE', name: 'everyone' };
  const answers = { 'sharing.s3.query': [bucket], 's3.config': { listeners: [], global_grants: [everyone] } };
  const { text } = await ask(answers, 'get_share', { share: 'photos' }, '27.0');
  expect(text).toContain('may be used by: ada (owner), EVERYONE read and write (all buckets)');
  expect(text).toContain('open to everyone: YES, read and write');
});

describe('on a release without them', () => {
  const older = useTools({ release: '25.10' });

  test('nothing is missing, and who asks for them is told', async () => {
    expect(await older.ask('list_shares')).not.toContain('S3');
    expect(await older.ask('list_shares', { kind: 's3' })).toContain(
      'names shares that this release of TrueNAS does not have: S3',
    );
  });
});
