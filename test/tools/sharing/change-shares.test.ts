/** Making, changing and deleting shares: what is planned, what is said of it, and what the NAS has afterwards. */
import { problemText } from '../../../src/output/problem.ts';
import { describe, expect, it } from 'vitest';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { applied, planned, plannedTogether, textOf, undone } from '../../changes/support/plan-of.ts';

function start(release: '25.04' | '25.10' | '27.0' = '27.0', rules = {}): Promise<ChangeNas> {
  return changeNas({ simulator: { release }, rules });
}

async function rows(
  nas: ChangeNas,
  method: string,
  filters: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const answer = await nas.nas.read.call(method, [filters, {}]);
  return (Array.isArray(answer) ? answer : []).map((row) => Object(row));
}

describe('create_share', () => {
  it('an SMB share with an access list is switched on last', async () => {
    const nas = await start();
    const plan = await planned(nas, 'create_share', {
      kind: 'smb',
      path: '/mnt/tank/projects',
      options: { access: ['group:family CHANGE', 'everyone READ'] },
    });
    expect(textOf(plan)).toMatchInlineSnapshot(`
      "PLAN ID, nothing was changed: Create SMB share projects of /mnt/tank/projects
      risk: exposes (clients reach the data under the path; more users reach the share)
      1. create the SMB share projects, switched off until its access list is set: sharing.smb.create [{"name":"projects","path":"/mnt/tank/projects","enabled":false,"purpose":"DEFAULT_SHARE"}]
      2. set who may use the SMB share projects: sharing.smb.setacl [{"share_name":"projects","share_acl":[{"ae_perm":"CHANGE","ae_type":"ALLOWED","ae_who_sid":null,"ae_who_id":{"id_type":"GROUP","id":3000}},{"ae_perm":"READ","ae_type":"ALLOWED","ae_who_sid":"S-1-1-0","ae_who_id":null}]}]
      3. switch the SMB share projects on: sharing.smb.update [<id of step 1>,{"enabled":true}]
      diff: SMB share projects: does not exist -> exists (name projects, path /mnt/tank/projects, enabled true, purpose DEFAULT_SHARE)
      diff: access list of SMB share projects: does not exist -> exists (share_acl: ae_perm CHANGE ae_type ALLOWED ae_who_id.id 3000; ae_perm READ ae_type ALLOWED ae_who_sid S-1-1-0)
      impact: reached by every host; by group:family CHANGE; everyone READ; writable; the permissions of the files hold besides
      impact: /mnt/tank/projects is shared as NFS export /mnt/tank/projects already
      undo: remove the SMB share projects: sharing.smb.delete [<id of step 1>]
      roles needed: SHARING_SMB_WRITE"
    `);
    const { outcome } = await applied(nas, plan);
    expect(outcome.kind).toBe('applied');
  });

  it('a block volume for one initiator is one change', async () => {
    const nas = await start();
    const plan = await planned(nas, 'create_share', {
      kind: 'iscsi',
      path: 'tank/iscsi/vm1',
      size: '100G',
      allow: 'iqn.1991-05.com.microsoft:host1',
    });
    expect(textOf(plan)).toMatchInlineSnapshot(`
      "PLAN ID, nothing was changed: Create iSCSI target vm1 of tank/iscsi/vm1
      risk: configuration (a new dataset is made; a new group of initiators; the initiators of the list may connect; a new extent stands for a volume or a file; initiators may write (the dataset is new and empty); a new target, without data yet; initiators of the target reach the data of the extent (the dataset is new and empty))
      1. create the volume tank/iscsi/vm1 of 100 GiB: pool.dataset.create [{"name":"tank/iscsi/vm1","type":"VOLUME","volsize":107374182400}]
      2. create the initiator group of vm1: iscsi.initiator.create [{"initiators":["iqn.1991-05.com.microsoft:host1"],"comment":"vm1"}]
      3. make the volume tank/iscsi/vm1 an extent: iscsi.extent.create [{"name":"vm1","type":"DISK","disk":"zvol/tank/iscsi/vm1","ro":false}]
      4. create the target vm1: iscsi.target.create [{"name":"vm1","groups":[{"portal":1,"initiator":<id of step 2>,"authmethod":"NONE","auth":null}]}]
      5. offer the volume tank/iscsi/vm1 as LUN 0 of vm1: iscsi.targetextent.create [{"target":<id of step 4>,"extent":<id of step 3>,"lunid":0}]
      diff: dataset tank/iscsi/vm1: does not exist -> exists (type VOLUME, volsize 100 GiB (107374182400 bytes))
      diff: initiator group of vm1: does not exist -> exists (initiators ["iqn.1991-05.com.microsoft:host1"])
      diff: iSCSI extent vm1: does not exist -> exists (name vm1, disk zvol/tank/iscsi/vm1, ro false, enabled true)
      diff: iSCSI target vm1: does not exist -> exists (name vm1, groups 0 authmethod NONE)
      diff: LUN 0 of iSCSI target vm1: does not exist -> exists (lunid 0)
      impact: reached by iqn.1991-05.com.microsoft:host1; writable. No CHAP: an initiator is believed its name
      impact: several initiators that write to one volume destroy its file system, unless that is made for it
      impact: 100 GiB of the pool are reserved for the volume, more with redundancy and snapshots
      impact: the portal 1 is used, which listens on 0.0.0.0
      undo: take LUN 0 from vm1: iscsi.targetextent.delete [<id of step 5>,false]
      undo: remove the target vm1: iscsi.target.delete [<id of step 4>,false,false]
      undo: remove the extent vm1: iscsi.extent.delete [<id of step 3>,false,false]
      undo: remove the initiator group of vm1: iscsi.initiator.delete [<id of step 2>]
      undo: delete the volume tank/iscsi/vm1: pool.dataset.delete ["tank/iscsi/vm1",{}]
      roles needed: DATASET_WRITE, SHARING_ISCSI_INITIATOR_WRITE, SHARING_ISCSI_EXTENT_WRITE, SHARING_ISCSI_TARGET_WRITE, SHARING_ISCSI_TARGETEXTENT_WRITE"
    `);
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    const [target] = await rows(nas, 'iscsi.target.query', [['name', '=', 'vm1']]);
    const [lun] = await rows(nas, 'iscsi.targetextent.query', [['target', '=', target?.['id']]]);
    expect(lun).toMatchObject({ lunid: 0 });
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
    expect(await rows(nas, 'iscsi.extent.query', [['name', '=', 'vm1']])).toEqual([]);
    expect(await rows(nas, 'pool.dataset.query', [['id', '=', 'tank/iscsi/vm1']])).toEqual([]);
  });
});

describe('the risk of a changed share', () => {
  it.each([
    [
      'another path',
      { share: 'old-scans', path: '/mnt/tank/projects' },
      'clients reach the data under the path',
    ],
    ['a list of hosts that is emptied', { share: 'media', allow: 'all' }, 'every host may connect'],
    ['more hosts', { share: 'media', allow: ['10.0.0.0/8', '192.0.2.0/24'] }, 'more hosts may connect'],
    ['guests', { share: 'media', options: { guests: true } }, 'without a sign-in'],
    [
      'more entries of the access list',
      { share: 'old-scans', options: { access: ['everyone FULL', 'group:family FULL'] } },
      'more users reach the share',
    ],
    [
      'an export for everybody',
      { share: '/mnt/fast/containers', allow: [] },
      'every host may mount the export',
    ],
    [
      'an export at another path',
      { share: '/mnt/backup/old-server', path: 'tank/media' },
      'clients reach the data under the path',
    ],
    [
      'an export whose clients are root',
      { share: '/mnt/tank/iso', options: { maproot: 'root:root' } },
      'root of a client acts as this user',
    ],
    ['every initiator', { share: 'esx', allow: 'all' }, 'every initiator may connect'],
    [
      'another volume',
      { share: 'lab', path: 'tank/iscsi/esx-datastore' },
      'initiators reach other data than before',
    ],
  ])('exposes with %s', async (_what, args, reason) => {
    for (const release of ['25.04', '27.0'] as const) {
      const nas = await start(release);
      await narrow(nas);
      const { judgement } = await planned(nas, 'update_share', args);
      expect(['exposes', 'destroys']).toContain(judgement.risk);
      expect(judgement.reasons.join('; ')).toContain(reason);
    }
  });

  /** Gives media a list of hosts, so that it can be emptied. */
  async function narrow(nas: ChangeNas): Promise<void> {
    const plan = await planned(nas, 'update_share', { share: 'media', allow: ['192.0.2.0/24'] });
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
  }

  it('takes known clients for what they are, and unknown ones for the worst', async () => {
    const off = { share: 'media', enabled: false };
    const known = await planned(await start('27.0'), 'update_share', off);
    expect(known.judgement.risk).toBe('destroys');
    expect(known.change.impact[0]).toBe('1 client connected now: 192.0.2.101');
    const unknown = await planned(await start('25.10'), 'update_share', off);
    expect(unknown.judgement.risk).toBe('destroys');
    expect(unknown.change.impact[0]).toBe(
      'clients connected now: UNKNOWN, could not be read (TrueNAS 25.10 has no method that tells who is connected over SMB)',
    );
    const nobody = await planned(await start('27.0'), 'update_share', { share: 'homes', enabled: false });
    expect(nobody.judgement.risk).toBe('configuration');
  });

  it('protected and foreign datasets are refused, wherever the share was before', async () => {
    const nas = await start('27.0', { protect: ['tank/finance'], scope: undefined });
    const moved = await planned(nas, 'update_share', { share: 'old-scans', path: 'tank/documents' });
    expect(moved.obstacles).toEqual([]);
    const exposed = await planned(nas, 'create_share', { kind: 'nfs', path: '/mnt/tank' });
    expect(exposed.obstacles.join()).toContain('TRUENAS_PROTECT covers');
    const scoped = await start('27.0', { scope: ['tank/documents'] });
    const leaves = await planned(scoped, 'update_share', { share: 'old-scans', path: 'tank/projects' });
    expect(leaves.obstacles.join()).toContain('dataset tank/projects under SMB share old-scans lies outside');
  });
});

describe('delete_share', () => {
  it('says who is cut off, that data stays, and puts everything back, the access list too', async () => {
    for (const release of ['25.04', '25.10', '27.0'] as const) {
      const nas = await start(release);
      const list = await planned(nas, 'update_share', {
        share: 'documents',
        options: { access: ['group:family READ'] },
      });
      expect((await applied(nas, list)).outcome.kind).toBe('applied');
      const before = await nas.nas.read.call('sharing.smb.getacl', [{ share_name: 'documents' }]);
      const plan = await planned(nas, 'delete_share', { share: 'documents' });
      expect(plan.judgement.risk).toBe('destroys');
      expect(plan.change.impact).toContain('the data under /mnt/tank/documents stays');
      expect((await applied(nas, plan)).outcome.kind).toBe('applied');
      expect((await undone(nas, plan)).outcome.kind).toBe('applied');
      expect(await nas.nas.read.call('sharing.smb.getacl', [{ share_name: 'documents' }])).toEqual(before);
      const [share] = await rows(nas, 'sharing.smb.query', [['name', '=', 'documents']]);
      expect(share).toMatchObject({ enabled: true, path: '/mnt/tank/documents' });
    }
  });

  it('a target with initiators logged in is refused by name, before anything is planned', async () => {
    const nas = await start();
    await expect(planned(nas, 'delete_share', { share: 'esx' })).rejects.toThrow(
      /2 clients connected now: iqn\.1998-01\.com\.vmware:esx1/,
    );
  });

  it('a target goes in the order in which its parts depend on each other, and its volume stays', async () => {
    const nas = await start();
    const plan = await planned(nas, 'delete_share', { share: 'lab' });
    expect(plan.change.calls.map(({ method }) => method)).toEqual([
      'iscsi.targetextent.delete',
      'iscsi.target.delete',
      'iscsi.extent.delete',
    ]);
    expect(plan.change.impact).toContain('the data stays: fast/vms/win11 with all that is on it');
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    expect(await rows(nas, 'pool.dataset.query', [['id', '=', 'fast/vms/win11']])).toHaveLength(1);
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
    const [target] = await rows(nas, 'iscsi.target.query', [['name', '=', 'lab']]);
    expect(await rows(nas, 'iscsi.targetextent.query', [['target', '=', target?.['id']]])).toHaveLength(1);
  });

  it('of a target that was deleted in part, what is gone is made again for the target that is left', async () => {
    const nas = await start();
    nas.simulator.control.next('iscsi.target.delete', { kind: 'error', code: -32001, message: 'busy' });
    const plan = await planned(nas, 'delete_share', { share: 'lab' });
    expect((await applied(nas, plan)).outcome.kind).toBe('partly');
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
    expect(await rows(nas, 'iscsi.targetextent.query', [['target', '=', 2]])).toMatchObject([{ lunid: 0 }]);
  });
});

describe('the service of a share', () => {
  it('is started, and at boot, and the undo stops it again', async () => {
    for (const release of ['25.04', '25.10', '27.0'] as const) {
      const nas = await start(release);
      await stopped(nas, release);
      const plan = await planned(nas, 'create_share', {
        kind: 'nfs',
        path: 'tank/media',
        allow: ['192.0.2.9'],
      });
      expect(plan.change.impact.join()).toContain(
        'the service nfs does not run: it is started, and starts with the NAS from now on; 3 other enabled NFS exports can be reached with it',
      );
      expect(plan.judgement.reasons).toContain('the shares of the service can be reached');
      expect((await applied(nas, plan)).outcome.kind).toBe('applied');
      expect(await rows(nas, 'service.query', [['service', '=', 'nfs']])).toMatchObject([
        { state: 'RUNNING', enable: true },
      ]);
      expect((await undone(nas, plan)).outcome.kind).toBe('applied');
      expect(await rows(nas, 'service.query', [['service', '=', 'nfs']])).toMatchObject([
        { state: 'STOPPED', enable: false },
      ]);
    }
  });

  async function stopped(nas: ChangeNas, release: string): Promise<void> {
    const session = await nas.engine.writerFor(
      await planned(nas, 'update_share', { share: 'homes', enabled: false }),
    );
    await session?.write.write('service.update', ['nfs', { enable: false }]);
    if (release === '25.04') await session?.write.write('service.stop', ['nfs', { silent: false }]);
    else await session?.runJob('service.control', ['STOP', 'nfs', { silent: false }], {});
  }
});

describe('what cannot be shared', () => {
  it.each([
    [{ kind: 'smb', path: '/mnt/tank/nothing' }, 'leads to nothing on the NAS'],
    [{ kind: 'smb', path: 'tank/media', name: 'media' }, 'SMB share media exists already'],
    [
      { kind: 'nfs', path: 'tank/media', options: { guests: true } },
      'is a setting of SMB share, not of an NFS export',
    ],
    [
      { kind: 'smb', path: 'tank/media', name: 'm', options: { guests: true, purpose: 'default' } },
      'purpose',
    ],
    [{ kind: 'smb', path: 'tank/media', name: 'm', options: { access: ['group:familly READ'] } }, 'family'],
    [{ kind: 'smb', path: 'tank/media', name: 'm', options: { access: [] } }, 'would let everybody in'],
    [{ kind: 'smb', path: 'tank/media', name: 'm', options: { colour: 'red' } }, 'they are comment, access'],
    [{ kind: 'iscsi', path: 'tank/iscsi/new', size: '10G' }, 'name the initiators'],
    [{ kind: 'iscsi', path: 'tank/media', allow: 'all' }, 'a dataset of files'],
    [{ kind: 'iscsi', path: 'tank/iscsi/none', allow: 'all' }, 'size makes a new volume'],
  ])('%j is refused with what to do', async (args, words) => {
    const nas = await start();
    const said = await planned(nas, 'create_share', args).then(textOf, problemText);
    expect(said).toContain(words);
  });
});

it('several shares of a folder are one change, and keep the risk of a new dataset', async () => {
  const nas = await start();
  const plan = await plannedTogether(nas, [
    ['create_share', { kind: 'smb', path: 'tank/media/music', name: 'music' }],
    ['create_share', { kind: 'nfs', path: 'tank/media/music', allow: ['192.0.2.7'] }],
  ]);
  expect((await applied(nas, plan)).outcome.kind).toBe('applied');
  expect((await undone(nas, plan)).outcome.kind).toBe('applied');
  expect(await rows(nas, 'sharing.smb.query', [['name', '=', 'music']])).toEqual([]);
});
