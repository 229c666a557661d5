import { describe, expect, test } from 'vitest';
import type { ReadClient, WireValue } from '../../../src/truenas/client.ts';
import { askTool, refusing, useTools } from '../../support/tools.ts';

describe('on 27.0', () => {
  const bench = useTools({ release: '27.0' });

  test('a pool that stays full is explained in one answer, with what gives space back', async () => {
    expect(
      await bench.ask('space_report', { pool: 'fast', older_than: '5d', limit: 3 }),
    ).toMatchInlineSnapshot(`
      "WARNING: fast 94 % full, 436 GiB left
      WARNING pool nearly full [space.full]: fast (94 %, 436 GiB left) → Storage > Manage Devices, for more disks
      WARNING old snapshots hold space that the pool lacks [space.snapshots]: fast/containers (9 old, 17.2 GiB to 27.1 GiB) → delete_snapshots {"dataset":"fast/containers","older_than":"5d","automatic":true}
      NOTE set aside for data not yet written [space.refreservation]: zvol fast/vms/db01 (56 GiB); zvol fast/vms/web01 (39 GiB) → update_dataset {"dataset":"fast/vms/db01","refreservation":0}
      fast: 6.6 TiB used: own data 6.3 TiB + snapshots 158 GiB + reserved and unused 95 GiB; compression 1.38x
      Deleting snapshots older than 5d (9) frees at least 17.2 GiB, at most 27.1 GiB.
      Datasets with younger snapshots alone: these hold 131 GiB, most in fast/databases/postgres, until their tasks let them go.
      Own data also counts what the API does not tell apart: deleted files that a program still has open, recycle bins of shares, block clones.
      datasets 1-3 of 11
      dataset                   own      snapshots  reserved  old_snapshots  old_free_at_least
      fast/scratch/render       2.1 TiB  0 B        -         -              -
      fast/scratch              1.5 TiB  0 B        -         -              -
      fast/scratch/ml-datasets  1.4 TiB  0 B        -         -              -
      next: space_report {"pool":"fast","older_than":"5d","limit":3,"cursor":"3.M5BoB4"}"
    `);
  });

  test('snapshots that are held are left out of what deleting frees', async () => {
    const before = await bench.ask('space_report', { pool: 'backup' });
    const held = answering(bench.nas, 'pool.snapshot.query', (row) => ({ ...row, holds: { truenas: 1 } }));
    const none = await askTool(held, 'space_report', { pool: 'backup' });
    expect(before).toContain('Deleting snapshots older than 30d (10) frees at least');
    expect(none).toContain('No snapshots older than 30d to delete (left out: 10 held).');
    expect(none).not.toContain('space.old_snapshots');
  });

  test('the snapshot that a replication goes on from is left out', async () => {
    const names = await bench.answer('list_snapshots', { dataset: 'backup/offsite', older_than: '30d' });
    const sent = answering(bench.nas, 'replication.query', (row) => ({
      ...row,
      transport: 'SSH',
      direction: 'PULL',
      target_dataset: 'backup/offsite',
      state: { state: 'FINISHED', last_snapshot: names.data.rows.at(-1).name },
    }));
    const text = await askTool(sent, 'space_report', { pool: 'backup' });
    expect(text).toContain('Deleting snapshots older than 30d (9) frees');
    expect(text).toContain('(left out: 1 a base of replication)');
  });

  test('what could not be read is unknown, never none', async () => {
    const text = await askTool(refusing(bench.nas, 'pool.snapshot.query'), 'space_report', {
      pool: 'backup',
    });
    expect(text).toMatch(/^UNKNOWN: /u);
    expect(text).toContain('NOT READ, so not judged: old snapshots could not be read (not allowed');
    expect(text).toContain('What deleting snapshots older than 30d frees is not known: at most 396 GiB.');
  });

  test('a mistyped pool is answered with the near ones', async () => {
    expect(await bench.ask('space_report', { pool: 'tnk' })).toContain('did you mean "tank"?');
  });
});

describe('with more snapshots than a NAS can be asked about', () => {
  const bench = useTools({ release: '25.10', snapshots: 30_000 });

  test('the upper bound stands, and the lower one is said not to be known', async () => {
    const text = await bench.ask('space_report', { pool: 'tank', limit: 1 });
    expect(text).toContain('this release reads all 30000 snapshots to tell');
    expect(text).toContain('frees is not known: at most');
  });
});

function answering(
  nas: ReadClient,
  method: string,
  change: (row: Record<string, WireValue>) => Record<string, WireValue>,
): ReadClient {
  return {
    ...nas,
    origin: undefined,
    call: async (asked, params, options) => {
      const answer = await nas.call(asked, params, options);
      if (asked !== method || !Array.isArray(answer)) return answer;
      return answer.map((row) => change(Object(row)));
    },
  };
}
