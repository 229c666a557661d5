import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RpcFailure, withSimulator } from '../support/simulator.ts';

const nas = withSimulator();

async function answerTo(text: string): Promise<unknown> {
  const connection = await nas.connect();
  const before = connection.frames.length;
  connection.send(text);
  await connection.call('core.ping');
  return connection.frames.slice(before, -1);
}

const error = (id: unknown, code: number): unknown[] => [
  { jsonrpc: '2.0', id, error: { code, message: expect.any(String) } },
];

describe('what a frame may be', () => {
  it.each([
    ['text that is not JSON', '{"jsonrpc"', error(null, -32700)],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"core.ping"}]', error(null, -32700)],
    ['a scalar', '"core.ping"', error(null, -32700)],
    ['another protocol version', '{"jsonrpc":"1.0","id":"a","method":"core.ping"}', error('a', -32600)],
    ['no protocol version', '{"id":"a","method":"core.ping"}', error('a', -32600)],
    ['a fractional id', '{"jsonrpc":"2.0","id":1.5,"method":"core.ping"}', error(1.5, -32600)],
    [
      'an id that is a float without fraction',
      '{"jsonrpc":"2.0","id":77.0,"method":"core.ping"}',
      error(77, -32600),
    ],
    ['a float id after the method', '{"method":"core.ping","jsonrpc":"2.0","id":77e0}', error(77, -32600)],
    ['an object as id', '{"jsonrpc":"2.0","id":{"a":1},"method":"core.ping"}', error({ a: 1 }, -32600)],
    ['a list as id', '{"jsonrpc":"2.0","id":[1],"method":"core.ping"}', error([1], -32600)],
    ['an empty method', '{"jsonrpc":"2.0","id":"a","method":""}', error('a', -32600)],
    ['named params', '{"jsonrpc":"2.0","id":"a","method":"core.ping","params":{}}', error('a', -32600)],
    ['an unknown method', '{"jsonrpc":"2.0","id":"a","method":"no.such"}', error('a', -32601)],
  ])('%s is answered with an error, and the connection stays', async (_, text, expected) => {
    expect(await answerTo(text)).toEqual(expected);
  });

  it.each([
    ['null', 'null'],
    ['a boolean', 'true'],
    ['a string', '"x"'],
    ['a negative number', '-3'],
  ])('%s is an id that is echoed', async (_, id) => {
    const reply = { jsonrpc: '2.0', result: 'pong', id: JSON.parse(id) as unknown };
    expect(await answerTo(`{"jsonrpc":"2.0","id":${id},"method":"core.ping"}`)).toEqual([reply]);
  });

  it.each(['9007199254740993', '-9007199254740993', '12345678901234567890123'])(
    'the id %s is echoed with all its digits',
    async (id) => {
      const connection = await nas.connect();
      const before = connection.texts.length;
      connection.send(`{"params":[],"jsonrpc":"2.0","id":${id},"method":"core.ping"}`);
      connection.send(`{"jsonrpc":"2.0","id":${id},"method":"no.such","params":[{"id":1}]}`);
      await connection.call('core.ping');
      const [pong, unknown] = connection.texts.slice(before);
      expect(pong).toBe(`{"jsonrpc":"2.0","result":"pong","id":${id}}`);
      expect(unknown).toContain(`},"id":${id}}`);
    },
  );

  it('a float called id inside the arguments is no id', async () => {
    const text =
      '{"jsonrpc":"2.0","id":"f","method":"auth.set_attribute","params":["a",{"id":1.0,"b":"\\"{\\""}]}';
    expect(await answerTo(text)).toEqual([{ jsonrpc: '2.0', id: 'f', result: null }]);
  });

  it('a result that JSON cannot carry is an internal error', async () => {
    const connection = await nas.connect();
    const circle: Record<string, unknown> = { a: 1n };
    circle.self = circle;
    nas.simulator.control.next('core.ping', { kind: 'result', result: circle });
    await expect(connection.call('core.ping')).rejects.toMatchObject({
      code: -32603,
      message: '-32603 Failed to JSON serialize server message',
      data: { error: 14, errname: 'EFAULT' },
    });
  });

  it('no frame breaks the server', async () => {
    const connection = await nas.connect();
    const frame = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          jsonrpc: fc.constantFrom<unknown>('2.0', '2.0', '2.0', 2),
          method: fc.constantFrom<unknown>('user.query', 'auth.login_ex', 'core.get_jobs', 'user.create', 7),
          params: fc.oneof(fc.array(fc.jsonValue(), { maxLength: 4 }), fc.jsonValue()),
        })
        .map((message) => JSON.stringify(message)),
    );
    await fc.assert(
      fc.asyncProperty(frame, async (text) => {
        connection.send(text);
        expect(await connection.call('core.ping')).toBe('pong');
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('a violation without id is not answered', async () => {
    expect(await answerTo('{"jsonrpc":"1.0","method":"core.ping"}')).toEqual([]);
  });

  it('a notification is executed and never answered, not even on error', async () => {
    const before = nas.simulator.calls().length;
    expect(await answerTo('{"jsonrpc":"2.0","method":"core.ping"}')).toEqual([]);
    expect(await answerTo('{"jsonrpc":"2.0","method":"core.ping","params":[1]}')).toEqual([]);
    const calls = nas.simulator.calls().slice(before);
    expect(calls.filter((call) => call.method === 'core.ping')).toHaveLength(4);
  });

  it('an unknown method comes before the question who is asking', async () => {
    const connection = await nas.connect({ isSignedIn: false });
    await expect(connection.call('no.such')).rejects.toMatchObject({ code: -32601, data: undefined });
  });
});

describe('frames that close the connection', () => {
  const call = (length: number, method = 'core.ping'): string => {
    const start = `{"jsonrpc":"2.0","id":1,"method":"${method}","params":["`;
    return `${start}${'x'.repeat(length - start.length - 3)}"]}`;
  };

  it('a binary frame closes with 1003', async () => {
    const connection = await nas.connect();
    connection.send(Buffer.from('{}'));
    expect((await connection.closed).code).toBe(1003);
  });

  it('more than 8192 characters before sign-in close with 1007, 8192 do not', async () => {
    const connection = await nas.connect({ isSignedIn: false });
    connection.send(call(8192));
    expect(await connection.frame((frame) => frame.id === 1)).toMatchObject({ error: { code: -32602 } });
    connection.send(call(8193));
    expect(await connection.closed).toEqual({
      code: 1007,
      reason: 'Anonymous connection max message length is 8 kB',
    });
  });

  it('more than 65536 characters after sign-in close with 1009, 65536 do not', async () => {
    const connection = await nas.connect();
    connection.send(call(65_536).replace('"id":1', '"id":7'));
    expect(await connection.frame((frame) => frame.id === 7)).toMatchObject({ error: { code: -32602 } });
    connection.send(call(65_537));
    expect(await connection.closed).toEqual({ code: 1009, reason: 'Max message length is 64 kB' });
  });

  it('characters are counted, not UTF-16 units', async () => {
    const connection = await nas.connect();
    const text = `{"jsonrpc":"2.0","id":"long","method":"core.ping","params":["${'💾'.repeat(40_000)}"]}`;
    connection.send(text);
    expect(await connection.frame((frame) => frame.id === 'long')).toMatchObject({ error: { code: -32602 } });
  });

  it('filesystem.file_receive may be longer, up to 2 MiB', async () => {
    const connection = await nas.connect();
    connection.send(call(100_000, 'filesystem.file_receive'));
    await connection.frame((frame) => frame.id === 1);
    connection.send(call(2_097_153, 'filesystem.file_receive'));
    expect(await connection.closed).toEqual({ code: 1009, reason: 'Max message length is 64 kB' });
  });
});

describe('many calls at once', () => {
  it('ten run, ten wait, the next is refused, and replies come when they are ready', async () => {
    const connection = await nas.connect();
    nas.simulator.control.next('core.ping', { kind: 'delay', ms: 40 }, 10);
    const replies = Array.from({ length: 21 }, () =>
      connection.call('core.ping').catch((thrown: unknown) => thrown),
    );
    const results = await Promise.all(replies);
    expect(results.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'pong'));
    expect(results[20]).toBeInstanceOf(RpcFailure);
    expect(results[20]).toMatchObject({
      code: -32000,
      message: '-32000 Maximum number of concurrent calls (20) has exceeded',
      data: undefined,
    });
  });

  it('a quick call overtakes a slow one', async () => {
    const connection = await nas.connect();
    nas.simulator.control.next('core.ping', { kind: 'delay', ms: 30 });
    const order: string[] = [];
    const slow = connection.call('core.ping').then(() => order.push('slow'));
    await connection.call('auth.me').then(() => order.push('quick'));
    await slow;
    expect(order).toEqual(['quick', 'slow']);
  });
});

describe('paths', () => {
  const ask = async (path: string, method = 'GET'): Promise<{ status: number; body: string }> => {
    const { url, certificatePem } = nas.simulator;
    const { request } = await import('node:https');
    return new Promise((resolve, reject) => {
      const options = { ca: certificatePem, method };
      const asked = request(`${url.replace('wss', 'https')}${path}`, options, (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          body += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      });
      asked.on('error', reject);
      asked.end();
    });
  };

  it.each(['/api/versions', '/api/versions?fresh=1'])(
    '%s lists the API versions, oldest first, without the unadvertised one',
    async (path) => {
      const versions = JSON.parse((await ask(path)).body) as string[];
      expect(versions[0]).toBe('v25.04.0');
      expect(versions.at(-1)).toBe('v25.10.5');
    },
  );

  it('the boot id is a string', async () => {
    expect(await ask('/api/boot_id')).toEqual({
      status: 200,
      body: expect.stringMatching(/^"[0-9a-f-]{36}"$/),
    });
  });

  it('anything else is not found', async () => {
    expect(await ask('/api/v2.0/pool')).toEqual({
      status: 404,
      body: '404: Not Found\nThe WebSocket API is at /api/current.\n',
    });
    await expect(nas.connect({ path: '/api/v99.0.0', isSignedIn: false })).rejects.toThrow('404');
    await expect(nas.connect({ path: '/websocket/shell', isSignedIn: false })).rejects.toThrow('404');
  });

  it('a path for a WebSocket refuses to be fetched, and none can be posted to', async () => {
    expect(await ask('/api/current')).toMatchObject({ status: 400 });
    expect(await ask('/api/v25.04.0')).toMatchObject({ status: 400 });
    expect(await ask('/api/versions', 'POST')).toMatchObject({ status: 405 });
  });

  it('an older endpoint works, and does not know newer methods', async () => {
    const connection = await nas.connect({ path: '/api/v25.04.0' });
    expect(await connection.call('core.ping')).toBe('pong');
    await expect(connection.call('pool.snapshot.query')).rejects.toMatchObject({
      code: -32001,
      data: { error: 201, errname: 'ENOMETHOD' },
    });
  });
});
