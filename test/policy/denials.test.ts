import { describe, expect, it } from 'vitest';
import { isReadable } from '../../src/policy/classes.ts';
import { denialFor, denialTable } from '../../src/policy/denials.ts';
import { isSecretFieldName } from '../../src/policy/secret-fields.ts';
import { CONTRACT_RELEASES, describeContract, loadContract, loadRoles } from '../support/contract.ts';

/** A filter inside of so many nested lists. */
function buried(filter: readonly unknown[], levels: number): unknown {
  let value: unknown = filter;
  for (let level = 0; level < levels; level += 1) value = ['OR', [value]];
  return value;
}

describe('permanent denials', () => {
  it.each([
    ['core.bulk', ['pool.dataset.delete', [['tank/a']]]],
    ['auth.generate_token', []],
    ['auth.login_ex', [{ mechanism: 'API_KEY_PLAIN' }]],
    ['auth.generate_onetime_password', [{ username: 'root' }]],
    ['api_key.create', [{ name: 'x', username: 'root' }]],
    ['api_key.update', [1, { reset: true }]],
    ['api_key.delete', [1]],
    ['pool.dataset.export_key', ['tank', false]],
    ['pool.dataset.export_keys', ['tank']],
    ['filesystem.get', ['/etc/shadow']],
    ['filesystem.put', ['/root/.ssh/authorized_keys']],
    ['core.download', ['config.save', [], 'x']],
    ['config.save', []],
    ['system.advanced.sed_global_password', []],
    ['privilege.become_readonly', []],
    ['app.config', ['nextcloud']],
    ['keychaincredential.get_instance', [1]],
    ['support.new_ticket', [{}]],
  ])('%s is never called', (method, params) => {
    expect(denialFor(method, params)).toMatchObject({ method, isWholeMethod: true });
  });

  it.each([
    ['core.get_jobs', [[], { extra: { raw_result: true } }]],
    ['core.get_jobs', [[], { extra: { raw_result: 1 } }]],
    ['disk.query', [[], { extra: { passwords: true } }]],
    ['disk.get_instance', ['x', { extra: { passwords: true } }]],
    ['app.query', [[], { extra: { retrieve_config: true } }]],
    ['pool.dataset.query', [[], { extra: { snapshots: true } }]],
    ['user.query', [[['unixhash', '^', '$6$']], { count: true }]],
    ['user.query', [[['OR', [['id', '=', 1], [['smbhash', 'C^', 'a']]]]], {}]],
    ['user.query', [[], { order_by: ['-unixhash'] }]],
    ['user.query', [[], { order_by: ['nulls_last:-unixhash'] }]],
    ['user.query', [[], { select: ['unixhash'] }]],
    ['user.query', [[], { select: [['unixhash', 'comment']] }]],
    ['replication.query', [[], { select: ['ssh_credentials.attributes.private_key'] }]],
    ['audit.query', [{ 'query-filters': [['event_data.password', '~', 'a']] }]],
    ['audit.query', [{ 'query-options': { select: [['event_data', 'x']] } }]],
    ['keychaincredential.query', []],
    ['keychaincredential.query', [[], { select: ['id', 'attributes'] }]],
    ['keychaincredential.query', [[], { select: ['attributes.public_key'] }]],
    ['certificate.query', [[['id', '=', 1]], { get: true }]],
    ['user.query', [[], { extend: 'auth.generate_token' }]],
    ['user.query', [[], { extend_context: 'auth.generate_token' }]],
    ['user.query', [[], { prefix: 'bsdusr_unix', select: ['hash'] }]],
    ['user.query', [[buried(['unixhash', '^', '$6$'], 40)]]],
    ['disk.query', [[], { extra: { passwords: 'yes' } }]],
    ['filesystem.setacl', [{ path: '/mnt/tank', dacl: [], options: { stripacl: true, recursive: true } }]],
    ['filesystem.setperm', [{ path: '/mnt/tank', options: { stripacl: true, recursive: true } }]],
    ['activedirectory.domain_info', ['evil.example']],
    ['pool.dataset.query', [[], { select: ['id', 'children.0.id'] }]],
    ['zfs.resource.query', [{ get_children: true }]],
    ['zfs.resource.query', [{ paths: ['tank'], max_depth: 1 }]],
    ['zfs.resource.query', [{ paths: Array.from({ length: 51 }, (_, index) => `tank/${index}`) }]],
    ['zfs.resource.snapshot.count', [{ paths: ['tank'], recursive: true }]],
    ['zfs.resource.snapshot.count', [{ paths: [] }]],
    ['zfs.resource.snapshot.count', []],
  ])('%s with %j is never called', (method, params) => {
    expect(denialFor(method, params)).toMatchObject({ isWholeMethod: false });
  });

  it.each([
    ['activedirectory.domain_info', [null]],
    ['core.get_jobs', [[['id', '=', 1]], { get: true }]],
    ['core.get_jobs', [[], { extra: { raw_result: false } }]],
    ['user.query', [[['password_disabled', '=', true]], { select: ['id', 'username'] }]],
    ['keychaincredential.query', [[], { select: ['id', 'name', 'type'] }]],
    ['keychaincredential.query', [[], { count: true }]],
    ['certificate.query', [[], { select: ['id', 'name', 'until'] }]],
    [
      'pool.dataset.query',
      [[['key_format.value', '=', 'HEX']], { select: ['id', 'key_loaded', 'used.parsed'] }],
    ],
    ['filesystem.setacl', [{ path: '/mnt/tank', dacl: [], options: { recursive: true } }]],
    ['filesystem.setacl', [{ path: '/mnt/tank', dacl: [], options: { stripacl: true } }]],
    ['disk.query', [[['name', '=', 'sda']], { extra: { pools: true } }]],
    ['pool.query', []],
    ['pool.query', [[], { extend: null, prefix: '' }]],
    ['user.query', [[buried(['id', 'in', [1, 2]], 3)]]],
    ['reporting.exporters.create', [{ attributes: { prefix: 'nas' } }]],
  ])('%s with %j is not', (method, params) => {
    expect(denialFor(method, params)).toBeUndefined();
  });

  it.each([
    '',
    'pool',
    'Pool.query',
    'pool.query ',
    ' pool.query',
    'pool.query\n',
    'pool..query',
    '.query',
    'pool.',
    'pool.qu\u0435ry',
    'pool.query\u200b',
    'pool.__proto__.x y',
    'ｐool.query',
    'pool.query;core.bulk',
    '*',
    'x'.repeat(200),
  ])('something that is no method name (%j) is never called', (name) => {
    expect(denialFor(name)).toBeDefined();
  });

  it('the table gives a reason for every line', () => {
    const lines = denialTable();
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter(({ reason, methods }) => reason === '' || methods === '')).toEqual([]);
  });
});

describeContract('permanent denials against the contract', () => {
  it('a field that the contract marks as secret is known by name', () => {
    const marked = new Set(
      CONTRACT_RELEASES.flatMap((release) => [...secretNames(loadContract(release).methods)]),
    );
    // The provider's and other settings are marked as a whole: each of their fields, harmless ones too.
    const unknown = [...marked].filter(
      (name) => /pass|secret|token|key|hash|salt|pw$/.test(name) && !isSecretFieldName(name),
    );
    expect(unknown).toEqual([]);
  });

  it('every method of the table exists in some release, or is named for a reason', () => {
    const known = new Set(CONTRACT_RELEASES.flatMap((release) => Object.keys(loadContract(release).methods)));
    const lines = denialTable().filter(
      ({ methods, argument }) => argument === undefined && !methods.includes('*'),
    );
    const missing = lines.flatMap(({ methods }) => methods.split(', ')).filter((name) => !known.has(name));
    // Private methods of the NAS, callable all the same by an administrator.
    expect(missing.sort()).toEqual(['filesystem.file_get_contents', 'filesystem.file_receive']);
  });

  it.each(CONTRACT_RELEASES)(
    'no method of %s that is left readable has a name that changes something',
    (release) => {
      const granted = loadRoles(release).method_granted;
      const left = Object.entries(loadContract(release).methods)
        .filter(
          ([name, { job }]) =>
            !job &&
            isReadable({ name, roles: granted[name] ?? [] }) &&
            denialFor(name)?.isWholeMethod !== true,
        )
        .map(([name]) => name);
      const verbs =
        /\.(create|update|delete|set|do|run|start|stop|restart|reset|become|generate|send|new|attach|export|save|upload|login|logout)(_|$)/;
      // Asks what a change would do, and where the audit may be exported; neither changes anything.
      const harmless = [
        'pool.snapshottask.delete_will_change_retention_for',
        'pool.snapshottask.update_will_change_retention_for',
        'support.attach_ticket_max_size',
        'system.advanced.login_banner',
      ];
      expect(
        left.filter((name) => verbs.test(name) && !harmless.includes(name) && !name.endsWith('_choices')),
      ).toEqual([]);
    },
  );
});

function* secretNames(value: unknown): Generator<string> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'properties' && inner !== null && typeof inner === 'object') {
      for (const [name, property] of Object.entries(
        inner as Record<string, Record<string, unknown> | null>,
      )) {
        if (property !== null && property['x-secret'] === true) yield name;
      }
    }
    yield* secretNames(inner);
  }
}
