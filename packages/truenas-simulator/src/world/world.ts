/** The simulated NAS: everything it holds, made from a seed and consistent in itself. */
import type { SimRelease } from '../releases.ts';
import { type AclTemplate, createAclTemplates } from './acl-templates.ts';
import type { AlertClassSetting } from './alert-classes.ts';
import { type AlertService, createAlertServices } from './alert-services.ts';
import { type Alert, createAlerts } from './alerts.ts';
import { type Certificate, createCertificates, EXPIRING_DAYS } from './certificates.ts';
import { type AuditLog, createAuditLog } from './audit-log.ts';
import { type Clients, createClients } from './clients.ts';
import { createDatasetStore, type DatasetStore } from './datasets.ts';
import type { ExportedPool } from './exported-pools.ts';
import type { Shelf } from './enclosures.ts';
import { ftpSettings } from './ftp-settings.ts';
import { createDisks, type DiskPlan } from './disks.ts';
import { seedDirectories } from './directories.ts';
import { createPools, type PoolStore } from './pools.ts';
import { createRandom, type Random } from './random.ts';
import { createS3, type S3 } from './s3.ts';
import { createSettings, type Settings } from './settings.ts';
import { createShares, type ShareAce, type Shares } from './shares.ts';
import { createServices, type Service } from './services.ts';
import { seedSnapshots } from './snapshots.ts';
import { createSystemFacts, type SystemFacts } from './system.ts';
import type { Table } from './table.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { createUpsSettings } from './ups.ts';
import { DAY_MS } from './units.ts';
import { createWorkloads, type Workloads } from './workloads.ts';
import { DEFAULT_DATASETS, seedDatasets } from './tree.ts';

/** How many snapshots the default world has. */
export const DEFAULT_SNAPSHOTS = 480;

/** For how long the default world has been measured. */
const MEASURED_DAYS = 400;

/** What a world is made from. */
export interface WorldOptions {
  /** Same seed, same NAS (apart from what depends on the clock). */
  readonly seed: number;
  readonly release: SimRelease;
  /** How many datasets `pool.dataset.query` shows; never fewer than the default world's. */
  readonly datasets?: number | undefined;
  readonly snapshots?: number | undefined;
  /** Milliseconds since the epoch; the world's past is laid out before this moment. */
  readonly now: () => number;
}

/** The state that the methods read and change. */
export interface World {
  readonly seed: number;
  readonly release: SimRelease;
  /** For what is drawn after the start: new ids, UUIDs, process numbers. */
  readonly random: Random;
  readonly createdAtMs: number;
  /** What was measured before is gone. */
  measuredSinceMs: number;
  readonly system: SystemFacts;
  /** Why the system has to boot again, by code; a boot clears them. */
  readonly rebootReasons: Map<string, string>;
  readonly disks: DiskPlan;
  /** Null on generic hardware, which does not tell where its disks sit. */
  shelf: Shelf | null;
  readonly pools: PoolStore;
  readonly datasets: DatasetStore;
  /** Pools whose disks are here and that nothing uses: they can be imported. */
  readonly exported: ExportedPool[];
  readonly services: readonly Service[];
  readonly alerts: Alert[];
  /** What was set for kinds of alerts; those that are not here are as they come. */
  readonly alertClasses: Map<string, AlertClassSetting>;
  readonly alertServices: Table<AlertService>;
  readonly shares: Shares;
  /** Access lists of SMB shares, by the share's id; one that is not here lets everybody in. */
  readonly smbAcls: Map<number, readonly ShareAce[]>;
  /** Access lists to choose from. */
  readonly aclTemplates: Table<AclTemplate>;
  /** Object storage, from 27.0 on. */
  readonly s3: S3;
  readonly tasks: Tasks;
  readonly workloads: Workloads;
  readonly certificates: readonly Certificate[];
  readonly audit: AuditLog;
  readonly clients: Clients;
  settings: Settings;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Makes a world. */
export function createWorld(options: WorldOptions): World {
  const { seed, release, now } = options;
  const nowMs = now();
  const random = createRandom(seed);
  const system = createSystemFacts(random.fork('system'), release, nowMs);
  const disks = createDisks(random.fork('disks'));
  const pools = createPools(random.fork('pools'), disks, now);
  const datasets = createDatasetStore(pools);
  const plans = seedDatasets(
    random.fork('datasets'),
    datasets,
    pools,
    options.datasets ?? DEFAULT_DATASETS,
    nowMs,
  );
  seedSnapshots(random.fork('snapshots'), plans, options.snapshots ?? DEFAULT_SNAPSHOTS, nowMs);
  seedDirectories(datasets);
  datasets.touch();
  const certificates = createCertificates(random.fork('certificates'), release, nowMs);
  const [uiCertificate, ftpCertificate] = certificates;
  if (uiCertificate === undefined || ftpCertificate === undefined) throw new Error('too few certificates');
  const alerts = createAlerts(random.fork('alerts'), {
    release,
    fullPoolPercent: usedPercent(pools, datasets, 'fast'),
    quotaPercent: quotaPercent(datasets, 'tank/home/carol'),
    failingDisk: disks.named('sdi'),
    certificate: { name: 'nas_example_org', daysLeft: EXPIRING_DAYS },
    update: system.newVersion,
    nowMs,
  });
  return {
    seed,
    release,
    random: random.fork('later'),
    createdAtMs: nowMs,
    measuredSinceMs: nowMs - MEASURED_DAYS * DAY_MS,
    system,
    rebootReasons: new Map(),
    disks: {
      get all() {
        // Which disks are free follows from the replacements that have ended.
        void pools.all;
        return disks.all;
      },
      named: (name) => disks.named(name),
    },
    shelf: null,
    pools,
    datasets,
    exported: [],
    services: createServices(random.fork('services'), release),
    alerts,
    alertClasses: new Map(),
    alertServices: createAlertServices(random.fork('alert services')),
    shares: createShares(random.fork('shares'), release),
    smbAcls: new Map(),
    aclTemplates: createAclTemplates(),
    s3: createS3(random.fork('s3'), release, nowMs),
    tasks: createTasks(random.fork('tasks'), release, nowMs),
    workloads: createWorkloads(random.fork('workloads')),
    certificates,
    audit: createAuditLog(random.fork('audit'), nowMs),
    clients: createClients(random.fork('clients'), nowMs),
    settings: {
      ...createSettings(random.fork('settings'), release, uiCertificate),
      ftp: ftpSettings(ftpCertificate.id),
      ups: createUpsSettings(random.fork('ups')),
      'auth.twofactor': { id: 1, services: { ssh: false }, window: 0 },
    },
    now,
  };
}

function usedPercent(pools: PoolStore, datasets: DatasetStore, name: string): number {
  const root = datasets.get(name);
  const pool = pools.byName(name);
  if (root === undefined || pool === undefined) return 0;
  return Math.floor((datasets.usedBytes(root) / pool.usableBytes) * 100);
}

function quotaPercent(datasets: DatasetStore, id: string): number {
  const dataset = datasets.get(id);
  if (dataset === undefined) return 0;
  return Math.round((datasets.usedBytes(dataset) / Number(dataset.local.get('quota'))) * 1000) / 10;
}
