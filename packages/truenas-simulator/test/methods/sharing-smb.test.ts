/** SMB shares from 25.10 on: the purpose decides which options there are. */
import { beforeAll, describe, expect, it } from 'vitest';
import { answerProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe.each(['25.10', '27.0'] as const)('the options of an SMB share on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;
  let count = 0;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function create(fields: Json): Promise<Json> {
    count += 1;
    const share = { name: `made-${String(count)}`, path: '/mnt/tank/media', ...fields };
    const row = await connection.call('sharing.smb.create', [share]);
    expect(answerProblems(release, 'sharing.smb.create', row)).toEqual([]);
    return row;
  }
  const update = (id: number, fields: Json): Promise<Json> =>
    connection.call('sharing.smb.update', [id, fields]);
  const defaults = { aapl_name_mangling: false, hostsallow: [], hostsdeny: [] };

  it('are an object of the purpose, whether or not they were given', async () => {
    expect((await create({})).options).toEqual(defaults);
    expect((await create({ options: null })).options).toEqual(defaults);
    const given = { purpose: 'DEFAULT_SHARE', hostsallow: ['192.0.2.0/24'] };
    expect((await create({ options: given })).options).toEqual({ ...defaults, hostsallow: ['192.0.2.0/24'] });
    const rows = await connection.call('sharing.smb.query', [[['purpose', '=', 'DEFAULT_SHARE']]]);
    expect(rows.filter(({ options }: Json) => options === null)).toEqual([]);
  });

  it('of another purpose are refused by the model of the one that the share has', async () => {
    const foreign = create({ purpose: 'DEFAULT_SHARE', options: { purpose: 'LEGACY_SHARE', guestok: true } });
    await expect(foreign).rejects.toMatchObject({
      code: -32602,
      data: {
        extra: [['data.options.DEFAULT_SHARE.guestok', 'Extra inputs are not permitted', 22]],
      },
    });
  });

  it('cannot be changed without the purpose, and fall back to its defaults where the purpose comes alone', async () => {
    const options = { purpose: 'LEGACY_SHARE', recyclebin: true };
    const { id, options: before } = await create({ purpose: 'LEGACY_SHARE', options });
    await expect(update(id, { options })).rejects.toMatchObject({
      data: { extra: [['data', 'Value error, You must set `purpose` if you set `options`.', 22]] },
    });
    expect((await update(id, { comment: 'kept' })).options).toEqual(before);
    const again = await update(id, { purpose: 'LEGACY_SHARE' });
    expect(again.options).toMatchObject({ recyclebin: false, vuid: before.vuid });
    expect((await update(id, { purpose: 'DEFAULT_SHARE' })).options).toEqual(defaults);
  });

  it('a share elsewhere says where, and one for Time Machine gets a volume UUID', async () => {
    await expect(create({ purpose: 'EXTERNAL_SHARE', path: 'EXTERNAL' })).rejects.toMatchObject({
      data: {
        extra: [['data', 'Value error, External shares require explicit options configuration', 22]],
      },
    });
    const { options } = await create({ purpose: 'TIMEMACHINE_SHARE' });
    expect(options.vuid).toMatch(/^[0-9a-f-]{36}$/);
  });
});
