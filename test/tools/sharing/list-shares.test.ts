import { describe, expect, test } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import type { ReadClient, WireValue } from '../../../src/truenas/index.ts';
import { askTool, refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';
import { ask } from '../support/hand-made-nas.ts';

const bench = useTools({ release: '25.10' });

test('shares of all kinds', async () => {
  expect(await bench.ask('list_shares')).toMatchInlineSnapshot(`
    "13 shares
    kind    name         path                           enabled  locked  clients                                                   comment
    smb     documents    /mnt/tank/documents            yes      no      any                                                       -
    smb     homes        /mnt/tank/home                 yes      no      any                                                       -
    smb     media        /mnt/tank/media                yes      no      any                                                       Films, series and music
    smb     old-scans    /mnt/tank/documents/scans      no       no      any                                                       -
    smb     timemachine  /mnt/tank/backups/timemachine  yes      no      any                                                       -
    smb     vault        /mnt/tank/vault                yes      yes     any                                                       Dataset is locked
    nfs     old-server   /mnt/backup/old-server         no       no      any                                                       -
    nfs     containers   /mnt/fast/containers           yes      no      k8s1.example.org, k8s2.example.org                        -
    nfs     iso          /mnt/tank/iso                  yes      no      any                                                       Installation media
    nfs     projects     /mnt/tank/projects             yes      no      192.0.2.0/24                                              -
    iscsi   esx          zvol/tank/iscsi/esx-datastore  yes      no      iqn.1998-01.com.vmware:esx1, iqn.1998-01.com.vmware:esx2  LUN 0
    iscsi   lab          zvol/fast/vms/win11            no       no      any                                                       LUN 0
    nvmeof  db           zvol/fast/vms/db01             yes      no      nqn.2014-08.org.nvmexpress:uuid:db01.example.org          namespace 1"
  `);
});

test.each<[Record<string, unknown>, string, unknown[]]>([
  [{ sort: 'name', order: 'desc', limit: 1 }, 'name', ['vault']],
  [{ pool: 'backup' }, 'path', ['/mnt/backup/old-server']],
  [{ pool: '/mnt/fast', sort: 'kind' }, 'kind', ['iscsi', 'nfs', 'nvmeof']],
  [{ name: '/mnt/tank/media/' }, 'name', ['media']],
])('%j: %s is %j', async (args, key, values) => {
  const { data } = await bench.answer('list_shares', args);
  expect(data.rows.map((row: Record<string, unknown>) => row[key])).toEqual(values);
});

test('shares on a pool that has none say where there are some', async () => {
  expect(await bench.ask('list_shares', { pool: 'tnk' })).toBe(
    'No shares with pool=tnk.\n(there are shares on backup, fast, tank)',
  );
});

test('shares that could not be read are named in the data', async () => {
  const nas = refusing(bench.nas, 'sharing.nfs.query', 'service.query');
  const { data } = await runTool(nas, toolNamed('list_shares'));
  expect(data.notes).toEqual([
    'NOT READ, so not listed: NFS (not allowed for this API key, role SHARING_NFS_READ)',
    'whether the services run could not be read (not allowed for this API key, role SERVICE_READ)',
  ]);
});

test.each<[Record<string, unknown>, string, string[]]>([
  [
    { kind: 'smb' },
    'service.query',
    [
      '6 shares',
      'whether the services run could not be read (not allowed for this API key, role SERVICE_READ)',
    ],
  ],
])('%j stands without %s, and says what is missing', async (args, method, parts) => {
  const text = await askTool(refusing(bench.nas, method), 'list_shares', args);
  for (const part of parts) expect(text).toContain(part);
});

/** A NAS with one SMB share, and these answers. */
function nasWith(share: Record<string, WireValue>, services: WireValue | Error): ReadClient {
  const answers: Record<string, WireValue | Error> = {
    'sharing.smb.query': [{ id: 1, name: 'media', path: '/mnt/tank/media', enabled: true, ...share }],
    'service.query': services,
  };
  return {
    release: async () => ({ family: '25.10', version: 'TrueNAS-25.10.1' }),
    has: async (method) => method === 'sharing.smb.query',
    call: async (method) => {
      const answer = answers[method] ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

const list = async (nas: ReadClient, args = {}): Promise<string> =>
  (await runTool(nas, toolNamed('list_shares'), args)).text;

const running = [{ service: 'cifs', state: 'RUNNING' }];

const stopped = [{ service: 'cifs', state: 'STOPPED' }];

test('a share on a locked dataset is marked; where none is locked there is no such column', async () => {
  const text = await list(nasWith({ locked: true }, running));
  expect(text).toMatch(/enabled +locked/u);
  expect(text).toMatch(/media .* yes +yes/u);
  expect(await list(nasWith({ locked: false }, running))).not.toContain('locked');
});

test('shares whose service does not run are named as not reachable', async () => {
  expect(await list(nasWith({}, stopped))).toContain(
    'NOT REACHABLE, as the service does not run: SMB (cifs STOPPED)',
  );
  expect(await list(nasWith({}, running))).not.toContain('NOT REACHABLE');
  expect(await list(nasWith({ enabled: false }, stopped))).not.toContain('NOT REACHABLE');
});

test('a key that may not see services still sees shares', async () => {
  const denied = new TrueNasError('not-authorized', {
    summary: 'Not authorized.',
    nextStep: 'Use another key.',
  });
  expect(await list(nasWith({}, denied))).toMatch(/^1 share\n/u);
});

test.each<[string, Record<string, unknown>, string]>([
  ['no group, so that no portal offers it', { mode: 'ISCSI', groups: [] }, 'none, no portal'],
  [
    'no group and a mode that is not known, which may be Fibre Channel',
    { mode: 7, groups: [], auth_networks: [] },
    'UNKNOWN, the list could not be read',
  ],
  [
    'networks of its own, which an initiator must be in',
    { groups: [{ portal: 1, initiator: null, authmethod: 'NONE' }], auth_networks: ['192.0.2.0/24'] },
    'any; from 192.0.2.0/24',
  ],
])('an iSCSI target with %s', async (_, target, clients) => {
  const nas = {
    ...bench.nas,
    call: async (...[method, params, options]: Parameters<typeof bench.nas.call>) =>
      method === 'iscsi.target.query'
        ? [{ id: 1, name: 'lab', ...target } as WireValue]
        : bench.nas.call(method, params, options),
  };
  const { data } = await runTool(nas, toolNamed('list_shares'), { kind: 'iscsi' });
  expect(data.rows).toMatchObject([{ name: 'lab', clients }]);
});

test('a Fibre Channel target is reachable without a portal', async () => {
  const answers = {
    'service.query': [{ service: 'iscsitarget', state: 'RUNNING', enable: true }],
    'iscsi.target.query': [{ id: 1, name: 'fc0', alias: null, mode: 'FC', groups: [], auth_networks: [] }],
    'iscsi.targetextent.query': [{ id: 1, target: 1, lunid: 0, extent: 1 }],
    'iscsi.extent.query': [
      { id: 1, name: 'e', type: 'DISK', path: 'zvol/tank/z', enabled: true, ro: false, locked: false },
    ],
  };
  expect((await ask(answers, 'list_shares', { kind: 'iscsi' })).text).not.toContain('no portal');
});

describe('on TrueNAS CORE', () => {
  const core = useTools({ release: 'core-13.3' });

  test('the kinds that no later release has are among them, unless another one is asked for', async () => {
    const text = await core.ask('list_shares');
    expect(text).toMatch(/^afp +Media /mu);
    expect(text).toMatch(/^webdav +documents /mu);
    expect(await core.ask('list_shares', { kind: 'smb' })).not.toMatch(/^(?:afp|webdav)/mu);
    for (const method of ['sharing.afp.query', 'sharing.webdav.query'])
      expect(await core.nas.has(method)).toBe(true);
    expect(await bench.ask('list_shares')).not.toMatch(/AFP|WebDAV/u);
  });
});
