import { openTrueNas } from '../../src/truenas/index.ts';
import { silentLog } from '../../src/truenas/log.ts';
import { expect, test } from 'vitest';
import { confine, UndeclaredMethodError } from '../../src/access/confined-client.ts';
import type { ReadClient } from '../../src/truenas/index.ts';

function recording(): { client: ReadClient; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    client: {
      release: async () => ({ family: '25.10', version: 'TrueNAS-25.10.1' }),
      call: async (method) => {
        asked.push(method);
        return [];
      },
      has: async (method) => {
        asked.push(`has ${method}`);
        return true;
      },
    },
  };
}

test('a declared method passes, with its parameters and answer', async () => {
  const { client, asked } = recording();
  const confined = confine(client, ['pool.query']);
  expect(await confined.call('pool.query', [[], {}])).toEqual([]);
  expect(await confined.has('pool.query')).toBe(true);
  expect((await confined.release()).family).toBe('25.10');
  expect(asked).toEqual(['pool.query', 'has pool.query']);
});

test.each(['pool.dataset.delete', 'pool.query.x', 'POOL.QUERY', '', '__proto__', 'core.bulk'])(
  'an undeclared method (%j) rejects before anything is asked',
  async (method) => {
    const { client, asked } = recording();
    const confined = confine(client, ['pool.query']);
    await expect(confined.call(method)).rejects.toThrow(UndeclaredMethodError);
    await expect(confined.has(method)).rejects.toThrow(/add it to "uses"/u);
    expect(asked).toEqual([]);
  },
);

test('a denied method stays denied even where a tool declares it', async () => {
  const { client, asked } = recording();
  await expect(confine(client, ['core.bulk']).call('core.bulk', ['pool.query', []])).rejects.toThrow(
    /core\.bulk/u,
  );
  expect(asked).toEqual([]);
});

test('the confined client has no way to write', () => {
  expect(Object.keys(confine(recording().client, [])).toSorted()).toEqual([
    'call',
    'has',
    'origin',
    'release',
  ]);
});

test('the origin of a connected client is an empty thing: what can write does not hang on it', async () => {
  const nas = openTrueNas({ url: 'wss://127.0.0.1:1', apiKey: 'x', tls: {}, timeoutMs: 100, log: silentLog });
  const { origin } = confine(nas.read, []);
  expect(Object.isFrozen(origin)).toBe(true);
  expect(Reflect.ownKeys(origin ?? {})).toEqual([]);
  expect(Object.getPrototypeOf(origin)).toBe(Object.prototype);
  await nas.close();
});
