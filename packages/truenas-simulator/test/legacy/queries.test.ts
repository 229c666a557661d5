/** Queries of FreeBSD releases: what they leave out without a word, and what breaks them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type LegacyConnection, connectLegacy } from '../support/legacy.ts';
import { withSimulator } from '../support/simulator.ts';

describe.each(['core-13.0', 'core-13.3'] as const)('a query of %s', (release) => {
  const nas = withSimulator({ release });
  let connection: LegacyConnection;
  const call = (method: string, ...params: unknown[]) => connection.call(method, params);

  beforeAll(async () => {
    connection = await connectLegacy(nas.simulator);
  });

  it('finds nothing by a field of a table that was not selected', async () => {
    expect(await call('pool.query', [['status', '=', 'ONLINE']], { select: ['name'] })).toEqual([]);
    expect(await call('pool.query', [['status', '=', 'ONLINE']], { select: ['name', 'status'] })).not.toEqual(
      [],
    );
  });

  it('filters computed rows before it selects', async () => {
    const rows = await call('pool.dataset.query', [['type', '=', 'VOLUME']], { select: ['id'] });
    expect(rows.length).toBeGreaterThan(0);
    expect(Object.keys(rows[0])).toEqual(['id']);
  });

  it('drops a dotted select, and breaks on an alias', async () => {
    expect((await call('pool.query', [], { select: ['scan.state', 'id'] }))[0]).toEqual({ id: 1 });
    await expect(call('pool.query', [], { select: [['id', 'number']] })).rejects.toMatchObject({
      error: { error: 22, reason: "unhashable type: 'list'" },
    });
  });

  it('sorts a table by its columns only', async () => {
    await expect(call('pool.query', [], { order_by: ['status'] })).rejects.toMatchObject({
      error: { error: 22, reason: "'status'" },
    });
    const names = await call('pool.query', [], { order_by: ['-name'], select: ['name'] });
    expect(names.map(({ name }: { name: string }) => name)).toEqual(['vault', 'tank', 'fast', 'backup']);
  });

  it(`${release === 'core-13.0' ? 'cuts to a limit before' : 'limits after'} it filters a table`, async () => {
    const rows = await call('pool.query', [['name', '=', 'fast']], { limit: 1 });
    expect(rows.length).toBe(release === 'core-13.0' ? 0 : 1);
  });

  it('takes the first match of a list before it sorts', async () => {
    const options = { get: true, order_by: ['-id'] };
    const job = await call('core.get_jobs', [['id', '>', 0]], options);
    expect(job.id).toBe(1);
  });

  it('of services knows what is stored, not what runs', async () => {
    await expect(call('service.query', [['state', '=', 'RUNNING']])).rejects.toMatchObject({
      error: { error: 22, reason: "'state'" },
    });
    await expect(call('service.query', [], { count: true })).rejects.toMatchObject({ error: { error: 22 } });
    expect(await call('service.query', [['service', '=', 'cifs']], { get: true })).toMatchObject({
      service: 'cifs',
      state: 'RUNNING',
    });
  });

  it('reads names of snapshots alone without the rest, under pools of their own', async () => {
    const fast = await call('zfs.snapshot.query', [['pool', '=', 'tank']], { select: ['name'] });
    const slow = await call('zfs.snapshot.query', [['pool', '=', 'tank']]);
    const ofRoot = slow.filter(({ dataset }: { dataset: string }) => dataset === 'tank');
    expect(fast.length).toBe(slow.length - ofRoot.length);
    expect(Object.keys(fast[0])).toEqual(['name']);
    // What the fast way does not read counts as null there.
    const byDataset = await call('zfs.snapshot.query', [['dataset', '=', 'tank/media']], { count: true });
    expect(byDataset).toBeGreaterThan(0);
  });

  it('keeps temperatures for five minutes, whatever disks are asked for next', async () => {
    expect(Object.keys(await call('disk.temperatures', ['ada0']))).toEqual(['ada0']);
    expect(Object.keys(await call('disk.temperatures', []))).toEqual(['ada0']);
    await expect(call('disk.temperatures')).rejects.toMatchObject({
      error: { reason: '[names] attribute required' },
    });
  });

  it('finds one row by get_instance, which takes nothing else', async () => {
    expect(await call('pool.get_instance', 1)).toMatchObject({ name: 'tank' });
    await expect(call('pool.get_instance', 1, {})).rejects.toMatchObject({
      error: { reason: 'get_instance() takes 2 positional arguments but 3 were given' },
    });
    const [disk] = await call('disk.query');
    await expect(call('disk.get_instance', disk.identifier)).rejects.toMatchObject({
      error: { error: 2, type: 'VALIDATION' },
    });
  });

  it('measures without a column of times', async () => {
    const [graph] = await call('reporting.get_data', [{ name: 'disktemp', identifier: 'ada0' }], {
      unit: 'HOUR',
    });
    expect(graph).toMatchObject({ name: 'disktemp', identifier: 'ada0', legend: ['temperature_value'] });
    expect(graph.data.length).toBe((graph.end - graph.start) / graph.step + 1);
    expect(graph.data[0].length).toBe(1);
    expect(graph.data.at(-1)).toEqual([null]);
    expect(graph.aggregations.min.length).toBe(1);
  });
});
