import { expect, test } from 'vitest';
import { askTool, refusing, useTools } from '../../support/tools.ts';
import { ask } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

test('an SMB share', async () => {
  expect(await bench.ask('get_share', { share: 'media' })).toMatchInlineSnapshot(`
    "SMB share media (id 1)
    path: /mnt/tank/media
    enabled: yes
    read only: no
    guests: not allowed
    hosts allowed: any
    browsable: yes
    hides what one may not read: no
    audited: no
    purpose: LEGACY_SHARE
    comment: Films, series and music
    service: RUNNING, starts at boot"
  `);
});

test('an NFS share, by path', async () => {
  expect(await bench.ask('get_share', { share: '/mnt/tank/projects' })).toMatchInlineSnapshot(`
    "NFS share projects (id 1)
    path: /mnt/tank/projects
    enabled: yes
    read only: no
    clients allowed: 192.0.2.0/24
    root is mapped to: root:root
    security: SYS (default)
    snapshots visible: no
    service: RUNNING, starts at boot"
  `);
});

test('an iSCSI share', async () => {
  expect(await bench.ask('get_share', { share: 'esx' })).toMatchInlineSnapshot(`
    "iSCSI share esx (id 1)
    alias: ESXi datastore
    mode: ISCSI
    listens on: 0.0.0.0:3260
    initiators allowed: iqn.1998-01.com.vmware:esx1, iqn.1998-01.com.vmware:esx2
    networks allowed: any
    authentication: CHAP
    LUN 0: zvol/tank/iscsi/esx-datastore, writable
    service: RUNNING, starts at boot"
  `);
});

test('an NVMe-oF share', async () => {
  expect(await bench.ask('get_share', { share: 'db', kind: 'nvmeof' })).toMatchInlineSnapshot(`
    "NVMe-oF share db (id 1)
    nqn: nqn.2011-06.com.truenas:uuid:7d2d0f0a-5f0e-4a53-9a54-6c1f3d5ee1c4:db
    listens on: TCP 192.0.2.10:4420
    hosts allowed: nqn.2014-08.org.nvmexpress:uuid:db01.example.org
    read only: no, NVMe-oF has no such setting
    namespace 1: zvol/fast/vms/db01
    service: RUNNING, starts at boot"
  `);
});

test.each<[Record<string, unknown>, string]>([
  [{ share: 'medai' }, 'Invalid argument: "share" names no share: "medai"; did you mean "media"?'],
])('%j is answered with what is wrong and what would be right', async (args, text) => {
  expect(await bench.ask('get_share', args)).toBe(text);
});

test('a share whose name is not unique is asked back, with calls that tell them apart', async () => {
  const text = await bench.ask('get_share', { share: '1' });
  expect(text).toMatch(/"share" names \d shares; say which: \{"share":"1","kind":"smb"\}/u);
});

test.each<[Record<string, unknown>, string, string[]]>([
  [
    { share: 'media' },
    'service.query',
    ['path: /mnt/tank/media', 'service: could not be read (not allowed for this API key, role SERVICE_READ)'],
  ],
])('%j stands without %s, and says what is missing', async (args, method, parts) => {
  const text = await askTool(refusing(bench.nas, method), 'get_share', args);
  for (const part of parts) expect(text).toContain(part);
});

test('a mapping of root that cannot be read is unknown, never squashed', async () => {
  const row = { id: 1, path: '/mnt/tank/a', enabled: true, networks: [], hosts: [], maproot_user: 0 };
  const { text } = await ask({ 'sharing.nfs.query': [row] }, 'get_share', {
    share: '/mnt/tank/a',
    kind: 'nfs',
  });
  expect(text).toContain('root is mapped to: UNKNOWN');
});
