/** Access lists to choose from: those of the NAS stay, one's own come and go, and each suits a kind of filesystem. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { answerProblems } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('filesystem.acltemplate on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function call(method: string, ...params: unknown[]): Promise<Json> {
    const answer = await connection.call(`filesystem.acltemplate.${method}`, params);
    expect(answerProblems(release, `filesystem.acltemplate.${method}`, answer)).toEqual([]);
    return answer;
  }
  const everyone = {
    ...{ tag: 'everyone@', type: 'ALLOW', perms: { BASIC: 'READ' }, flags: { BASIC: 'INHERIT' } },
  };

  it('those that come with the NAS can be neither changed nor deleted', async () => {
    const [{ id, builtin, name }] = await call('query');
    expect([builtin, name]).toEqual([true, 'NFS4_OPEN']);
    await expect(call('update', id, { comment: 'mine' })).rejects.toMatchObject({ code: -32602 });
    await expect(call('delete', id)).rejects.toMatchObject({ data: { errname: 'EPERM' } });
  });

  it('one of your own has a name that no other has, and entries of its type', async () => {
    const made = await call('create', { name: 'readers', acltype: 'NFS4', acl: [everyone] });
    expect(made).toMatchObject({ builtin: false, name: 'readers', comment: '' });
    await expect(call('create', { name: 'readers', acltype: 'NFS4', acl: [everyone] })).rejects.toMatchObject(
      {
        data: { extra: [['filesystem_acltemplate_create.name', 'readers: name is not unique', 22]] },
      },
    );
    await expect(
      call('create', { name: 'wrong', acltype: 'POSIX1E', acl: [everyone] }),
    ).rejects.toMatchObject({
      code: -32602,
    });
    expect(await call('update', made.id, { comment: 'may look' })).toMatchObject({ comment: 'may look' });
    expect(await call('delete', made.id)).toBe(true);
  });

  it('for a path only those of its kind, with names and the groups of the NAS when asked', async () => {
    const kind = (await connection.call('filesystem.getacl', ['/mnt/tank/documents'])).acltype;
    const format = { ensure_builtins: true, resolve_names: true };
    const rows = await call('by_path', { path: '/mnt/tank/documents', 'format-options': format });
    expect(new Set(rows.map(({ acltype }: Json) => acltype))).toEqual(new Set([kind]));
    const names = rows[0].acl.map(({ who }: Json) => who);
    expect(names).toEqual(expect.arrayContaining(['builtin_users', 'builtin_administrators']));
    await expect(call('by_path', { 'format-options': { resolve_names: true } })).rejects.toMatchObject({
      code: -32602,
    });
  });

  it('its entries are what filesystem.setacl takes', async () => {
    const [template] = await call('by_path', { path: '/mnt/tank/documents' });
    const acl = { path: '/mnt/tank/documents', dacl: template.acl, acltype: template.acltype };
    const job = await finishedJob(connection, await connection.call('filesystem.setacl', [acl]));
    expect(job).toMatchObject({ state: 'SUCCESS' });
    const now = await connection.call('filesystem.getacl', ['/mnt/tank/documents']);
    expect(now.acl.map(({ tag }: Json) => tag)).toEqual(template.acl.map(({ tag }: Json) => tag));
  });
});

describe.each(SIM_RELEASES)('what a change of a snapshot task does to snapshots on %s', (release) => {
  const nas = withSimulator({ release });

  it('is told before: those of the task, and none for a change that keeps them', async () => {
    const connection = await nas.connect();
    const ask = async (verb: string, ...params: unknown[]): Promise<Json> => {
      const method = `pool.snapshottask.${verb}_will_change_retention_for`;
      const answer = await connection.call(method, params);
      expect(answerProblems(release, method, answer)).toEqual([]);
      return answer;
    };
    expect(await ask('update', 1, { enabled: false, lifetime_value: 2 })).toEqual({});
    const shorter = await ask('update', 1, { lifetime_value: 1 });
    expect(shorter['tank/home'].length).toBeGreaterThan(1);
    expect(await ask('delete', 1)).toEqual(shorter);
    await expect(ask('delete', 999)).rejects.toMatchObject({ code: -32602 });
  });
});
