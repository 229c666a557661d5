/** Ways to get at a secret without its name in the answer: renamed, compared with, sorted by, or switched on. */
import { describe, expect, test } from 'vitest';
import { denialFor } from '../../src/policy/denials.ts';

const HASH = ['unixhash', '^', '$6$'];

describe('a call that would tell a secret is never sent', () => {
  test.each<[name: string, method: string, params: readonly unknown[]]>([
    ['a filter', 'user.query', [[HASH]]],
    ['a filter in an alternative', 'user.query', [[['OR', [['id', '=', 1], HASH]]]]],
    ['a filter in an alternative of conjunctions', 'user.query', [[['OR', [[['id', '=', 1], HASH]]]]]],
    ['a filter that compares without case', 'user.query', [[['smbhash', 'C^', 'A']]]],
    ['a filter with a JSON path', 'user.query', [[['$.unixhash', '^', '$6$']]]],
    [
      'a filter with a quoted JSON path',
      'audit.query',
      [{ 'query-filters': [['$.event_data["pass"]', '^', 'a']] }],
    ],
    ['a filter on an element of a list', 'vm.query', [[['devices.0.attributes.password', '^', 'a']]]],
    ['a filter on every element of a list', 'vm.query', [[['devices.*.attributes.password', '^', 'a']]]],
    [
      'a filter below a secret object',
      'keychaincredential.query',
      [[['attributes.anything', '~', 'a']], { select: ['id'] }],
    ],
    [
      'a filter on a whole secret object',
      'cloudsync.credentials.query',
      [[['provider', '=', {}]], { select: ['id'] }],
    ],
    ['a filter below an expanded credential', 'cloudsync.query', [[['credentials.provider.url', '^', 'a']]]],
    [
      'a filter below the credential of a replication',
      'replication.query',
      [[['ssh_credentials.attributes.host', '^', 'a']]],
    ],
    ['a filter on a variable of any name', 'container.query', [[['environment.ANYTHING', '^', 'a']]]],
    ['a filter on an app setting', 'app.query', [[['config.anything.at.all', '^', 'a']]]],
    ['a filter on a command line', 'cronjob.query', [[['command', '~', 'password=a']]]],
    ['a filter on a script', 'cloudsync.query', [[['pre_script', 'rin', 'a']]]],
    ['a filter on arguments of jobs', 'core.get_jobs', [[['arguments.0.data', '^', 'a']]]],
    ['a filter on a log', 'core.get_jobs', [[['logs_excerpt', '~', 'a']]]],
    ['a filter on the error of jobs', 'core.get_jobs', [[['error', '~', '.*token=a']]]],
    ['a filter on what a job raised', 'core.get_jobs', [[['exc_info.repr', '^', 'a']]]],
    ['a filter on the last job of a task', 'cloudsync.query', [[['job.arguments.0.data', '^', 'a']]]],
    [
      'a filter on the log of the last job of a task',
      'replication.query',
      [[['job.logs_excerpt', '~', 'a']]],
    ],
    ['an order by the error of the last job', 'rsynctask.query', [[], { order_by: ['-job.error'] }]],
    [
      'a filter on arguments of a virtual machine',
      'vm.query',
      [[['command_line_args', '~', '.*password=a']]],
    ],
    ['a filter on notes of an app', 'app.query', [[['notes', '~', 'a']]]],
    ['a filter on parameters of Samba', 'sharing.smb.query', [[['options.auxsmbconf', '~', 'a']]]],
    [
      'a filter with letters of its path escaped',
      'audit.query',
      [{ 'query-filters': [['$.event_data."p\\u0061ssword"', '^', 'a']] }],
    ],
    [
      'a guess at a whole object',
      'vm.device.query',
      [[['attributes', '=', { dtype: 'DISPLAY', password: 'guess' }]]],
    ],
    [
      'guesses at an element of a list',
      'vm.query',
      [[['devices', 'rin', [{ attributes: { password: 'guess' } }]]]],
    ],
    ['a filter counted', 'user.query', [[HASH], { count: true }]],
    ['a filter of one row', 'user.get_instance', [1, { filters: [HASH] }]],
    ['an order', 'user.query', [[], { order_by: ['unixhash'] }]],
    ['a descending order', 'user.query', [[], { order_by: ['username', '-smbhash'] }]],
    [
      'an order of nulls',
      'certificate.query',
      [[], { select: ['id'], order_by: ['nulls_first:-privatekey'] }],
    ],
    [
      'an order of nulls, the other way round',
      'certificate.query',
      [[], { select: ['id'], order_by: ['-nulls_last:privatekey'] }],
    ],
    ['an order below a secret object', 'container.query', [[], { order_by: ['environment.X'] }]],
    ['a renamed column', 'certificate.query', [[], { select: [['privatekey', 'x']] }]],
    ['any renamed column', 'vm.query', [[], { select: ['id', ['devices', 'd']] }]],
    [
      'a renamed column inside an object',
      'audit.query',
      [{ 'query-options': { select: [['event_data', 'x']] } }],
    ],
    ['a renamed column in extra', 'sharing.smb.query', [[], { extra: { select: [['id', 'x']] } }]],
    ['a dotted column', 'vm.query', [[], { select: ['devices.attributes.password'] }]],
    ['raw results', 'core.get_jobs', [[], { extra: { raw_result: 1 } }]],
    ['raw results, as a text', 'core.get_jobs', [[], { extra: { raw_result: 'false' } }]],
    ['passwords of disks', 'disk.query', [[], { extra: { passwords: true } }]],
    ['passwords of one disk', 'disk.get_instance', ['x', { extra: { passwords: [1] } }]],
    ['settings of apps', 'app.query', [[], { extra: { retrieve_config: true } }]],
    ['the password as the answer', 'system.advanced.sed_global_password', []],
    ['keys of datasets', 'pool.dataset.export_key', [1]],
  ])('%s', (_name, method, params) => {
    expect(denialFor(method, params)).toBeDefined();
  });
});

test.each<[name: string, method: string, params: readonly unknown[]]>([
  [
    'names',
    'pool.dataset.query',
    [
      [
        ['id', '^', 'tank/secrets'],
        ['key_loaded', '=', true],
      ],
      { order_by: ['-used.parsed'] },
    ],
  ],
  [
    'facts about secrets',
    'user.query',
    [
      [
        ['password_disabled', '=', false],
        ['ssh_password_enabled', '=', true],
      ],
      { order_by: ['password_age'] },
    ],
  ],
  [
    'nested fields',
    'audit.query',
    [{ 'query-filters': [['event_data.file.path', '^', '/mnt/tank']], 'query-options': { limit: 5 } }],
  ],
  [
    'attributes that are no secret',
    'vm.device.query',
    [[['attributes.dtype', '=', 'DISK']], { select: ['id', 'attributes'] }],
  ],
  ['settings', 'system.general.config', []],
  [
    'certificates without their keys',
    'certificate.query',
    [[['expired', '=', true]], { select: ['id', 'name', 'until'] }],
  ],
  [
    'jobs',
    'core.get_jobs',
    [
      [
        ['state', '=', 'FAILED'],
        ['method', '^', 'replication'],
      ],
      { order_by: ['-id'], extra: { raw_result: false } },
    ],
  ],
])('%s can be filtered and selected', (_name, method, params) => {
  expect(denialFor(method, params)).toBeUndefined();
});
