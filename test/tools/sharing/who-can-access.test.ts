import { expect, test } from 'vitest';
import { applied, planWith } from '../../changes/support/plan-and-apply.ts';
import { startChangeNas } from '../../changes/support/change-nas.ts';
import { NOW_MS, refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';

const bench = useTools({ release: '27.0' });
const tool = toolNamed('who_can_access');

test('who_can_access says whether one user may read and write, by what, and which call changes it', async () => {
  expect(await bench.ask('who_can_access', { share: 'media', user: 'alice' })).toMatchInlineSnapshot(`
    "WARNING: alice at /mnt/tank/media: SMB media: read yes, write NO; the folder itself (apps, shell): read yes, write NO
    WARNING kept out by the permissions of the folder [access.denied_by_path]: alice at /mnt/tank/media (no write: all others read, pass) → set_permissions {"path":"/mnt/tank/media","entries":["user:alice MODIFY"],"keep":true}
    alice by SMB media: read yes (folder: all others read, pass), write NO (folder: all others read, pass)
    alice by the folder itself (apps, shell): read yes (folder: all others read, pass), write NO (folder: all others read, pass)
    Judged for the folder itself: those below may have lists of their own. A host must be among those of the share.
    5 rules
    way        part        who         may
    SMB media  share       any         read, write
    SMB media  share list  everyone    FULL
    folder     entry       owner root  read, write, pass
    folder     entry       group root  read, pass
    folder     entry       all others  read, pass"
  `);
});

test('who_can_access takes the folder of a user where a share has one for each', async () => {
  expect(await bench.ask('who_can_access', { share: 'homes', user: 'alice' })).toContain(
    'alice at /mnt/tank/home/alice: SMB homes: may read and write',
  );
});

test('who_can_access judges a number that is no account, as containers have', async () => {
  expect(await bench.ask('who_can_access', { share: 'tank/documents', user: '999' })).toMatch(
    /^WARNING: uid 999 at \/mnt\/tank\/documents: .*the folder itself \(apps, shell\): gets in NOT at all/u,
  );
});

test('who_can_access goes by whom NFS takes somebody for', async () => {
  const nas = await startChangeNas({
    simulator: { release: '27.0', now: () => NOW_MS },
    hasWriter: true,
    now: () => NOW_MS,
  });
  const ask = async (user: string) =>
    (await runTool(nas.nas.read, tool, { share: '/mnt/tank/projects', user })).text;
  const before = await ask('root');
  const change = { share: '/mnt/tank/projects', options: { maproot: 'nobody:nogroup' } };
  await applied(nas, await planWith(nas, 'update_share', change));
  const after = await ask('root');
  await nas.close();
  expect(before).toContain('NFS /mnt/tank/projects: may read and write');
  expect(after).toContain('NFS /mnt/tank/projects: read yes, write NO');
});

test.each([
  ['user.query', 'user alice could not be read'],
  ['group.query', 'groups of alice could not be read'],
  ['sharing.smb.getacl', 'list of SMB documents could not be read'],
  ['filesystem.getacl', 'permissions of /mnt/tank/documents could not be read'],
  ['service.query', 'whether cifs runs could not be read'],
  ['sharing.nfs.query', 'NFS exports could not be read'],
  ['pool.dataset.query', 'where /mnt/tank/documents leads could not be read'],
])('who_can_access without %s answers UNKNOWN, and says so', async (method, gap) => {
  const { text, data } = await runTool(refusing(bench.nas, method), tool, {
    share: 'documents',
    user: 'alice',
  });
  expect([data.verdict, text.includes(gap)]).toEqual(['UNKNOWN', true]);
});
