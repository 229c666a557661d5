/** `service.*` on FreeBSD: other services, and filters that the database runs. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { baseRows, coreQuery } from '../legacy/base.ts';
import type { ApiRow } from '../common.ts';
import type { LegacyRelease } from '../../releases.ts';
import { isObject } from '../../query/path.ts';
import { failed } from '../../query/error.ts';
import { coreTable } from '../../legacy/core-tables.ts';
import { type CoreOptions, selectTopLevel } from '../../legacy/core-filters.ts';
import { queryCore } from '../../legacy/core-query.ts';

const NAMES = [
  ...['afp', 'cifs', 'dynamicdns', 'ftp', 'iscsitarget', 'lldp', 'nfs', 'openvpn_client', 'openvpn_server'],
  ...['rsync', 'smartd', 'snmp', 'ssh', 'tftp', 'ups', 'webdav'],
];

/** Those that run where there is something to serve. */
const IN_USE = new Set(['afp', 'webdav', 'rsync', 'openvpn_server', 'dynamicdns', 's3', 'tftp']);

/** The methods of a release. */
export function serviceMethods(legacy: LegacyRelease): readonly SimMethod[] {
  const names = legacy === 'core-13.0' ? [...NAMES, 's3'].sort() : NAMES;
  const rows = (context: MethodContext): ApiRow[] => serviceRows(context, names);
  const query = coreQuery({ namespace: 'service', rows });
  return [
    {
      ...query,
      answersQuery: true,
      run: (context: MethodContext, filters: readonly unknown[], options: CoreOptions) =>
        queryServices(legacy, rows(context), filters, options),
    },
    {
      name: 'service.started',
      description: 'True when a service runs.',
      params: [['service', z.unknown()]],
      run: (context: MethodContext, service: unknown) =>
        rows(context).some((row) => row['service'] === service && row['state'] === 'RUNNING'),
    },
  ];
}

function serviceRows(context: MethodContext, names: readonly string[]): ApiRow[] {
  const known = new Map(baseRows(context, 'service.query').map((row) => [String(row['service']), row]));
  const isInUse = context.world.legacy?.core?.hasTroubles === true;
  return names.map((service, index) => {
    const row = known.get(service);
    const runs = row === undefined ? isInUse && IN_USE.has(service) : row['state'] === 'RUNNING';
    const pids = runs ? (row?.['pids'] ?? [2000 + index * 7]) : [];
    return {
      ...{ id: index + 1, service, enable: row === undefined ? runs : row['enable'] },
      ...{ state: runs ? 'RUNNING' : 'STOPPED', pids },
    };
  });
}

/** The database filters, and knows nothing of what runs; whatever is one number or one row breaks what comes after. */
function queryServices(
  legacy: LegacyRelease,
  rows: readonly ApiRow[],
  filters: readonly unknown[],
  options: CoreOptions,
): unknown {
  if (options.count === true) throw failed("'int' object is not iterable");
  const stored = rows.map(({ id, service, enable }) => ({ id, service, enable }));
  const found = queryCore(legacy, coreTable('service.query'), stored, filters, { ...options, select: [] });
  const complete = (row: unknown): unknown => rows.find(({ id }) => isObject(row) && row['id'] === id);
  const { select = [] } = options;
  const shown = (row: unknown): unknown =>
    select.length === 0 ? complete(row) : selectTopLevel(complete(row) as object, select);
  return Array.isArray(found) ? found.map(shown) : shown(found);
}
