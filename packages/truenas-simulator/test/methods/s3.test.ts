/** Object storage of 27.0: buckets in datasets of their own, who may use them, and the keys. */
import { beforeAll, describe, expect, it } from 'vitest';
import { returnsProblems } from '../support/contract.ts';
import { type Json, type RawConnection, withSimulator } from '../support/simulator.ts';

describe('object storage on 27.0', () => {
  const nas = withSimulator({ release: '27.0' });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function call(method: string, params: readonly unknown[]): Promise<Json> {
    const answer = await connection.call(method, params);
    expect([method, returnsProblems('27.0', method, answer)]).toEqual([method, []]);
    return answer;
  }
  const complaints = (method: string, params: readonly unknown[]): Promise<string[]> =>
    connection.call(method, params).then(
      () => [],
      ({ data }: { data: Json }) => data.extra.map(([attribute]: [string]) => attribute),
    );
  const bucketNamed = async (name: string): Promise<Json> =>
    connection.call('sharing.s3.query', [[['name', '=', name]], { get: true }]);

  it('names whom a bucket is open to, everybody included', async () => {
    expect((await bucketNamed('installers')).grants).toEqual([
      { principal_type: 'EVERYONE', xid: null, access: 'READONLY', name: 'everyone' },
    ]);
    expect((await bucketNamed('ml-datasets')).grants[0].name).toBe('family');
  });

  it('makes the dataset of a bucket, and leaves it when the bucket goes', async () => {
    const made = await call('sharing.s3.create', [
      { name: 'photos', owner: 'alice', dataset: 'tank/photos' },
    ]);
    expect(made).toMatchObject({ dataset: 'tank/photos', owner: 'alice', locked: false });
    const isThere = async (): Promise<number> =>
      (await connection.call('pool.dataset.query', [[['id', '=', 'tank/photos']]])).length;
    expect(await isThere()).toBe(1);
    await call('sharing.s3.delete', [made.id]);
    expect(await isThere()).toBe(1);
    expect(await call('sharing.s3.recoverable_buckets', [])).toMatchObject([{ name: 'photos' }]);
    const [back] = await call('sharing.s3.recover', [
      [{ dataset: 'tank/photos', name_override: 'pictures' }],
    ]);
    expect(back).toMatchObject({ error: null, bucket: { name: 'pictures', owner: 'alice' } });
    expect(await call('sharing.s3.recoverable_buckets', [])).toEqual([]);
  });

  it('puts a bucket without a dataset of its choice below the managed root', async () => {
    const data = { name: 'logs', owner: 'alice' };
    expect(await complaints('sharing.s3.create', [data])).toEqual(['sharing_s3_create.dataset']);
    await call('s3.update', [{ managed_root_dataset: 'tank/backups' }]);
    expect((await call('sharing.s3.create', [data])).dataset).toBe('tank/backups/logs');
  });

  it('refuses datasets that are there, root as owner, and what takes a licence', async () => {
    const data = { name: 'more', owner: 'root', dataset: 'tank/media', versioning: 'ENABLED', audit: 'ALL' };
    expect(await complaints('sharing.s3.create', [data])).toEqual([
      'sharing_s3_create.owner',
      'sharing_s3_create.versioning',
      'sharing_s3_create.audit',
      'sharing_s3_create.dataset',
    ]);
    expect(await complaints('sharing.s3.create', [{ name: 'UPPER', owner: 'alice' }])).toEqual(['data.name']);
  });

  it('opens and closes a bucket', async () => {
    const { id } = await bucketNamed('laptop-backups');
    const open = await call('sharing.s3.update', [
      id,
      {
        grants: [{ principal_type: 'USER', xid: 3000, access: 'READWRITE' }],
        permissions_model: 'MULTIPROTOCOL',
      },
    ]);
    expect(open).toMatchObject({ object_ownership: 'OBJECT_WRITER', grants: [{ name: 'alice' }] });
    const ghost = [{ principal_type: 'GROUP', xid: 7777, access: 'READONLY' }];
    expect(await complaints('sharing.s3.update', [id, { grants: ghost }])).toEqual([
      'sharing_s3_update.grants.0.xid',
    ]);
  });

  it('takes a bucket along when its dataset is destroyed', async () => {
    expect(await connection.call('pool.dataset.attachments', ['fast/scratch/ml-datasets'])).toMatchObject([
      { service: 's3', attachments: ['ml-datasets'] },
    ]);
    await connection.call('pool.dataset.delete', ['fast/scratch/ml-datasets', { recursive: true }]);
    expect(await connection.call('sharing.s3.query', [[['name', '=', 'ml-datasets']]])).toEqual([]);
  });

  it('has keys whose state follows from their end and their user', async () => {
    const states = async (): Promise<Json> =>
      Object.fromEntries(
        (await connection.call('s3.accesskey.query')).map(({ name, status }: Json) => [name, status]),
      );
    expect(await states()).toEqual({ 'restic on laptops': 'ENABLED', 'old training job': 'EXPIRED' });
    const made = await call('s3.accesskey.create', [{ name: 'camera', username: 'bob' }]);
    expect(made.access_key).toMatch(/^[A-Z0-9]{20}$/);
    const rotated = await call('s3.accesskey.update', [made.id, { rotate: true, enabled: false }]);
    expect(rotated.secret).not.toBe(made.secret);
    expect(rotated).toMatchObject({ access_key: made.access_key, status: 'DISABLED' });
    const [bob] = await connection.call('user.query', [[['username', '=', 'bob']]]);
    await connection.call('user.delete', [bob.id, { delete_group: false }]);
    expect((await states()).camera).toBe('USER_MISSING');
  });

  it('keeps secrets of keys from who only reads', async () => {
    const secrets = async (): Promise<string[]> =>
      (await connection.call('s3.accesskey.query')).map(({ secret }: Json) => secret);
    expect(await secrets()).not.toContain('********');
    nas.simulator.control.setRoles(['READONLY_ADMIN']);
    expect(new Set(await secrets())).toEqual(new Set(['********']));
    await expect(connection.call('sharing.s3.delete', [1])).rejects.toMatchObject({ data: { error: 13 } });
  });
});

describe.each(['25.04', '25.10'] as const)('on %s', (release) => {
  const nas = withSimulator({ release });

  it('there is no object storage', async () => {
    const connection = await nas.connect();
    await expect(connection.call('sharing.s3.query')).rejects.toMatchObject({ code: -32601 });
    expect(await connection.call('service.query', [[['service', '=', 's3']]])).toEqual([]);
  });
});
