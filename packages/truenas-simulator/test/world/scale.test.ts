/** Ten thousand datasets and a hundred thousand snapshots are held and asked for. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type RawConnection, withSimulator } from '../support/simulator.ts';

describe('a big NAS', () => {
  const nas = withSimulator({ release: '25.10', datasets: 10_000, snapshots: 100_000 });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  test('counts all of it', async () => {
    expect(await connection.call('pool.dataset.query', [[], { count: true }])).toBe(10_000);
    expect(await connection.call('pool.snapshot.query', [[], { count: true }])).toBe(100_000);
  });

  test('answers the biggest fifty datasets, with nothing but what was selected', async () => {
    const rows = await connection.call('pool.dataset.query', [
      [['id', '!=', '']],
      {
        extra: { retrieve_children: false, properties: ['used'], retrieve_user_props: false },
        select: ['id', 'used.parsed'],
        order_by: ['-used.parsed'],
        limit: 50,
      },
    ]);
    expect(rows).toHaveLength(50);
    const sizes = rows.map(({ used }: { used: { parsed: number } }) => used.parsed);
    expect(sizes).toEqual(sizes.toSorted((left: number, right: number) => right - left));
    expect(Object.keys(rows[0])).toEqual(['id', 'used']);
  });

  test('answers the last fifty snapshots, and those of one dataset', async () => {
    const options = { order_by: ['-createtxg'], limit: 50, select: ['id', 'createtxg'] };
    expect(await connection.call('pool.snapshot.query', [[], options])).toHaveLength(50);
    const names = await connection.call('pool.snapshot.query', [
      [['dataset', '=', 'tank/home/alice']],
      { select: ['name'], order_by: ['-name'], limit: 50, offset: 100 },
    ]);
    expect(names).toHaveLength(50);
    for (const { name } of names) expect(name).toMatch(/^tank\/home\/alice@auto-/);
  });

  test('knows one dataset among them', async () => {
    const dataset = await connection.call('pool.dataset.get_instance', ['tank/teams/lab/share-00042']);
    expect(dataset.id).toBe('tank/teams/lab/share-00042');
  });
});
