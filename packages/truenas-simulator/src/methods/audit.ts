/** `audit.*`: reading the audit log, and how long and large it is kept. */
import * as z from 'zod';
import { PlainError, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { applyQuery, type QueryOptions } from '../query/apply.ts';
import { queryOptions } from '../query/params.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model } from '../schema/schema.ts';
import { AUDIT_SERVICES, type AuditEntry, type AuditService } from '../world/audit-log.ts';
import type { SmbShare } from '../world/shares.ts';
import { DAY_MS, GIB } from '../world/units.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';
import { type ConfigChange, configService, settingsOf } from './config-service.ts';
import { type Data, type Fields, memoized, required } from './crud.ts';

const read = ['SYSTEM_AUDIT_READ'];
/** What one entry takes in the database, about. */
const ENTRY_BYTES = 1024;
/** Columns that can be filtered by and selected, besides what is inside of `service_data` and `event_data`. */
const COLUMNS = [
  ...['audit_id', 'message_timestamp', 'timestamp', 'address', 'username', 'session', 'service'],
  ...['event', 'success'],
];

interface AuditQuery {
  readonly services: readonly AuditService[];
  readonly 'query-filters': readonly unknown[];
  readonly 'query-options': QueryOptions;
}

const percent = (min: number, max: number): z.ZodType => z.int().min(min).max(max);
const settings: Fields = {
  retention: required(percent(1, 30)),
  reservation: required(percent(0, 100)),
  quota: required(percent(0, 100)),
  quota_fill_warning: required(percent(5, 80)),
  quota_fill_critical: required(percent(50, 95)),
};
const oldSettings: Fields = Object.fromEntries(
  Object.keys(settings).map((name) => [name, required(z.int())]),
);

export const AUDIT_METHODS: readonly SimMethod[] = [
  {
    name: 'audit.query',
    description: 'Entries of the audit log.',
    roles: read,
    params: memoized((release) => [
      [
        isAtLeast(release, '25.10') ? 'data' : 'audit_query',
        model('AuditQuery', {
          services: z.array(z.enum(AUDIT_SERVICES)).default(defaultServices(release)),
          'query-filters': z
            .array(isAtLeast(release, '25.10') ? z.unknown() : z.array(z.unknown()))
            .default([]),
          'query-options': queryOptions(release).prefault({}),
          remote_controller: z.boolean().default(false),
        }).prefault({}),
      ],
    ]),
    run: queryLog,
  },
  ...configService({
    namespace: 'audit',
    entity: 'Audit',
    roles: read,
    writeRoles: ['SYSTEM_AUDIT_WRITE'],
    audited: 'Update Audit Configuration',
    param: (release) => (isAtLeast(release, '25.10') ? 'data' : 'system_audit_update'),
    mayBeEmpty: (release) => !isAtLeast(release, '25.10'),
    fields: (release) => (isAtLeast(release, '25.10') ? settings : oldSettings),
    show: showSettings,
    check: checkSettings,
  }),
];

function defaultServices(release: SimRelease): AuditService[] {
  return isAtLeast(release, '25.10') ? ['MIDDLEWARE'] : ['MIDDLEWARE', 'SUDO'];
}

function queryLog({ world, release }: MethodContext, query: AuditQuery): unknown {
  const { services, 'query-filters': filters, 'query-options': options } = query;
  checkColumns(options);
  if (!isAtLeast(release, '25.10')) {
    return applyQuery(
      services.flatMap((service) => kept(world, service)),
      filters,
      options,
    );
  }
  const problems = new ValidationErrors();
  if (services.length > 1) {
    const rule = 'Querying more than one audit database in a single request is not supported';
    throw problems.add('audit.query.services', rule);
  }
  const isBounded = (options.limit ?? 0) !== 0 || options.count === true || options.get === true;
  if (!isBounded) {
    const rule =
      'query-options must be set to either gather row count or contain a limit on the rows returned.';
    throw problems.add('audit.query.query-options', rule);
  }
  const [service] = services;
  if (service === undefined) throw new PlainError('list index out of range', 'IndexError');
  return applyQuery(kept(world, service), withoutService(filters), options);
}

/** Entries that have not grown too old. */
function kept(world: World, service: AuditService): AuditEntry[] {
  return world.audit.entries(service, world.now() - Number(settingsOf(world, 'audit').retention) * DAY_MS);
}

/** @throws ValidationErrors for a column that is none */
function checkColumns({ select = [] }: QueryOptions): void {
  const problems = new ValidationErrors();
  select.forEach((item, index) => {
    const path = typeof item === 'string' ? item : item[0];
    if (isColumn(path)) return;
    problems.add(`audit.query.query-options.select.${String(index)}`, `${path}: column does not exist`);
  });
  problems.check();
}

function isColumn(path: string): boolean {
  return COLUMNS.includes(path) || path.startsWith('service_data') || path.startsWith('event_data');
}

/** From 25.10 on one service is asked, and filters by service are passed over. @throws PlainError for other fields */
function withoutService(filters: readonly unknown[]): unknown[] {
  return filters.flatMap((filter) => {
    if (!Array.isArray(filter)) return [filter];
    const [field, second] = filter as readonly unknown[];
    if (field === 'OR' && Array.isArray(second)) return [['OR', withoutService(second)]];
    if (field === 'service') return [];
    if (typeof field === 'string' && (field === 'timestamp' || !isColumn(field))) {
      const rule = 'specified filter field may not be specified for filtering on audit queries';
      throw new PlainError(`${field}: ${rule}`, 'ValueError');
    }
    return [filter];
  });
}

function showSettings(context: MethodContext, stored: Data): ApiRow {
  const { world } = context;
  const { used, available } = spaceOf(world);
  const reserved = Number(stored.reservation) * GIB;
  return {
    ...stored,
    space: {
      used: Math.max(used, reserved),
      used_by_dataset: used,
      used_by_reservation: Math.max(0, reserved - used),
      used_by_snapshots: 0,
      available,
    },
    remote_logging_enabled: sendsToSyslog(settingsOf(world, 'system.advanced')),
    enabled_services: { MIDDLEWARE: [], SMB: auditedShares(context), SUDO: [] },
  };
}

function sendsToSyslog({ syslog_audit: isOn, syslogserver: server, syslogservers: servers }: Data): boolean {
  const hasServer = Array.isArray(servers) ? servers.length > 0 : server !== '' && server !== undefined;
  return isOn === true && hasServer;
}

/** Shares whose use is audited; 27.0 leaves out those that are switched off. */
function auditedShares({ world }: MethodContext): string[] {
  const isAudited = ({ audit }: SmbShare): boolean =>
    (audit as { enable?: boolean } | undefined)?.enable === true;
  const shows = (share: SmbShare): boolean => share.enabled || !isAtLeast(world.release, '27.0');
  return world.shares.smb
    .rows()
    .filter((share) => isAudited(share) && shows(share))
    .map(({ name }) => name);
}

/** The log lies on the boot pool. */
function spaceOf(world: World): { readonly used: number; readonly available: number } {
  const entries = AUDIT_SERVICES.reduce((sum, service) => sum + kept(world, service).length, 0);
  const root = world.datasets.get(world.pools.boot.name);
  return {
    used: entries * ENTRY_BYTES,
    available: root === undefined ? 0 : world.datasets.availableBytes(root),
  };
}

function checkSettings({ world }: MethodContext, { data, old, problems, at }: ConfigChange): undefined {
  const [quota, reservation] = [Number(data.quota), Number(data.reservation)];
  const [warning, critical] = [Number(data.quota_fill_warning), Number(data.quota_fill_critical)];
  if (quota !== 0 && quota !== old.quota && spaceOf(world).used / (quota * GIB) > warning / 100) {
    problems.add(`${at}.quota`, 'The log already fills more of this quota than quota_fill_warning permits.');
  }
  if (quota < reservation) {
    const rule =
      'Quota on auditing dataset must be greater than or equal to the space reservation for the dataset.';
    problems.add(`${at}.quota`, rule);
  }
  if (warning < critical) return;
  if (warning !== old.quota_fill_warning) {
    problems.add(`${at}.quota_fill_warning`, 'Must be strictly less than quota_fill_critical.');
  }
  if (critical !== old.quota_fill_critical) {
    problems.add(`${at}.quota_fill_critical`, 'Must be strictly greater than quota_fill_warning.');
  }
}
