/** Each world is the NAS that its name promises, and in itself consistent. */
import { describe, expect, test } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { datasetAt } from '../../src/world/dataset-paths.ts';
import { isInternal, isLocked } from '../../src/world/datasets.ts';
import { poolState } from '../../src/world/pools.ts';
import { createWorld, type World } from '../../src/world/world.ts';
import { blueprintOf, WORLD_NAMES, type WorldName } from '../../src/worlds/index.ts';
import { createAccounts } from '../../src/auth/account-store.ts';
import { finishedJob } from '../support/jobs.ts';
import { connectTo } from '../support/simulator.ts';
import { startSimulator } from '../../src/index.ts';

const NOON = Date.UTC(2026, 10, 22, 12);

function grow(name: WorldName, seed = 1): World {
  return createWorld({ seed, release: '27.0', blueprint: blueprintOf(name), now: () => NOON });
}

function usedShare(world: World, name: string): number {
  const root = world.datasets.get(name);
  const pool = world.pools.byName(name);
  if (root === undefined || pool === undefined) return 0;
  return world.datasets.usedBytes(root) / pool.usableBytes;
}

/** A text of everything that rows of shares, tasks, machines and settings name. */
function named(world: World): string {
  const { shares, tasks, s3, workloads, settings } = world;
  const tables = [...Object.values(shares), ...Object.values(tasks), s3.buckets].map((table) => table.rows());
  return JSON.stringify([tables, workloads, settings, world.alerts]);
}

describe.each(WORLD_NAMES)('the world %s', (name) => {
  test('names only pools and datasets that it has', () => {
    const world = grow(name);
    const pools = new Set(['boot-pool', ...world.pools.all.map((pool) => pool.name)]);
    // A pool elsewhere: the target of a replication to another host.
    pools.add('vault').add('ix-apps');
    const inTexts = [...named(world).matchAll(/\/mnt\/([\w.-]+)/g)].map(([, pool = '']) => pool);
    expect(inTexts.filter((pool) => !pools.has(pool.replace(/^\./, '')))).toEqual([]);
    const { smb, nfs } = world.shares;
    const paths = [...smb.rows(), ...nfs.rows(), ...world.tasks.cloudSyncs.rows()].map(({ path }) => path);
    expect(paths.filter((path) => datasetAt(world.datasets, path) === null)).toEqual([]);
    const { snapshots, replications, cloudSyncs, scrubs } = world.tasks;
    const ids = [
      ...snapshots.rows().map(({ dataset }) => dataset),
      ...replications
        .rows()
        .flatMap((task) => [
          ...task.source_datasets,
          ...(task.ssh_credentials_id === null ? [task.target_dataset] : []),
        ]),
    ];
    expect(ids.filter((id) => world.datasets.get(id) === undefined)).toEqual([]);
    for (const task of cloudSyncs.rows()) {
      expect(world.tasks.cloudCredentials.get(task.credentials_id)).toBeDefined();
    }
    expect(scrubs.rows().map((task) => task.pool_name)).toEqual(world.pools.all.map((pool) => pool.name));
  });

  test('its pools are as full as planned, and never fuller than they are large', () => {
    const world = grow(name);
    const odd = world.pools.all
      .map(({ name: pool, fill }) => ({ pool, fill, share: usedShare(world, pool) }))
      .filter(({ fill, share }) => share >= 1 || Math.abs(share - fill) > 0.06);
    expect(odd).toEqual([]);
  });

  test('people sign in, and belong to groups that are there', () => {
    const accounts = createAccounts({
      release: '27.0',
      now: () => NOON,
      household: blueprintOf(name).household,
    });
    for (const user of accounts.users.values()) {
      expect(accounts.gidsOf(user)).toHaveLength(1 + user.groupIds.length);
    }
    for (const key of accounts.apiKeys.values()) expect(accounts.userByName(key.username)).toBeDefined();
  });

  test.each(SIM_RELEASES)('starts on %s, is read and stops', async (release) => {
    const simulator = await startSimulator({ release, world: name });
    const connection = await connectTo(simulator);
    const pools = await connection.call('pool.query');
    expect(pools).toHaveLength(blueprintOf(name).pools.length);
    connection.close();
    await simulator.close();
  });
});

describe('the worlds', () => {
  test('home: one healthy pool, and nothing to complain of', () => {
    const world = grow('home');
    expect(world.pools.all.map(poolState)).toEqual(['ONLINE']);
    expect(world.alerts.map(({ level }) => level)).toEqual(['INFO']);
    expect(world.workloads.apps.map(({ state }) => state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  });

  test('trouble: each trouble is there, and said by an alert where a NAS says it', () => {
    const world = grow('trouble');
    expect(world.pools.all.map(poolState)).toEqual(['DEGRADED', 'ONLINE']);
    expect(usedShare(world, 'archive')).toBeGreaterThan(0.95);
    expect(world.disks.named('sdb').health).toBe('failing');
    expect(world.disks.all.filter(({ pool }) => pool === null).map((disk) => disk.name)).toEqual(['sde']);
    expect(world.tasks.replications.get(1)?.lastError).toMatch(/^No incremental base/);
    expect(world.certificates.filter(({ row }) => row.expired).map(({ row }) => row.name)).toEqual([
      'nas_example_org',
    ]);
    expect(world.workloads.apps.find(({ state }) => state === 'CRASHED')?.name).toBe('nextcloud');
    const locked = world.datasets.get('tank/private');
    expect(locked !== undefined && isLocked(locked)).toBe(true);
    expect(world.services.find(({ service }) => service === 'cifs')).toMatchObject({
      enable: true,
      isRunning: false,
    });
    expect(world.alerts.map(({ klass }) => klass).toSorted()).toEqual([
      'CertificateExpired',
      'CloudSyncTaskFailed',
      'ReplicationFailed',
      'SMARTUncorrectedErrors',
      'ShareLocked',
      'UnscheduledReboot',
      'VolumeStatus',
      'ZpoolCapacityCritical',
    ]);
  });

  test('bare: boots, has disks without a pool, and nothing else', () => {
    const world = grow('bare');
    expect(world.pools.all).toEqual([]);
    expect(world.disks.all.filter(({ pool }) => pool === null)).toHaveLength(4);
    expect([...world.datasets.walk()].filter(({ id }) => !isInternal(id))).toEqual([]);
    expect(world.services.filter(({ isRunning }) => isRunning)).toEqual([]);
    expect(world.alerts).toEqual([]);
  });

  test('a task that the NAS holds says why, and a lost base stays lost until it may begin anew', async () => {
    const simulator = await startSimulator({ world: 'trouble', delayScale: 0.01 });
    const connection = await connectTo(simulator);
    const [held] = await connection.call('pool.snapshottask.query', [[['dataset', '=', 'tank/private']]]);
    expect(held.state).toMatchObject({ state: 'HOLD', reason: 'Dataset tank/private is locked' });
    expect(held).not.toHaveProperty('heldFor');
    const run = await connection.call('replication.run', [1]);
    expect(await finishedJob(connection, run)).toMatchObject({ state: 'FAILED' });
    const [{ state }] = await connection.call('replication.query');
    expect(state).toMatchObject({ state: 'ERROR', error: expect.stringContaining('No incremental base') });
    connection.close();
    await simulator.close();
  });
});
