import { expect, test } from 'vitest';
import { layoutOf, poolTopology } from '../../../src/tools/storage/topology.ts';
import { redundancyText } from '../../../src/tools/storage/vdev-redundancy.ts';
import { leaf, vdev } from '../support/hand-made-nas.ts';

function textOf(row: unknown, vdevClass = 'data'): string | undefined {
  const [first, ...members] = layoutOf(poolTopology({ [vdevClass]: [row] }));
  if (first === undefined) throw new Error('no vdev');
  return redundancyText(first, members);
}

const disks = (count: number, ...failed: string[]) =>
  Array.from({ length: count }, (_, i) => leaf(`sd${'abcdefghij'[i]}`, failed[i] ?? 'ONLINE'));

test.each<[string, unknown, string]>([
  [
    'a whole mirror of three',
    vdev('mirror-0', 'MIRROR', 'ONLINE', disks(3)),
    'mirror-0 survives 2 more failed disks',
  ],
  [
    'a mirror that lost one',
    vdev('mirror-0', 'MIRROR', 'DEGRADED', disks(2, 'FAULTED')),
    'mirror-0 survives NO further failed disk',
  ],
  [
    'RAIDZ2 that lost one',
    vdev('raidz2-0', 'RAIDZ2', 'DEGRADED', disks(6, 'REMOVED')),
    'raidz2-0 survives 1 more failed disk',
  ],
  [
    'RAIDZ1 that lost two',
    vdev('raidz1-0', 'RAIDZ1', 'UNAVAIL', disks(3, 'FAULTED', 'UNAVAIL')),
    'raidz1-0 has lost more disks than it can',
  ],
  ['a single disk', leaf('sda'), 'sda survives NO further failed disk'],
  [
    'a mirror in which a spare stands in counts the spared disk as lost, as its data is not known to be whole',
    vdev('mirror-0', 'MIRROR', 'DEGRADED', [
      leaf('sda'),
      vdev('spare-0', 'SPARE', 'DEGRADED', disks(2, 'FAULTED')),
    ]),
    'mirror-0 survives NO further failed disk',
  ],
  [
    'dRAID',
    vdev('draid1:4d:6c:1s-0', 'DRAID1', 'ONLINE', disks(6)),
    'how many failures draid1:4d:6c:1s-0 survives is not known for its type DRAID1',
  ],
])('%s', (_, row, text) => {
  expect(textOf(row)).toBe(text);
});

test.each(['spare', 'cache'])(
  'a disk of class %s holds nothing that could be lost, so nothing is said',
  (vdevClass) => {
    expect(textOf(leaf('sdx', vdevClass === 'spare' ? 'AVAIL' : 'ONLINE'), vdevClass)).toBeUndefined();
  },
);
