/** Datasets over the wire: what is created shows up, counts, and refuses what a real NAS refuses. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Json, type RawConnection, RpcFailure, withSimulator } from '../support/simulator.ts';

const GIB = 2 ** 30;

describe('datasets', () => {
  const nas = withSimulator({ release: '25.10' });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  async function refusal(method: string, params: readonly unknown[]): Promise<Json> {
    try {
      await connection.call(method, params);
    } catch (error) {
      if (error instanceof RpcFailure) return error.data;
      throw error;
    }
    throw new Error(`${method} was not refused`);
  }

  async function allocated(): Promise<number> {
    return (await connection.call('pool.query', [[['name', '=', 'tank']], { get: true }])).allocated;
  }

  test('a new one shows up with what was set, counts against its pool, and is announced', async () => {
    const before = await allocated();
    await connection.call('core.subscribe', ['pool.dataset.query']);
    const created = await connection.call('pool.dataset.create', [
      { name: 'tank/fresh', comments: 'hello', compression: 'ZSTD', recordsize: '1M', quota: 5 * GIB },
    ]);
    expect(created.compression).toMatchObject({ value: 'ZSTD', rawvalue: 'zstd', source: 'LOCAL' });
    const instance = await connection.call('pool.dataset.get_instance', ['tank/fresh']);
    expect(instance).toEqual(created);
    expect(instance.recordsize).toMatchObject({ value: '1M', parsed: 2 ** 20 });
    expect(instance.quota.parsed).toBe(5 * GIB);
    expect(instance.refquota).toMatchObject({ parsed: null, value: null, rawvalue: '0' });
    expect(instance.atime).toMatchObject({ source: 'INHERITED', source_info: 'tank' });
    expect(instance.user_properties.comments.value).toBe('hello');
    expect(await allocated()).toBeGreaterThan(before);
    const event = await connection.frame((frame) => frame.params?.id === 'tank/fresh');
    expect(event.params).toMatchObject({ msg: 'added', collection: 'pool.dataset.query' });
  });

  test('a thick zvol takes its whole size at once, a sparse one does not', async () => {
    const before = await allocated();
    const volume = { type: 'VOLUME', volsize: 100 * GIB };
    await connection.call('pool.dataset.create', [{ name: 'tank/sparse', sparse: true, ...volume }]);
    expect((await allocated()) - before).toBeLessThan(GIB);
    await connection.call('pool.dataset.create', [{ name: 'tank/thick', ...volume }]);
    expect((await allocated()) - before).toBeGreaterThan(100 * GIB);
  });

  test.each([
    ['tank/home', 'exists already', 17],
    ['tank/none/child', 'has no parent', 2],
    ['nopool/child', 'is in no pool', 2],
    ['tank', 'is a pool', 22],
    ['tank/a//b', 'has an empty part', 22],
    ['tank/iscsi/esx-datastore/child', 'is below a zvol', 22],
    ['tank/vault/child', 'is below a locked dataset', 22],
  ])('%s cannot be created: it %s', async (name, _why, errno) => {
    const { extra } = await refusal('pool.dataset.create', [{ name }]);
    expect(extra[0]).toEqual(['pool_dataset_create.name', expect.any(String), errno]);
  });

  test('every wrong thing about a zvol is told at once', async () => {
    const wrong = { name: 'fast/vol', type: 'VOLUME', volsize: 10 * 2 ** 40 + 1 };
    const { extra } = await refusal('pool.dataset.create', [wrong]);
    expect(extra.map(([attribute]: [string]) => attribute)).toEqual([
      'pool_dataset_create.volsize',
      'pool_dataset_create.volsize',
    ]);
  });

  test('a quota cannot be less than what is used', async () => {
    const { error, reason } = await refusal('pool.dataset.update', ['tank/media/movies', { quota: GIB }]);
    expect([error, reason]).toEqual([14, expect.stringContaining('size is less than current used')]);
  });

  test('one with children goes only when recursive, with all that used it', async () => {
    expect((await refusal('pool.dataset.delete', ['tank/projects'])).errname).toBe('ENOTEMPTY');
    const before = await allocated();
    await connection.call('pool.dataset.delete', ['tank/projects', { recursive: true }]);
    expect(await allocated()).toBeLessThan(before);
    const left = await connection.call('pool.dataset.query', [[['id', '^', 'tank/projects']]]);
    expect(left).toEqual([]);
    const exports = await connection.call('sharing.nfs.query', [[['path', '=', '/mnt/tank/projects']]]);
    expect(exports).toEqual([]);
  });

  test('a missing one is told by name', async () => {
    const { extra } = await refusal('pool.dataset.get_instance', ['tank/nope']);
    expect(extra).toEqual([[null, 'PoolDataset tank/nope does not exist', 2]]);
  });

  test('unlocking needs the right passphrase and makes shares readable again', async () => {
    const encryption_options = { passphrase: 'correct horse' };
    const encryption = { encryption: true, inherit_encryption: false, encryption_options };
    await connection.call('pool.dataset.create', [{ name: 'tank/safe', ...encryption }]);
    await connection.call('sharing.smb.create', [{ name: 'safe', path: '/mnt/tank/safe' }]);
    const isShareLocked = async (): Promise<unknown> =>
      (await connection.call('sharing.smb.query', [[['name', '=', 'safe']], { get: true }])).locked;
    await finished('pool.dataset.lock', ['tank/safe']);
    expect(await isShareLocked()).toBe(true);
    const unlock = (passphrase: string): Promise<unknown> =>
      finished('pool.dataset.unlock', ['tank/safe', { datasets: [{ name: 'tank/safe', passphrase }] }]);
    expect(await unlock('wrong')).toEqual({
      unlocked: [],
      failed: { 'tank/safe': { error: 'Invalid Key', skipped: [] } },
    });
    expect(await unlock('correct horse')).toEqual({ unlocked: ['tank/safe'], failed: {} });
    expect(await isShareLocked()).toBe(false);
  });

  async function finished(method: string, params: readonly unknown[]): Promise<unknown> {
    const id = await connection.call(method, params);
    for (;;) {
      const job = await connection.call('core.get_jobs', [[['id', '=', id]], { get: true }]);
      if (job.state === 'SUCCESS') return job.result;
      if (job.state === 'FAILED') throw new Error(job.error);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});

describe.each(['25.04', '25.10', '27.0'] as const)('pool.dataset.query of %s', (release) => {
  const nas = withSimulator({ release });
  const isOld = release === '25.04';
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  const lean = { retrieve_children: false, properties: ['used'], retrieve_user_props: false };

  test('without children and without a filter lists root datasets only', async () => {
    const rows = await connection.call('pool.dataset.query', [[], { extra: lean }]);
    expect(rows.map(({ id }: { id: string }) => id)).toEqual(['tank', 'backup', 'fast']);
  });

  test('without children but with a filter goes down the tree, except on 25.04', async () => {
    const rows = await connection.call('pool.dataset.query', [[['id', '!=', '']], { extra: lean }]);
    expect(rows.length > 3).toBe(!isOld);
    expect('children' in rows[0]).toBe(!isOld);
  });

  test('counts what matches on 25.04, and everything later', async () => {
    const filters = [['pool', '=', 'fast']];
    const all = await connection.call('pool.dataset.query', [[], { count: true }]);
    const some = await connection.call('pool.dataset.query', [filters, { count: true }]);
    expect(some === all).toBe(!isOld);
  });

  test('leaves out encryption unless one of its properties is asked for', async () => {
    const one = [['id', '=', 'tank/vault']];
    const [plain] = await connection.call('pool.dataset.query', [one, { extra: lean }]);
    expect('locked' in plain).toBe(false);
    const extra = { ...lean, properties: ['used', 'encryption', 'keystatus'] };
    const [asked] = await connection.call('pool.dataset.query', [one, { extra }]);
    expect(asked).toMatchObject({ locked: true, encrypted: true, encryption_root: 'tank/vault' });
  });

  const ciphered = {
    ...{ name: 'tank/ciphered', encryption: true, inherit_encryption: false },
    encryption_options: { passphrase: 'correct horse', algorithm: 'AES-128-GCM' },
  };

  test.skipIf(release === '27.0')('the cipher can be chosen', async () => {
    const { encryption_algorithm: cipher } = await connection.call('pool.dataset.create', [ciphered]);
    expect(cipher.value).toBe('AES-128-GCM');
  });

  test.runIf(release === '27.0')('there is no choice of ciphers', async () => {
    await expect(connection.call('pool.dataset.create', [ciphered])).rejects.toMatchObject({ code: -32602 });
    await expect(connection.call('pool.dataset.encryption_algorithm_choices')).rejects.toMatchObject({
      code: -32601,
    });
  });

  test('does not show what the system keeps for itself', async () => {
    const rows = await connection.call('pool.dataset.query', [[], { select: ['id'] }]);
    const ids = rows.map(({ id }: { id: string }) => id);
    expect(ids.filter((id: string) => id.includes('.system') || id.startsWith('boot-pool'))).toEqual([]);
  });
});
