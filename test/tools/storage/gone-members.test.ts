/** A member of a pool of CORE that is out of service has no name but the label of its partition. */
import { expect, it } from 'vitest';
import type { ReadClient, WireValue } from '../../../src/truenas/client.ts';
import { askTool, refusing, useTools } from '../../support/tools.ts';

const bench = useTools({ release: 'core-13.3' });
const GONE = 'a disk that is gone (gptid 184d0436-4605-47f0-ad55-afea42e9c25d)';

/** The same NAS with other records of disks by their GUID. */
function recorded(rows: WireValue): ReadClient {
  return {
    ...bench.nas,
    origin: undefined,
    call: (method, params, options) =>
      method === 'disk.query' && JSON.stringify(params).includes('zfs_guid')
        ? Promise.resolve(rows)
        : bench.nas.call(method, params, options),
  };
}

/** Name, GUID and serial of the disk that the pool names by no more than its label. */
async function rowOfGone(): Promise<Readonly<Record<string, string>>> {
  const rows = await bench.nas.call('disk.query', [[], { select: ['name', 'model', 'serial', 'zfs_guid'] }]);
  const pools = JSON.stringify(await bench.nas.call('pool.query'));
  const found = (rows as Record<string, string>[]).find(
    ({ zfs_guid: guid, name }) => pools.includes(`"${guid ?? '-'}"`) && !pools.includes(`"${name ?? '-'}"`),
  );
  return found ?? {};
}

it('is named by the records of disks, which have its GUID', async () => {
  const { name, serial } = await rowOfGone();
  const text = await bench.ask('get_pool', { pool: 'backup' });
  expect(text).toMatch(new RegExp(`${name} FAULTED .*serial ${serial}\\]`, 'u'));
  expect(text).not.toContain('gptid');
});

it('that was pulled is a disk that is gone, with the model and serial that the records still have', async () => {
  const row = await rowOfGone();
  const text = await askTool(recorded([{ ...row, expiretime: '2026-03-08T00:00:00Z' }]), 'get_pool', {
    pool: 'backup',
  });
  expect(text).toContain(`${GONE} FAULTED`);
  expect(text).toContain(`serial ${row['serial']}]`);
});

it('of which the records know nothing is a disk that is gone, with its label', async () => {
  const text = await askTool(recorded([]), 'get_pool', { pool: 'backup' });
  expect(text).toContain(`${GONE} FAULTED 247 read, 7 write, 39 checksum errors`);
});

it('is a disk that is gone where the records cannot be read, which is said', async () => {
  const text = await askTool(refusing(bench.nas, 'disk.query'), 'get_pool', { pool: 'backup' });
  expect(text).toContain(GONE);
  expect(text).toContain('names of disks that are gone could not be read (not allowed for this API key');
});

it('is a disk that is gone in the overview, which reads no records', async () => {
  expect(await bench.ask('system_overview')).toContain(`${GONE} FAULTED`);
});
