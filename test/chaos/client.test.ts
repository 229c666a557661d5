/** An MCP client that sends nonsense, floods the server, or leaves in the middle of a call. */
import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { type Era, ERAS, MODERN } from '../support/eras.ts';
import { type Program, READ, READ_METHOD, startProgram, until } from './harness.ts';
import { giantAnswer } from './giant.ts';

/** A program whose client is written by hand. */
interface Bare extends Program {
  /** A request as its era has it; the arguments are text, so that they can be of any kind. */
  requestText(id: number, method: string, paramsText?: string): string;
}

async function startBare(era: Era): Promise<Bare> {
  const program = await startProgram({ isConnected: false });
  const envelope = JSON.stringify(era.envelope).slice(1, -1);
  const requestText: Bare['requestText'] = (id, method, paramsText = '') => {
    const params = [envelope, paramsText].filter((text) => text !== '').join();
    return `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":{${params}}}\n`;
  };
  const { method, params } = era.hello;
  program.send(requestText(0, method, JSON.stringify(params).slice(1, -1)));
  if (era.greeting !== undefined) program.send(`{"jsonrpc":"2.0","method":"${era.greeting}"}\n`);
  await reply(program, 0);
  return Object.assign(program, { requestText });
}

interface Reply {
  readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text: string }[] };
  readonly error?: { readonly code: number; readonly message: string };
}

async function reply(program: Program, id: number): Promise<Reply> {
  const find = () => program.output.find((message) => message.id === id && !('method' in message));
  await until(() => find() !== undefined, `an answer to ${id}`);
  return find() as Reply;
}

function callText(program: Bare, id: number, name: string, argumentsText: string): string {
  return program.requestText(id, 'tools/call', `"name":"${name}","arguments":${argumentsText}`);
}

/** True when the server still answers a tool call. */
async function isAlive(program: Bare): Promise<boolean> {
  program.send(callText(program, 999, READ, '{}'));
  const { result } = await reply(program, 999);
  return result !== undefined && result.isError !== true;
}

describe.each(ERAS)('nonsense from a client of %s', (_revision, era) => {
  it.each([
    ['text that is not JSON', 'this is not JSON\n'],
    ['cut-off JSON', '{"jsonrpc":"2.0","id":7,"method":"tools/ca\n'],
    ['JSON that is not JSON-RPC', '[]\n5\nnull\n{"id":1}\n{"jsonrpc":"1.0","id":2,"method":"ping"}\n'],
    ['bytes that are not text', '\u0000\uFFFE\u0007\n'],
    ['empty lines', '\n\n\r\n\n'],
    ['an answer to nothing', '{"jsonrpc":"2.0","id":77,"result":{}}\n'],
    [
      'the cancellation of nothing',
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}\n',
    ],
    ['parameters of the wrong kind', '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":[1]}\n'],
  ])('%s disturbs nothing', async (_name, text) => {
    const program = await startBare(era);
    program.send(text);
    expect(await isAlive(program)).toBe(true);
  });

  const PARSE_ERROR = -32_700;
  const INVALID_REQUEST = -32_600;
  it.each([
    ['text that is not JSON', 'this is not JSON', [[PARSE_ERROR, undefined]]],
    ['cut-off JSON', '{"jsonrpc":"2.0","id":7,"method":"tools/ca', [[PARSE_ERROR, undefined]]],
    ['an empty list', '[]', [[INVALID_REQUEST, undefined]]],
    ['an object that says nothing', '{}', [[INVALID_REQUEST, undefined]]],
    ['a number', '5', [[INVALID_REQUEST, undefined]]],
    ['an id without a method', '{"jsonrpc":"2.0","id":7}', [[INVALID_REQUEST, 7]]],
    ['another version', '{"jsonrpc":"1.0","id":"a","method":"ping"}', [[INVALID_REQUEST, 'a']]],
    ['an id of null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', [[INVALID_REQUEST, undefined]]],
    ['a fraction as id', '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', [[INVALID_REQUEST, undefined]]],
    ['a member too many', '{"jsonrpc":"2.0","id":7,"method":"ping","x":1}', [[INVALID_REQUEST, 7]]],
    ['parameters in a list', '{"jsonrpc":"2.0","id":7,"method":"ping","params":[1]}', [[INVALID_REQUEST, 7]]],
    [
      'a batch',
      '[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":8,"method":"ping"}]',
      [
        [INVALID_REQUEST, 7],
        [INVALID_REQUEST, 8],
      ],
    ],
  ] as const)(
    '%s is refused, with the id that can be read, and no more than once',
    async (_name, text, wanted) => {
      const program = await startBare(era);
      const before = program.output.length;
      program.send(`${text.slice(0, 3)}`);
      await nextTurn();
      // In pieces, and with right messages around it.
      program.send(`${text.slice(3)}\n{"jsonrpc":"2.0","id":100,"method":"ping"}\n`);
      expect(await reply(program, 100)).toMatchObject({ result: {} });
      expect(await isAlive(program)).toBe(true);
      const refusals = program.output.slice(before).filter((message) => 'error' in message);
      expect(refusals.map(({ error, id }) => [(error as { code: number }).code, id])).toEqual(wanted);
      for (const refusal of refusals) expect(JSONRPCMessageSchema.safeParse(refusal).success).toBe(true);
    },
  );

  it.each([
    ['a malformed notification', '{"jsonrpc":"2.0","method":"notifications/initialized","params":[1]}'],
    ['a malformed answer', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}'],
    ['blank lines', ' \r\n\n\t'],
  ])('%s is not answered, lest two programs answer each other for ever', async (_name, text) => {
    const program = await startBare(era);
    const before = program.output.length;
    program.send(`${text}\n${callText(program, 100, READ, '{}')}`);
    await reply(program, 100);
    expect(program.output.slice(before)).toHaveLength(1);
  });

  it.each(['no/such/method', 'tools/delete', '__proto__', 'x'.repeat(10_000)])(
    'an unknown method is answered with an error (%#)',
    async (method) => {
      const program = await startBare(era);
      program.send(program.requestText(5, method));
      expect((await reply(program, 5)).error?.code).toBe(-32601);
      expect(await isAlive(program)).toBe(true);
    },
  );

  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
  const long = 'y'.repeat(10_000_000);
  it.each([
    ['a value of 10 MB', `{"name":"${long}"}`, READ],
    ['an unknown argument of 10 MB', `{"${long}":1}`, READ],
    ['a wrong value of 10 MB', `{"limit":"${long}"}`, READ],
    ['an argument 10,000 levels deep', `{"name":${deep}}`, READ],
    ['an unknown argument 10,000 levels deep', `{"odd":${deep}}`, READ],
    [
      'a hundred thousand unknown arguments',
      `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join()}}`,
      READ,
    ],
    [
      'parameters of a generic call 10,000 levels deep',
      `{"method":"pool.query","params":${deep}}`,
      'call_api_read',
    ],
    ['filters 10,000 levels deep', `{"method":"pool.query","filters":${deep}}`, 'call_api_read'],
    [
      'parameters of a generic call of 10 MB',
      `{"method":"pool.query","params":[[["name","=","${long}"]]]}`,
      'call_api_read',
    ],
    ['a search for 10 MB', `{"query":"${long}"}`, 'search_api'],
    ['a name of 10 MB', `{"name":"${long}"}`, 'get_pool'],
    ['a prototype', '{"__proto__":{"limit":1},"constructor":{"prototype":{}}}', READ],
  ])('%s is answered, in few words, and the NAS sees nothing of it', async (_name, argumentsText, tool) => {
    const program = await startBare(era);
    program.send(callText(program, 1, tool, argumentsText));
    const { result, error } = await reply(program, 1);
    const text = result?.content?.[0]?.text ?? error?.message ?? '';
    expect(text).not.toBe('');
    expect(text.length).toBeLessThan(30_000);
    const bytesSent = JSON.stringify(program.simulator.calls().map((call) => call.params)).length;
    expect(bytesSent).toBeLessThan(100_000);
    expect(await isAlive(program)).toBe(true);
  });
});

describe.each(ERAS)('many calls of a client of %s', (_revision, era) => {
  const isModern = era === MODERN;
  it('a thousand at once are all answered, once each', async () => {
    // The short waits of tests would mistake a busy machine for a silent NAS.
    const timings = { connectTimeoutMs: 20_000, signInTimeoutMs: 20_000 };
    const program = await startProgram({ isModern, timeoutMs: 60_000, timings });
    const seen = await Promise.all(Array.from({ length: 1_000 }, () => program.ask(READ)));
    expect([...new Set(seen.map(({ text }) => text.slice(0, 200)))]).toHaveLength(1);
    expect(seen[0]).toMatchObject({ isError: false });
    expect(program.sent(READ_METHOD)).toHaveLength(1_000);
    expect(program.nas.status()).toMatchObject({ connections: 1, signIns: 1, inFlight: 0, queued: 0 });
  });

  it('a thousand that are all cancelled leave nothing behind', async () => {
    // Longer than this test takes: a busy NAS is not a stuck one.
    const program = await startProgram({ isModern, timeoutMs: 60_000, timings: { stuckMs: 60_000 } });
    await program.ask(READ);
    program.simulator.control.next(READ_METHOD, { kind: 'slow-answer', ms: 20 }, 50);
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const asked = Array.from({ length: 1_000 }, () =>
      program.ask(READ, {}, abort.signal).catch(() => 'cancelled'),
    );
    await program.reached(READ_METHOD, 2);
    abort.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['cancelled']));
    expect(await program.ask(READ)).toMatchObject({ isError: false });
    await until(() => program.nas.status().inFlight === 0, 'the NAS has answered what it got');
    expect(program.nas.status()).toMatchObject({ connections: 1, signIns: 1, queued: 0 });
    expect(program.sent(READ_METHOD).length).toBeLessThan(100);
  });
});

describe.each(ERAS)('a client of %s that leaves in the middle of a call', (_revision, era) => {
  it('the call is let go of, and what the NAS still answers disturbs nobody', async () => {
    const program = await startProgram({ isModern: era === MODERN });
    await program.ask(READ);
    program.simulator.control.next(READ_METHOD, { kind: 'slow-answer', ms: 50 });
    const call = program.ask(READ).catch(() => 'gone');
    await program.reached(READ_METHOD, 2);
    await program.client.close();
    await program.service.close();
    expect(await call).toBe('gone');
    await until(() => program.nas.status().inFlight === 0, 'the call has ended');
    expect(await program.nas.read.call('core.ping')).toBe('pong');
    expect(program.sent(READ_METHOD)).toHaveLength(2);
  });
});

describe('a giant answer', () => {
  it('of 20 MB is cut to size, and its memory is given back', async () => {
    const { isCut, isAlive, retainedTenths } = await giantAnswer(20);
    expect({ isCut, isAlive }).toEqual({ isCut: true, isAlive: true });
    expect(retainedTenths).toBeLessThan(4);
  });
});
