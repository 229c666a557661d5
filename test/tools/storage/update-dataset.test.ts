/** Settings of datasets: what is refused with the figure, what a person is told, and what an undo restores. */
import { describe, expect, it } from 'vitest';
import { applied, changeNas, enginePlan, planText } from './support/planned.ts';

describe('update_dataset', () => {
  it('shows the whole change', async () => {
    const nas = await changeNas();
    const text = await planText(nas, 'update_dataset', {
      dataset: 'tank/documents',
      quota: '5T',
      sync: 'disabled',
      deduplication: 'on',
      compression: 'zstd',
    });
    expect(text).toMatchInlineSnapshot(`
      "PLAN id, nothing was changed: Set quota=5 TiB, compression=zstd, sync=disabled, deduplication=on on tank/documents
      risk: destroys (sync=disabled: writes that were acknowledged are lost when the power fails; deduplication costs memory for as long as the data exists)
      1. set quota=5 TiB, compression=zstd, sync=disabled, deduplication=on on tank/documents: pool.dataset.update ["tank/documents",{"quota":5497558138880,"compression":"ZSTD","sync":"DISABLED","deduplication":"ON"}]
      diff: dataset tank/documents: quota 4 TiB (4398046511104 bytes) -> 5 TiB (5497558138880 bytes)
      diff: dataset tank/documents: compression LZ4 (inherited) -> ZSTD (local)
      diff: dataset tank/documents: sync STANDARD (default) -> DISABLED (local)
      diff: dataset tank/documents: deduplication OFF (default) -> ON (local)
      impact: sync=disabled: the NAS acknowledges writes before they are safe; when the power fails, the last seconds are lost, and databases and virtual machines on it may be damaged.
      impact: Deduplication costs memory (about 5 GiB for each TiB of unique data) for as long as the data exists, and slows writing; turning it off later does not undo it.
      impact: compression: holds for what is written from now on; data that is there stays as it is.
      impact: Of 1 below, those that inherit these settings follow.
      undo: set quota, compression, sync, deduplication of tank/documents back: pool.dataset.update ["tank/documents",{"quota":4398046511104,"compression":"INHERIT","sync":"INHERIT","deduplication":"INHERIT"}]
      roles needed: DATASET_WRITE
      To apply it: apply_change {"plan":"id","summary":"Set quota=5 TiB, compression=zstd, sync=disabled, deduplication=on on tank/documents"}; a person then approves it with a sign-in to the NAS."
    `);
    expect(nas.writes()).toEqual([]);
  });

  it.each([
    [
      'a quota below what is used',
      { dataset: 'tank/media', quota: '1T' },
      /1 TiB is less than tank\/media uses now: [\d.]+ TiB with snapshots/u,
    ],
    [
      'a smaller volume',
      { dataset: 'fast/vms/web01', volsize: '50G' },
      /only made larger: fast\/vms\/web01 has 100 GiB/u,
    ],
    [
      'a volume size that no blocks fill',
      { dataset: 'fast/vms/web01', volsize: 200_000_000_001 },
      /multiple of the block size/u,
    ],
    ['a quota of a volume', { dataset: 'fast/vms/web01', quota: '500G' }, /nothing that a volume has/u],
    ['a volume size of a dataset', { dataset: 'tank/media', volsize: '500G' }, /of volumes only/u],
    [
      'a compression that there is not',
      { dataset: 'tank/media', compression: 'brotli' },
      /none that ZFS has: BROTLI; lz4, zstd/u,
    ],
    [
      'a comment that the NAS takes for none',
      { dataset: 'tank/media', comments: 'INHERIT' },
      /takes comments off/u,
    ],
    ['nothing to change', { dataset: 'tank/media' }, /alone changes nothing/u],
    ['a mistyped name', { dataset: 'tank/meda', atime: 'off' }, /tank\/media/u],
    [
      'a dataset of the NAS',
      { dataset: 'boot-pool/grub', atime: 'off' },
      /names no dataset|belongs to the NAS/u,
    ],
  ])('refuses %s', async (_what, args, words) => {
    const nas = await changeNas();
    expect(await planText(nas, 'update_dataset', args)).toMatch(words);
  });

  it('read-only on says who uses the dataset, and off that a protection goes', async () => {
    const nas = await changeNas();
    const on = await planText(nas, 'update_dataset', { dataset: 'tank/media', readonly: 'on' });
    expect(on).toContain('risk: destroys');
    expect(on).toContain('uses it: SMB Share');
    const off = await planText(nas, 'update_dataset', { dataset: 'tank/projects/archive', readonly: 'off' });
    expect(off).toContain('risk: destroys (the data is no longer protected from writing');
  });

  it('comments are found where each release keeps them', async () => {
    for (const release of ['25.04', '25.10'] as const) {
      const nas = await changeNas({ simulator: { release } });
      const text = await planText(nas, 'update_dataset', { dataset: 'tank/media', comments: 'films' });
      expect(text).toContain('diff: dataset tank/media: comments Films, series and music -> films');
    }
  });

  it('its undo lets inherit again what was inherited, and sets again what was set', async () => {
    const nas = await changeNas();
    const text = await planText(nas, 'update_dataset', {
      dataset: 'tank/media',
      atime: 'on',
      recordsize: '128K',
    });
    expect(text).toContain(
      'undo: set recordsize, atime of tank/media back: pool.dataset.update ["tank/media",{"recordsize":"1M","atime":"INHERIT"}]',
    );
  });

  it.each(['25.04', '25.10', '27.0'] as const)(
    'on %s takes limits off and sees it on the NAS',
    async (release) => {
      const nas = await changeNas({ simulator: { release } });
      for (const args of [
        { dataset: 'tank/home/alice', quota: 'none' },
        { dataset: 'tank/home/dave', refquota: 0, refreservation: '0' },
        { dataset: 'tank/documents', reservation: 0, comments: '' },
        { dataset: 'tank/media/photos', copies: 1, snapdir: 'hidden', sync: 'always' },
        { dataset: 'tank/iso', readonly: 'inherit', recordsize: '1024k' },
      ]) {
        const plan = await enginePlan(nas, 'update_dataset', args);
        expect(await applied(nas, plan)).toMatchObject({ kind: 'applied' });
      }
    },
  );
});
