/** Which parameters a generic call may pass on. */
import { describe, expect, it } from 'vitest';
import { isReadable } from '../../src/policy/classes.ts';
import { parameterProblem } from '../../src/policy/parameters.ts';
import { methodRefusal } from '../../src/policy/refusals.ts';
import { reviewedParameter } from '../../src/policy/reviewed-parameters.ts';
import type { ValueRule } from '../../src/policy/value-rules.ts';
import type { ApiMethod, JsonSchema } from '../../src/truenas/catalog/index.ts';
import { normaliseMethod } from '../../src/truenas/catalog/normalise.ts';
import { isQueryOptions, queryPlaces } from '../../src/truenas/catalog/query-places.ts';
import { CONTRACT_RELEASES, type ContractRelease, describeContract } from '../support/contract.ts';
import { nasMethods } from '../support/nas-form.ts';

const OPTION_NAMES = ['select', 'order_by', 'limit', 'offset', 'count', 'get', 'extra', 'force_sql_filters'];
const options = { type: 'object', properties: Object.fromEntries(OPTION_NAMES.map((name) => [name, {}])) };
const filters = { type: 'array', items: {} };

/** A method as a NAS publishes it, with these parameters. */
function method(name: string, parameters: Record<string, object>): ApiMethod {
  const accepts = Object.entries(parameters).map(([key, schema]) => ({ ...schema, _name_: key }));
  const found = normaliseMethod(name, { roles: ['READONLY_ADMIN'], accepts, returns: [{}] });
  if (found === undefined) throw new Error('no method');
  return found;
}

describe('a method that nobody has reviewed, on a release to come', () => {
  it.each<[string, ApiMethod, unknown[]]>([
    ['nothing', method('new.look', { path: { type: 'string' } }), []],
    ['null', method('new.look', { path: { type: 'string' } }), [null]],
    ['its default', method('new.look', { mode: { default: { a: [1] } } }), [{ a: [1] }]],
    [
      'filters and options',
      method('new.query', { filters, options }),
      [[['a', '=', 1]], { select: ['a'], limit: 5 }],
    ],
    [
      'an id',
      method('new.get_instance', { id: { type: 'string' }, options }),
      ['tank/a@b', { select: ['id'] }],
    ],
    ['a number as id', method('new.get_instance', { id: { type: 'integer' }, options }), [7]],
    [
      'filters and options in an object',
      method('new.query', {
        data: {
          type: 'object',
          properties: { 'query-filters': filters, 'query-options': options, mode: { default: 1 } },
        },
      }),
      [{ 'query-filters': [], 'query-options': { limit: 1 }, mode: 1 }],
    ],
  ])('may be asked with %s', (_what, asked, params) => {
    expect(parameterProblem(asked, params)).toBeUndefined();
  });

  it.each<[string, ApiMethod, unknown[], string]>([
    ['a path', method('new.look', { path: { type: 'string' } }), ['/etc/shadow'], '"path"'],
    ['a number', method('new.look', { id: { type: 'integer' } }), [1], '"id"'],
    ['a switch', method('new.look', { deep: { type: 'boolean' } }), [true], '"deep"'],
    ['other than its default', method('new.look', { mode: { default: { a: 1 } } }), [{ a: 2 }], '"mode"'],
    ['a list that only is called filters', method('new.look', { filters }), [['/etc']], '"filters"'],
    [
      'a parameter after options',
      method('new.query', { filters, options, host: {} }),
      [[], {}, 'evil'],
      '"host"',
    ],
    [
      'a parameter before filters',
      method('new.query', { host: {}, filters, options }),
      ['evil', [], {}],
      '"host"',
    ],
    ['a parameter that is not in the schema', method('new.look', {}), ['x'], 'takes 0'],
    [
      'an id that is an option of a program',
      method('new.get_instance', { id: {}, options }),
      ['--help'],
      '"id"',
    ],
    ['an id that is an object', method('new.get_instance', { id: {}, options }), [{ a: 1 }], '"id"'],
    ['an extra', method('new.query', { filters, options }), [[], { extra: { deep: true } }], 'extra.deep'],
    ['an unknown option', method('new.query', { filters, options }), [[], { sql: '1=1' }], 'options.sql'],
    [
      'a field beside filters in an object',
      method('new.query', {
        data: {
          type: 'object',
          properties: { 'query-filters': filters, 'query-options': options, path: {} },
        },
      }),
      [{ 'query-filters': [], path: '/etc' }],
      '"data"',
    ],
  ])('is not asked with %s', (_what, asked, params, named) => {
    expect(parameterProblem(asked, params)).toContain(named);
  });
});

describeContract('parameters of readable methods', () => {
  it.each<[ContractRelease, string, unknown[]]>([
    ['27.0', 'filesystem.stat', ['/etc/shadow']],
    ['27.0', 'filesystem.stat', ['/mnt/../etc/shadow']],
    ['27.0', 'filesystem.stat', ['/mnt/tank/../../etc']],
    ['27.0', 'filesystem.stat', ['/mntx']],
    ['27.0', 'filesystem.listdir', ['/root/.ssh']],
    ['27.0', 'filesystem.getacl', ['/proc/1/environ']],
    ['27.0', 'filesystem.acltemplate.by_path', [{ path: '/etc' }]],
    ['27.0', 'smb.status', ['ALL', [], {}, { restrict_user: 'root' }]],
    ['27.0', 'smb.status', ['ALL', [], {}, { restrict_session: '1' }]],
    ['25.04', 'smb.status', ['ALL', [], {}, { restrict_session: '-d10' }]],
    ['25.04', 'smb.status', ['AUTH_LOG']],
    ['27.0', 'cloud_backup.list_snapshot_directory', [1, '--password-command=id', '/']],
    ['27.0', 'cloud_backup.list_snapshot_directory', [1, 'latest', '--json']],
    ['27.0', 'cloud_backup.list_snapshots', [-1]],
    ['25.04', 'cloud_backup.list_snapshots', ['-o']],
    ['25.04', 'update.get_pending', ['/mnt/tank/upload']],
    ['25.04', 'update.check_available', [{ train: '../evil' }]],
    ['25.04', 'activedirectory.domain_info', ['evil.example']],
    ['27.0', 'catalog.get_app_details', ['plex', { train: '../../../mnt/tank' }]],
    ['27.0', 'app.similar', ['../plex', 'stable']],
    ['27.0', 'app.upgrade_summary', ['plex', { app_version: '../1' }]],
    ['27.0', 'pool.dataset.processes', ['--all']],
    ['27.0', 'pool.dataset.snapshot_count', ['tank/../x']],
    ['27.0', 'interface.available_fec_modes', ['--version']],
    ['28-dev', 'vm.cpu_model_choices', ['x86; id']],
    ['27.0', 'vm.get_display_web_uri', [1, 'evil.example']],
    ['27.0', 'reporting.netdata_get_data', [[{ name: 'disk', identifier: 'x&after=-1e9' }]]],
    ['27.0', 'disk.temperature_agg', [['sda'], 1_000_000]],
    ['27.0', 'zfs.resource.query', [{ paths: ['-r'] }]],
    ['27.0', 'audit.query', [{ services: ['SMB'], 'query-options': { extra: { file: '/etc' } } }]],
    ['25.04', 'disk.get_instance', [{ a: 1 }]],
    ['25.04', 'user.query', [[], { relationships: false }]],
  ])('%s: %s is not asked with %j', (release, name, params) => {
    expect(parameterProblem(methodOf(release, name), params)).toBeTypeOf('string');
  });

  it.each<[ContractRelease, string, unknown[]]>([
    ['27.0', 'filesystem.stat', ['/mnt/tank/media/.hidden file']],
    ['27.0', 'filesystem.listdir', ['/mnt', [['type', '=', 'DIRECTORY']], { limit: 5 }]],
    ['27.0', 'smb.status', ['SESSIONS', [], { limit: 6 }, { verbose: true, restrict_user: '' }]],
    ['27.0', 'cloud_backup.list_snapshot_directory', [1, 'latest', '/mnt/tank']],
    ['27.0', 'cloud_backup.list_snapshots', [3]],
    ['25.04', 'update.get_pending', [null]],
    [
      '27.0',
      'pool.dataset.get_instance',
      ['boot-pool/.system/samba4', { extra: { retrieve_children: false } }],
    ],
    ['27.0', 'pool.snapshot.get_instance', ['tank/my data@auto-2026-01-01_00-00', {}]],
    ['27.0', 'pool.dataset.attachments', ['boot-pool/.system']],
    ['27.0', 'disk.query', [[], { extra: { pools: true, passwords: false } }]],
    ['27.0', 'user.get_user_obj', [{ username: 'EXAMPLE\\Jörg', get_groups: true }]],
    ['27.0', 'interface.bridge_members_choices', ['br0.100']],
    [
      '27.0',
      'reporting.netdata_get_data',
      [[{ name: 'disk', identifier: 'sda | Type: HDD' }], { unit: 'HOUR' }],
    ],
    ['27.0', 'audit.query', [{ services: ['SMB'], 'query-filters': [], 'query-options': { limit: 5 } }]],
    ['27.0', 'zfs.resource.snapshot.holds', [{ path: 'tank/a@b' }]],
    ['27.0', 'filesystem.acltemplate.by_path', [{ path: '/mnt/tank', 'query-options': { limit: 1 } }]],
    ['27.0', 'device.get_info', [{ type: 'DISK', serials_only: true }]],
  ])('%s: %s may be asked with %j', (release, name, params) => {
    expect(parameterProblem(methodOf(release, name), params)).toBeUndefined();
  });

  it.each(CONTRACT_RELEASES)('of %s leave no parameter that nobody has reviewed', (release) => {
    const unreviewed = [...readableMethods(release)].flatMap(unreviewedIn);
    expect(unreviewed).toEqual([]);
  });
});

function* readableMethods(release: ContractRelease): Generator<ApiMethod> {
  for (const [name, published] of nasMethods(release)) {
    const found = normaliseMethod(name, published);
    if (found === undefined || found.isJob || found.needsTransfer || !isReadable(found)) continue;
    if (methodRefusal(name) === undefined) yield found;
  }
}

function methodOf(release: ContractRelease, name: string): ApiMethod {
  const found = [...readableMethods(release)].find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`${release} has no ${name}`);
  return found;
}

/** Parameters, and fields of parameters, that the table knows no rule for. */
function unreviewedIn(asked: ApiMethod): string[] {
  const places = queryPlaces(asked);
  return asked.accepts.flatMap(({ name, schema }, index) => {
    if (isQueryOptions(schema) || (index === 0 && asked.name.endsWith('.get_instance'))) return [];
    if (places?.within === undefined && index === places?.filters) return [];
    const known = places?.within === undefined ? [] : [places.within.filters, places.within.options];
    return missing(schema, reviewedParameter(asked.name, name), `${asked.name} ${name}`, known);
  });
}

function missing(
  schema: JsonSchema,
  rule: ValueRule | undefined,
  path: string,
  known: string[] = [],
): string[] {
  const fields = fieldsOf(schema).filter(([name]) => !known.includes(name));
  if (rule === undefined) return fields.length === 0 && known.length > 0 ? [] : [path];
  if (rule.fields === undefined) return [];
  return fields.flatMap(([name, inner]) => missing(inner, rule.fields?.[name], `${path}.${name}`));
}

function fieldsOf(schema: JsonSchema): [string, JsonSchema][] {
  const shapes = [
    schema,
    ...['anyOf', 'oneOf'].flatMap((keyword) => listAt(schema, keyword)),
    ...listAt(schema, 'items'),
  ];
  const own = shapes.flatMap((shape) =>
    Object.entries((shape['properties'] ?? {}) as Record<string, JsonSchema>),
  );
  return own.filter(([, inner]) => !isQueryOptions(inner));
}

function listAt(schema: JsonSchema, keyword: string): JsonSchema[] {
  const value = schema[keyword];
  return [value ?? []].flat() as JsonSchema[];
}
