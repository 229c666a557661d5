/** TrueNAS CORE 13: the rows and answers of its methods in the form of later releases (LEGACY section 6.2). */
import type { WireValue } from '../../client.ts';
import type { Ask, RowSource, Wanted } from '../queries/index.ts';
import { fetchRows } from '../queries/index.ts';
import type { Row } from '../queries/paths.ts';
import { bootPoolForm } from './core-boot-pool.ts';
import { coreDatasets } from './core-datasets.ts';
import { diskDetails, diskTemperatures, weekOfTemperatures } from './core-disks.ts';
import { corePools } from './core-pools.ts';
import { coreGraphs, coreMeasurements } from './core-reporting.ts';
import { bootEnvironments, cloudCredentials, machines, vmDevices } from './both.ts';
import { directoryStatus, users } from './core-accounts.ts';
import { coreAcl, coreStat } from './core-files.ts';
import { nfsConfig, shareAcl, sshConfig, targets } from './core-sharing.ts';
import { coreSnapshots } from './snapshots.ts';
import { legacyReads } from '../door.ts';
import { catalogWithRoles } from './core-catalog.ts';

/** Answers that are no lists of rows. */
export const CORE_FORMS: Readonly<
  Record<string, (params: readonly WireValue[], ask: Ask) => Promise<WireValue>>
> = {
  'boot.get_state': async (_params, ask) => bootPoolForm(await ask('boot.get_state', [])),
  'core.get_methods': async (params, ask) =>
    catalogWithRoles(await ask('core.get_methods', params.slice(0, 1)), legacyReads('CORE')),
  // The target of 24.10 is an argument that CORE does not take.
  'core.get_services': (_params, ask) => ask('core.get_services', []),
  'directoryservices.status': directoryStatus,
  'disk.details': (_params, ask) => diskDetails(ask),
  'disk.temperatures': (params, ask) => diskTemperatures(params, ask),
  'disk.temperature_agg': (params, ask) => weekOfTemperatures(params, ask),
  'filesystem.getacl': coreAcl,
  'filesystem.stat': coreStat,
  'nfs.config': nfsConfig,
  'reporting.netdata_get_data': (params, ask) => coreMeasurements(params, ask),
  'sharing.smb.getacl': shareAcl,
  'ssh.config': sshConfig,
  'zfs.snapshot.query': coreSnapshots,
};

/** Rows that have another form, or are a matter of more than one call. */
export const CORE_SOURCES: Readonly<Record<string, RowSource>> = {
  'auth.sessions': (ask, wanted) => fetchRows(ask, { method: 'auth.sessions' }, wanted),
  'boot.environment.query': bootEnvironments,
  'cloudsync.credentials.query': cloudCredentials,
  'core.get_jobs': (ask, wanted) => fetchRows(ask, { method: 'core.get_jobs', filtersRows: true }, wanted),
  'disk.query': (ask, wanted) =>
    fetchRows(ask, { method: 'disk.query', extra: ['pools', 'include_expired'] }, wanted),
  'group.query': withName,
  'iscsi.global.sessions': (ask, wanted) => fetchRows(ask, { method: 'iscsi.global.sessions' }, wanted),
  'iscsi.target.query': targets,
  'pool.query': corePools,
  'pool.dataset.query': coreDatasets,
  'reporting.netdata_graphs': coreGraphs,
  'sharing.nfs.query': sharesByPath,
  'smart.test.results': (ask, wanted) => fetchRows(ask, { method: 'smart.test.results' }, wanted),
  'user.query': users,
  'vm.device.query': vmDevices,
  'vm.query': machines,
};

/** A group has two names on later releases. */
async function withName(ask: Ask, wanted: Wanted): Promise<readonly Row[]> {
  const keys = wanted.keys?.includes('name') === true ? [...wanted.keys, 'group'] : wanted.keys;
  const rows = await fetchRows(ask, { method: 'group.query', extra: ['search_dscache'] }, wanted, keys);
  return rows.map((row) => ('group' in row ? { ...row, name: row['group'] ?? null } : row));
}

/** One export may have several paths there, and has one on later releases: each path is a row, with the id of its export. */
async function sharesByPath(ask: Ask, wanted: Wanted): Promise<readonly Row[]> {
  const keys = wanted.keys?.includes('path') === true ? [...wanted.keys, 'paths'] : wanted.keys;
  const rows = await fetchRows(ask, { method: 'sharing.nfs.query' }, wanted, keys);
  return rows.flatMap((row): Row[] => {
    const paths = Array.isArray(row['paths']) ? row['paths'] : [];
    return paths.length === 0 ? [row] : paths.map((path) => ({ ...row, path }));
  });
}
