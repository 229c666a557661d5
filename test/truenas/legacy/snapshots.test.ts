/** Snapshots before 25.04: names are sorted and paged by the NAS, and nothing dear is asked of one that has very many. */
import { describe, expect, test } from 'vitest';
import { query, type QueryParts } from '../../../src/truenas/index.ts';
import type { TrueNasError } from '../../../src/truenas/errors.ts';
import { clientForTest, problemOf } from '../support/client.ts';
import { type LegacyFrame, legacyPeerForTest } from '../support/legacy-peer.ts';
import { nasForTest } from '../support/nas.ts';

const METHOD = 'zfs.snapshot.query';

/** Questions that CORE answers from names alone. */
const OF_NAMES: readonly (readonly [why: string, parts: QueryParts])[] = [
  ['a page', { select: ['name'], orderBy: ['-name'], limit: 3, offset: 2 }],
  [
    'of a dataset',
    { filters: [['dataset', '=', 'tank/home']], select: ['name'], orderBy: ['name'], limit: 4 },
  ],
  ['of a pool', { filters: [['pool', '=', 'tank']], select: ['name'], orderBy: ['name'], limit: 4 }],
  [
    'with parts of the name',
    { select: ['name', 'dataset', 'snapshot_name', 'pool'], orderBy: ['name'], limit: 2 },
  ],
  ['by name', { filters: [['name', '$', '00-00']], select: ['id'], orderBy: ['-name'], limit: 2 }],
  ['a count', { filters: [['pool', '=', 'tank']], count: true }],
  ['a count of all', { count: true }],
];

describe.each(['core-13.0', 'core-13.3'] as const)('%s', (release) => {
  test.each(OF_NAMES)(
    '%s: answers as later releases do, and sends no more than that',
    async (_why, parts) => {
      const [core, later] = await Promise.all([nasForTest({ release }), nasForTest({ release: '25.04' })]);
      const before = core.simulator.calls().length;
      const answer = await core.nas.read.call(METHOD, query(parts));
      expect(answer).toEqual(await later.nas.read.call(METHOD, query(parts)));
      const asked = core.simulator
        .calls()
        .slice(before)
        .filter(({ method }) => method === METHOD);
      expect(asked).toHaveLength(1);
      expect(asked[0]?.bytesOut).toBeLessThan(1000);
    },
  );
});

test('a pool whose name begins as another one does has its own snapshots', async () => {
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script({ frame, params, result }) {
      if (frame.method !== METHOD) return 'unhandled';
      const [[filter]] = params as [[[string, string, string]]];
      expect(filter.slice(0, 2)).toEqual(['name', '~']);
      const names = ['t.a@1', 't.a/b@1', 't.ab@1', 'txa@1'];
      return result(
        names.filter((name) => new RegExp(`^(?:${filter[2]})`).test(name)).map((name) => ({ name })),
      );
    },
  });
  const asked = query({ filters: [['pool', '=', 't.a']], select: ['name'] });
  expect(await clientForTest(peer.url).read.call(METHOD, asked)).toEqual([
    { name: 't.a@1' },
    { name: 't.a/b@1' },
  ]);
});

describe.each(['CORE', 'SCALE'] as const)('%s with very many', (product) => {
  const many = ({ frame, params, result }: LegacyFrame): unknown => {
    if (frame.method !== METHOD) return 'unhandled';
    const { count } = (params[1] ?? {}) as { count?: boolean };
    return result(count === true ? 100_000 : [{ name: 'tank@a' }]);
  };

  test('is asked for names, and not for what they hold', async () => {
    const peer = await legacyPeerForTest({ product, script: many });
    const { read } = clientForTest(peer.url);
    expect(await read.call(METHOD, query({ select: ['name'], limit: 1 }))).toEqual([{ name: 'tank@a' }]);
    const problem = (await problemOf(
      read.call(METHOD, query({ select: ['name', 'properties'] })),
    )) as TrueNasError;
    expect(problem.kind).toBe('too-large');
    expect(problem.message).toContain('has 100000 snapshots');
    expect(peer.frames.filter(({ params }) => JSON.stringify(params).includes('properties'))).toEqual([]);
  });
});

test('questions for single ones are put together, and no message is longer than a NAS takes', async () => {
  const peer = await legacyPeerForTest({
    product: 'SCALE',
    script({ frame, params, result }) {
      if (frame.method !== METHOD) return 'unhandled';
      const [filters, options] = params as [[[string, string, string[]]], { count?: boolean }];
      return result(options.count === true ? 900 : filters[0][2].map((name) => ({ name, properties: {} })));
    },
  });
  const { read } = clientForTest(peer.url);
  const names = Array.from({ length: 900 }, (_, index) => `tank/${'deep/'.repeat(30)}home@auto-${index}`);
  const rows = await Promise.all(
    names.map((name) =>
      read.call(METHOD, query({ filters: [['id', '=', name]], select: ['name', 'properties'] })),
    ),
  );
  expect(rows).toEqual(names.map((name) => [{ name, properties: {} }]));
  const asked = peer.frames.filter(({ frame }) => frame.method === METHOD);
  expect(asked.length).toBeLessThan(100);
  expect(Math.max(...asked.map(({ params }) => JSON.stringify(params).length))).toBeLessThan(65_000);
});
