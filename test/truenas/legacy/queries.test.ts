/** The same questions get the same rows on CORE as on releases whose NAS answers them itself. */
import { describe, expect, test } from 'vitest';
import { query, type QueryParts } from '../../../src/truenas/index.ts';
import type { TrueNasError } from '../../../src/truenas/errors.ts';
import { problemOf } from '../support/client.ts';
import { legacyPeerForTest } from '../support/legacy-peer.ts';
import { clientForTest } from '../support/client.ts';
import { nasForTest, timesCalled } from '../support/nas.ts';

const QUESTIONS: readonly (readonly [why: string, parts: QueryParts])[] = [
  ['everything', {}],
  ['a filter on a field that is not selected', { filters: [['user', '=', 'root']], select: ['id'] }],
  ['a filter on a nested field', { filters: [['schedule.minute', '=', '0']], select: ['id', 'command'] }],
  ['a nested field', { select: ['id', 'schedule.hour'] }],
  ['an alias', { select: [['schedule.hour', 'hour'], 'id'] }],
  ['a comparison without case', { filters: [['user', 'C=', 'ROOT']] }],
  [
    'alternatives of several filters',
    {
      filters: [
        [
          'OR',
          [
            ['id', '=', 1],
            [
              ['user', '=', 'root'],
              ['enabled', '=', false],
            ],
          ],
        ],
      ],
      select: ['id'],
    },
  ],
  ['the last key as the primary one', { orderBy: ['user', '-id'], select: ['id', 'user'] }],
  ['nulls first', { orderBy: ['nulls_first:-description'], select: ['id', 'description'] }],
  ['an order by a field that is not selected', { orderBy: ['-command'], select: ['id', 'command'] }],
  ['a page of what matches', { filters: [['user', '=', 'root']], orderBy: ['id'], limit: 1, offset: 1 }],
  ['a count of what matches', { filters: [['user', '=', 'root']], count: true }],
  ['the first in order', { filters: [['user', '=', 'root']], orderBy: ['-id'], get: true }],
  ['an absent field', { filters: [['nosuch', '=', null]] }],
  ['a pattern', { filters: [['command', '~', '.*/']], select: ['command'] }],
  ['a list of values', { filters: [['id', 'nin', [1]]], select: ['id'] }],
];

describe.each(['core-13.0', 'core-13.3'] as const)('%s', (release) => {
  test('answers as later releases do', async () => {
    const [core, later] = await Promise.all([nasForTest({ release }), nasForTest({ release: '25.10' })]);
    for (const [why, parts] of QUESTIONS) {
      const ask = (nas: typeof core.nas) => nas.read.call('cronjob.query', query(parts));
      expect({ why, rows: await ask(core.nas) }).toEqual({ why, rows: await ask(later.nas) });
    }
    expect(timesCalled(core.simulator, 'cronjob.query')).toBe(QUESTIONS.length);
  });

  test.each([
    ['an operator that there is not', { filters: [['id', '<>' as '=', 1]] }],
    ['a comparison with null', { filters: [['description', '>', null]] }],
    ['a filter that is none', { filters: [['id', 1] as never] }],
  ] satisfies [string, QueryParts][])('refuses %s', async (_why, parts) => {
    const { nas } = await nasForTest({ release });
    const problem = (await problemOf(nas.read.call('cronjob.query', query(parts)))) as TrueNasError;
    expect(problem.kind).toBe('validation');
  });

  test('tells that nothing matches', async () => {
    const { nas } = await nasForTest({ release });
    const asked = query({ filters: [['id', '=', 4711]], get: true });
    expect(((await problemOf(nas.read.call('cronjob.query', asked))) as TrueNasError).kind).toBe('not-found');
    const instance = nas.read.call('cronjob.get_instance', [4711, {}]);
    expect(((await problemOf(instance)) as TrueNasError).kind).toBe('not-found');
  });
});

test('CORE is asked for the keys that are needed, and for no page', async () => {
  const asked: unknown[] = [];
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script({ frame, params, result }) {
      if (frame.method !== 'pool.dataset.query') return 'unhandled';
      asked.push(params);
      return result([
        { id: 'tank', used: { parsed: 1 } },
        { id: 'other', used: { parsed: 2 } },
      ]);
    },
  });
  const parts = {
    filters: [
      ['id', '^', 'ta'],
      ['used.parsed', '>', 0],
    ],
    select: ['used.parsed'],
    limit: 1,
  } as const;
  const rows = await clientForTest(peer.url).read.call('pool.dataset.query', query(parts));
  expect(rows).toEqual([{ used: { parsed: 1 } }]);
  expect(asked).toEqual([[[['id', '^', 'ta']], { select: ['used', 'id'] }]]);
});

test('an answer of CORE that is no list is none, and not an empty one', async () => {
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script: ({ frame, result }) => (frame.method === 'disk.query' ? result({ oops: 1 }) : 'unhandled'),
  });
  const problem = (await problemOf(clientForTest(peer.url).read.call('disk.query', query()))) as TrueNasError;
  expect(problem.kind).toBe('odd-answer');
});

test('more calls than a NAS takes at once wait here', async () => {
  let inFlight = 0;
  let most = 0;
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script({ frame, result }) {
      if (frame.method !== 'disk.query' && frame.method !== 'disk.get_unused') return 'unhandled';
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        result([]);
      }, 5);
      return undefined;
    },
  });
  const { read } = clientForTest(peer.url);
  const answers = await Promise.all(Array.from({ length: 40 }, () => read.call('disk.details', [])));
  expect(answers).toEqual(answers.map(() => ({ used: [], unused: [] })));
  expect(most).toBeLessThanOrEqual(20);
});

test('a request of several calls that lost its connection is made again over the next one', async () => {
  let isFirst = true;
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script({ frame, socket, result }) {
      if (frame.method === 'disk.query') return result([]);
      if (frame.method !== 'disk.get_unused') return 'unhandled';
      if (isFirst) socket.terminate();
      else result([]);
      isFirst = false;
      return undefined;
    },
  });
  const answer = await clientForTest(peer.url).read.call('disk.details', []);
  expect(answer).toEqual({ used: [], unused: [] });
});

describe.each(['core-13.3', '24.10'] as const)('boot environments of %s', (release) => {
  test('tell their size also where only that is asked for', async () => {
    const { nas } = await nasForTest({ release });
    const rows = await nas.read.call('boot.environment.query', query({ select: ['used_bytes'] }));
    expect(rows).toEqual([{ used_bytes: expect.any(Number) }, { used_bytes: expect.any(Number) }]);
  });
});
