/** The world is one world: the same seed grows the same NAS, sums hold, troubles show everywhere they should. */
import { describe, expect, test } from 'vitest';
import { SIM_RELEASES } from '../../src/releases.ts';
import { isInternal, isLocked } from '../../src/world/datasets.ts';
import { poolState } from '../../src/world/pools.ts';
import { scanProgress } from '../../src/world/scans.ts';
import { DEFAULT_DATASETS } from '../../src/world/tree.ts';
import { createWorld, type World, type WorldOptions } from '../../src/world/world.ts';

const NOON = Date.UTC(2026, 10, 22, 12);

function grow(options: Partial<WorldOptions> = {}): World {
  return createWorld({ seed: 1, release: '25.10', now: () => NOON, ...options });
}

/** Everything of a world that is data, without the cycles between datasets. */
function fingerprint(world: World): string {
  const datasets = [...world.datasets.walk()].map((dataset) => [
    dataset.id,
    dataset.dataBytes,
    dataset.snapshotBytes,
    [...dataset.local],
    dataset.key,
    dataset.snapshots.map(({ name, txg, usedBytes }) => [name, txg, usedBytes]),
  ]);
  const { system, disks, alerts, services, settings, workloads, certificates } = world;
  const tables = [...Object.values(world.shares), ...Object.values(world.tasks)].map((table) => table.rows());
  const audit = world.audit.entries('MIDDLEWARE', 0);
  const whole = [
    ...[datasets, system, disks.all, alerts, services, settings, workloads, certificates, tables],
    ...[audit, world.clients],
  ];
  return JSON.stringify(whole, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}

describe('a world', () => {
  test('is the same for the same seed and moment', () => {
    for (const release of SIM_RELEASES) {
      expect(fingerprint(grow({ release, seed: 7 }))).toBe(fingerprint(grow({ release, seed: 7 })));
    }
  });

  test('differs with the seed', () => {
    expect(fingerprint(grow({ seed: 7 }))).not.toBe(fingerprint(grow({ seed: 8 })));
  });

  test('has a healthy, a degraded and a nearly full pool, and one disk to spare', () => {
    const world = grow();
    const [tank, backup, fast] = world.pools.all;
    expect([tank, backup, fast].map((pool) => pool && [pool.name, poolState(pool)])).toEqual([
      ['tank', 'ONLINE'],
      ['backup', 'DEGRADED'],
      ['fast', 'ONLINE'],
    ]);
    expect(usedShare(world, 'fast')).toBeGreaterThan(0.9);
    expect(usedShare(world, 'fast')).toBeLessThan(1);
    expect(world.disks.all.filter(({ pool }) => pool === null).map(({ name }) => name)).toEqual(['sdn']);
    const faulted = backup?.vdevs
      .flatMap(({ members }) => members)
      .filter(({ state }) => state === 'FAULTED');
    expect(faulted?.map(({ disk }) => [disk.name, disk.health])).toEqual([['sdi', 'failing']]);
  });

  test('warns of its troubles, and one alert was put aside', () => {
    const world = grow();
    const warned = world.alerts.map(({ formatted }) => formatted).join('\n');
    for (const trouble of [
      'backup',
      'fast',
      'sdi',
      'nas_example_org',
      'projects to offsite',
      'tank/home/carol',
    ]) {
      expect(warned).toContain(trouble);
    }
    expect(world.alerts.filter(({ isDismissed }) => isDismissed)).toHaveLength(1);
    expect(new Set(world.alerts.map(({ level }) => level))).toEqual(
      new Set(['INFO', 'NOTICE', 'WARNING', 'CRITICAL']),
    );
  });

  test('has locked and unlocked encryption, zvols thick and sparse, and shares on locked ground', () => {
    const world = grow();
    const locked = [...world.datasets.walk()].filter(isLocked).map(({ id }) => id);
    expect(locked).toEqual(['tank/vault', 'tank/vault/contracts']);
    const zvols = [...world.datasets.walk()].filter(({ type }) => type === 'VOLUME');
    expect(zvols.some(({ local }) => local.has('refreservation'))).toBe(true);
    expect(zvols.some(({ local }) => !local.has('refreservation'))).toBe(true);
    expect(world.shares.smb.rows().map(({ path }) => path)).toContain('/mnt/tank/vault');
  });
});

describe.each([
  ['default', {}],
  ['a big one', { datasets: 1_200, snapshots: 8_000 }],
  ['one with few snapshots', { snapshots: 3 }],
] as const)('space in %s world', (_, size) => {
  const world = grow(size);

  test('adds up along the tree and fits into each pool', () => {
    for (const dataset of world.datasets.walk()) {
      const children = dataset.children.reduce((sum, child) => sum + world.datasets.usedBytes(child), 0);
      expect(children).toBeLessThanOrEqual(world.datasets.usedBytes(dataset));
      const snapshots = dataset.snapshots.reduce((sum, { usedBytes }) => sum + usedBytes, 0);
      expect(dataset.snapshotBytes).toBe(snapshots);
    }
    for (const { name } of world.pools.all) expect(usedShare(world, name)).toBeLessThan(1);
  });

  test('holds as many datasets and snapshots as asked for', () => {
    const shown = [...world.datasets.walk()].filter(({ id }) => !isInternal(id));
    expect(shown).toHaveLength('datasets' in size ? size.datasets : DEFAULT_DATASETS);
    const snapshots = shown.reduce((sum, dataset) => sum + dataset.snapshots.length, 0);
    expect(snapshots).toBe('snapshots' in size ? size.snapshots : 480);
    for (const dataset of shown) {
      expect(new Set(dataset.snapshots.map(({ name }) => name)).size).toBe(dataset.snapshots.length);
      expect(dataset.snapshots.map(({ txg }) => txg)).toEqual(
        dataset.snapshots.map(({ txg }) => txg).toSorted((left, right) => left - right),
      );
    }
  });

  test('quotas are kept', () => {
    for (const dataset of world.datasets.walk()) {
      const quota = Number(dataset.local.get('quota') ?? 0);
      const isKept = quota === 0 || world.datasets.usedBytes(dataset) <= quota;
      expect([dataset.id, isKept]).toEqual([dataset.id, true]);
    }
  });
});

describe('a scrub', () => {
  test('runs with the clock until it is finished', () => {
    const { scan } = grow().pools.byName('fast') ?? {};
    if (scan === null || scan === undefined) throw new Error('no scan');
    const early = scanProgress(scan, NOON);
    const later = scanProgress(scan, NOON + 60_000);
    expect(early.state).toBe('SCANNING');
    expect(later.percent).toBeGreaterThan(early.percent);
    expect(scanProgress(scan, scan.expectedEndMs)).toMatchObject({ state: 'FINISHED', percent: 100 });
  });
});

function usedShare(world: World, name: string): number {
  const root = world.datasets.get(name);
  const pool = world.pools.byName(name);
  if (root === undefined || pool === undefined) throw new Error(`no pool ${name}`);
  return world.datasets.usedBytes(root) / pool.usableBytes;
}
