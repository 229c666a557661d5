/** Queries whose rows the NAS keeps in its database. */
import { describe, expect, it } from 'vitest';
import { withSimulator } from '../support/simulator.ts';

describe('services kept in the database', () => {
  const nas = withSimulator({ release: '25.10' });
  const unknown = (column: string) => ({ code: -32001, data: { error: 22, reason: `'${column}'` } });

  it.each([
    ...['user.query', 'group.query', 'disk.query', 'sharing.smb.query', 'sharing.nfs.query', 'service.query'],
    ...['iscsi.target.query', 'nvmet.subsys.query', 'cloudsync.query', 'replication.query', 'vm.query'],
  ])('%s cannot be ordered by what is no column', async (method) => {
    const connection = await nas.connect();
    const call = (options: object) => connection.call(method, [[], options]);
    await expect(call({ order_by: ['zzz'] })).rejects.toMatchObject(unknown('zzz'));
    await expect(call({ order_by: ['id', '-zzz'], limit: 1 })).rejects.toMatchObject(unknown('zzz'));
  });

  it('a computed field is no column, a column goes by its own name in the database', async () => {
    const connection = await nas.connect();
    const call = (order: string) =>
      connection.call('user.query', [[], { order_by: [order], force_sql_filters: true, select: ['uid'] }]);
    await expect(call('roles')).rejects.toMatchObject(unknown('roles'));
    expect(await call('-bsdusr_uid')).toEqual(await call('-uid'));
  });

  it.each(['service.query', 'iscsi.auth.query', 'keychaincredential.query', 'app.registry.query'])(
    '%s cannot be filtered by what is no column',
    async (method) => {
      const connection = await nas.connect();
      await expect(connection.call(method, [[['zzz', '=', 1]]])).rejects.toMatchObject(unknown('zzz'));
    },
  );

  it('the first key is the primary one where all of a query runs in the database, else the last', async () => {
    const connection = await nas.connect();
    const services = await connection.call('service.query', [[], { order_by: ['enable', '-service'] }]);
    const keys: string[] = services.map(
      ({ enable, service }: { enable: boolean; service: string }) => `${Number(enable)} ${service}`,
    );
    const isEnabled = (key: string): boolean => key.startsWith('1');
    const byName = keys.toSorted((a, b) => (a > b ? -1 : 1));
    expect(keys).toEqual([...byName.filter((key) => !isEnabled(key)), ...byName.filter(isEnabled)]);
    expect(new Set(keys.map(isEnabled)).size).toBe(2);

    const users = await connection.call('user.query', [[], { order_by: ['-uid', 'builtin'] }]);
    const builtin = users.map((user: { builtin: boolean }) => user.builtin);
    expect(builtin).toEqual(builtin.toSorted((a: boolean, b: boolean) => Number(a) - Number(b)));
  });

  it('null is neither more nor less than anything in the database', async () => {
    const connection = await nas.connect();
    const filters = [['email', '>', 'a']];
    await expect(connection.call('user.query', [filters])).rejects.toMatchObject({ data: { error: 22 } });
    const rows = await connection.call('user.query', [filters, { force_sql_filters: true }]);
    expect(rows.every(({ email }: { email: string | null }) => email !== null)).toBe(true);
  });
});
