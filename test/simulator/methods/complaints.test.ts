/** What the NAS itself refuses is named as the NAS names it: the first part of a path follows its code, not the namespace. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../../src/simulator/releases.ts';
import { type RawConnection, withSimulator } from '../../support/simulator.ts';

describe.each(SIM_RELEASES)('complaints on %s', (release) => {
  const nas = withSimulator({ release });
  let connection: RawConnection;

  beforeAll(async () => {
    connection = await nas.connect();
  });

  it.each([
    [
      'a snapshot task of no dataset',
      'pool.snapshottask.create',
      { dataset: 'tank/none' },
      [['periodic_snapshot_create.dataset', 'Dataset not found', 22]],
    ],
    [
      'a second scrub task of a pool',
      'pool.scrub.create',
      { pool: 1 },
      [['pool_scrub_create.pool', 'A scrub with this pool already exists', 22]],
    ],
    [
      'a scrub task of no pool',
      'pool.scrub.create',
      { pool: 99 },
      [['pool_scrub_create.pool', 'The specified volume does not exist', 22]],
    ],
    [
      'an export mapped to nobody who exists',
      'sharing.nfs.create',
      { path: '/mnt/tank/projects', maproot_user: 'nobody-here', maproot_group: 'no-group' },
      [
        ['sharingnfs_create.maproot_user', 'User not found: nobody-here', 22],
        ['sharingnfs_create.maproot_group', 'Group not found: no-group', 22],
      ],
    ],
    [
      'an export with a mapped group but no user',
      'sharing.nfs.create',
      { path: '/mnt/tank/projects', mapall_group: 'family' },
      [['sharingnfs_create.mapall_user', 'This field is required when map group is specified', 22]],
    ],
    [
      'a share outside of all pools',
      'sharing.smb.create',
      { name: 'etc', path: '/etc' },
      [['sharingsmb_create.path', 'The path must reside within a pool mount point', 22]],
    ],
  ])('%s', async (_, method, data, extra) => {
    await expect(connection.call(method, [data])).rejects.toMatchObject({ code: -32602, data: { extra } });
  });
});
