/** Frames of the kinds that were recorded, with other words and numbers: the tables of the older protocol say how they look. */
import { expect, test } from 'vitest';
import type { TrueNasError } from '../../../src/truenas/errors.ts';
import { clientForTest, problemOf } from '../support/client.ts';
import { legacyPeerForTest } from '../support/legacy-peer.ts';

type Product = 'CORE' | 'SCALE';

/** An error of a call of `disk.query`, and what the client makes of it. */
interface Case {
  readonly product: Product;
  readonly error: unknown;
  readonly told: Partial<Record<keyof TrueNasError, unknown>>;
}

const raised = (kind: string) => ({
  class: kind,
  frames: [],
  formatted: 'Traceback (most recent call last)',
});

const CASES: readonly Case[] = [
  {
    // Raised by a plugin: all of them, with their places.
    product: 'CORE',
    error: {
      error: 35,
      type: 'VALIDATION',
      reason:
        '[EINVAL] vm_create.name: Only alphanumeric characters are allowed\n[EEXIST] vm_create.order: taken\n',
      trace: raised('ValidationErrors'),
      extra: [
        ['vm_create.name', 'Only alphanumeric characters are allowed', 22],
        ['vm_create.order', 'taken', 17],
      ],
    },
    told: {
      kind: 'validation',
      errno: 11,
      fields: [
        { path: 'vm_create.name', message: 'Only alphanumeric characters are allowed' },
        { path: 'vm_create.order', message: 'taken' },
      ],
    },
  },
  {
    product: 'CORE',
    error: {
      error: 45,
      type: null,
      reason: '[EOPNOTSUPP] Not supported here',
      trace: raised('CallError'),
      extra: null,
    },
    told: { kind: 'call', errno: 95, errname: 'EOPNOTSUPP' },
  },
  {
    product: 'CORE',
    error: { error: 66, type: null, reason: 'Directory not empty', trace: raised('OSError'), extra: null },
    told: { kind: 'call', errno: 39, errname: 'ENOTEMPTY' },
  },
  {
    product: 'CORE',
    error: {
      error: 69,
      type: null,
      reason: '[EDQUOT] Disc quota exceeded',
      trace: raised('CallError'),
      extra: null,
    },
    told: { kind: 'call', errno: 122, errname: 'EDQUOT' },
  },
  {
    // A number that only one of the two has.
    product: 'CORE',
    error: { error: 9999, type: null, reason: 'odd', trace: raised('Error9'), extra: null },
    told: { kind: 'call', errno: 9999, nasText: 'odd' },
  },
  {
    product: 'CORE',
    error: { error: 22, type: null, reason: '', trace: raised('MatchNotFound'), extra: null },
    told: { kind: 'not-found' },
  },
  {
    product: 'SCALE',
    error: {
      error: 22,
      errname: 'EINVAL',
      type: null,
      reason: 'MatchNotFound()',
      trace: { ...raised('MatchNotFound'), repr: 'MatchNotFound()' },
      extra: null,
    },
    told: { kind: 'not-found' },
  },
  {
    // Refused by CORE's own method, and no matter of signing in.
    product: 'CORE',
    error: {
      error: 13,
      type: null,
      reason: '[EACCES] Permission denied',
      trace: raised('CallError'),
      extra: null,
    },
    told: { kind: 'not-authorized', errno: 13, missingEntry: undefined },
  },
  {
    product: 'SCALE',
    error: {
      error: 14,
      errname: 'EFAULT',
      type: null,
      reason: 'Command smartctl failed (code 2):',
      trace: raised('CalledProcessError'),
      extra: null,
    },
    told: { kind: 'call', errno: 14, nasText: 'Command smartctl failed (code 2):' },
  },
  {
    product: 'SCALE',
    error: {
      error: 14,
      errname: 'EFAULT',
      type: null,
      reason: '[EFAULT] Too many arguments (expected 2, found 3)',
      trace: raised('CallError'),
      extra: null,
    },
    told: { kind: 'call' },
  },
  // A method of another one is not there: the one that was called is.
  {
    product: 'CORE',
    error: {
      error: 201,
      type: null,
      reason: "[ENOMETHOD] Method 'halves' not found in 'jail'",
      trace: raised('MethodNotFoundError'),
      extra: null,
    },
    told: { kind: 'method-missing' },
  },
  // Of no form that is known: an error all the same.
  { product: 'CORE', error: 'no', told: { kind: 'call' } },
  { product: 'SCALE', error: [], told: { kind: 'call' } },
  { product: 'SCALE', error: { error: '13', reason: null, trace: 'x', extra: {} }, told: { kind: 'call' } },
  { product: 'CORE', error: { error: 13.5, reason: 7 }, told: { kind: 'call' } },
];

test.each(CASES)('$product: $error.reason', async ({ product, error, told }) => {
  const peer = await legacyPeerForTest({
    product,
    script: ({ frame, send }) =>
      frame.method === 'disk.query' ? send({ msg: 'result', id: frame.id, error }) : 'unhandled',
  });
  const problem = (await problemOf(clientForTest(peer.url).read.call('disk.query', []))) as TrueNasError;
  expect(problem).toMatchObject(told);
  expect(`${problem.message} ${problem.nextStep}`).not.toContain('Traceback');
});

test('values of every encoding are told, also below others', async () => {
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script: ({ frame, result }) =>
      frame.method === 'system.info'
        ? result({
            boottime: { $date: 1_700_000_000_123 },
            window: [{ begin: { $time: '18:00:00' } }],
            birthday: { $type: 'date', $value: '2024-01-31' },
            none: null,
          })
        : 'unhandled',
  });
  expect(await clientForTest(peer.url).read.call('system.info', [])).toEqual({
    boottime: new Date(1_700_000_000_123),
    window: [{ begin: '18:00:00' }],
    birthday: '2024-01-31',
    none: null,
  });
});

test('a second subscription that CORE refuses is told as that', async () => {
  const peer = await legacyPeerForTest({
    product: 'CORE',
    script: ({ frame, send }) =>
      frame.msg === 'sub'
        ? send({ msg: 'nosub', id: frame.id, error: { error: 'Already subscribed' } })
        : 'unhandled',
  });
  const subscribed = clientForTest(peer.url).events.subscribe('system.health:10', () => undefined);
  expect((await problemOf(subscribed)).message).toContain('Already subscribed');
});

test('an event of all collections is told to the one who listens to its own', async () => {
  const peer = await legacyPeerForTest({ product: 'CORE' });
  const heard: unknown[] = [];
  const nas = clientForTest(peer.url);
  await nas.events.subscribe('alert.list', (event) => heard.push(event));
  for (const socket of peer.sockets) {
    socket.send(JSON.stringify({ msg: 'added', collection: 'cronjob.query', id: 1, fields: {} }));
    // Of some the NAS tells the id alone, and of some not even that.
    socket.send(JSON.stringify({ msg: 'changed', collection: 'alert.list' }));
    socket.send(JSON.stringify({ msg: 'added', collection: 'alert.list', id: 'x', fields: null }));
  }
  await expect.poll(() => heard).toHaveLength(2);
});
