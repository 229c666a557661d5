import { describe, expect, it } from 'vitest';
import { withSimulator } from '../support/simulator.ts';

describe('25.10', () => {
  const nas = withSimulator({ release: '25.10' });
  const confined = withSimulator({ release: '25.10', roles: ['ACCOUNT_READ'] });

  it('a call before sign-in is refused with 207', async () => {
    const connection = await nas.connect({ isSignedIn: false });
    await expect(connection.call('auth.me')).rejects.toMatchObject({
      code: -32001,
      message: '-32001 Method call error',
      data: {
        error: 207,
        errname: 'ENOTAUTHENTICATED',
        reason: '[ENOTAUTHENTICATED] Not authenticated',
        extra: null,
      },
    });
  });

  it('a call without permission is refused with EACCES and a trace', async () => {
    const connection = await confined.connect();
    expect(await connection.call('user.query', [[], { count: true }])).toBeGreaterThan(0);
    await expect(connection.call('privilege.query')).rejects.toMatchObject({
      code: -32001,
      data: {
        error: 13,
        errname: 'EACCES',
        reason: '[EACCES] Not authorized',
        trace: {
          class: 'CallError',
          formatted: expect.stringContaining('Traceback'),
          repr: expect.any(String),
          frames: [expect.objectContaining({ filename: expect.any(String), lineno: expect.any(Number) })],
        },
      },
    });
  });

  it('a traceback is pickled only for who asked for it', async () => {
    const connection = await nas.connect();
    const before = await connection
      .call('core.job_abort', [987])
      .catch((thrown: { data: object }) => thrown.data);
    expect(before).not.toHaveProperty('py_exception');
    expect(await connection.call('core.set_options', [{ py_exceptions: true }])).toEqual({
      legacy_jobs: true,
      private_methods: false,
      py_exceptions: true,
    });
    const after = await connection
      .call('core.job_abort', [987])
      .catch((thrown: { data: object }) => thrown.data);
    expect(after).toHaveProperty('py_exception');
  });

  it.each([
    ['too many arguments', 'core.ping', [1], [['', 'Too many arguments (expected 0, found 1)', 22]]],
    ['a missing argument', 'core.subscribe', [], [['event', 'Field required', 22]]],
    ['a wrong type', 'core.subscribe', [5], [['event', 'Input should be a valid string', 22]]],
    ['no coercion of numbers', 'core.job_abort', ['1'], [['id', 'Input should be a valid integer', 22]]],
    [
      'no coercion to booleans',
      'auth.generate_token',
      [600, {}, 1],
      [['match_origin', 'Input should be a valid boolean', 22]],
    ],
    [
      'a text too long',
      'core.subscribe',
      ['x'.repeat(1025)],
      [['event', 'String should have at most 1024 characters', 22]],
    ],
    [
      'several complaints in an object',
      'user.create',
      [{ username: 7, surplus: 1, smb: 'yes' }],
      [
        ['user_create.username', 'Input should be a valid string', 22],
        ['user_create.full_name', 'Field required', 22],
        ['user_create.smb', 'Input should be a valid boolean', 22],
        ['user_create.surplus', 'Extra inputs are not permitted', 22],
      ],
    ],
    [
      'an item of a list',
      'user.create',
      [{ username: 'a', full_name: 'A', groups: [1, 'b'] }],
      [['user_create.groups.1', 'Input should be a valid integer', 22]],
    ],
    [
      'both branches of a union',
      'group.create',
      [{ name: 'g', userns_idmap: 0 }],
      [
        ["group_create.userns_idmap.literal['DIRECT']", "Input should be 'DIRECT'", 22],
        ['group_create.userns_idmap.int', 'Input should be greater than or equal to 1', 22],
      ],
    ],
    ['an absent tag', 'auth.login_ex', [{}], [['login_data.mechanism', 'Field required', 22]]],
    [
      'a field behind a tag',
      'auth.login_ex',
      [{ mechanism: 'PASSWORD_PLAIN', username: 'x' }],
      [['login_data.PASSWORD_PLAIN.password', 'Field required', 22]],
    ],
    [
      'a refused filter',
      'user.query',
      [[['uid', '==', 1]]],
      [['filters', 'Value error, Invalid operation: ==', 22]],
    ],
    [
      'an unknown query option',
      'user.query',
      [[], { prefix: 'a' }],
      [['options.prefix', 'Extra inputs are not permitted', 22]],
    ],
    [
      'a limit too high',
      'user.query',
      [[], { limit: 10_001 }],
      [['options', 'Value error, Options limit must be between 1 and 10000', 22]],
    ],
    ['a missing row', 'user.get_instance', [4711], [[null, 'User 4711 does not exist', 2]]],
    [
      'a rule of the service',
      'user.create',
      [{ username: 'root', full_name: 'Again', group_create: true, password_disabled: true }],
      [['user_create.username', 'The username "root" already exists.', 17]],
    ],
  ])('%s is a validation error', async (_, method, params, extra) => {
    const connection = await nas.connect();
    const [, , errno] = extra[0] as [unknown, unknown, number];
    const name = errno === 2 ? 'ENOENT' : errno === 17 ? 'EEXIST' : 'EINVAL';
    // A service that raises one error alone ends no line.
    const end = method === 'user.get_instance' ? '' : '\n';
    const lines = extra.map(([at, text]) => `[${name}] ${at ?? 'None'}: ${text}${end}`);
    await expect(connection.call(method, params)).rejects.toMatchObject({
      code: -32602,
      message: '-32602 Invalid params',
      data: { error: 22, errname: 'EINVAL', reason: lines.join(''), extra },
    });
  });

  it('an unknown tag is a complaint about the parameter itself', async () => {
    const connection = await nas.connect();
    await expect(connection.call('auth.login_ex', [{ mechanism: 'KERBEROS' }])).rejects.toMatchObject({
      data: { extra: [['login_data', expect.stringContaining("'KERBEROS'"), 22]] },
    });
  });

  it('a query that finds nothing with get fails', async () => {
    const connection = await nas.connect();
    await expect(connection.call('user.query', [[['uid', '=', -1]], { get: true }])).rejects.toMatchObject({
      code: -32001,
      data: { error: 22, errname: 'EINVAL', reason: 'MatchNotFound()' },
    });
  });

  it('a comparison that fails on a row is a call error', async () => {
    const connection = await nas.connect();
    const filters = [['email', '>', 'a']];
    await expect(connection.call('user.query', [filters])).rejects.toMatchObject({
      code: -32001,
      data: { error: 22, trace: { class: 'TypeError' } },
    });
  });

  it('an empty operator is a call error, as the NAS has it', async () => {
    const connection = await nas.connect();
    await expect(connection.call('user.query', [[['uid', '', 0]]])).rejects.toMatchObject({
      code: -32001,
      data: { trace: { class: 'IndexError' } },
    });
  });
});

describe('27.0', () => {
  const nas = withSimulator({ release: '27.0' });

  it('traces carry no frames', async () => {
    const connection = await nas.connect({ isSignedIn: false });
    const { data } = await connection.call('auth.me').catch((thrown: { data: { trace: object } }) => thrown);
    expect(Object.keys(data.trace)).toEqual(['class', 'formatted', 'repr']);
  });
});
