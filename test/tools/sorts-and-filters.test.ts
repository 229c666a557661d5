/** Every list can be narrowed and put in order; the same words work as people use them. */
import { describe, expect, test } from 'vitest';
import { CURATED_TOOLS, runTool, toolNamed, useTools } from '../support/tools.ts';

const bench = useTools();

const LISTS = CURATED_TOOLS.filter(({ name }) => name.startsWith('list_'));

test.each(LISTS.map((tool) => [tool.name, Object.keys(tool.input.shape)] as const))(
  '%s takes sort, order, fields, limit and cursor',
  (_, names) => {
    expect(names).toEqual(expect.arrayContaining(['sort', 'order', 'fields', 'limit', 'cursor']));
  },
);

async function column(name: string, args: Record<string, unknown>, key: string): Promise<unknown[]> {
  const { data } = await bench.answer(name, args);
  return data.rows.map((row: Record<string, unknown>) => row[key]);
}

test.each<[string, Record<string, unknown>, string, unknown[]]>([
  ['list_services', { name: 'smb' }, 'service', ['cifs']],
  ['list_services', { name: 'NVMe' }, 'service', ['nvmet']],
  ['list_services', { at_boot: true, state: 'STOPPED' }, 'service', ['ups']],
  ['list_services', { sort: 'state', order: 'desc', limit: 2 }, 'state', ['STOPPED', 'STOPPED']],
  ['list_services', { fields: ['state'], name: 'ups' }, 'at_boot', [undefined]],
  ['list_alerts', { sort: 'since', limit: 2 }, 'level', ['INFO', 'WARNING']],
  ['list_alerts', { order: 'asc', limit: 3 }, 'level', ['INFO', 'INFO', 'NOTICE']],
  ['list_jobs', { sort: 'id', order: 'asc', limit: 2 }, 'id', [1, 2]],
  ['list_jobs', { sort: 'method', limit: 3 }, 'method', ['app.upgrade', 'cloudsync.sync', 'cloudsync.sync']],
  ['list_jobs', { sort: 'method', limit: 3 }, 'id', [4, 10, 6]],
  ['list_shares', { sort: 'name', order: 'desc', limit: 1 }, 'name', ['vault']],
  ['list_shares', { pool: 'backup' }, 'path', ['/mnt/backup/old-server']],
  ['list_shares', { pool: '/mnt/fast', sort: 'kind' }, 'kind', ['iscsi', 'nfs', 'nvmeof']],
  ['list_shares', { name: '/mnt/tank/media/' }, 'name', ['media']],
  ['list_disks', { sort: 'temp', limit: 1 }, 'name', ['sdi']],
  ['list_disks', { sort: 'temp', order: 'asc', type: 'HDD', limit: 1 }, 'type', ['HDD']],
  ['list_pools', { sort: 'used%' }, 'name', ['fast', 'backup', 'tank']],
])('%s %j', async (name, args, key, values) => {
  expect(await column(name, args, key)).toEqual(values);
});

test('shares on a pool that has none say where there are some', async () => {
  expect(await bench.ask('list_shares', { pool: 'tnk' })).toBe(
    'No shares.\n(there are shares on backup, fast, tank)',
  );
});

test('dismissed alerts are counted among those that were asked for', async () => {
  expect(await bench.ask('list_alerts', { level: 'CRITICAL' })).not.toContain('dismissed');
  expect(await bench.ask('list_alerts', { text: 'NTP' })).toBe('No alerts.\n(1 dismissed not shown)');
});

test('a disk without a temperature comes last, whichever way they are sorted', async () => {
  const nas = {
    ...bench.nas,
    call: async (...[method, params, options]: Parameters<typeof bench.nas.call>) =>
      method === 'disk.temperatures' ? { sdb: 30, sdc: 40 } : bench.nas.call(method, params, options),
  };
  for (const [order, names] of [
    ['asc', ['sdb', 'sdc', 'nvme0n1']],
    ['desc', ['sdc', 'sdb', 'nvme0n1']],
  ]) {
    const { data } = await runTool(nas, toolNamed('list_disks'), { sort: 'temp', order, limit: 3 });
    expect(data.rows.map((row: { name: string }) => row.name)).toEqual(names);
  }
});

describe('pages of lists that are sorted here', () => {
  test.each<[string, Record<string, unknown>]>([
    ['list_disks', { sort: 'temp' }],
    ['list_shares', { sort: 'kind' }],
    ['list_services', { sort: 'state' }],
    ['list_jobs', { sort: 'state' }],
    ['list_alerts', { sort: 'last' }],
  ])('%s %j gives every row once', async (name, args) => {
    const whole = await bench.answer(name, args);
    const rows: unknown[] = [];
    let next: Record<string, unknown> | undefined = { ...args, limit: 3 };
    while (next !== undefined) {
      const { data } = await bench.answer(name, next);
      rows.push(...data.rows);
      next = data.next === undefined ? undefined : JSON.parse(data.next.slice(name.length + 1));
    }
    expect(rows).toEqual(whole.data.rows);
  });
});
