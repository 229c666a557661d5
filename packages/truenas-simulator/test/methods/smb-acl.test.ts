/** The access list of an SMB share: everybody at first, then who was put there, by name where the NAS knows them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(SIM_RELEASES)('the access list of an SMB share on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function acl(name: string): Promise<Json[]> {
    const answer = await connection.call('sharing.smb.getacl', [{ share_name: name }]);
    expect(returnsProblems(release, 'sharing.smb.getacl', answer)).toEqual([]);
    return answer.share_acl;
  }
  const set = (share_acl: readonly Json[]): Promise<Json> =>
    connection.call('sharing.smb.setacl', [{ share_name: 'documents', share_acl }]);
  const entry = (id_type: string, id: number): Json => ({
    ...{ ae_perm: 'READ', ae_type: 'ALLOWED', ae_who_id: { id_type, id } },
  });

  it('lets everybody in where nobody has set one', async () => {
    expect(await acl('documents')).toMatchObject([
      { ae_perm: 'FULL', ae_type: 'ALLOWED', ae_who_sid: 'S-1-1-0', ae_who_str: 'everyone@' },
    ]);
  });

  it('keeps who was put there, and says their names', async () => {
    await set([entry('USER', 3000), entry('GROUP', 3000)]);
    expect((await acl('DOCUMENTS')).map(({ ae_who_str: who, ae_perm: may }) => [who, may])).toEqual([
      ['alice', 'READ'],
      ['family', 'READ'],
    ]);
    expect((await acl('media'))[0].ae_who_str).toBe('everyone@');
    const [alice] = await connection.call('user.query', [[['username', '=', 'alice']]]);
    expect((await acl('documents'))[0].ae_who_sid).toBe(alice.sid);
  });

  it('lets everybody in again when it is emptied', async () => {
    await set([entry('USER', 3000)]);
    await set([]);
    expect((await acl('documents'))[0].ae_who_str).toBe('everyone@');
  });

  it('takes only accounts that are meant for SMB, and shares there are', async () => {
    await expect(set([entry('USER', 0)])).rejects.toMatchObject({
      data: { extra: [['sharing_smb_setacl.share_acl.0.ae_who_id', expect.any(String), 22]] },
    });
    await expect(acl('nowhere')).rejects.toMatchObject({ code: -32602 });
  });
});
