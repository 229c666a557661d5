/** Which clients are connected now: those whose service runs and whose share is there, switched on and not locked. */
import type { IscsiClient, NfsClient, NvmetClient, SmbClient } from './clients.ts';
import { datasetAt, zvolAt } from './dataset-paths.ts';
import { isLocked } from './datasets.ts';
import type { PathShare, Target } from './shares.ts';
import type { World } from './world.ts';

/** SMB sessions; of their shares only those that are served. */
export function smbSessions(world: World): SmbClient[] {
  const served = servedNames(world, 'cifs');
  return world.clients.smb.flatMap((client) => {
    const shares = client.shares.filter((name) => served.has(name));
    const openFiles = client.openFiles.filter(({ share }) => served.has(share));
    return shares.length === 0 ? [] : [{ ...client, shares, openFiles }];
  });
}

/** NFS mounts. */
export function nfsMounts(world: World): NfsClient[] {
  if (!runs(world, 'nfs')) return [];
  const paths = new Set(
    world.shares.nfs
      .rows()
      .filter((row) => isServed(world, row))
      .map(({ path }) => path),
  );
  return world.clients.nfs.filter(({ path }) => paths.has(path));
}

/** A login of an initiator to a target. */
export interface IscsiLogin {
  readonly client: IscsiClient;
  readonly target: Target;
}

/** iSCSI logins: to targets that have an enabled LUN whose zvol is there. */
export function iscsiLogins(world: World): IscsiLogin[] {
  if (!runs(world, 'iscsitarget')) return [];
  const { extents, targetExtents, targets } = world.shares;
  return world.clients.iscsi.flatMap((client) => {
    const target = targets.rows().find(({ name }) => name === client.target);
    if (target === undefined) return [];
    const hasLun = targetExtents.rows().some((tie) => {
      const extent = tie.target === target.id ? extents.get(tie.extent) : undefined;
      return extent?.enabled === true && (extent.type === 'FILE' || isZvol(world, extent.disk ?? ''));
    });
    return hasLun ? [{ client, target }] : [];
  });
}

/** A connection of a host to a subsystem through a port. */
export interface NvmetConnection {
  readonly client: NvmetClient;
  readonly subsysId: number;
  readonly portId: number;
}

/** NVMe-oF connections: to subsystems that have an enabled namespace and a port, by hosts they allow. */
export function nvmetConnections(world: World): NvmetConnection[] {
  if (!runs(world, 'nvmet')) return [];
  const { hosts, hostSubsystems, namespaces, portSubsystems, ports, subsystems } = world.shares;
  return world.clients.nvmet.flatMap((client) => {
    const subsys = subsystems.rows().find(({ name }) => name === client.subsystem);
    if (subsys === undefined) return [];
    const host = hosts.rows().find(({ hostnqn }) => hostnqn === client.hostNqn);
    const isAllowed =
      subsys.allow_any_host ||
      hostSubsystems.rows().some((tie) => tie.subsys_id === subsys.id && tie.host_id === host?.id);
    const hasNamespace = namespaces
      .rows()
      .some((row) => row.subsys_id === subsys.id && row.enabled && isZvol(world, row.device_path));
    const tie = portSubsystems
      .rows()
      .find((each) => each.subsys_id === subsys.id && ports.get(each.port_id)?.enabled === true);
    if (!isAllowed || !hasNamespace || tie === undefined) return [];
    return [{ client, subsysId: subsys.id, portId: tie.port_id }];
  });
}

/** Names of the SMB shares that are served. */
function servedNames(world: World, service: string): Set<string> {
  const shares = runs(world, service) ? world.shares.smb.rows() : [];
  return new Set(shares.filter((share) => isServed(world, share)).map(({ name }) => name));
}

function isServed(world: World, { enabled, path }: PathShare): boolean {
  const place = datasetAt(world.datasets, path);
  return enabled && place !== null && !isLocked(place.dataset);
}

function isZvol(world: World, device: string): boolean {
  const zvol = zvolAt(world.datasets, device);
  return zvol !== null && !isLocked(zvol);
}

function runs(world: World, name: string): boolean {
  return world.services.some(({ service, isRunning }) => service === name && isRunning);
}
