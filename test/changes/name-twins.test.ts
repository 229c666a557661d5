/** Names that differ only by letters and digits that look alike, where a plan read both anyway. */
import { expect, it } from 'vitest';
import { textOf } from './support/plan-of.ts';
import { type PlannedNas, startPlannedNas } from './support/planned.ts';

const LINE = /^impact: LOOK CLOSELY: .*$/gmu;

/** A NAS with an SMB share of each name, all of other datasets. */
async function nasWith(...names: readonly string[]): Promise<PlannedNas> {
  const nas = await startPlannedNas();
  for (const [index, name] of names.entries()) {
    const dataset = `tank/twin${String(index)}`;
    await nas.person.write('pool.dataset.create', [{ name: dataset }]);
    await nas.person.write('sharing.smb.create', [{ name, path: `/mnt/${dataset}` }]);
  }
  return nas;
}

it.each([
  ['photos-l', 'photos-1'],
  ['photos-I', 'photos-l'],
  ['VOL0', 'VOLO'],
  ['modern', 'modem'],
])('deleting the share %s says that %s is there as well', async (share, other) => {
  const nas = await nasWith(share, other);
  const text = textOf(await nas.plan('delete_share', { kind: 'smb', share }));
  expect(text.match(LINE)).toEqual([
    `impact: LOOK CLOSELY: SMB share ${share} is not ${other}, which is there as well; l, 1 and I, O and 0, rn and m look alike`,
  ]);
});

it.each([
  ['photos-1', 'photos-2'],
  ['photos-a', 'photos-1'],
  ['holiday-l', 'photos-1'],
])('deleting the share %s beside %s says nothing of the sort', async (share, other) => {
  const nas = await nasWith(share, other);
  expect(textOf(await nas.plan('delete_share', { kind: 'smb', share }))).not.toContain('LOOK CLOSELY');
});

it('a new name that looks like the old one is told', async () => {
  const nas = await startPlannedNas();
  await nas.person.write('pool.dataset.create', [{ name: 'tank/photos-1' }]);
  const args = { dataset: 'tank/photos-1', new_name: 'tank/photos-l' };
  const text = textOf(await nas.plan('rename_dataset', args));
  expect(text.match(LINE)).toHaveLength(1);
  expect(text).toContain('LOOK CLOSELY: dataset tank/photos-l is not tank/photos-1');
});
