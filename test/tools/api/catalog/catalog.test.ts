import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createSchemaCache } from '../../../../src/truenas/catalog/cache.ts';
import { type ApiCatalog, openCatalog } from '../../../../src/truenas/catalog/index.ts';
import { normaliseMethod, normaliseSchema } from '../../../../src/truenas/catalog/normalise.ts';
import type { WireValue } from '../../../../src/truenas/client.ts';
import { CONTRACT_RELEASES, describeContract, loadContract, loadRoles } from '../../../support/contract.ts';

const method = { roles: ['READONLY_ADMIN'], job: false, accepts: [], returns: [{}] };

/** A catalog over answers written by hand; `asked` are the services asked for, in order. */
function catalogOver(answer: (service: string | undefined) => unknown, family = '25.10') {
  const asked: (string | undefined)[] = [];
  let version = 'TrueNAS-25.10.0';
  let nowMs = 0;
  const catalog: ApiCatalog = openCatalog(
    {
      release: () => Promise.resolve({ family, version }),
      async call(name, params = []) {
        if (name === 'core.get_services')
          return {
            pool: {},
            disk: {},
            hidden: { config: { private: true } },
            ...(family === '27.0' ? { zpool: {} } : {}),
          };
        if (name === 'core.ping') return 'pong';
        asked.push(params[0] as string | undefined);
        return (await answer(params[0] as string | undefined)) as WireValue;
      },
    },
    { now: () => nowMs },
  );
  return {
    catalog,
    asked,
    upgrade: () => {
      version = 'TrueNAS-27.0.0';
    },
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('the live catalog', () => {
  it('reads a namespace once, however many ask, and the inner ones never', async () => {
    const { catalog, asked } = catalogOver((service) => ({ [`${service}.query`]: method }));
    await Promise.all([
      catalog.find('pool.query'),
      catalog.method('pool.query'),
      catalog.all(),
      catalog.all(),
    ]);
    expect(new Set(asked)).toEqual(new Set(['disk', 'pool']));
    expect(asked).toHaveLength(2);
    expect(await catalog.find('hidden.query')).toBeUndefined();
  });

  it('gives the very same list until more is read, so that an index over it is made once', async () => {
    const { catalog, wait } = catalogOver((service) => ({ [`${service}.query`]: method }));
    const first = await catalog.all();
    expect((await catalog.all()).methods).toBe(first.methods);
    wait(16 * 60_000);
    expect((await catalog.all()).methods).not.toBe(first.methods);
  });

  it('tries a namespace again after it failed, and says what is missing meanwhile', async () => {
    let isBroken = true;
    const { catalog } = catalogOver((service) => {
      if (service === 'disk' && isBroken) throw new Error('too slow');
      return { [`${service}.query`]: method };
    });
    expect(await catalog.all()).toMatchObject({ methods: [{ name: 'pool.query' }], unread: ['disk'] });
    isBroken = false;
    expect((await catalog.all()).unread).toEqual([]);
    await expect(catalog.find('disk.query')).resolves.toMatchObject({ name: 'disk.query' });
  });

  it('answers with what there is when reading takes long, and goes on reading', async () => {
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { catalog } = catalogOver(async (service) => {
      if (service === 'disk') await slow;
      return { [`${service}.query`]: method };
    });
    expect((await catalog.all({ waitMs: 20 })).unread).toEqual(['disk']);
    release();
    expect((await catalog.all()).unread).toEqual([]);
  });

  it('a caller who leaves does not take the reading from the others', async () => {
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { catalog, asked } = catalogOver(async () => {
      await slow;
      return { 'pool.query': method };
    });
    const leaving = new AbortController();
    const left = catalog.find('pool.query', { signal: leaving.signal });
    const stays = catalog.find('pool.query');
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    release();
    await expect(stays).resolves.toMatchObject({ name: 'pool.query' });
    expect(asked).toEqual(['pool']);
  });

  it('is read anew after an upgrade, and after a quarter of an hour', async () => {
    const { catalog, asked, upgrade, wait } = catalogOver((service) => ({ [`${service}.query`]: method }));
    await catalog.find('pool.query');
    upgrade();
    await catalog.find('pool.query');
    wait(16 * 60_000);
    await catalog.find('pool.query');
    expect(asked).toEqual(['pool', 'pool', 'pool']);
  });

  it.each([
    ['forward', 86_400_000],
    ['back', -86_400_000],
  ])('has an age that a clock set %s does not change', async (_name, jumpMs) => {
    let reads = 0;
    const now = Date.now;
    const jumped = vi.spyOn(Date, 'now').mockImplementation(() => now() + (reads === 0 ? 0 : jumpMs));
    const catalog = openCatalog(
      {
        release: () => Promise.resolve({ family: '25.10', version: 'TrueNAS-25.10.0' }),
        async call(name) {
          if (name === 'core.get_services') return { pool: {} };
          if (name === 'core.get_methods') reads += 1;
          return name === 'core.ping' ? 'pong' : ({ 'pool.query': method } as unknown as WireValue);
        },
      },
      { maxAgeMs: 20 },
    );
    try {
      await catalog.find('pool.query');
      await sleep(40);
      await catalog.find('pool.query');
      expect(reads).toBe(2);
    } finally {
      jumped.mockRestore();
    }
  });

  it('asks a newer NAS once for everything, and piece by piece when that is too much', async () => {
    const whole = { 'pool.query': method, 'disk.query': method, 'other.query': method };
    const once = catalogOver((service) => (service === undefined ? whole : {}), '27.0');
    expect((await once.catalog.all()).methods.map(({ name }) => name).toSorted()).toEqual([
      'disk.query',
      'pool.query',
    ]);
    expect(once.asked).toEqual([undefined]);
    const pieces = catalogOver((service) => {
      if (service === undefined) throw new Error('too large');
      return { [`${service}.query`]: method };
    }, '27.0');
    expect((await pieces.catalog.all()).unread).toEqual([]);
  });

  it.each([[null], ['text'], [[]], [{ 'pool.query': 'text', 'Pool.Query': method, __proto__: method }]])(
    'an answer that is no list of methods (%j) is no method',
    async (answer) => {
      const { catalog } = catalogOver(() => answer);
      expect((await catalog.all()).methods).toEqual([]);
      expect(await catalog.find('pool.query')).toBeUndefined();
    },
  );

  it('keeps the schemas used last, up to a size', () => {
    const cache = createSchemaCache(700);
    const entry = (name: string) => ({ ...normalised(name), description: 'x'.repeat(100) });
    cache.add(entry('a.query'));
    cache.add(entry('b.query'));
    expect(cache.get('a.query')).toBeDefined();
    cache.add(entry('c.query'));
    expect(['a.query', 'b.query', 'c.query'].map((name) => cache.get(name) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
    cache.add({ ...entry('d.query'), description: 'x'.repeat(5000) });
    expect(cache.get('d.query')).toBeUndefined();
  });
});

function normalised(name: string) {
  const entry = normaliseMethod(name, method);
  if (entry === undefined) throw new Error('not a method');
  return entry;
}

describe("a NAS's schema in standard form", () => {
  it('loses the deviations and keeps the meaning', () => {
    expect(
      normaliseSchema({
        type: 'object',
        _attrs_order_: ['a', 'title'],
        properties: {
          a: {
            type: 'array',
            items: [{ type: 'integer', ge: 1 }],
            title: 'a',
            _name_: 'a',
            _required_: true,
          },
          title: {
            type: 'string',
            pattern: '(?P<python>x)',
            title: 'title',
            _name_: 'title',
            _required_: false,
          },
        },
      }),
    ).toEqual({
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'integer' } }, title: { type: 'string' } },
      required: ['a'],
    });
  });

  it('resolves what is still a reference, and takes anything for what refers to itself or to nothing', () => {
    const tree = { type: 'object', properties: { inner: { $ref: '#/$defs/Tree' } } };
    expect(normaliseSchema({ $ref: '#/$defs/Tree', $defs: { Tree: tree } })).toEqual({
      type: 'object',
      properties: { inner: {} },
    });
    expect(normaliseSchema({ $ref: '#/$defs/Missing' })).toEqual({});
    expect(normaliseSchema({ $ref: 'https://example.com/schema' })).toEqual({});
  });

  it.each([[null], ['text'], [[1]], [7], [undefined]])('is anything where the NAS sends %j', (sent) => {
    expect(normaliseSchema(sent)).toEqual({});
  });

  it('is bounded in depth and size', () => {
    let deep: Record<string, unknown> = { type: 'string' };
    for (let level = 0; level < 5000; level += 1) deep = { type: 'array', items: [deep] };
    expect(JSON.stringify(normaliseSchema(deep)).length).toBeLessThan(2000);
    const wide = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`p${index}`, { type: 'string' }]),
    );
    expect(JSON.stringify(normaliseSchema({ type: 'object', properties: wide })).length).toBeLessThan(
      1_200_000,
    );
  });

  it('has no property that reaches a prototype', () => {
    const sent = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"integer"}}}',
    );
    const { properties } = normaliseSchema(sent) as { properties: object };
    expect(Object.keys(properties)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
  });
});

describeContract('a method readable in one release', () => {
  it('changes nothing in the next: an old catalog cannot let a write through', () => {
    const flips = CONTRACT_RELEASES.flatMap((release, index) => {
      const next = CONTRACT_RELEASES[index + 1];
      if (next === undefined) return [];
      const [before, after] = [loadRoles(release).method_granted, loadRoles(next).method_granted];
      return Object.keys(loadContract(next).methods).filter(
        (name) =>
          before[name]?.includes('READONLY_ADMIN') === true &&
          after[name]?.includes('READONLY_ADMIN') !== true,
      );
    });
    expect(flips).toEqual([]);
  });
});
