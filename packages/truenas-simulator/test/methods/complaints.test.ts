/** What the NAS itself refuses is named as the NAS names it: the first part of a path follows its code, not the namespace. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { type RawConnection, withSimulator } from '../support/simulator.ts';

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
      'an rsync task of nobody to nowhere',
      'rsynctask.create',
      { path: '/etc', user: 'ghost' },
      [
        ['rsync_task_create.user', 'Provided user "ghost" does not exist', 22],
        ['rsync_task_create.path', 'The path must reside within a pool mount point', 22],
        ['rsync_task_create.remotehost', 'This field is required', 22],
        ['rsync_task_create.remotemodule', 'This field is required', 22],
      ],
    ],
    [
      'a cloud sync without its credentials',
      'cloudsync.create',
      {
        ...{ path: '/mnt/tank/iso', credentials: 9, attributes: { bucket: 'a' }, encryption: true },
        ...{ direction: 'PULL', transfer_mode: 'COPY' },
      },
      [
        ['cloud_sync_create.credentials', 'Invalid credentials', 22],
        ['cloud_sync_create.encryption_password', 'This field is required when encryption is enabled', 22],
      ],
    ],
    [
      'a replication to another machine without a way to get there',
      'replication.create',
      {
        ...{ name: 'home to backup', direction: 'PUSH', transport: 'SSH', recursive: true, auto: true },
        ...{ source_datasets: ['tank/home'], target_dataset: 'a/b', retention_policy: 'SOURCE' },
        periodic_snapshot_tasks: [1],
      },
      [
        ['replication_create.name', 'Object with this name already exists', 22],
        ['replication_create.ssh_credentials', 'SSH Credentials are required for non-local replication', 22],
      ],
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
