/** Owner, mode and access lists: what is planned, what is said of it, and what comes back. */
import { describe, expect, it } from 'vitest';
import { problemText } from '../../../src/output/problem.ts';
import { type ChangeNas, changeNas } from '../../changes/support/change-nas.ts';
import { applied, planned, plannedTogether, textOf, undone } from '../../changes/support/plan-of.ts';

const RELEASES = ['25.04', '25.10', '27.0'] as const;
function start(release: (typeof RELEASES)[number] = '27.0', rules = {}): Promise<ChangeNas> {
  return changeNas({ simulator: { release }, rules });
}

const PATH = '/mnt/tank/documents';

describe('set_permissions', () => {
  it('adds a user to the list, says through which shares it is felt, and puts the old list back', async () => {
    const nas = await start();
    const plan = await planned(nas, 'set_permissions', {
      path: PATH,
      entries: ['user:alice MODIFY'],
      keep: true,
    });
    expect(textOf(plan)).toMatchInlineSnapshot(`
      "PLAN ID, nothing was changed: Set permissions of /mnt/tank/documents: user:alice MODIFY
      risk: destroys (users may no longer get at the data; more users get at the data)
      1. set the access list of /mnt/tank/documents: filesystem.setacl [{"path":"/mnt/tank/documents","dacl":[{"default":false,"tag":"USER_OBJ","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true}},{"default":false,"tag":"USER","id":3002,"perms":{"READ":true,"WRITE":false,"EXECUTE":true}},{"tag":"USER","id":3000,"perms":{"READ":true,"WRITE":true,"EXECUTE":true},"default":false},{"default":false,"tag":"GROUP_OBJ","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true}},{"tag":"MASK","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true},"default":false},{"default":false,"tag":"OTHER","id":-1,"perms":{"READ":false,"WRITE":false,"EXECUTE":false}},{"default":true,"tag":"USER_OBJ","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true}},{"tag":"USER","id":3000,"perms":{"READ":true,"WRITE":true,"EXECUTE":true},"default":true},{"default":true,"tag":"GROUP_OBJ","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true}},{"tag":"MASK","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true},"default":true},{"default":true,"tag":"OTHER","id":-1,"perms":{"READ":false,"WRITE":false,"EXECUTE":false}}],"options":{"recursive":false,"traverse":false,"validate_effective_acl":true}}]
      diff: permissions of /mnt/tank/documents: acl gets tag USER id 3000 perms READ,WRITE,EXECUTE
      diff: permissions of /mnt/tank/documents: acl gets tag USER_OBJ default true perms READ,WRITE,EXECUTE
      diff: permissions of /mnt/tank/documents: acl gets tag USER default true id 3000 perms READ,WRITE,EXECUTE
      diff: permissions of /mnt/tank/documents: acl gets tag GROUP_OBJ default true perms READ,WRITE,EXECUTE
      diff: permissions of /mnt/tank/documents: acl gets tag MASK default true perms READ,WRITE,EXECUTE
      diff: permissions of /mnt/tank/documents: acl gets tag OTHER default true perms nothing
      diff: permissions of /mnt/tank/documents: acl: 5 of 5 entries stay
      impact: a list of 5 entries becomes a list of 11 entries (POSIX)
      impact: new: USER 3000 READ, WRITE, EXECUTE; default USER_OBJ READ, WRITE, EXECUTE; default USER 3000 READ, WRITE, EXECUTE; default GROUP_OBJ READ, WRITE, EXECUTE; default MASK READ, WRITE, EXECUTE; default OTHER nothing
      impact: users of SMB share documents are concerned
      impact: users of SMB share old-scans are concerned
      undo: set owner and access list of /mnt/tank/documents back: filesystem.setacl [{"path":"/mnt/tank/documents","dacl":[{"default":false,"tag":"USER_OBJ","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true}},{"default":false,"tag":"USER","id":3002,"perms":{"READ":true,"WRITE":false,"EXECUTE":true}},{"default":false,"tag":"GROUP_OBJ","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true}},{"default":false,"tag":"MASK","id":-1,"perms":{"READ":true,"WRITE":true,"EXECUTE":true}},{"default":false,"tag":"OTHER","id":-1,"perms":{"READ":false,"WRITE":false,"EXECUTE":false}}],"uid":0,"gid":3000,"acltype":"POSIX1E","options":{"recursive":false,"traverse":false,"validate_effective_acl":false}}]
      roles needed: FILESYSTEM_ATTRS_WRITE"
    `);
  });

  it.each(RELEASES)('the old list of one path comes back exactly, owner included, on %s', async (release) => {
    const nas = await start(release);
    const read = () => nas.nas.read.call('filesystem.getacl', [PATH, false]);
    const before = await read();
    const plan = await planned(nas, 'set_permissions', {
      path: PATH,
      owner: 'alice',
      entries: ['everyone@ READ', 'user:alice MODIFY'],
    });
    expect(plan.change.impact.join()).toContain('EVERY user of the NAS gets at it from now on');
    expect(plan.judgement.risk).toBe('destroys');
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    expect(await read()).not.toEqual(before);
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
    expect(await read()).toEqual(before);
  });

  it.each(RELEASES)(
    'a mode takes a list off, says so, and the undo sets the list again, on %s',
    async (release) => {
      const nas = await start(release);
      const read = () => nas.nas.read.call('filesystem.getacl', [PATH, false]);
      const before = await read();
      const plan = await planned(nas, 'set_permissions', { path: PATH, mode: '755' });
      expect(plan.change.impact.join()).toMatch(/the access list of \d+ entries is taken off/);
      expect(plan.change.impact).toContain('EVERY user of the NAS may read it from now on');
      expect((await applied(nas, plan)).outcome.kind).toBe('applied');
      expect((await undone(nas, plan)).outcome.kind).toBe('applied');
      expect(await read()).toEqual(before);
    },
  );

  it.each(RELEASES)(
    'a list of Windows kind takes users, denials and templates, and comes back, on %s',
    async (release) => {
      const nas = await start(release);
      const made = await planned(nas, 'update_share', { share: 'homes', enabled: false });
      const session = await nas.engine.writerFor(made);
      await session?.write.write('pool.dataset.create', [
        { name: 'tank/windows', acltype: 'NFSV4', aclmode: 'RESTRICTED' },
      ]);
      const read = () => nas.nas.read.call('filesystem.getacl', ['/mnt/tank/windows', false]);
      const before = await read();
      expect(before).toMatchObject({ acltype: 'NFS4' });
      for (const args of [
        { entries: ['user:alice MODIFY', 'group:family READ DENY NOINHERIT'], keep: true },
        { template: 'NFS4_RESTRICTED', group: 'family' },
      ]) {
        const plan = await planned(nas, 'set_permissions', { path: 'tank/windows', ...args });
        expect((await applied(nas, plan)).outcome.kind).toBe('applied');
        expect((await undone(nas, plan)).outcome.kind).toBe('applied');
        expect(await read()).toEqual(before);
      }
    },
  );

  it('everything below: a snapshot comes first, the number of files is an upper bound, and nothing undoes it', async () => {
    const nas = await start();
    const plan = await planned(nas, 'set_permissions', {
      path: PATH,
      entries: ['group:family READ'],
      recursive: true,
    });
    expect(plan.judgement.risk).toBe('destroys');
    expect(plan.change.calls.map(({ method }) => method)).toEqual([
      'pool.snapshot.create',
      'filesystem.setacl',
    ]);
    expect(plan.change.impact.join('\n')).toMatch(/everything below changes: at most \d+ files and folders/);
    expect('impossible' in plan.change.undo && plan.change.undo.impossible).toContain('before-permissions-');
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
  });

  it.each([
    [{ mode: '4755' }, 'executes', 'setuid'],
    [{ mode: '2770' }, 'exposes', 'setgid'],
    [{ mode: '777' }, 'exposes', 'EVERY user of the NAS may write'],
    [{ owner: 'bob' }, 'destroys', ''],
  ])('the risk of %j is %s', async (args, risk, words) => {
    const nas = await start();
    const plan = await planned(nas, 'set_permissions', { path: 'tank/media', ...args });
    const order = ['configuration', 'exposes', 'destroys', 'executes'];
    expect(order.indexOf(plan.judgement.risk)).toBeGreaterThanOrEqual(order.indexOf(risk));
    expect(plan.change.impact.join()).toContain(words);
  });

  it.each([
    [{ path: '/mnt/tank', mode: '770' }, 'is the root of a pool'],
    [{ path: PATH, mode: '750', recursive: true }, 'take the access lists off a whole tree'],
    [{ path: 'tank/iso', mode: '770' }, 'read-only'],
    [{ path: 'tank/vault', mode: '770' }, 'locked'],
    [{ path: 'tank/nothing', mode: '770' }, 'leads to nothing on the NAS'],
    [{ path: 'tank/media', mode: 'rwx' }, 'octal'],
    [{ path: 'tank/media', mode: '770', template: 'POSIX_OPEN' }, 'exclude each other'],
    [{ path: 'tank/media', template: 'NO_SUCH' }, 'there is'],
    [{ path: 'tank/media', owner: 'alise' }, 'alice'],
    [{ path: 'tank/media', entries: ['alice rw'] }, 'cannot be read'],
    [{ path: 'tank/media' }, 'alone changes nothing'],
  ])('%j is refused with what to do', async (args, words) => {
    const nas = await start();
    const said = await planned(nas, 'set_permissions', args).then(textOf, problemText);
    expect(said).toContain(words);
  });

  it('a path belongs to its dataset for scope and protection', async () => {
    const nas = await start('27.0', { scope: ['tank/media'], protect: ['tank/documents'] });
    const plan = await planned(nas, 'set_permissions', { path: PATH, mode: '777' });
    expect(plan.obstacles.join()).toContain('TRUENAS_PROTECT covers permissions of /mnt/tank/documents');
    expect(plan.obstacles.join()).toContain('lies outside');
  });

  it('a share for the family is one change: dataset, permissions, share', async () => {
    const nas = await start();
    const plan = await plannedTogether(nas, [
      ['create_dataset', { dataset: 'tank/family' }],
      ['set_permissions', { path: 'tank/family', group: 'family', mode: '770' }],
      ['create_share', { kind: 'smb', path: 'tank/family', options: { access: ['group:family CHANGE'] } }],
    ]);
    expect(plan.judgement.risk).toBe('configuration');
    expect((await applied(nas, plan)).outcome.kind).toBe('applied');
    expect((await undone(nas, plan)).outcome.kind).toBe('applied');
  });
});
