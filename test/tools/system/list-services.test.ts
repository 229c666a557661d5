import { expect, test } from 'vitest';
import { useTools } from '../../support/tools.ts';

const bench = useTools({ release: '25.10' });

test('services', async () => {
  expect(await bench.ask('list_services')).toMatchInlineSnapshot(`
    "8 services
    service      state    at_boot
    cifs         RUNNING  yes
    ftp          STOPPED  no
    iscsitarget  RUNNING  yes
    nfs          RUNNING  yes
    nvmet        RUNNING  yes
    snmp         RUNNING  yes
    ssh          RUNNING  yes
    ups          STOPPED  yes"
  `);
});

test.each<[Record<string, unknown>, string, unknown[]]>([
  [{ name: 'smb' }, 'service', ['cifs']],
  [{ name: 'NVMe' }, 'service', ['nvmet']],
  [{ at_boot: true, state: 'STOPPED' }, 'service', ['ups']],
  [{ sort: 'state', order: 'desc', limit: 2 }, 'state', ['STOPPED', 'STOPPED']],
  [{ fields: ['state'], name: 'ups' }, 'at_boot', [undefined]],
])('%j: %s is %j', async (args, key, values) => {
  const { data } = await bench.answer('list_services', args);
  expect(data.rows.map((row: Record<string, unknown>) => row[key])).toEqual(values);
});

test('a list without notes has none in its data', async () => {
  expect(await bench.answer('list_services')).not.toHaveProperty('data.notes');
});
