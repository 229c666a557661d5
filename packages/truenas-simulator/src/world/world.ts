/** The simulated NAS: everything it holds, made from a seed and consistent in itself. */
import { isAtLeast, isCore, type LegacyRelease, type SimRelease } from '../releases.ts';
import { freebsdDisk, legacyFacts } from './legacy/machine.ts';
import { createLegacyState, type LegacyState } from './legacy/state.ts';
import { type AclTemplate, createAclTemplates } from './acl-templates.ts';
import type { AlertClassSetting } from './alert-classes.ts';
import { type AlertService, createAlertServices } from './alert-services.ts';
import { type Alert, alertRaiser } from './alerts.ts';
import { type Certificate, createCertificates } from './certificates.ts';
import { type AuditLog, createAuditLog } from './audit-log.ts';
import type { Clients } from './clients.ts';
import { createDatasetStore, type DatasetStore } from './datasets.ts';
import type { ExportedPool } from './exported-pools.ts';
import type { Shelf } from './enclosures.ts';
import { ftpSettings } from './ftp-settings.ts';
import { directorySettings } from './directory-settings.ts';
import { createDisks, type DiskPlan } from './disks.ts';
import { createFibrePorts, type FibrePort } from './fibre.ts';
import { createRoutes, type StaticRoute } from './network.ts';
import { seedDirectories } from './directories.ts';
import { createPools, type PoolStore } from './pools.ts';
import { createRandom, type Random } from './random.ts';
import type { S3 } from './s3.ts';
import { createSettings, type Settings } from './settings.ts';
import type { ShareAce, Shares } from './shares.ts';
import { createServices, type Service } from './services.ts';
import { createSignOn, type SignOn } from './sign-on.ts';
import { seedSnapshots } from './snapshots.ts';
import { createSystemFacts, type SystemFacts } from './system.ts';
import type { Table } from './table.ts';
import type { Tasks } from './tasks.ts';
import { createTunables, type Tunable } from './tunables.ts';
import { createUpsSettings } from './ups.ts';
import { DAY_MS } from './units.ts';
import { createWebshares, type Webshare } from './webshares.ts';
import type { Workloads } from './workloads.ts';
import { seedDatasets } from './tree.ts';
import type { Blueprint, Draw } from '../worlds/blueprint.ts';
import { MIXED } from '../worlds/mixed.ts';

/** How many snapshots a world has that has any. */
export const DEFAULT_SNAPSHOTS = 480;

/** What a world is made from. */
export interface WorldOptions {
  /** Same seed, same NAS (apart from what depends on the clock). */
  readonly seed: number;
  readonly release: SimRelease;
  /** The older release it is, if it is one. */
  readonly legacy?: LegacyRelease | null | undefined;
  /** The mixed world when absent. */
  readonly blueprint?: Blueprint | undefined;
  /** How many datasets `pool.dataset.query` shows; never fewer than the blueprint has. */
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
  readonly blueprint: Blueprint;
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
  readonly routes: Table<StaticRoute>;
  readonly fibrePorts: Table<FibrePort>;
  readonly tunables: Table<Tunable>;
  /** Kerberos, and ways to prove a domain. */
  readonly signOn: SignOn;
  /** From 27.0 on. */
  readonly webshares: Table<Webshare>;
  readonly tasks: Tasks;
  readonly workloads: Workloads;
  certificates: readonly Certificate[];
  /** Settings of the web interface on trial: when they are taken back; null when none are. */
  webTrial: { readonly revertsAtMs: number } | null;
  readonly audit: AuditLog;
  readonly clients: Clients;
  settings: Settings;
  /** What only the older releases have; null on others. */
  readonly legacy: LegacyState | null;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Makes a world. */
export function createWorld(options: WorldOptions): World {
  const { seed, release, now, blueprint = MIXED } = options;
  const nowMs = now();
  const random = createRandom(seed);
  const legacy = options.legacy ?? null;
  const isFreebsd = isCore(legacy);
  const system = createSystemFacts(random.fork('system'), release, nowMs);
  if (legacy !== null) Object.assign(system, legacyFacts(legacy, system));
  if (blueprint.upMs !== undefined) system.bootedMs = nowMs - blueprint.upMs;
  const disks = createDisks(random.fork('disks'), blueprint.disks, isFreebsd ? freebsdDisk : undefined);
  const pools = createPools(random.fork('pools'), disks, blueprint, now);
  const datasets = createDatasetStore(pools);
  const plans = seedDatasets(
    random.fork('datasets'),
    datasets,
    pools,
    { tree: blueprint.tree, count: options.datasets },
    nowMs,
  );
  seedSnapshots(random.fork('snapshots'), plans, options.snapshots ?? DEFAULT_SNAPSHOTS, nowMs);
  seedDirectories(datasets, blueprint.directories);
  datasets.touch();
  const certificates = createCertificates(
    random.fork('certificates'),
    release,
    blueprint.certificates,
    nowMs,
  );
  const [uiCertificate, ftpCertificate = uiCertificate] = certificates;
  if (uiCertificate === undefined || ftpCertificate === undefined) throw new Error('no certificate');
  const { alerts, raise } = alertRaiser(random.fork('alerts'), nowMs);
  blueprint.alerts(raise, { release, pools, datasets, disks, system });
  const draw = (label: string): Draw => ({ random: random.fork(label), release, nowMs });
  return {
    seed,
    release,
    random: random.fork('later'),
    createdAtMs: nowMs,
    measuredSinceMs: nowMs - blueprint.measuredDays * DAY_MS,
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
    services: createServices(random.fork('services'), release, blueprint.services),
    alerts,
    blueprint,
    alertClasses: new Map(),
    alertServices: createAlertServices(random.fork('alert services')),
    shares: blueprint.shares(draw('shares')),
    smbAcls: new Map(),
    aclTemplates: createAclTemplates(),
    s3: blueprint.s3(draw('s3')),
    routes: createRoutes(),
    fibrePorts: createFibrePorts(),
    tunables: createTunables(),
    signOn: createSignOn(random.fork('sign on')),
    webshares: createWebshares(),
    tasks: blueprint.tasks(draw('tasks')),
    workloads: blueprint.workloads(draw('workloads')),
    certificates,
    webTrial: null,
    audit: createAuditLog(random.fork('audit'), blueprint.audit, nowMs),
    clients: blueprint.clients(draw('clients')),
    settings: withOverrides(
      {
        ...createSettings(random.fork('settings'), release, uiCertificate),
        ftp: ftpSettings(ftpCertificate.id),
        ups: createUpsSettings(random.fork('ups')),
        ...directorySettings(release),
        ...(isAtLeast(release, '27.0')
          ? { webshare: { id: 1, bindip: [], search: true, passkey: 'DISABLED', groups: [] } }
          : {}),
        'auth.twofactor': { id: 1, services: { ssh: false }, window: 0 },
      },
      blueprint.settings,
    ),
    legacy:
      legacy === null
        ? null
        : createLegacyState(legacy, random.fork('legacy'), nowMs, {
            hasTroubles: blueprint.isPlain !== true,
            poolNames: pools.all.map(({ name }) => name),
            directories: sharedDirectories(pools, datasets),
          }),
    now,
  };
}

/** Where the file systems right below the first pool are mounted. */
function sharedDirectories(pools: PoolStore, datasets: DatasetStore): string[] {
  const [first] = pools.all;
  const children = first === undefined ? [] : (datasets.get(first.name)?.children ?? []);
  return children
    .filter(({ type, key }) => type === 'FILESYSTEM' && key === null)
    .map(({ id }) => `/mnt/${id}`);
}

/** Settings with what a blueprint has otherwise. */
function withOverrides(settings: Settings, overrides: Settings): Settings {
  const changed = Object.entries(overrides).map(([name, fields]) => [name, { ...settings[name], ...fields }]);
  return { ...settings, ...Object.fromEntries(changed) };
}
