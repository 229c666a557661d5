/** The whole state of the NAS as plain data, so that a test can say that a change and its undo leave nothing behind. */
import type { Core } from '../server/core.ts';
import type { Alert } from '../world/alerts.ts';
import type { Dataset } from '../world/datasets.ts';
import { type Directory, rootOwned } from '../world/directories.ts';
import type { Pool } from '../world/pools.ts';
import type { Snapshot } from '../world/snapshots.ts';
import { snapshotGuid, snapshotId } from '../world/snapshots.ts';

/** Plain data: objects keyed by what people call a thing, or by its id. */
export type WorldState = Readonly<Record<string, unknown>>;

/**
 * What is not state: clocks, process ids, and the traces of runs, which every call leaves. The audit log, jobs, sessions,
 * measurements and events are left out as a whole.
 */
const TRACES: ReadonlySet<string> = new Set([
  ...['pid', 'pids', 'containerId', 'last', 'lastError', 'lastMs', 'lastSnapshot', 'progress'],
  ...['lastSeenMs', 'lastPasswordChange', 'last_used_at', 'bootedMs'],
]);

/** A copy that later changes do not touch; two of the same NAS compare with `toEqual`. */
export function worldState({ world, accounts }: Core): WorldState {
  const datasets = [...world.datasets.walk()];
  const { hostname, domain, timezone, version, bootEnvironment, nextEnvironment, interfaces } = world.system;
  return {
    system: plain({ hostname, domain, timezone, version, bootEnvironment, nextEnvironment, interfaces }),
    settings: plain(world.settings),
    pools: byKey([...world.pools.all, world.pools.boot], ({ name }) => name, poolState),
    exportedPools: world.exported.map(({ pool }) => pool.name),
    disks: byKey(world.disks.all, ({ name }) => name, plain),
    datasets: byKey(datasets, ({ id }) => id, datasetState),
    snapshots: byKey(
      datasets.flatMap(({ snapshots }) => snapshots),
      snapshotId,
      snapshotState,
    ),
    services: byKey(world.services, ({ service }) => service, plain),
    alerts: byKey(world.alerts, ({ klass, key }) => `${klass} ${key}`, alertState),
    alertClasses: plain(world.alertClasses),
    alertServices: plain(world.alertServices),
    shares: plain(world.shares),
    smbAcls: plain(world.smbAcls),
    aclTemplates: plain(world.aclTemplates),
    s3: plain(world.s3),
    certificates: byKey(world.certificates, ({ id }) => String(id), plain),
    signOn: plain(world.signOn),
    tasks: plain(world.tasks),
    workloads: plain(world.workloads),
    accounts: plain({
      users: accounts.users,
      groups: accounts.groups,
      privileges: accounts.privileges,
      apiKeys: accounts.apiKeys,
      security: accounts.security,
    }),
  };
}

function poolState({ guid, autotrim, isUpgraded, vdevs }: Pool): WorldState {
  return {
    ...{ guid, autotrim, isUpgraded },
    vdevs: vdevs.map(({ class: kind, type, name, guid: vdevGuid, members }) => ({
      ...{ class: kind, type, name, guid: vdevGuid },
      members: members.map(({ disk, state, replacement }) => ({
        ...{ disk: disk.name, state },
        replacement: replacement?.disk.name ?? null,
      })),
    })),
  };
}

function datasetState(dataset: Dataset): WorldState {
  const { type, createTxg, guid, dataBytes, local, userProperties, key, origin, directories } = dataset;
  return {
    ...{ type, createTxg, guid, dataBytes, origin },
    local: plain(local),
    userProperties: plain(userProperties),
    key: plain(key),
    directories: byKey([...(directories ?? [])].filter(isChanged), ([path]) => path, directoryState),
  };
}

/** A mount point that has its first owner and mode again is as one that nobody ever touched. */
function isChanged([path, { mode, uid, gid, acl }]: readonly [string, Directory]): boolean {
  const untouched = rootOwned(0);
  const isOwned = uid !== untouched.uid || gid !== untouched.gid;
  return path !== '' || isOwned || mode !== untouched.mode || (acl ?? null) !== null;
}

/** An alert that ends and is raised anew for the same reason has another number and another time, and says the same. */
function alertState({ uuid: _uuid, raisedMs: _raisedMs, ...alert }: Alert): unknown {
  return plain(alert);
}

function directoryState([, { mode, uid, gid, acl }]: readonly [string, Directory]): WorldState {
  return { mode, uid, gid, acl: plain(acl ?? null) };
}

function snapshotState(snapshot: Snapshot): WorldState {
  const { txg, holds, userProperties, taskId } = snapshot;
  return {
    txg,
    taskId,
    guid: snapshotGuid(snapshot),
    holds: plain(holds ?? new Set()),
    userProperties: plain(userProperties),
  };
}

function byKey<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  show: (row: Row) => unknown,
): WorldState {
  return Object.fromEntries(rows.map((row) => [keyOf(row), show(row)]));
}

/** A deep copy without what is no data; a table becomes its rows by id. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? String(value) : value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Set) return [...value].map((each) => String(plain(each))).toSorted(byText);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, each]) => [String(key), plain(each)]));
  if (Array.isArray(value)) return value.map(plain);
  if (isTable(value)) return byKey(value.rows(), ({ id }) => String(id), plain);
  const entries = Object.entries(value).filter(
    ([name, each]) => !TRACES.has(name) && typeof each !== 'function',
  );
  return Object.fromEntries(entries.map(([name, each]) => [name, plain(each)]));
}

function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function isTable(value: object): value is { rows(): readonly { readonly id: number }[] } {
  return 'rows' in value && typeof value.rows === 'function';
}
