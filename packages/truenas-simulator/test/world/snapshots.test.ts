/** Snapshots over the wire: conflicts as on a real NAS, and each release's own way of being asked. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type RawConnection, RpcFailure, withSimulator } from '../support/simulator.ts';

async function refusal(
  connection: RawConnection,
  method: string,
  params: readonly unknown[],
): Promise<string> {
  try {
    await connection.call(method, params);
  } catch (error) {
    if (error instanceof RpcFailure) return `${error.data.errname} ${error.data.reason}`;
    throw error;
  }
  throw new Error(`${method} was not refused`);
}

describe('snapshots', () => {
  const nas = withSimulator({ release: '25.10' });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  test('are taken recursively, once by each name', async () => {
    await connection.call('pool.snapshot.create', [{ dataset: 'tank/home', name: 'all', recursive: true }]);
    const rows = await connection.call('pool.snapshot.query', [[['snapshot_name', '=', 'all']]]);
    expect(rows.map(({ dataset }: { dataset: string }) => dataset)).toEqual([
      'tank/home',
      ...['alice', 'bob', 'carol', 'dave'].map((name) => `tank/home/${name}`),
    ]);
    const again = await refusal(connection, 'pool.snapshot.create', [{ dataset: 'tank/home', name: 'all' }]);
    expect(again).toContain('EEXIST');
  });

  test('that are held or cloned stay, also when their dataset is to go', async () => {
    const id = 'tank/media/music@kept';
    await connection.call('pool.snapshot.create', [{ dataset: 'tank/media/music', name: 'kept' }]);
    await connection.call('pool.snapshot.hold', [id]);
    expect(await refusal(connection, 'pool.snapshot.delete', [id])).toContain('EBUSY');
    expect(
      await refusal(connection, 'pool.dataset.delete', ['tank/media/music', { recursive: true }]),
    ).toContain('is held');
    await connection.call('pool.snapshot.release', [id]);
    await connection.call('pool.snapshot.clone', [{ snapshot: id, dataset_dst: 'tank/copy' }]);
    expect(await refusal(connection, 'pool.snapshot.delete', [id])).toContain('tank/copy');
    await connection.call('pool.dataset.delete', ['tank/copy']);
    expect(await connection.call('pool.snapshot.delete', [id])).toBe(true);
  });

  test('that are not the newest take a dataset back only by destroying the newer ones', async () => {
    const rows = await connection.call('pool.snapshot.query', [[['dataset', '=', 'tank/finance']]]);
    const [oldest] = rows;
    expect(await refusal(connection, 'pool.snapshot.rollback', [oldest.id])).toContain('more recent');
    await connection.call('pool.snapshot.rollback', [oldest.id, { recursive: true }]);
    const left = await connection.call('pool.snapshot.query', [[['dataset', '=', 'tank/finance']]]);
    expect(left.map(({ id }: { id: string }) => id)).toEqual([oldest.id]);
    const dataset = await connection.call('pool.dataset.get_instance', ['tank/finance']);
    expect(dataset.usedbydataset.parsed).toBe(oldest.properties.referenced.parsed);
  });

  test('give their space back when destroyed', async () => {
    const used = async (): Promise<number> =>
      (await connection.call('pool.dataset.get_instance', ['tank/documents'])).usedbysnapshots.parsed;
    const before = await used();
    const [row] = await connection.call('pool.snapshot.query', [[['dataset', '=', 'tank/documents']]]);
    await connection.call('pool.snapshot.delete', [row.id]);
    expect(before - (await used())).toBe(row.properties.used.parsed);
  });

  test('tell when their task will let them go, if asked with a limit', async () => {
    const extra = { retention: true };
    expect(await refusal(connection, 'pool.snapshot.query', [[], { extra }])).toContain('limit');
    const [row] = await connection.call('pool.snapshot.query', [[], { extra, limit: 1 }]);
    expect(row.retention).toMatchObject({ source: 'periodic_snapshot_task' });
  });

  test('drop dotted names from select without a word, and narrow names to the last pool or dataset', async () => {
    const select = ['name', 'properties.used.parsed'];
    const [row] = await connection.call('pool.snapshot.query', [
      [['pool', '=', 'fast']],
      { select, limit: 1 },
    ]);
    expect(Object.keys(row)).toEqual(['name']);
    const filters = [
      ['pool', '=', 'fast'],
      ['dataset', '=', 'tank/home'],
    ];
    const names = await connection.call('pool.snapshot.query', [filters, { select: ['name'] }]);
    expect(names.length).toBeGreaterThan(0);
    for (const { name } of names) expect(name).toMatch(/^tank\/home@/);
  });
});

describe('snapshots of 27.0', () => {
  const nas = withSimulator({ release: '27.0' });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  const query = (filters: unknown[], options: object = {}): Promise<{ id: string }[]> =>
    connection.call('pool.snapshot.query', [filters, options]);

  test('are listed as the union of the paths that filters name', async () => {
    const home = await query([['dataset', '=', 'tank/home']]);
    const one = (await query([['dataset', '=', 'tank/media']]))[0]?.id ?? '';
    const both = await query([
      ['dataset', '=', 'tank/home'],
      ['id', '=', one],
    ]);
    expect(both.length).toBe(home.length + 1);
  });

  test('are all listed for an empty list of ids, and none when one path is missing', async () => {
    expect(await query([['id', 'in', []]], { count: true })).toBe(480);
    expect(await query([['dataset', 'in', ['tank/home', 'tank/nope']]])).toEqual([]);
  });

  test('have no properties but those named, as plain numbers', async () => {
    const [bare] = await query([['dataset', '=', 'tank/home']]);
    expect(bare).toMatchObject({ properties: {}, holds: {} });
    const extra = { properties: ['used', 'creation'] };
    const [row] = (await query([['dataset', '=', 'tank/home']], { extra })) as never[];
    expect(row).toMatchObject({
      properties: {
        used: { value: expect.stringMatching(/^\d+$/) },
        creation: { parsed: expect.any(Number) },
      },
    });
  });
});
