/** Members of a pool that are gone, replaced or spared: every tool about pools and disks says the same. */
import { describe, expect, test } from 'vitest';
import { ago, ask, leaf, pool, vdev } from '../support/hand-made-nas.ts';
import { overview } from '../support/overview.ts';

describe('a disk that is gone', () => {
  const gone = leaf(null, 'UNAVAIL', {
    unavail_disk: { name: 'sdc', model: 'ST16000NM001G', serial: 'ZL2ABCDE' },
  });
  const rows = [
    pool(
      {
        status: 'DEGRADED',
        healthy: false,
        status_code: 'MISSING_DEV_R',
        status_detail: 'One or more devices could not be opened.',
      },
      { data: [vdev('raidz1-0', 'RAIDZ1', 'DEGRADED', [leaf('sda'), leaf('sdb'), gone])] },
    ),
  ];
  test('get_pool names it by model and serial', async () => {
    const { text, data } = await ask({ 'pool.query': rows }, 'get_pool', { pool: 'tank' });
    expect(text).toContain('9154337582071534917 UNAVAIL [ST16000NM001G, serial ZL2ABCDE]');
    expect(data.troubled).toContainEqual(
      expect.objectContaining({ identity: 'ST16000NM001G, serial ZL2ABCDE' }),
    );
  });
  test('the overview does, as it drops the alert that does', async () => {
    const text = await overview({
      'pool.query': rows,
      'alert.list': [
        {
          uuid: '1',
          node: 'Controller A',
          klass: 'VolumeStatus',
          level: 'CRITICAL',
          dismissed: false,
          datetime: ago(1),
          last_occurrence: ago(1),
          text: '',
          formatted:
            'Pool tank state is DEGRADED: One or more devices could not be opened. The following devices are not healthy: Disk ST16000NM001G ZL2ABCDE is UNAVAIL',
        },
      ],
    });
    expect(text).toContain('ZL2ABCDE');
  });
});

test('a disk being replaced under the spare that stands in for it is named', async () => {
  const replacing = vdev('replacing-0', 'REPLACING', 'DEGRADED', [leaf('sdc', 'FAULTED'), leaf('sdh')]);
  const spare = vdev('spare-2', 'SPARE', 'DEGRADED', [replacing, leaf('sdg')]);
  const row = pool(
    { status: 'DEGRADED', healthy: false },
    { data: [vdev('raidz1-0', 'RAIDZ1', 'DEGRADED', [leaf('sda'), leaf('sdb'), spare])] },
  );
  const answers = {
    'pool.query': [row],
    'disk.query': [{ name: 'sdc', model: 'ST16', serial: 'ZL2C', pool: 'tank' }],
  };
  expect((await ask(answers, 'get_pool', { pool: 'tank' })).text).toContain(
    'sdc FAULTED [ST16, serial ZL2C]',
  );
  expect((await ask(answers, 'get_disk', { disk: 'sdc' })).text).toContain('disk sdc: FAULTED');
  expect(await overview({ 'pool.query': [row] })).toContain('sdc FAULTED');
});

test('a spare that stands in for a disk is in use, not broken', async () => {
  const spare = vdev('spare-1', 'SPARE', 'DEGRADED', [leaf('sdc', 'FAULTED'), leaf('sdg')]);
  const row = pool(
    { status: 'DEGRADED', healthy: false },
    {
      data: [vdev('raidz1-0', 'RAIDZ1', 'DEGRADED', [leaf('sda'), spare])],
      spare: [leaf('sdg', 'UNAVAIL'), leaf('sdh', 'UNAVAIL')],
    },
  );
  const { text, data } = await ask({ 'pool.query': [row] }, 'get_pool', { pool: 'tank' });
  expect(text).toContain('sdg INUSE');
  expect(data.troubled.map((entry: { name: string }) => entry.name)).not.toContain('sdg');
  const seen = await overview({ 'pool.query': [row] });
  expect(seen).not.toContain('sdg UNAVAIL');
  expect(seen).toContain('sdh UNAVAIL');
});
