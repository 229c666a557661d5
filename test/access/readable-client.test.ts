import { describe, expect, it } from 'vitest';
import { readableClient } from '../../src/access/readable-client.ts';
import { RefusedError } from '../../src/policy/refusals.ts';
import { openCatalog } from '../../src/truenas/catalog/index.ts';
import type { ReadClient, WireValue } from '../../src/truenas/client.ts';

/** A client that remembers what reached it, over a NAS that publishes just these methods. */
function nasWith(methods: Record<string, unknown>) {
  const sent: string[] = [];
  const names = Object.keys(methods);
  const client: ReadClient = {
    release: () => Promise.resolve({ family: '25.10', version: 'TrueNAS-25.10.6' }),
    has: () => Promise.resolve(true),
    call(method, params = []) {
      if (method === 'core.get_services') {
        return Promise.resolve(
          Object.fromEntries(
            names.map((name) => [name.slice(0, name.lastIndexOf('.')), { type: 'service' }]),
          ),
        );
      }
      if (method === 'core.get_methods') {
        const own = names.filter((name) => name.slice(0, name.lastIndexOf('.')) === params[0]);
        return Promise.resolve(Object.fromEntries(own.map((name) => [name, methods[name]])) as WireValue);
      }
      // The catalog asks this before it says that something does not exist.
      if (method === 'core.ping') return Promise.resolve('pong');
      sent.push(method);
      return Promise.resolve('sent');
    },
  };
  return { nas: readableClient(client, { catalog: openCatalog(client) }), sent };
}

const readable = { roles: ['READONLY_ADMIN', 'POOL_READ'], job: false, accepts: [], returns: [] };

describe('the client of the generic tools', () => {
  it('lets a method through that the NAS grants to its read-only administrator', async () => {
    const { nas, sent } = nasWith({ 'pool.query': readable });
    await expect(nas.call('pool.query')).resolves.toBe('sent');
    expect(sent).toEqual(['pool.query']);
  });

  const published = {
    'pool.query': readable,
    'pool.create': { ...readable, roles: ['POOL_WRITE'] },
    'pool.import_find': { ...readable, job: true },
    'pool.strange_job': { ...readable, job: 'no' },
    'pool.upload': { ...readable, uploadable: true },
    'pool.no_roles': { ...readable, roles: [] },
    'pool.text_roles': { ...readable, roles: 'READONLY_ADMIN' },
    'pool.object_roles': { ...readable, roles: { READONLY_ADMIN: true, includes: 'READONLY_ADMIN' } },
    'pool.nested_roles': { ...readable, roles: [['READONLY_ADMIN']] },
    'pool.near_roles': { ...readable, roles: ['readonly_admin', 'READONLY_ADMIN ', 'XREADONLY_ADMIN'] },
    'pool.null_roles': { ...readable, roles: null },
    'pool.not_published': null,
    'core.bulk': readable,
    'auth.generate_token': readable,
    'api_key.create': readable,
    'disk.query': readable,
  };

  it.each([
    ['a mutating method', 'pool.create', 'above-read'],
    ['a job', 'pool.import_find', 'job'],
    ['a method whose job mark is odd', 'pool.strange_job', 'job'],
    ['a method that takes an upload', 'pool.upload', 'transfer'],
    ['a method without roles', 'pool.no_roles', 'above-read'],
    ['roles that are a text', 'pool.text_roles', 'above-read'],
    ['roles that are an object', 'pool.object_roles', 'above-read'],
    ['roles that are nested', 'pool.nested_roles', 'above-read'],
    ['roles that only look alike', 'pool.near_roles', 'above-read'],
    ['roles that are null', 'pool.null_roles', 'above-read'],
    ['a method the NAS says nothing of', 'pool.not_published', 'unknown-method'],
    ['an unknown method', 'pool.nothing', 'unknown-method'],
    ['a method of an unknown namespace', 'failover.call', 'unknown-method'],
    ['a method by an alias of its namespace', 'pools.query', 'unknown-method'],
    ['a prototype name as a method', 'pool.constructor', 'unknown-method'],
    ['a prototype name as a namespace', 'constructor.query', 'unknown-method'],
    ['another prototype name', 'pool.__proto__', 'unknown-method'],
    ['a prototype name alone', '__proto__', 'denied'],
    ['a name in capitals', 'POOL.QUERY', 'denied'],
    ['a name with a blank', 'pool.query ', 'denied'],
    ['a name with a line break', 'pool.query\n', 'denied'],
    ['a name with a look-alike letter', 'p\u043eol.query', 'denied'],
    ['a name with an invisible letter', 'pool.\u200bquery', 'denied'],
    ['a denied method that the NAS calls readable', 'core.bulk', 'denied'],
    ['minting of credentials that the NAS calls readable', 'auth.generate_token', 'denied'],
    ['a key factory that the NAS calls readable', 'api_key.create', 'denied'],
  ])('refuses %s', async (_what, method, kind) => {
    const { nas, sent } = nasWith(published);
    await expect(nas.call(method)).rejects.toSatisfy(
      (error: unknown) => error instanceof RefusedError && error.refusal.kind === kind,
    );
    expect(sent).toEqual([]);
  });

  it('refuses a readable method for its arguments', async () => {
    const { nas, sent } = nasWith(published);
    await expect(nas.call('disk.query', [[], { extra: { passwords: true } }])).rejects.toThrow('secrets');
    expect(sent).toEqual([]);
  });

  it('does not believe a namespace about methods of another one', async () => {
    const client: ReadClient = {
      release: () => Promise.resolve({ family: '25.10', version: 'x' }),
      has: () => Promise.resolve(true),
      call: (method) =>
        Promise.resolve(
          method === 'core.get_services'
            ? { pool: {}, disk: {} }
            : ({ 'pool.create': readable, 'disk.wipe': readable } as unknown as WireValue),
        ),
    };
    const catalog = openCatalog(client);
    await catalog.find('pool.query');
    expect((await catalog.all()).methods.map(({ name }) => name).sort()).toEqual([
      'disk.wipe',
      'pool.create',
    ]);
    expect(await catalog.find('pool.wipe')).toBeUndefined();
  });
});

it('a caller who leaves waits neither for the catalog nor for a call', async () => {
  const client: ReadClient = {
    release: () => Promise.resolve({ family: '25.10', version: 'x' }),
    has: () => Promise.resolve(true),
    call: (method) =>
      method === 'core.get_services' ? Promise.resolve({ pool: {} }) : new Promise(() => undefined),
  };
  const leaving = new AbortController();
  const nas = readableClient(client, { signal: leaving.signal });
  const waits = [
    nas.call('pool.query'),
    nas.catalog.find('pool.query'),
    nas.catalog.all(),
    nas.has('pool.x'),
  ];
  leaving.abort(new Error('gone'));
  for (const wait of waits) await expect(wait).rejects.toThrow('gone');
});
